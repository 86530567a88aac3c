"""A floor drawn anew by hand: what tables of places, needs and servers say, over what was."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot, inf

from upturn.floor.engine.shapes import Durations, Floor, Kind, NeedType, Node, Section, Server

BESIDE_M = 4.0
"""Sections whose tables stand this close are neighbours, when nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """A row of the table of places; `was` is the id it had before, empty for a new one."""

    was: str
    id: str
    kind: Kind
    section: str
    x_m: float
    y_m: float


@dataclass(frozen=True, slots=True)
class DrawnNeed:
    """A row of the table of needs; seconds None where there are none."""

    was: str
    name: str
    per_hour: float
    mean_s: float
    due_s: float | None
    weight: float
    item: str
    owner_only: bool
    asks_after_s: float | None


@dataclass(frozen=True, slots=True)
class DrawnServer:
    """A row of the table of servers; `carries` is the capacity for every item of the floor."""

    was: str
    id: str
    section: str
    speed_m_s: float
    carries: int


def redrawn(
    floor: Floor,
    *,
    name: str,
    places: Sequence[DrawnPlace],
    needs: Sequence[DrawnNeed],
    servers: Sequence[DrawnServer],
) -> Floor:
    """Give the floor as drawn, with everything that the tables do not show kept as it was.

    Parameters
    ----------
    floor : Floor
        As it was before.
    name : str
    places, needs, servers : sequences of rows

    Returns
    -------
    Floor
        Each section belongs to the first server in it; a section that nobody serves has an owner
        of no name, which `check_floor` refuses. Walks to places that are gone are gone as well.
    """
    now = {place.was: place.id for place in places if place.was}
    items = [need.item for need in needs if need.item]
    seats = tuple(_server(floor, row, items=dict.fromkeys(items)) for row in servers)
    return replace(
        floor,
        name=name,
        nodes=tuple(Node(p.id, p.kind, p.x_m, p.y_m, p.section) for p in places),
        need_types=tuple(_need(floor, row, now) for row in needs),
        servers=tuple(replace(seat, home=now.get(seat.home, "")) for seat in seats),
        sections=_sections(floor, places, seats),
        edges=tuple(
            replace(edge, a=now[edge.a], b=now[edge.b])
            for edge in floor.edges
            if edge.a in now and edge.b in now
        ),
    )


def _need(floor: Floor, row: DrawnNeed, now: dict[str, str]) -> NeedType:
    before = next(
        (kind for kind in floor.need_types if kind.name == row.was and row.was),
        NeedType(row.name, row.per_hour, Durations(row.mean_s)),
    )
    asks = None
    if row.asks_after_s is not None:
        asks = replace(before.asks_after or Durations(0.0), mean_s=row.asks_after_s)
    return replace(
        before,
        name=row.name,
        per_hour=row.per_hour,
        service=replace(before.service, mean_s=row.mean_s),
        due_s=inf if row.due_s is None else row.due_s,
        weight=row.weight,
        item=row.item,
        owner_only=row.owner_only,
        asks_after=asks,
        at=tuple(now.get(each, each) for each in before.at),
    )


def _server(floor: Floor, row: DrawnServer, *, items: dict[str, None]) -> Server:
    before = next(
        (seat for seat in floor.servers if seat.id == row.was and row.was), Server(row.id)
    )
    hands = dict(before.hands)
    if row.carries != most_carried(before) or set(items) - set(hands):
        hands |= dict.fromkeys(items, row.carries)
    return replace(
        before,
        id=row.id,
        section=row.section,
        speed_m_s=row.speed_m_s,
        hands={item: hands[item] for item in items},
    )


def most_carried(server: Server) -> int:
    """The one number that stands for a server's hands in the table."""
    return max(server.hands.values(), default=0)


def _sections(
    floor: Floor, places: Sequence[DrawnPlace], seats: tuple[Server, ...]
) -> tuple[Section, ...]:
    ids = list(dict.fromkeys(place.section for place in places if place.section))
    known = {section.id: section for section in floor.sections}
    unchanged = set(ids) == set(known)
    return tuple(
        Section(
            each,
            next((seat.id for seat in seats if seat.section == each), ""),
            known[each].neighbours if unchanged else _beside(each, ids, places),
        )
        for each in ids
    )


def _beside(section: str, ids: list[str], places: Sequence[DrawnPlace]) -> tuple[str, ...]:
    own = [place for place in places if place.section == section]
    return tuple(
        other
        for other in ids
        if other != section
        and any(
            hypot(a.x_m - b.x_m, a.y_m - b.y_m) <= BESIDE_M
            for a in own
            for b in places
            if b.section == other
        )
    )
