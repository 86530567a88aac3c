"""The pyramid of a plan: customers on top, and how each edge below them stands."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from upturn.plan.engine import Health
from upturn.plan.queries.plan_pyramid import pyramid_of
from upturn.plan.queries.plans import head
from upturn.plan.views.door import Here, of_plan


@login_required
@require_safe
@of_plan
def pyramid(request: HttpRequest, here: Here) -> HttpResponse:
    """Draw it, with its table beside it."""
    found = pyramid_of(here.viewer, here.plan, today=timezone.localdate())
    context = {
        "head": head(here.viewer, here.plan),
        "plan": here.plan,
        "pyramid": found,
        "gaps": found.of(Health.GAP),
        "late": found.of(Health.LATE),
        "kept": found.of(Health.KEPT),
        "promised": found.of(Health.PROMISED),
        "asked": found.of(Health.ASKED, Health.NOTED),
    }
    return render(request, "plan/pyramid/pyramid.html", context)
