"""Outcomes in pairs, their baselines and targets."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from upturn.plan.commands import targets as commands
from upturn.plan.engine import PlanError
from upturn.plan.forms.figures import KeyForm, OutcomeForm, WishForm
from upturn.plan.queries import targets as queries
from upturn.plan.queries.plans import head
from upturn.plan.queries.results import may_see_figures
from upturn.plan.views.door import given
from upturn.plan.views.entering import for_plan
from upturn.plan.views.saying import status_of, too_late

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.models import Plan


@login_required
@require_http_methods(["GET", "POST"])
@for_plan
def targets(request: HttpRequest, viewer: "Person", plan: "Plan") -> HttpResponse:
    """All pairs with baseline and target; sent, it adds an outcome."""
    if request.method != "POST":
        return _page(request, viewer, plan)
    page = queries.targets_page(viewer, plan)
    form = _form(page, request.POST or None)
    status, late = 400, ""
    if form.is_valid():
        try:
            commands.save_outcome(viewer, plan, form.words(), edit=form.edit())
            return redirect("plan:targets", ref=plan.ref)
        except PlanError as error:
            form.add_error(None, str(error))
            status, late = status_of(error), too_late(request, error)
    return _page(request, viewer, plan, status=status, page=page, form=form, too_late=late)


def _form(page: queries.TargetsPage, sent: QueryDict | None = None) -> OutcomeForm:
    given = {"pair": _next(page)}
    return OutcomeForm(sent, measures=page.measures, moments=page.moments, initial=given)


def _next(page: queries.TargetsPage) -> int:
    """The pair that lacks a side first, else a new one."""
    return next((pair.number for pair in page.pairs if pair.lacks), page.next_pair)


def _page(
    request: HttpRequest, viewer: "Person", plan: "Plan", *, status: int = 200, **more: Any
) -> HttpResponse:
    page = more.pop("page", None) or queries.targets_page(viewer, plan)
    top = head(viewer, plan)
    form = more.pop("form", None)
    context = {
        "head": top,
        "plan": plan,
        "page": page,
        "form": (form or _form(page)) if top.may_edit else None,
        "may_edit": top.may_edit,
        "sees": may_see_figures(viewer),
        **more,
    }
    return render(request, "plan/targets/targets.html", context, status=status)


@login_required
@require_POST
@for_plan
def outcome(request: HttpRequest, viewer: "Person", plan: "Plan", outcome: str) -> HttpResponse:
    """Measure the baseline of an outcome, set its target, or take it out."""
    act = request.POST.get("act", "")
    form = WishForm(request.POST) if act == "wish" else KeyForm(request.POST)
    if not form.is_valid():
        return _refused(request, viewer, plan, outcome, why=_("Give a number and a day."))
    today = timezone.localdate()
    try:
        if isinstance(form, WishForm):
            target = form.target()
            commands.set_wish(viewer, plan, outcome, target, edit=form.edit(), today=today)
        elif act == "drop":
            commands.drop_outcome(viewer, plan, outcome, edit=form.edit())
            messages.success(request, _("Taken out."))
        else:
            commands.take_baseline(viewer, plan, outcome, edit=form.edit(), today=today)
    except PlanError as error:
        status = status_of(error)
        return _refused(request, viewer, plan, outcome, why=str(error), status=status)
    return redirect("plan:targets", ref=plan.ref)


def _refused(
    request: HttpRequest,
    viewer: "Person",
    plan: "Plan",
    outcome: str,
    *,
    why: str,
    status: int = 400,
) -> HttpResponse:
    """Show all targets, why one was not set, and in its fields what was typed."""
    wrote = {name: given(request, name, most=40) for name in ("wish", "wish_by")}
    return _page(request, viewer, plan, status=status, refused=why, refused_at=outcome, wrote=wrote)
