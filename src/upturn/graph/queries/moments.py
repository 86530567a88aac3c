"""Who serves at the moments of the customer's day, and who serves them."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from upturn.graph import engine
from upturn.graph.models import Touchpoint, TouchpointServer
from upturn.graph.queries.sight import touchpoints, visible_parties
from upturn.graph.queries.snapshot import EdgeRow, PartyRow, snapshot

if TYPE_CHECKING:
    from upturn.people.models import Person


@dataclass(frozen=True, slots=True)
class Level:
    """Parties ``steps`` below those who serve at a touchpoint, and their edges one level up."""

    steps: int
    parties: tuple[PartyRow, ...]
    edges: tuple[EdgeRow, ...]


def serving_at(
    viewer: "Person", *, place: str = ""
) -> dict[int, tuple[tuple[PartyRow, bool], ...]]:
    """Per touchpoint id: who serves there, and whether in the customer's sight; these first."""
    now, seen = snapshot(), visible_parties(viewer)
    here = touchpoints(viewer, place=place).order_by().values("pk")
    rows = TouchpointServer.objects.filter(touchpoint__in=here)
    groups: dict[int, list[tuple[PartyRow, bool]]] = {}
    for point, server, direct in rows.order_by("-direct", "party__name", "pk").values_list(
        "touchpoint_id", "party_id", "direct"
    ):
        if server in seen:
            groups.setdefault(point, []).append((now.party[server], direct))
    return {point: tuple(group) for point, group in groups.items()}


def touchpoints_of(viewer: "Person", party_id: int) -> QuerySet[Touchpoint]:
    """Moments at which a party serves, or is served if it is a customer."""
    seen = touchpoints(viewer)
    serving = TouchpointServer.objects.filter(party=party_id)
    return seen.filter(pk__in=serving.values("touchpoint")) | seen.filter(customers=party_id)


def unserved(viewer: "Person", *, place: str = "") -> QuerySet[Touchpoint]:
    """Moments at which nobody is said to serve (S2.13)."""
    return touchpoints(viewer, place=place).filter(serving__isnull=True)


def servers_below(viewer: "Person", touchpoint: Touchpoint) -> tuple[Level, ...]:
    """Who serves at this moment, who serves them, and so on down, each party once.

    Those who serve at the moment may serve each other there: these edges stand with those one
    step below.
    """
    now, seen = snapshot(), visible_parties(viewer)
    serving = touchpoint.serving.order_by("party__name").values_list("party_id", flat=True)
    start = [party for party in serving if party in seen]
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
