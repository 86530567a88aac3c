"""Pages of alarms and traces, for everybody who may read customers' words."""

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upturn.commitments.commands import Draft
from upturn.commitments.engine import RaisedAs, SpineError
from upturn.commitments.queries import may_raise
from upturn.graph import queries as graph
from upturn.record import reading_log
from upturn.trace import commands, queries
from upturn.trace.forms import TracedAskForm, beginning
from upturn.voice.views.door import readers_of_words

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.trace.queries import TracePage

COMPARABLE = 30
_for_readers = partial(
    readers_of_words,
    otherwise=gettext_lazy("There is no such trace, or it is not for you to see."),
)


@login_required
@require_safe
@_for_readers
def alarms(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """Which touchpoints fell this week, and in the weeks before."""
    found = queries.screenings(viewer)
    context = {
        "newest": found[0] if found else None,
        "earlier": [each for each in found[1:] if each.alarms],
        "running": queries.running(),
        "record": queries.track_record(),
    }
    return render(request, "trace/alarms.html", context)


@login_required
@require_safe
@_for_readers
def trace(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """One trace: the same page for everybody who may open it."""
    page, today = queries.page_by_ref(viewer, ref), timezone.localdate()
    reading_log.note_reading(viewer.pk, kind="touchpoint", ref=page.point.key, day=today)
    customers, servers = queries.words_beside(viewer, page)
    record, asked = queries.record_of(page.confidence), queries.asks_of(page)
    context = {
        "page": page,
        "drawn": partial(queries.drawn_scores, page),
        "pictures": partial(queries.pictures, page),
        "lines": partial(queries.lines_of, page),
        "weeks": partial(queries.score_rows, page),
        "customers": customers,
        "servers": servers,
        "record": record,
        "asked": asked,
        "written_at": hash((page.drawn_at, customers, servers, record, asked)),
    }
    return render(request, "trace/trace.html", context)


@login_required
@require_POST
@_for_readers
def trace_now(request: HttpRequest, viewer: "Person", key: str) -> HttpResponse:
    point = graph.touchpoint(viewer, key)
    try:
        found = commands.trace_now(viewer, point, today=timezone.localdate())
    except SpineError as refused:
        messages.error(request, str(refused))
        return redirect("voice:touchpoint", key=key)
    return redirect("trace:trace", ref=found.ref)


@login_required
@require_http_methods(["GET", "POST"])
@_for_readers
def ask(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """An ask that carries the trace, on the edge into which the suspect serves."""
    page = queries.page_by_ref(viewer, ref)
    wanted = request.POST.get("edge", request.GET.get("edge", ""))
    edge = next((each for each in page.ask_edges if str(each.id) == wanted), None)
    edge = edge or next(iter(page.ask_edges), None)
    if edge is None:
        raise Http404(_("This trace names no edge to ask on."))
    form = TracedAskForm(
        request.POST or None, points=_points(viewer, page), initial=beginning(page, edge)
    )
    if request.method == "POST" and form.is_valid():
        try:
            raised = commands.ask_from_trace(
                viewer,
                queries.trace_by_ref(viewer, ref),
                edge=edge,
                draft=_draft(viewer, page, form),
                prediction=_prediction(viewer, form),
                today=timezone.localdate(),
            )
        except SpineError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Sent, with the trace. You are told at each step."))
            return redirect("commitments:ask", ref=raised.ref)
    may = may_raise(viewer, graph.edge(viewer, edge.id))
    context = {"form": form, "page": page, "edge": edge, "may": may}
    return render(request, "trace/ask.html", context, status=400 if form.errors else 200)


def _points(viewer: "Person", page: "TracePage") -> list[tuple[str, str]]:
    """Moments to compare with: the one proposed, those of the same name, those of the place."""
    points = [row for row in graph.points_seen(viewer) if row.key != page.point.key]
    proposed = page.comparison.key if page.comparison else ""
    near = [row for row in points if row.name == page.point.name or row.key == proposed]
    here = [row for row in points if row.place == page.point.place and row not in near]
    return [(row.key, graph.full_name(row)) for row in [*near, *here][:COMPARABLE]]


def _draft(viewer: "Person", page: "TracePage", form: TracedAskForm) -> Draft:
    given = form.cleaned_data
    week = date_format(page.week, "j F Y")
    because = _("From the trace of %(point)s, week of %(week)s.")
    return Draft(
        words=given["words"],
        because=(because % {"point": graph.full_name(page.point), "week": week})[:200],
        raised_as=RaisedAs(given["raised_as"]),
        code=given["code"],
        touchpoint=graph.touchpoint(viewer, page.point.key) if page.point.id else None,
    )


def _prediction(viewer: "Person", form: TracedAskForm) -> commands.Prediction:
    given = form.cleaned_data
    other = given["comparison"]
    return commands.Prediction(
        points=given["predicted"],
        by_week=given["by_week"],
        comparison=graph.touchpoint(viewer, other) if other else None,
    )
