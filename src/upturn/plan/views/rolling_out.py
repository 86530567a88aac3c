"""Who takes part, in which steps, and what that could find."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upturn.plan.commands import rolling_out as commands
from upturn.plan.engine import PlanError
from upturn.plan.forms.figures import PlaceForm, StepsForm, UnitsForm
from upturn.plan.models import PlanState
from upturn.plan.queries import targets as queries
from upturn.plan.queries.live import topic
from upturn.plan.queries.plans import head
from upturn.plan.queries.results import may_see_figures
from upturn.plan.views.entering import for_plan
from upturn.plan.views.saying import status_of
from upturn.voice.views.door import asked_for_part

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.models import Plan

ROLL_OUT = "plan/roll_out/roll_out.html"
PLACED = ("step", "starts_on", "picked_as_worst")


@login_required
@require_http_methods(["GET", "POST"])
@for_plan
def roll_out(request: HttpRequest, viewer: "Person", plan: "Plan") -> HttpResponse:
    """Units by step and the power of it; sent, it says who takes part, deals or reckons anew."""
    if request.method != "POST":
        return _page(request, viewer, plan)
    try:
        refused = _carry_out(request, viewer, plan)
    except PlanError as error:
        return _page(request, viewer, plan, refused=str(error), status=status_of(error))
    if refused:
        return _page(request, viewer, plan, refused=refused, status=400)
    return redirect("plan:roll_out", ref=plan.ref)


def _carry_out(request: HttpRequest, viewer: "Person", plan: "Plan") -> str:
    act = request.POST.get("act", "")
    if act == "deal":
        steps = StepsForm(request.POST)
        if not steps.is_valid():
            return _("Give the number of steps, the first day, the weeks between, and a number.")
        commands.deal_steps(viewer, plan, steps.chosen(), today=timezone.localdate())
    elif act == "place":
        form = PlaceForm(request.POST, units=_choices(queries.roll_out_page(viewer, plan)))
        if not form.is_valid():
            return _("Give a step, and the day on which it begins.")
        given = {name: form.cleaned_data[name] for name in PLACED}
        commands.place_unit(viewer, plan, form.cleaned_data["unit"], **given, edit=form.edit())
    else:
        page = queries.roll_out_page(viewer, plan)
        units = UnitsForm(request.POST, teams=[name for name, _takes in page.teams])
        if not units.is_valid():
            return _("No house or team is called that. Choose from the list.")
        places, teams = units.cleaned_data["places"], units.cleaned_data["teams"]
        parties = queries.teams_of(places, teams)
        commands.choose_units(viewer, plan, places=[] if teams else places, parties=parties)
    return ""


def _choices(page: queries.RollOutPage) -> list[tuple[str, str]]:
    return [(unit.ref, name) for step in page.steps for unit, name in step.units]


def _dealing(page: queries.RollOutPage, sent: QueryDict | None) -> dict[str, Any]:
    """Forms of those who say who takes part and deal them to steps."""
    taking = {
        "places": [place for place, takes in page.places if takes],
        "teams": [name for name, takes in page.teams if takes],
    }
    return {
        "may_deal": True,
        "units_form": UnitsForm(initial=taking, teams=[name for name, _takes in page.teams]),
        "steps_form": StepsForm(sent, initial={"steps": min(3, max(1, page.units))}),
    }


def _page(
    request: HttpRequest,
    viewer: "Person",
    plan: "Plan",
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    top, page = head(viewer, plan), queries.roll_out_page(viewer, plan)
    sent, act = request.POST if refused else None, request.POST.get("act")
    deals = top.may_edit and plan.state == PlanState.DRAFT
    context = {
        "since": plan.since,
        "live": topic(plan.ref),
        "head": top,
        "plan": plan,
        "page": page,
        "may_edit": top.may_edit,
        **(_dealing(page, sent if act == "deal" else None) if deals else {}),
        "place_form": PlaceForm(sent if act == "place" else None, units=_choices(page))
        if top.may_edit and page.units
        else None,
        "refused": refused,
        "sees": may_see_figures(viewer),
    }
    part = "plan/roll_out/_roll_out.html" if asked_for_part(request) else ROLL_OUT
    return render(request, part, context, status=status)
