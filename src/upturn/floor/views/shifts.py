"""Shifts for those who lead them: opened, watched, cut anew, and closed."""

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from upturn.floor import commands, queries
from upturn.floor.views.door import for_members

if TYPE_CHECKING:
    from upturn.people.models import Person


@login_required
@require_safe
@for_members
def shifts(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """Floors, the shifts that are open on them, and what stays of those that are closed."""
    opened = queries.open_shifts(viewer)
    on = {each.floor_id: each for each in opened}
    floors = [{"floor": each, "shift": on.get(each.pk)} for each in queries.floors(viewer)]
    context = {
        "may_lead": queries.may_lead(viewer),
        "may_draw": queries.may_draw(viewer),
        "open": opened,
        "floors": floors,
        "closed": queries.closed_shifts(viewer),
        "code": commands.draw_code(),
    }
    return render(request, "floor/shifts.html", context)


@login_required
@require_POST
@for_members
def open_shift(_request: HttpRequest, viewer: "Person", floor: str) -> HttpResponse:
    """One tap: a shift on the newest drawing, or the one that is open there."""
    commands.check_may_lead(viewer)
    made = commands.open_shift(viewer, queries.lab_floor(viewer, floor), now=timezone.now())
    return redirect("floor:shift", shift=made.ref)
