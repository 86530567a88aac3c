"""Shifts for those who lead them: opened and watched."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from upturn.floor import commands, queries
from upturn.floor.models import Shift, ShiftState
from upturn.floor.views.board import board_context, carried_out, is_script, tap_answer
from upturn.floor.views.closing import totals
from upturn.floor.views.door import for_members
from upturn.floor.views.showing import shown
from upturn.voice.views.door import asked_for_part

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


@login_required
@require_safe
@for_members
def shift(request: HttpRequest, viewer: "Person", shift: str) -> HttpResponse:
    """The board of an open shift with what its lead does; totals once it is closed."""
    found = queries.shift(viewer, shift)
    if found.state != ShiftState.OPEN:
        return totals(request, viewer, found)
    if asked_for_part(request):
        return render(request, "floor/_shift_seats.html", _seats(found))
    return _board(request, viewer, found)


def _board(
    request: HttpRequest, viewer: "Person", found: Shift, *, refused: str = "", status: int = 200
) -> HttpResponse:
    state = _state(viewer, found.ref)
    where = {
        "tap": reverse("floor:lead_tap", args=[found.ref]),
        "state": reverse("floor:lead_state", args=[found.ref]),
    }
    context = board_context(state, board="lead", where=where) | _seats(found)
    context |= {
        "refused": refused,
        "undo": request.GET.get("undo", "")[:64],
        "cut": request.GET.get("cut", "")[:64],
        "redrawn": request.GET.get("redrawn", "")[:6],
        "newer": queries.newest_version(found.floor).pk != found.version_id,
    }
    return render(request, "floor/shift.html", context, status=status)


def _state(viewer: "Person", ref: str) -> dict[str, Any]:
    """Everything the board of a lead shows, and what its page listens to."""
    told = {"topics": {"shift": queries.topic(ref)}}
    return shown(queries.lead_state(viewer, ref, now=timezone.now()) | told)


def _seats(found: Shift) -> dict[str, Any]:
    seats = queries.seats_of(found)
    return {"shift": found, "seats": seats, "held": sum(seat.held for seat in seats)}


@login_required
@require_safe
@for_members
def lead_state(request: HttpRequest, viewer: "Person", shift: str) -> HttpResponse:
    """Everything the board of a lead shows."""
    answer = JsonResponse(_state(viewer, shift))
    answer["X-CSRFToken"] = get_token(request)
    return answer


@login_required
@require_POST
@for_members
def lead_tap(request: HttpRequest, viewer: "Person", shift: str) -> HttpResponse:
    """A lead who helps: raises, meets, seats guests; the same taps, from no seat."""
    found = queries.shift(viewer, shift)
    try:
        status, said = carried_out(request, viewer, found)
    except commands.SeatGone as gone:
        status, said = 410, {"ok": False, "closed": gone.closed, "said": gone.said}
    if is_script(request):
        return tap_answer(status, said)
    if status == 410:
        return redirect("floor:shift", shift=shift)
    if status != 200:
        return _board(request, viewer, found, refused=str(said["said"]), status=status)
    undo = "" if request.POST.get("act") == "undo" else f"?undo={request.POST.get('key', '')[:64]}"
    return redirect(reverse("floor:shift", args=[shift]) + undo)
