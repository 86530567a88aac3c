"""Lines of a plan as a list, and those in action on the roadmap."""

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from upturn.graph import queries as graph
from upturn.plan.forms.lines import FilterForm, read_filter
from upturn.plan.queries import lines as queries
from upturn.plan.queries import roadmap as roadmaps
from upturn.plan.queries.plans import head
from upturn.plan.views.entering import for_plan

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.models import Plan


@login_required
@require_safe
@for_plan
def lines(request: HttpRequest, viewer: "Person", plan: "Plan") -> HttpResponse:
    """Fifty lines of a plan, cut down by column, state, party, gaps and orphans."""
    parties = queries.lines_counted(plan).parties
    form = FilterForm(request.GET, parties=parties)
    form.is_valid()
    chosen, page = read_filter(form.cleaned_data), form.cleaned_data.get("page") or 1
    found = queries.lines_page(viewer, plan, chosen, page=page)
    context = {
        "head": head(viewer, plan),
        "found": found,
        "chosen": chosen,
        "parties": parties,
        "of": graph.snapshot().party.get(chosen.party or 0),
        "asked": _without_page(request),
    }
    return render(request, "plan/lines.html", context)


def _without_page(request: HttpRequest) -> str:
    given = request.GET.copy()
    given.pop("page", None)
    return given.urlencode()


@login_required
@require_safe
@for_plan
def roadmap(request: HttpRequest, viewer: "Person", plan: "Plan") -> HttpResponse:
    """What each party carries, and until when (S2.21)."""
    found = roadmaps.roadmap(viewer, plan)
    context = {"head": head(viewer, plan), "roadmap": found, "today": timezone.localdate()}
    return render(request, "plan/roadmap.html", context)
