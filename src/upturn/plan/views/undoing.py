"""Undo, instead of "are you sure": on the day and on the page of a moment."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from upturn.plan.commands import beginning
from upturn.plan.engine import Overtaken, PlanError
from upturn.plan.views.day import day_page
from upturn.plan.views.door import Here, asks_for_part, given, key_of, of_plan
from upturn.plan.views.moments import moment_page
from upturn.plan.views.saying import DONE, done, refusal, status_of


@login_required
@require_POST
@of_plan
def undo(request: HttpRequest, here: Here) -> HttpResponse:
    """Take a change back, whichever it was, and go on where it was made."""
    try:
        beginning.undo_all(here.viewer, here.plan, key=key_of(request))
    except Overtaken as error:
        both = {"stands": error.stands, "yours": error.yours}
        return _back(request, here, status=409, refused=refusal(error), undone=both)
    except PlanError as error:
        return _back(request, here, status=status_of(error), refused=refusal(error))
    if asks_for_part(request):
        return _back(request, here, did=done(request, did="undone"))
    messages.success(request, str(DONE["undone"]))
    return redirect("plan:day", ref=here.plan.ref)


def _back(request: HttpRequest, here: Here, **more: Any) -> HttpResponse:
    here.plan.refresh_from_db()
    try:
        moment = given(request, "moment", most=16)
        return moment_page(request, here, moment, **more)
    except ObjectDoesNotExist:
        return day_page(request, here, **more)
