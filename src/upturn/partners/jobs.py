"""What the worker and the command line do for this room."""

from datetime import date

from upturn.partners import commands, queries


def due(today: date) -> tuple[str, ...]:
    """Waves that wait to be counted or erased."""
    return queries.due(today)


def close_due(today: date) -> tuple[str, ...]:
    """Close all of them; only in a process that serves no pages."""
    over = due(today)
    for ref in over:
        commands.close_wave(None, ref, today=today)
    commands.erase_remains()
    return over
