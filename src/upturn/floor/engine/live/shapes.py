"""The board of a shift at one moment, and the next round of each seat on it.

A seat is a name of the drawing. Who sits there does not come in, and nothing here is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from upturn.floor.engine.laid import Laid
from upturn.floor.engine.rounds.shapes import Why
from upturn.floor.engine.shapes import Floor

LOOK = ""
"""The kind of a need that is nothing but a look at a table."""


@dataclass(frozen=True, slots=True)
class BoardNeed:
    """A need that waits since `raised_s`; `asked` unless the rhythm of the floor brought it.

    `taker` is the seat that took it, empty while it is open. A name that is no seat of the board
    stands for somebody: it is in nobody's round then.
    """

    ref: str
    place: str
    kind: str
    asked: bool = True
    count: int = 1
    raised_s: float = 0.0
    taker: str = ""


@dataclass(frozen=True, slots=True)
class BoardSeat:
    """A seat somebody holds, at a place or, `at` empty, at home; free at `busy_until_s`.

    `hands` says for how many needs each item in hand is still enough; `declined` are refs.
    """

    name: str
    at: str = ""
    busy_until_s: float = 0.0
    hands: Mapping[str, int] = field(default_factory=dict)
    declined: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Board:
    """What everybody sees: `tables` in their sections, `owners` of sections, held `seats`.

    `laid` belongs to `floor`. A seat that is not among `seats` is not on shift.
    """

    floor: Floor
    laid: Laid
    tables: Mapping[str, str]
    owners: Mapping[str, str]
    seats: tuple[BoardSeat, ...]
    needs: tuple[BoardNeed, ...]
    now_s: float = 0.0

    def owner_of(self, place: str) -> str:
        """Give the seat on shift that owns a place; empty where it is anybody's."""
        owner = self.owners.get(self.tables.get(place, ""), "")
        return owner if any(seat.name == owner for seat in self.seats) else ""


@dataclass(frozen=True, slots=True)
class LiveStop:
    """One stop of a round: the need by its ref, empty for a fetch.

    `extra_s` is the walk this stop costs beside going straight to what comes after it, `walk_s`
    the walk to it; `owner` the seat on shift that owns the place; `taken` whether this seat took
    it already; `is_call` that a caller of a queue waits; `take` what to fetch here, item by item,
    and for how many needs ahead.
    """

    need: str
    place: str
    kind: str
    why: Why
    extra_s: float
    walk_s: float
    item: str = ""
    owner: str = ""
    taken: bool = False
    count: int = 1
    is_call: bool = False
    take: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LiveRound:
    """The stops of one seat, in order; `take` is all there is to take along, beside the hands."""

    stops: tuple[LiveStop, ...] = ()
    take: Mapping[str, int] = field(default_factory=dict)
