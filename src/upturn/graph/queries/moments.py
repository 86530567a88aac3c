"""Who serves at the moments of the customer's day, and who serves them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from upturn.graph import engine
from upturn.graph.queries.sight import sees_all, visible_parties
from upturn.graph.queries.snapshot import EdgeRow, PartyRow, PointRow, snapshot
from upturn.people.queries import parties_of

if TYPE_CHECKING:
    from upturn.graph.models import Touchpoint
    from upturn.people.models import Person


@dataclass(frozen=True, slots=True)
class Level:
    """Parties ``steps`` below those who serve at a touchpoint, and their edges one level up."""

    steps: int
    parties: tuple[PartyRow, ...]
    edges: tuple[EdgeRow, ...]


def points_seen(viewer: "Person", *, place: str = "") -> list[PointRow]:
    """What `touchpoints` finds, from memory."""
    now = snapshot()
    points: Iterable[int] = now.points
    if not sees_all(viewer):
        own = {point for party in parties_of(viewer) for point in now.serves_at.get(party, ())}
        points = (point for point in now.points if point in own)
    return [now.points[point] for point in points if place in {"", now.points[point].place}]


def serving_at(
    viewer: "Person", *, place: str = ""
) -> dict[int, tuple[tuple[PartyRow, bool], ...]]:
    """Per touchpoint id: who serves there, and whether in the customer's sight; these first."""
    now, seen = snapshot(), visible_parties(viewer)
    return {
        point.id: tuple((now.party[server], direct) for server, direct in here if server in seen)
        for point in points_seen(viewer, place=place)
        if (here := now.serving.get(point.id))
    }


def touchpoints_of(viewer: "Person", party_id: int) -> list[PointRow]:
    """Moments at which a party serves, or is served if it is a customer."""
    serving = snapshot().serves_at.get(party_id, ())
    seen = points_seen(viewer)
    return [point for point in seen if point.id in serving or point.customers_id == party_id]


def points_above(parties: frozenset[int]) -> frozenset[int]:
    """Touchpoints at which these parties serve, else those of the nearest parties they serve."""
    now, level, seen = snapshot(), parties, parties
    while level:
        if found := frozenset(p for party in level for p in now.serves_at.get(party, ())):
            return found
        level = frozenset(e.served_id for p in level for e in now.up.get(p, ())) - seen
        seen |= level
    return frozenset()


def unserved(viewer: "Person", *, place: str = "") -> list[PointRow]:
    """Moments at which nobody is said to serve (S2.13)."""
    serving = snapshot().serving
    return [point for point in points_seen(viewer, place=place) if point.id not in serving]


def servers_below(viewer: "Person", touchpoint: "Touchpoint") -> tuple[Level, ...]:
    """Who serves at this moment, who serves them, and so on down, each party once.

    Those who serve at the moment may serve each other there: these edges stand with those one
    step below.
    """
    now, seen = snapshot(), visible_parties(viewer)
    serving = sorted(now.serving.get(touchpoint.pk, ()), key=lambda row: now.party[row[0]].name)
    start = [party for party, _direct in serving if party in seen]
    levels = [
        Level(
            steps=depth,
            parties=tuple(now.party[party] for party in level.parties if party in seen),
            edges=tuple(now.edge[edge] for edge in level.edges if now.edge[edge].server_id in seen),
        )
        for depth, level in enumerate(engine.paths_down(now.graph, start, max_depth=len(now.party)))
    ]
    among = [edge for party in start for edge in now.down.get(party, ()) if edge.server_id in start]
    if among:
        below = levels[1] if len(levels) > 1 else Level(1, (), ())
        levels[1:2] = [replace(below, edges=(*among, *below.edges))]
    return tuple(levels)
