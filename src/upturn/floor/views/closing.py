"""The end of a shift: what will be erased, one button, and what stays."""

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from upturn.floor import commands, queries
from upturn.floor.engine.live.totals import SEATS_LEAST
from upturn.floor.models import Shift, ShiftState
from upturn.floor.views.door import for_members
from upturn.graph.engine.tabular_export import csv_lines
from upturn.record.downloads import CSV, named

if TYPE_CHECKING:
    from upturn.people.models import Person


@login_required
@require_http_methods(["GET", "POST"])
@for_members
def close(request: HttpRequest, viewer: "Person", shift: str) -> HttpResponse:
    """What is still open, what will be erased, and one button."""
    found = queries.shift(viewer, shift)
    if request.method == "POST":
        commands.close_shift(viewer, found, now=timezone.now())
    if request.method == "POST" or found.state != ShiftState.OPEN:
        return redirect("floor:shift", shift=shift)
    held = queries.most_held(viewer, found)
    context = {
        "shift": found,
        "waiting": [need for need in queries.waiting_needs(found.pk) if need.kind],
        "held": held,
        "needed": SEATS_LEAST,
        "held_enough": held >= SEATS_LEAST,
    }
    return render(request, "floor/close.html", context)


def totals(request: HttpRequest, viewer: "Person", found: Shift) -> HttpResponse:
    """What stays of a closed shift: totals of the floor, and what helped."""
    context = {
        "shift": found,
        "totals": queries.totals_of(viewer, found),
        "cards": queries.cards_of(viewer, found),
    }
    return render(request, "floor/totals.html", context)


@login_required
@require_safe
@for_members
def totals_csv(_request: HttpRequest, viewer: "Person", shift: str) -> HttpResponse:
    """Totals of a closed shift as a file: of the floor, and no part of it."""
    found = queries.shift(viewer, shift)
    if found.state == ShiftState.OPEN:
        return redirect("floor:close", shift=shift)
    rows = queries.totals_rows(queries.totals_of(viewer, found))
    lines = csv_lines(rows, columns=queries.COLUMNS_OF_TOTALS)
    return named(HttpResponse(lines, content_type=CSV), f"shift-{found.closed_on}.csv")
