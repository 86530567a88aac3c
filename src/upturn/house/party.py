"""One party: whom it serves, who serves it, and its way to a customer."""

from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upturn.graph import queries as graph
from upturn.house.edge_lines import EdgeLine, Figures, edge_lines
from upturn.house.time_picture import time_picture
from upturn.people import queries as people
from upturn.voice import queries as voice

if TYPE_CHECKING:
    from upturn.people.models import Person

HEADS_NEEDED = 5


@login_required
@require_safe
def party(request: HttpRequest, key: str) -> HttpResponse:
    viewer = cast("Person", request.user)
    try:
        found = graph.party(viewer, key)
    except ObjectDoesNotExist as error:
        raise Http404(_("There is no such party, or it is not for you to see.")) from error
    now, figures = graph.snapshot(), voice.edge_figures(viewer)
    heads = people.head_count(found.pk)
    serves = _lines(viewer, now.up.get(found.pk, ()), figures=figures)
    served_by = _lines(viewer, now.down.get(found.pk, ()), figures=figures)
    context = {
        "party": found,
        "serves": serves,
        "serves_at": hash(serves),
        "served_by": served_by,
        "served_by_at": hash(served_by),
        "distance": now.distance[found.pk],
        "orphan": found.pk in now.orphans,
        "sees_all": graph.sees_all(viewer),
        "way_up": _way_up(viewer, now, found.pk),
        "touchpoints": list(graph.touchpoints_of(viewer, found.pk)),
        "reads_words": people.may_read_words(viewer),
        "pictures": list(filter(None, map(time_picture, voice.party_measures(viewer, found.pk)))),
        "heads": heads if heads >= HEADS_NEEDED else None,
        "nobody": heads == 0,
        "may_edit": graph.may_edit(viewer),
        "is_ours": found.pk in people.parties_of(viewer),
    }
    return render(request, "house/party.html", context)


def _lines(
    viewer: "Person", edges: tuple[graph.EdgeRow, ...], *, figures: Figures
) -> tuple[EdgeLine, ...]:
    seen = graph.visible_edges(viewer)
    return tuple(edge_lines((edge for edge in edges if edge.id in seen), figures=figures))


def _way_up(viewer: "Person", now: graph.Snapshot, party: int) -> list[graph.PartyRow]:
    """One shortest way to a customer, if all of it is in the viewer's sight."""
    way = now.way_up(party)
    if not now.distance[party] or not graph.visible_parties(viewer).issuperset(way):
        return []
    return [now.party[step] for step in way]
