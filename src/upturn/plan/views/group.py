"""The group that makes a plan: who is here by function, and whom to call."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from upturn.people.queries import to_be_seated
from upturn.plan.commands import opening
from upturn.plan.engine import PlanError
from upturn.plan.forms.plans import SeatForm
from upturn.plan.queries import groups
from upturn.plan.queries.plans import head
from upturn.plan.views.entering import for_plan

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.models import Plan


@login_required
@require_http_methods(["GET", "POST"])
@for_plan
def group(request: HttpRequest, viewer: "Person", plan: "Plan") -> HttpResponse:
    """Attendance by function; a tap gives a seat."""
    refused = ""
    if request.method == "POST":
        refused = _seat(request, viewer, plan)
        if not refused:
            return redirect("plan:group", ref=plan.ref)
    top = head(viewer, plan)
    username = request.GET.get("who", "").replace("\0", "").strip()[:60]
    found = groups.group(viewer, plan, username=username, calling=top.may_edit)
    context = {"head": top, "group": found, "who": username, "refused": refused}
    return render(request, "plan/group.html", context, status=409 if refused else 200)


def _seat(request: HttpRequest, viewer: "Person", plan: "Plan") -> str:
    form = SeatForm(request.POST)
    if not form.is_valid():
        return _("Choose somebody from the list.")
    try:
        someone = to_be_seated(viewer, form.cleaned_data["username"])
        opening.seat(viewer, plan, person=someone, party_id=form.cleaned_data["party_id"])
    except ObjectDoesNotExist:
        return _("Nobody can be called under this name.")
    except PlanError as error:
        return str(error)
    messages.success(request, _("%(name)s has a seat.") % {"name": someone})
    return ""


@login_required
@require_POST
@for_plan
def leave(request: HttpRequest, viewer: "Person", plan: "Plan") -> HttpResponse:
    """Take a seat away."""
    try:
        opening.unseat(viewer, plan, seat_id=int(request.POST.get("seat", "0")[:18] or 0))
    except (PlanError, ValueError) as error:
        messages.error(request, str(error))
    return redirect("plan:group", ref=plan.ref)
