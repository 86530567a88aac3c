"""The cooperation loop of a relationship, for its two sides and those who carry the whole."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from upturn.graph import queries as graph
from upturn.loop.models import LoopMove, LoopState
from upturn.loop.queries.sight import carries
from upturn.people.queries import may_read_words, parties_of

if TYPE_CHECKING:
    from upturn.graph.models import Serves
    from upturn.people.models import Person

MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class MoveSeen:
    """What one side noticed on a day, what it would do next, and what came of that."""

    ref: str
    by_party: graph.PartyRow | None
    state: LoopState
    noticed: str
    next_move: str
    came_of: str
    said_on: date


@dataclass(frozen=True, slots=True)
class LoopSeen:
    """A relationship's loop: `state` is None until somebody noticed something.

    `sides` are the viewer's own parties here, for which something can be noticed; `shown` counts
    how often each state was said, newest first in `moves`.
    """

    state: LoopState | None
    turn: int
    moves: tuple[MoveSeen, ...]
    sides: tuple[graph.PartyRow, ...]


def sides_here(viewer: "Person", edge: "Serves") -> frozenset[int]:
    """Give which of the two parties of a relationship are the viewer's."""
    if not may_read_words(viewer):
        return frozenset()
    return parties_of(viewer) & {edge.server_id, edge.served_id}


def may_see_loop(viewer: "Person", edge: "Serves") -> bool:
    """Its two sides, and those who carry the whole or facilitate."""
    return carries(viewer) or bool(sides_here(viewer, edge))


def loop_of(viewer: "Person", edge: "Serves") -> LoopSeen | None:
    """Give the loop of a relationship, or None for who may not see it."""
    if not may_see_loop(viewer, edge):
        return None
    party = graph.snapshot().party
    rows = list(LoopMove.objects.filter(edge=edge).order_by("-turn")[:MOST_SHOWN])
    moves = tuple(
        MoveSeen(
            row.ref,
            party.get(row.by_party_id),
            LoopState(row.state),
            row.noticed,
            row.next_move,
            row.came_of,
            row.said_on,
        )
        for row in rows
    )
    own = tuple(party[each] for each in sorted(sides_here(viewer, edge)) if each in party)
    return LoopSeen(moves[0].state if moves else None, rows[0].turn if rows else 0, moves, own)
