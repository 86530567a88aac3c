"""What somebody can see, worked out by the same questions that decide it on every page."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upturn.commitments import queries as commitments
from upturn.graph import queries as graph
from upturn.people import queries as people

if TYPE_CHECKING:
    from upturn.people.models import Person

EDGES = 50


@login_required
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    viewer = cast("Person", request.user)
    return render(request, "house/sight.html", sight_of(viewer) | {"own": True})


@login_required
@require_safe
def sight(request: HttpRequest, username: str) -> HttpResponse:
    """Tell an administrator what somebody else can see; who gives roles has to know it."""
    viewer = cast("Person", request.user)
    if not people.is_administrator(viewer):
        raise PermissionDenied(_("What somebody else can see is shown to administrators."))
    try:
        person = people.person(viewer, username)
    except ObjectDoesNotExist as error:
        raise Http404(_("There is nobody of this name.")) from error
    return render(request, "house/sight.html", sight_of(person))


def sight_of(person: "Person") -> dict[str, Any]:
    """Answers of the deciding queries, for one person."""
    now, every_ask = graph.snapshot(), people.sees_every_ask(person)
    places = people.places_to_fill(person)
    return {
        "person": person,
        "short": people.IN_SHORT[person.role],
        "teams": [(now.party[row.party_id], row.leads) for row in people.memberships_of(person)],
        "parties": len(graph.visible_parties(person)),
        "whole_graph": graph.sees_all(person),
        "words": people.may_read_words(person),
        "touchpoints": len(graph.points_seen(person)),
        "every_ask": every_ask,
        "asks": commitments.visible(person).count(),
        "edges": [] if every_ask else _sides(now, ask_edges(person)[:EDGES]),
        "may_draw": graph.may_edit(person),
        "may_bring_in": people.may_bring_in(person),
        "may_invite": people.may_invite(person),
        "everywhere": places is None,
        "administrator": people.is_administrator(person),
    }


def _sides(now: graph.Snapshot, edges: list[int]) -> list[tuple[graph.PartyRow, graph.PartyRow]]:
    found = [now.edge[edge] for edge in edges]
    return [(now.party[edge.server_id], now.party[edge.served_id]) for edge in found]


def ask_edges(person: "Person") -> list[int]:
    """Edges whose asks somebody can open as a member of one of their two sides."""
    now = graph.snapshot()
    asking = {edge.id for party in people.parties_of(person) for edge in now.down.get(party, ())}
    return sorted(asking | commitments.our_edges(person))
