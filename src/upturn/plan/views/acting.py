"""A line goes into action, is settled, or comes back to paper."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from upturn.plan.commands import acting
from upturn.plan.engine import MOST_ACTIVE, Overtaken, PlanError
from upturn.plan.forms.lines import ActForm
from upturn.plan.queries.lines import line_here
from upturn.plan.queries.plans import head
from upturn.plan.queries.protected import touched
from upturn.plan.queries.roadmap import active_lines
from upturn.plan.templatetags.plan_words import in_words
from upturn.plan.views.entering import for_plan
from upturn.plan.views.saying import too_late

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.models import Plan


@login_required
@require_http_methods(["GET", "POST"])
@for_plan
def act(request: HttpRequest, viewer: "Person", plan: "Plan", line: str) -> HttpResponse:
    """Say by when, and who owns it on two levels (S1.21)."""
    here, today = line_here(viewer, plan, line), timezone.localdate()
    active = active_lines().get(here.party.id, 0)
    full = active >= MOST_ACTIVE
    parties = {here.party.id} | ({here.provider.id} if here.provider else set())
    found = None if here.override else touched(viewer, here.words, parties)
    kept = found[0] if found else None
    form = ActForm(request.POST or None, viewer=viewer, line=here, full=full, kept=kept is not None)
    status, late = 200, ""
    if request.method == "POST" and form.is_valid():
        try:
            acting.put_into_action(viewer, plan, line, act=form.act(), today=today)
        except PlanError as error:
            form.add_error(None, in_words(error))
            late = too_late(request, error)
            status = 409 if isinstance(error, Overtaken) else 400
        else:
            messages.success(request, _("In action. Whom it waits for sees it now."))
            return redirect("plan:roadmap", ref=plan.ref)
    context = {
        "head": head(viewer, plan),
        "line": here,
        "form": form,
        "active": active,
        "kept": kept,
        "too_late": late,
    }
    status = 400 if form.errors and status == 200 else status
    return render(request, "plan/act.html", context, status=status)


@login_required
@require_POST
@for_plan
def settle(request: HttpRequest, viewer: "Person", plan: "Plan", line: str) -> HttpResponse:
    """Say that a line is settled."""

    def settled(turn: int) -> None:
        acting.settle(viewer, plan, line, turn=turn, today=timezone.localdate())

    return _done(request, plan, settled, said=_("Settled."))


@login_required
@require_POST
@for_plan
def take_back(request: HttpRequest, viewer: "Person", plan: "Plan", line: str) -> HttpResponse:
    """Put a line back on paper."""

    def taken(turn: int) -> None:
        acting.take_back(viewer, plan, line, turn=turn)

    return _done(request, plan, taken, said=_("Back on paper."))


def _done(
    request: HttpRequest, plan: "Plan", change: Callable[[int], None], *, said: str
) -> HttpResponse:
    try:
        change(int(request.POST.get("turn", "0")[:9] or 0))
    except (PlanError, ValueError) as error:
        messages.error(request, in_words(error))
    else:
        messages.success(request, said)
    return redirect("plan:roadmap", ref=plan.ref)
