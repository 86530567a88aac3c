"""What is worked out for a viewer once, until somebody makes a move."""

from collections.abc import Callable
from functools import partial, wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from upturn.graph import queries as graph
from upturn.record import journal
from upturn.record.kept import keep

if TYPE_CHECKING:
    from upturn.people.models import Person

P = ParamSpec("P")
R = TypeVar("R")


@graph.once_a_look
def _as_of_moves() -> tuple[tuple[int, int], int]:
    """What lists of asks stand for: every act in the journal, and the graph."""
    return journal.heads(), graph.snapshot().number


def once_a_move(
    work: "Callable[Concatenate[Person, P], R]",
) -> "Callable[Concatenate[Person, P], R]":
    """Work something out of asks once for each viewer and arguments, and again after any move."""

    @wraps(work)
    def kept(viewer: "Person", /, *args: P.args, **given: P.kwargs) -> R:
        what = (work, viewer.pk, args, tuple(given.items()))
        return keep(what, as_of=_as_of_moves(), read=partial(work, viewer, *args, **given))

    return kept
