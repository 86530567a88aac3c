"""Edges that a group names while it makes a plan, and takes away again."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from upturn.graph import queries
from upturn.graph.commands.drawing import record
from upturn.graph.engine import ServesItself
from upturn.graph.models import Party, Serves

if TYPE_CHECKING:
    from upturn.people.models import Person


@transaction.atomic
def serve_in_session(
    actor: "Person", *, server_id: int, served_id: int, what: str = ""
) -> tuple[Serves, bool]:
    """Find the edge between two parties, or draw it; True when it was drawn now.

    Facilitators draw no graph by hand, but what a group agrees on in their session is drawn. What
    an edge that is there already is said to bring stays as it is.

    Raises
    ------
    PermissionDenied
        If it would have to be drawn by somebody who may not.
    ServesItself
        If both are the same party.
    """
    server, served = Party.objects.get(pk=server_id), Party.objects.get(pk=served_id)
    if server == served:
        raise ServesItself(server.name)
    found = Serves.objects.filter(server=server, served=served).first()
    if found:
        return found, False
    if not queries.may_draw_in_session(actor):
        raise PermissionDenied(_("Leaders and facilitators draw who serves whom. Ask one."))
    edge = Serves.objects.create(server=server, served=served, what=what)
    record(actor, "added", kind="edge", ref=str(edge.pk), detail=f"{server.key} {served.key}")
    return edge, True


@transaction.atomic
def let_go_if_loose(actor: "Person", edge_id: int) -> bool:
    """Forget an edge drawn in a session, unless anything came to rest on it; True when it went."""
    edge = Serves.objects.select_related("server", "served").filter(pk=edge_id).first()
    if edge is None or _rested_on(edge):
        return False
    ref, detail = str(edge.pk), f"{edge.server.key} {edge.served.key}"
    edge.delete()
    record(actor, "let go", kind="edge", ref=ref, detail=detail)
    return True


def _rested_on(edge: Serves) -> bool:
    """Whether any row of any room points to the edge."""
    columns = Serves._meta.get_fields(include_hidden=True)  # noqa: SLF001 - Django's public API
    pointing = [each for each in columns if isinstance(each, models.ForeignObjectRel)]
    return any(
        QuerySet(model=each.related_model).filter(**{each.field.name: edge}).exists()
        for each in pointing
    )
