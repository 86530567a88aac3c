"""What is worth a look before anybody asks: a cup probably empty, a table nobody looked at."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from math import floor as whole
from math import log

from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.laid import places_of
from upturn.floor.engine.live.shapes import LOOK
from upturn.floor.engine.shapes import Floor

CADENCE_S = 480.0
"""How long a table is left alone before somebody looks in (S0.5)."""


@dataclass(frozen=True, slots=True)
class Opportunity:
    """Something to serve without being asked, `due_s` when it was first to be expected.

    `kind` is empty for a look. `number` tells it from others of this place and kind: the same
    for as long as nobody served or looked, and never the same again.
    """

    place: str
    kind: str
    due_s: float
    number: int


def opportunities(  # noqa: PLR0913 - what is known about the tables, each on its own
    floor: Floor,
    *,
    tables: Mapping[str, str],
    seated: Mapping[str, float],
    last: Mapping[tuple[str, str], float],
    looked: Mapping[str, float],
    waiting: Set[tuple[str, str]],
    now_s: float,
    cadence_s: float = CADENCE_S,
) -> tuple[Opportunity, ...]:
    """Say what tables with guests probably need, though nobody asked (S0.1, S0.5).

    Parameters
    ----------
    floor : Floor
        Kinds with `asks_after` are noticed by looking alone. They come at random, `per_hour` an
        hour: one is proposed once it is more likely than not that it is there, counted from when
        the guests sat down or were last served it.
    tables : mapping of place to section
        Places of the shift; only these are proposed.
    seated : mapping of place to float
        Since when guests sit there.
    last : mapping of (place, kind) to float
        When this kind was last met there.
    looked : mapping of place to float
        When somebody last looked at the table.
    waiting : set of (place, kind)
        What waits there already, asked or not.
    now_s, cadence_s : float
        A table nobody served or looked at for `cadence_s` gets a look.

    Returns
    -------
    tuple of Opportunity
        The longest due first. None at a table without guests, none of a kind that waits there,
        and no look where anything does: whoever goes there looks.

    Raises
    ------
    BadSetting
        If the cadence is not above 0.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> from upturn.floor.engine.shapes import Durations, NeedType
    >>> coffee = NeedType("coffee", 6.0, Durations(20.0), asks_after=Durations(400.0))
    >>> found = opportunities(
    ...     grid(need_types=(coffee,)), tables={"1-1": "section 1"}, seated={"1-1": 60.0},
    ...     last={}, looked={}, waiting=set(), now_s=700.0,
    ... )
    >>> [(each.place, each.kind, round(each.due_s)) for each in found]
    [('1-1', 'coffee', 476), ('1-1', '', 540)]
    """
    if not cadence_s > 0:
        raise BadSetting("cadence_s", cadence_s, "give seconds above 0")
    gaps = _gaps(floor)
    seen = _seen(seated, last, looked)
    called = {place for place, _kind in waiting}
    found = []
    for place, since_s in seated.items():
        if place not in tables:
            continue
        begun = {kind: max(since_s, last.get((place, kind), since_s)) for kind in gaps}
        due = {kind: at_s + gaps[kind][1] for kind, at_s in begun.items() if place in gaps[kind][0]}
        if place not in called:
            due[LOOK] = seen[place] + cadence_s
        found += [
            Opportunity(place, kind, due_s, _number(due_s))
            for kind, due_s in due.items()
            if due_s <= now_s and (place, kind) not in waiting
        ]
    return tuple(sorted(found, key=lambda each: (each.due_s, each.place, each.kind)))


def _number(due_s: float) -> int:
    """A millisecond: later services and looks give later ones."""
    return whole(due_s * 1000)


def _seen(
    seated: Mapping[str, float],
    last: Mapping[tuple[str, str], float],
    looked: Mapping[str, float],
) -> dict[str, float]:
    """When somebody was last at each table with guests: who serves it sees it."""
    seen = {place: max(since_s, looked.get(place, since_s)) for place, since_s in seated.items()}
    for (place, _kind), at_s in last.items():
        if place in seen:
            seen[place] = max(seen[place], at_s)
    return seen


def _gaps(floor: Floor) -> dict[str, tuple[frozenset[str], float]]:
    """Where each kind that is noticed by looking comes, and when the next is likely after one."""
    return {
        kind.name: (
            frozenset(floor.nodes[at].id for at in places_of(kind, floor)),
            log(2.0) * 3600.0 / kind.per_hour,
        )
        for kind in floor.need_types
        if kind.asks_after is not None and kind.per_hour > 0
    }
