"""Who may see which part of the graph."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from upturn.graph.models import Party, Serves, Touchpoint, TouchpointServer
from upturn.graph.queries.snapshot import snapshot
from upturn.people import queries as people

if TYPE_CHECKING:
    from upturn.people.models import Person

EDITORS = frozenset({"leader", "executive", "administrator"})


def sees_all(viewer: "Person") -> bool:
    """Guests see what they take part in; everybody else who signs in sees the whole graph."""
    return viewer.is_active and viewer.role != "guest"


def may_edit(viewer: "Person") -> bool:
    """Whether the viewer may draw parties, edges and touchpoints."""
    return viewer.is_active and viewer.role in EDITORS


def may_draw_in_session(viewer: "Person") -> bool:
    """Whether an edge that a group names is drawn when the viewer writes it down."""
    return may_edit(viewer) or (viewer.is_active and viewer.role == "facilitator")


def visible_edges(viewer: "Person") -> frozenset[int]:
    """Edges that the viewer may see."""
    now = snapshot()
    if sees_all(viewer):
        return now.edge_ids
    own = people.parties_of(viewer)
    return frozenset(edge.id for party in own for edge in now.edges_of(party))


def visible_parties(viewer: "Person") -> frozenset[int]:
    """Parties that the viewer may see: for guests the own ones and those at their edges."""
    now = snapshot()
    if sees_all(viewer):
        return now.party_ids
    own = people.parties_of(viewer)
    edges = [edge for party in own for edge in now.edges_of(party)]
    return own | {e.server_id for e in edges} | {e.served_id for e in edges}


def party(viewer: "Person", key: str) -> Party:
    """Find the party with this key.

    Raises
    ------
    Party.DoesNotExist
        If there is none, or none that the viewer may see.
    """
    found = Party.objects.get(key=key)
    if found.pk not in visible_parties(viewer):
        raise Party.DoesNotExist
    return found


def edge(viewer: "Person", edge_id: int) -> Serves:
    """Find the edge, its two parties beside it.

    Raises
    ------
    Serves.DoesNotExist
        If there is none, or none that the viewer may see.
    """
    found = Serves.objects.select_related("server", "served").get(pk=edge_id)
    if found.pk not in visible_edges(viewer):
        raise Serves.DoesNotExist
    return found


def touchpoints(viewer: "Person", *, place: str = "") -> QuerySet[Touchpoint]:
    """Moments in the order of the customer's day, their customers beside them."""
    seen = Touchpoint.objects.select_related("customers")
    if not sees_all(viewer):
        own = TouchpointServer.objects.filter(party__in=people.parties_of(viewer))
        seen = seen.filter(pk__in=own.values("touchpoint"))
    if place:
        seen = seen.filter(place=place)
    return seen.order_by("place", "position", "moment", "name", "pk")


def touchpoint(viewer: "Person", key: str) -> Touchpoint:
    """Find the touchpoint; raises ``Touchpoint.DoesNotExist`` where it is out of sight."""
    return touchpoints(viewer).get(key=key)


def touchpoint_by_code(code: str) -> Touchpoint:
    """Find what a printed code leads to; it is open to whoever holds it, so no viewer is asked."""
    return Touchpoint.objects.select_related("customers").get(code=code)
