"""The home page of each role: the tail first, customers' words after it."""

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from upturn.commitments import queries as commitments
from upturn.graph import queries as graph
from upturn.house.edge_lines import Figures
from upturn.house.pyramid import thin_path
from upturn.loop.queries.statements import waiting_asks
from upturn.partners.queries.at_home import at_home
from upturn.people import queries as people
from upturn.people.queries import parties_of
from upturn.plan.queries.leaders import leading_at_home, month_of
from upturn.plan.views.leading import LATER
from upturn.record import outbox
from upturn.stats.figures import Figure, Withheld
from upturn.trace import queries as trace
from upturn.voice import queries as voice
from upturn.voice.queries.kept import changes

if TYPE_CHECKING:
    from upturn.people.models import Person


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    viewer = cast("Person", request.user)
    build, template = HOMES[viewer.role]
    since = outbox.position()
    context = build(viewer)
    context["since"] = since
    context["live"] = " ".join(sorted(f"party:{party}" for party in parties_of(viewer)))
    context["today"] = today = timezone.localdate()
    context["partners"] = at_home(viewer, today=today)
    context["leading"] = leading_at_home(viewer, today=today)
    context["leading_later"] = request.session.get(LATER) == month_of(today).isoformat()
    if "week" in context:
        context["unread"] = changes().unread
    if request.headers.get("HX-Request") == "true":
        template = template.replace("home_", "_home_")
    return render(request, template, context)


def _own(viewer: "Person", *, due: int = 0) -> dict[str, Any]:
    """What every home page begins with: asks of us, asks by us, thanks; for some, what is due."""
    wanted = {"to us": 20, "by us": 12} | ({"due": due} if due else {})
    asks = commitments.asks_in_lists(viewer, today=timezone.localdate(), most=wanted)
    to_us, by_us = asks["to us"], asks["by us"]
    return {
        "to_us": to_us,
        "by_us": by_us,
        "due": asks.get("due", []),
        "waiting_to_us": [here for here in to_us if here.waits_for_you],
        "waiting_by_us": [here for here in by_us if here.waits_for_you],
        "thanks": commitments.thanks_for_us(viewer),
        "waiting": waiting_asks(viewer),
        "parties": _named(parties_of(viewer)),
    }


def _named(ids: frozenset[int]) -> list[graph.PartyRow]:
    rows = graph.snapshot().party
    return sorted((rows[i] for i in ids if i in rows), key=lambda row: (row.place, row.name))


def _server(viewer: "Person") -> dict[str, Any]:
    return {
        **_own(viewer),
        "changed": commitments.changed_for_customers(viewer),
        "week": voice.week_in_words(viewer, parties_of(viewer)),
        "serving_us": _edges(viewer, "down", voice.edge_figures(viewer)),
        "alarms": trace.alarms_at(viewer, parties_of(viewer)),
    }


def _leader(viewer: "Person") -> dict[str, Any]:
    return {
        **_own(viewer),
        "we_serve": _edges(viewer, "up", voice.edge_figures(viewer)),
        "alarms": trace.alarms_at(viewer, parties_of(viewer)),
        "week": voice.week_in_words(viewer, parties_of(viewer)),
    }


class OurEdge(NamedTuple):
    """An edge of the viewer's parties with the other side and how well that is served."""

    edge: graph.EdgeRow
    other: graph.PartyRow
    figure: Figure | Withheld | None


def _edges(viewer: "Person", way: str, figures: Figures) -> list[OurEdge]:
    now = graph.snapshot()
    edges = getattr(now, way)
    return [
        OurEdge(
            edge,
            now.party[edge.served_id if way == "up" else edge.server_id],
            figures.get(edge.id),
        )
        for party in sorted(parties_of(viewer))
        for edge in edges.get(party, ())
    ]


def _executive(viewer: "Person") -> dict[str, Any]:
    figures = voice.edge_figures(viewer)
    return {
        **_own(viewer, due=8),
        "path": thin_path(viewer, figures=figures),
        "verdicts": commitments.latest_verdicts(viewer),
        "alarms": trace.alarms_at(viewer, None),
        "we_serve": _edges(viewer, "up", figures),
    }


def _administrator(viewer: "Person") -> dict[str, Any]:
    now = graph.snapshot()
    return {
        "party_count": len(now.party),
        "edge_count": len(now.edge),
        "touchpoint_count": len(graph.points_seen(viewer)),
        "words": voice.words_kept(viewer),
        "people_count": people.people(viewer).count(),
    }


HOMES = {
    "server": (_server, "house/home_server.html"),
    "facilitator": (_server, "house/home_server.html"),
    "guest": (_server, "house/home_server.html"),
    "leader": (_leader, "house/home_leader.html"),
    "executive": (_executive, "house/home_executive.html"),
    "administrator": (_administrator, "house/home_administrator.html"),
}
