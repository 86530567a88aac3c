"""What came of a plan: every outcome, its picture, what else changed, what others claim."""

from functools import partial
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upturn.plan.commands import reading as commands
from upturn.plan.engine import (
    PHONE,
    STRIP_PHONE,
    STRIP_WIDE,
    WIDE,
    PlanError,
    draw_change,
    draw_lines,
    draw_strip,
)
from upturn.plan.forms.figures import ChangeForm, ClaimForm, KeyForm
from upturn.plan.queries import results as queries
from upturn.plan.queries.plans import head
from upturn.plan.views.entering import for_plan
from upturn.plan.views.saying import status_of, too_late

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from upturn.people.models import Person
    from upturn.plan.engine import Frame, Plot, Reading
    from upturn.plan.models import Plan
    from upturn.plan.queries.readings import Stored


@login_required
@require_http_methods(["GET", "POST"])
@for_plan
def results(request: HttpRequest, viewer: "Person", plan: "Plan") -> HttpResponse:
    """All outcomes, pair by pair; sent, it takes up what else changed, or a claim."""
    change, claim = ChangeForm(), ClaimForm()
    status, late = 200, ""
    if request.method == "POST":
        act = request.POST.get("act", "")
        kinds = {"change": ChangeForm, "claim": ClaimForm}
        form = kinds.get(act, KeyForm)(request.POST)
        status = 400
        if form.is_valid():
            try:
                _carry_out(form, viewer, plan)
                return redirect("plan:results", ref=plan.ref)
            except PlanError as error:
                form.add_error(None, str(error))
                status, late = status_of(error), too_late(request, error)
        change = form if isinstance(form, ChangeForm) else change
        claim = form if isinstance(form, ClaimForm) else claim
    top, page = head(viewer, plan), queries.results_page(viewer, plan)
    context = {
        "head": top,
        "plan": plan,
        "page": page,
        "strips": partial(_all_strips, page),
        "change_form": change,
        "claim_form": claim,
        "nothing_form": KeyForm(),
        "may_edit": top.may_edit,
        "sees": queries.may_see_figures(viewer),
        "too_late": late,
    }
    return render(request, "plan/results/results.html", context, status=status)


def _carry_out(form: KeyForm, viewer: "Person", plan: "Plan") -> None:
    given, today = form.cleaned_data, timezone.localdate()
    key = given["key"]
    if isinstance(form, ClaimForm):
        commands.note_claim(viewer, plan, words=given["words"], source=given["source"], key=key)
        return
    words, where, on = given.get("words", ""), given.get("where", ""), given.get("on", today)
    commands.note_change(viewer, plan, words=words, on=on, where=where, key=key)


def _all_strips(page: queries.ResultsPage) -> list[tuple[queries.OutcomeHere, list[object]]]:
    began = min((unit.starts_on for unit in page.units if unit.starts_on), default=None)
    return [(each, _strips(each, began)) for each in page.outcomes]


def _strips(each: queries.OutcomeHere, began: "date | None") -> list[object]:
    shown = each.shown
    if shown is None:
        return []
    week = (began - shown.first).days // 7 if began and shown.first else None
    drawn = (draw_strip(shown.line, frame, began=week) for frame in (STRIP_WIDE, STRIP_PHONE))
    return [plot for plot in drawn if plot]


@login_required
@require_safe
@for_plan
def result(_request: HttpRequest, viewer: "Person", plan: "Plan", outcome: str) -> HttpResponse:
    """One outcome: the picture with its design named, and what stronger designs lack."""
    page = queries.results_page(viewer, plan)
    here = next((each for each in page.outcomes if each.row.ref == outcome), None)
    if here is None or not page.asked:
        raise Http404(_("There is no such result yet, or it is not for you to see."))
    shown = here.shown
    context = {
        "head": head(viewer, plan),
        "plan": plan,
        "page": page,
        "here": here,
        "names": queries.unit_names(page.units),
        "lines": partial(_drawn, shown, _draw_lines),
        "changes": partial(_drawn, shown, draw_change),
    }
    return render(_request, "plan/results/result.html", context)


def _drawn(
    shown: "Stored | None", draw: "Callable[[Reading, Frame], Plot | None]"
) -> "list[Plot | None]":
    return [draw(shown.reading, frame) for frame in (WIDE, PHONE)] if shown else []


def _draw_lines(reading: "Reading", frame: "Frame") -> "Plot | None":
    return draw_lines(reading.lines, frame)
