"""When a list of asks is stale."""

from upturn.graph import queries as graph
from upturn.record import journal


@graph.once_a_look
def as_of_moves() -> tuple[tuple[int, int], int]:
    """What lists of asks stand for: every act in the journal, and the graph."""
    return journal.heads(), graph.snapshot().number
