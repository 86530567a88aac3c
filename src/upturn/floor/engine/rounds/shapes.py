"""A floor at one moment, and what each seat does next. A seat is a place in a section, no person.

Nobody's name comes in, none goes out, and nothing here is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf

from upturn.floor.engine.laid import Floats


@dataclass(frozen=True, slots=True)
class InHand:
    """What is left of an item in hand, and how many needs it is enough for when full."""

    left: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who serves in `section`; standing at node `position`, free at `busy_until_s`.

    `skills` are kinds of need (empty: all). With `home`, help at the end of a round is measured
    against going there; without, against staying. A walk takes `slow` times its seconds. Who
    stands at a station where fetching takes no time has in hand what it hands out.
    """

    section: str
    position: int
    busy_until_s: float = 0.0
    hands: Mapping[str, InHand] = field(default_factory=dict)
    skills: tuple[str, ...] = ()
    home: int | None = None
    slow: float = 1.0


@dataclass(frozen=True, slots=True)
class Open:
    """A need that waits at `node`, since `released_s`, late `due_s` seconds after that.

    A need that must not go (`must_go` false) is planned only where it makes nobody late and costs
    no more walking than help may; an unasked refill is one.
    """

    node: int
    kind: str
    section: str = ""
    released_s: float = 0.0
    due_s: float = inf
    weight: float = 1.0
    item: str = ""
    service_s: float = 20.0
    owner_only: bool = False
    must_go: bool = True


@dataclass(frozen=True, slots=True)
class Station:
    """Where `items` are fetched (empty: all there are), in `fetch_s` seconds; hands fill up."""

    node: int
    items: tuple[str, ...] = ()
    fetch_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Walks `walk_s` (n, n) in seconds, inf where none leads; `names` of the n nodes."""

    walk_s: Floats
    servers: tuple[Seat, ...]
    needs: tuple[Open, ...]
    stations: tuple[Station, ...] = ()
    now_s: float = 0.0
    names: tuple[str, ...] = ()


class Why(StrEnum):
    """Why a stop is where it is, from the most pressing reason to the least."""

    OWN_URGENT = "own urgent"
    OWN = "own"
    ANYBODYS = "anybody's"
    FETCH = "fetch"
    ON_THE_WAY = "on the way"
    DETOUR = "detour"


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop: a need by its number in the snapshot, or a fetch (`need` None).

    `extra_s` is the walk this stop costs beside going straight to what comes after it: the next
    stop at an own table or station, or home, at the normal pace; `walk_s` is at the seat's own.
    `take` is what to fetch here, item by item, and for how many needs ahead.
    """

    need: int | None
    node: int
    starts_s: float
    walk_s: float
    extra_s: float
    why: Why
    kind: str = ""
    item: str = ""
    take: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Round:
    """The stops of one seat, in order; all but the first may be planned anew.

    `take` is what to take along from where the seat stands, item by item, beside what it holds.
    """

    seat: int
    stops: tuple[Stop, ...]
    take: Mapping[str, int] = field(default_factory=dict)

    @property
    def first(self) -> Stop | None:
        """What is set off for now."""
        return self.stops[0] if self.stops else None


@dataclass(frozen=True, slots=True)
class Plan:
    """One round a seat, the needs left to a later plan, and what the rounds cost together.

    `cost` adds up, over planned needs, weight times waiting seconds, the price of being late and
    the price of help; `looks` counts the places looked at to find it.
    """

    rounds: tuple[Round, ...]
    later: tuple[int, ...]
    cost: float
    looks: int
