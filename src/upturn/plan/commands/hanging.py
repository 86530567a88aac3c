"""How a HAVE hangs on the graph: its provider, and the edge over which it comes."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from upturn.graph import commands as graph_commands
from upturn.graph import queries as graph
from upturn.graph.engine import ServesItself
from upturn.plan.engine import Incomplete
from upturn.plan.models import Column, PlanLine

if TYPE_CHECKING:
    from upturn.people.models import Person

WHAT_MAX = 200


def hang(viewer: "Person", line: PlanLine) -> None:
    """Find or draw the edge that a HAVE with a provider names; let go of the one it had.

    Where the edge is missing and the viewer may not draw, the line stays a gap with the provider's
    name until somebody saves it who may.
    """
    had, drew = line.edge_id, line.drew_edge
    edge_id, drawn = _edge_for(viewer, line)
    line.edge_id, line.drew_edge = edge_id, drawn or (drew and edge_id == had)
    PlanLine.objects.filter(pk=line.pk).update(edge=edge_id, drew_edge=line.drew_edge)
    if drew and had != edge_id:
        loosen(viewer, had)


def loosen(viewer: "Person", edge_id: int | None) -> None:
    """Let go of an edge that came with a line; another line on it takes it over."""
    if edge_id is None:
        return
    heir = PlanLine.objects.filter(edge=edge_id).order_by("pk").first()
    if heir:
        PlanLine.objects.filter(pk=heir.pk).update(drew_edge=True)
        return
    graph_commands.let_go_if_loose(viewer, edge_id)


def _edge_for(viewer: "Person", line: PlanLine) -> tuple[int | None, bool]:
    if line.column != Column.HAVE or line.provider_id is None:
        return None, False
    try:
        edge, drawn = graph_commands.serve_in_session(
            viewer,
            server_id=line.provider_id,
            served_id=line.party_id,
            what=line.words[:WHAT_MAX],
        )
    except PermissionDenied:
        return None, False
    except ServesItself as error:
        raise Incomplete(_("Nobody gives it to oneself. Name another party.")) from error
    return edge.pk, drawn


def provider_name(provider_id: int | None) -> str:
    """Name under which a provider is remembered should it leave."""
    row = graph.snapshot().party.get(provider_id or 0)
    return graph.full_name(row) if row else ""
