"""How many asks came with a trace since a day."""

from datetime import date

from upturn.trace.models import TracedAsk


def asks_with_trace(since: date) -> int:
    """Count them over the whole organisation; a number and nothing else."""
    return TracedAsk.objects.filter(made_on__gte=since).count()
