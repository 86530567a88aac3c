"""Codes to print or to show: one a section for those who serve, one a table for guests."""

from typing import TYPE_CHECKING, NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from upturn.floor import commands, queries
from upturn.floor.models import Shift, ShiftState
from upturn.floor.views.door import for_members

if TYPE_CHECKING:
    from upturn.people.models import Person

A_PAGE = ("1", "4")


class Sheet(NamedTuple):
    """A code with what stands beside it; `section` is empty for the whole floor."""

    number: int
    section: str
    tables: tuple[str, ...]
    address: str


@login_required
@require_safe
@for_members
def codes(request: HttpRequest, viewer: "Person", shift: str) -> HttpResponse:
    """One code a section: to print, one or four a page, or one of them large on a screen."""
    found = queries.shift(viewer, shift)
    if found.state != ShiftState.OPEN:
        return redirect("floor:shift", shift=shift)
    sheets = _sheets(request, viewer, found)
    if (asked := request.GET.get("show", "")).isdecimal():
        shown = [sheet for sheet in sheets if str(sheet.number) == asked]
        if shown:
            return render(request, "floor/code_shown.html", {"shift": found, "sheet": shown[0]})
    a_page = request.GET.get("page", "")
    context = {"shift": found, "sheets": sheets, "a_page": a_page if a_page in A_PAGE else "1"}
    return render(request, "floor/codes.html", context)


def _sheets(request: HttpRequest, viewer: "Person", shift: Shift) -> list[Sheet]:
    names = ("", *queries.section_names(queries.floor_of(shift.version_id)))
    return [
        Sheet(
            number,
            name,
            tuple(table for table, section in shift.tables.items() if name and section == name),
            _whole(request, "floor:seat", queries.seat_code(viewer, shift, number)),
        )
        for number, name in enumerate(names)
    ]


def _whole(request: HttpRequest, view: str, code: str) -> str:
    return request.build_absolute_uri(reverse(view, args=[code]))


@login_required
@require_safe
@for_members
def table_codes(request: HttpRequest, viewer: "Person", floor: str) -> HttpResponse:
    """One code a table, on sheets that can be cut; they stay good when a shift is over."""
    commands.check_may_lead(viewer)
    lab_floor = queries.lab_floor(viewer, floor)
    names = queries.guest_places(queries.floor_of(queries.newest_version(lab_floor).pk))
    cards = [
        (name, _whole(request, "floor:table", queries.table_code(viewer, lab_floor, number)))
        for number, name in enumerate(names, start=1)
    ]
    context = {"floor": lab_floor, "cards": cards}
    return render(request, "floor/table_codes.html", context)
