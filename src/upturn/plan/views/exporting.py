"""A plan to be taken along: for the wall, for a spreadsheet, for another program."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from upturn.graph.engine.tabular_export import csv_lines
from upturn.paper import print_pdf
from upturn.plan.engine.exporting import COLUMNS, as_document, as_rows
from upturn.plan.queries.day import day_of
from upturn.plan.queries.exporting import exported
from upturn.plan.views.entering import for_plan
from upturn.plan.views.sheets import is_size, plan_sheet
from upturn.record.downloads import CSV, named

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.models import Plan


@login_required
@require_safe
@for_plan
def plan_pdf(request: HttpRequest, viewer: "Person", plan: "Plan") -> HttpResponse:
    """The whole plan for the wall; ``?size=a3`` on larger paper."""
    today, size = timezone.localdate(), request.GET.get("size", "")
    sheet = plan_sheet(
        exported(viewer, plan, today=today),
        day_of(viewer, plan).drawing,
        today=today,
        size=size if is_size(size) else "a4",
        synthetic=settings.DEMO,
    )
    made = print_pdf(sheet, made_on=today, fonts=settings.FONTS)
    return named(
        HttpResponse(made, content_type="application/pdf"), f"plan-{plan.ref}.pdf", kept="inline"
    )


@login_required
@require_safe
@for_plan
def plan_csv(_request: HttpRequest, viewer: "Person", plan: "Plan") -> HttpResponse:
    """The whole plan as one table."""
    told = exported(viewer, plan, today=timezone.localdate())
    lines = csv_lines(as_rows(told), columns=COLUMNS)
    return named(HttpResponse(lines, content_type=CSV), f"plan-{plan.ref}.csv")


@login_required
@require_safe
@for_plan
def plan_json(_request: HttpRequest, viewer: "Person", plan: "Plan") -> HttpResponse:
    """The whole plan as a document."""
    told = exported(viewer, plan, today=timezone.localdate())
    return named(JsonResponse(as_document(told, synthetic=settings.DEMO)), f"plan-{plan.ref}.json")
