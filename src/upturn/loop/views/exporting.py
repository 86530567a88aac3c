"""A workshop to be taken along: for the wall, for a spreadsheet, for another program."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from upturn.graph.engine.tabular_export import csv_lines
from upturn.loop.queries import walls
from upturn.loop.views.door import for_workshop
from upturn.loop.views.sheets import wall_sheet
from upturn.paper import print_pdf
from upturn.record.downloads import CSV, named

if TYPE_CHECKING:
    from upturn.loop.models import Workshop
    from upturn.people.models import Person


def _wall(viewer: "Person", workshop: "Workshop") -> walls.Wall:
    return walls.wall(viewer, workshop, language=workshop.language)


@for_workshop
@require_safe
def wall_pdf(request: HttpRequest, viewer: "Person", workshop: "Workshop") -> HttpResponse:
    """Everything that is open to read, on paper; ``?size=a3`` on larger paper."""
    today = timezone.localdate()
    sheet = wall_sheet(
        _wall(viewer, workshop),
        language=workshop.language,
        size="a3" if request.GET.get("size") == "a3" else "a4",
        synthetic=settings.DEMO,
    )
    made = print_pdf(sheet, made_on=today, fonts=settings.FONTS)
    return named(
        HttpResponse(made, content_type="application/pdf"),
        f"workshop-{workshop.ref}.pdf",
        kept="inline",
    )


@for_workshop
@require_safe
def wall_csv(_request: HttpRequest, viewer: "Person", workshop: "Workshop") -> HttpResponse:
    """Everything that is open to read, a row a card."""
    rows = walls.wall_rows(_wall(viewer, workshop))
    cells = ([row[column] for column in walls.COLUMNS] for row in rows)
    lines = csv_lines(cells, columns=walls.COLUMNS)
    return named(HttpResponse(lines, content_type=CSV), f"workshop-{workshop.ref}.csv")


@for_workshop
@require_safe
def wall_json(_request: HttpRequest, viewer: "Person", workshop: "Workshop") -> HttpResponse:
    """Everything that is open to read, as it is."""
    return named(
        JsonResponse(dict(walls.wall_facts(_wall(viewer, workshop)))),
        f"workshop-{workshop.ref}.json",
    )
