"""Runs of the lab: ordered, on their way, and what they found."""

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upturn.floor import commands, queries
from upturn.floor.engine.errors import BadSetting, FloorError
from upturn.floor.forms.floors import sentences
from upturn.floor.forms.runs import RunForm
from upturn.floor.models import LabRun, RunState
from upturn.floor.views.door import for_members
from upturn.graph.engine.tabular_export import csv_lines
from upturn.record.downloads import CSV, named
from upturn.voice.views.door import asked_for_part

if TYPE_CHECKING:
    from upturn.people.models import Person

FIELDS = {"busy_share": "busy", "loafing_share": "loafing", "detour_s": "detour"}


@login_required
@require_http_methods(["GET", "POST"])
@for_members
def order(request: HttpRequest, viewer: "Person", floor: str) -> HttpResponse:
    """Policies, three sliders, and the button."""
    commands.check_may_draw(viewer)
    drawn = queries.drawn(viewer, floor)
    form = RunForm(drawn.floor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.order_run(
                viewer, drawn.version, drawn.floor, form.order(), today=timezone.localdate()
            )
        except FloorError as error:
            _say(form, error)
        else:
            return redirect("floor:run", run=made.ref)
    context = {"drawn": drawn, "form": form}
    return render(request, "floor/order.html", context, status=400 if form.errors else 200)


def _say(form: RunForm, error: FloorError) -> None:
    """Put what is wrong at its field, where it has one."""
    field = FIELDS.get(error.name, error.name) if isinstance(error, BadSetting) else ""
    if isinstance(error, BadSetting) and field in form.fields:  # its label says what it is
        form.add_error(field, f"{error.remedy[:1].upper()}{error.remedy[1:]}.")
        return
    for sentence in sentences(error):
        form.add_error(None, sentence)


@login_required
@require_safe
@for_members
def run(request: HttpRequest, viewer: "Person", run: str) -> HttpResponse:
    """How far it is, or what it found; an open page asks for the part that changes."""
    found = queries.run(viewer, run)
    is_open = found.state in {RunState.WAITING, RunState.RUNNING}
    context = {
        "run": found,
        "is_open": is_open,
        "ahead": queries.ahead_of(found) if found.state == RunState.WAITING else 0,
        "may_draw": queries.may_draw(viewer),
    }
    if asked_for_part(request):
        answer = render(request, "floor/_progress.html", context)
        if not is_open:
            answer["HX-Refresh"] = "true"
        return answer
    if found.state == RunState.DONE:
        context |= {"told": queries.told(found), "may_film": queries.may_film(found)}
        return render(request, "floor/result.html", context)
    return render(request, "floor/progress.html", context)


def _to_film(viewer: "Person", ref: str) -> LabRun:
    found = _done(viewer, ref)
    if not queries.may_film(found):
        raise Http404(_("Too much happens on this floor in an hour to be watched."))
    return found


def _done(viewer: "Person", ref: str) -> LabRun:
    found = queries.run(viewer, ref)
    if found.state != RunState.DONE:
        raise Http404(_("This run has found nothing yet."))
    return found


@login_required
@require_safe
@for_members
def figures_csv(_request: HttpRequest, viewer: "Person", run: str) -> HttpResponse:
    """Every figure of a run as a row, with its range."""
    table = csv_lines(queries.cells(_done(viewer, run)), columns=queries.COLUMNS)
    return named(HttpResponse(table, content_type=CSV), f"lab-{run}.csv")


@login_required
@require_safe
@for_members
def figures_json(_request: HttpRequest, viewer: "Person", run: str) -> HttpResponse:
    """All of it, with the floor and the settings it was run with."""
    return named(JsonResponse(queries.whole(_done(viewer, run))), f"lab-{run}.json")


@login_required
@require_safe
@for_members
def film(request: HttpRequest, viewer: "Person", run: str) -> HttpResponse:
    """One hour of it on the floor plan, and the same as a table of events."""
    found = _to_film(viewer, run)
    code = _code(request, found)
    context = {
        "run": found,
        "code": code,
        "codes": found.policies.split(),
        "film": queries.film_of(found, code),
    }
    return render(request, "floor/film.html", context)


@login_required
@require_safe
@for_members
def film_json(request: HttpRequest, viewer: "Person", run: str) -> HttpResponse:
    """What the player draws."""
    found = _to_film(viewer, run)
    return JsonResponse(queries.film_of(found, _code(request, found)).data)


def _code(request: HttpRequest, found: LabRun) -> str:
    codes = found.policies.split()
    owned = [code for code in codes if code != "pooled"]
    asked = request.GET.get("policy", (owned or codes)[-1])
    if asked not in codes:
        raise Http404(_("This run did not try that."))
    return asked
