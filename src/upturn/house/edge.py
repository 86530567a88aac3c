"""One serves-edge: how well the served side says it is served, and what it asks."""

from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upturn.commitments import queries as commitments
from upturn.graph import queries as graph
from upturn.house.edge_lines import UNMEASURED
from upturn.house.time_picture import time_picture
from upturn.loop.queries.loops import may_see_loop
from upturn.partners.queries.at_home import both_sides
from upturn.people import queries as people
from upturn.voice import queries as voice

if TYPE_CHECKING:
    from upturn.people.models import Person


@login_required
@require_safe
def edge(request: HttpRequest, edge_id: int) -> HttpResponse:
    viewer = cast("Person", request.user)
    try:
        found = graph.edge(viewer, edge_id)
    except ObjectDoesNotExist as error:
        raise Http404(_("There is no such edge, or it is not for you to see.")) from error
    now, seen = graph.snapshot(), graph.visible_parties(viewer)
    may_raise = commitments.may_raise(viewer, found)
    context = {
        "edge": found,
        "figure": voice.edge_figure(viewer, edge_id) or UNMEASURED,
        "customers": found.served.kind == "customers",
        "pictures": list(filter(None, map(time_picture, voice.edge_measures(viewer, edge_id)))),
        "twice": both_sides(viewer, (found.server.key, found.served.key)),
        "asks": commitments.asks_on(viewer, found, today=timezone.localdate()),
        "may_raise": may_raise,
        "sees_asks": may_raise
        or people.sees_every_ask(viewer)
        or edge_id in commitments.our_edges(viewer),
        "lost": edge_id in now.tyranny,
        "distance": now.distance[found.served_id],
        "answering": [now.party[party] for party in sorted(graph.answering(edge_id) & seen)],
        "sees_all": graph.sees_all(viewer),
        "may_edit": graph.may_edit(viewer),
        "sees_loop": may_see_loop(viewer, found),
    }
    return render(request, "house/edge.html", context)
