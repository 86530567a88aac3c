"""One party: whom it serves, who serves it, and its way to a customer."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from upturn.graph import queries as graph
from upturn.house.time_picture import time_picture
from upturn.people import queries as people
from upturn.people.models import Person
from upturn.stats.figures import Figure, Withheld
from upturn.voice import queries as voice

HEADS_NEEDED = 5
UNMEASURED = Withheld("not_measured", needed=5, got=0)


@login_required
def party(request: HttpRequest, key: str) -> HttpResponse:
    viewer = cast("Person", request.user)
    try:
        found = graph.party(viewer, key)
    except ObjectDoesNotExist as error:
        raise Http404(_("There is no such party, or it is not for you to see.")) from error
    now = graph.snapshot()
    context = {
        "party": found,
        "serves": _edges(viewer, now.up.get(found.pk, ()), end="served_id"),
        "served_by": _edges(viewer, now.down.get(found.pk, ()), end="server_id"),
        "distance": now.distance[found.pk],
        "way_up": _way_up(viewer, now, found.pk),
        "touchpoints": graph.touchpoints_of(viewer, found.pk),
        "reads_words": people.may_read_words(viewer),
        "pictures": [p for s in voice.party_measures(viewer, found.pk) if (p := time_picture(s))],
        "heads": _head_count(found.pk),
        "may_edit": graph.may_edit(viewer),
        "is_ours": found.pk in people.parties_of(viewer),
    }
    return render(request, "house/party.html", context)


def _edges(
    viewer: Person, edges: tuple[graph.EdgeRow, ...], *, end: str
) -> list[dict[str, Any]]:
    """Edges in the viewer's sight, the party at their other end, and how well it goes."""
    now, seen = graph.snapshot(), graph.visible_edges(viewer)
    figures = voice.edge_figures(viewer)
    rows = [
        {
            "edge": edge,
            "other": now.party[getattr(edge, end)],
            "figure": figures.get(edge.id, UNMEASURED),
        }
        for edge in edges
        if edge.id in seen
    ]
    return sorted(rows, key=lambda row: (row["other"].place, row["other"].name))


def _way_up(viewer: Person, now: graph.Snapshot, party: int) -> list[graph.PartyRow]:
    """One shortest way to a customer, if all of it is in the viewer's sight."""
    way = now.way_up(party)
    if now.distance[party] is None or not graph.visible_parties(viewer).issuperset(way):
        return []
    return [now.party[step] for step in way]


def _head_count(party: int) -> Figure | Withheld | int:
    count = people.head_counts().get(party, 0)
    return count if count >= HEADS_NEEDED else Withheld("too_few", HEADS_NEEDED, count)
