"""A seat that stays empty today, and a floor drawn anew: sections cut on one tap, and back."""

import secrets
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from upturn.floor import commands, queries
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.live import Cut
from upturn.floor.engine.shapes import Floor
from upturn.floor.models import Shift
from upturn.floor.queries import Seat
from upturn.floor.views.door import for_members

if TYPE_CHECKING:
    from upturn.people.models import Person

CELL = "cut|"


@login_required
@require_http_methods(["GET", "POST"])
@for_members
def without(request: HttpRequest, viewer: "Person", shift: str, seat: int) -> HttpResponse:
    """Who would get the tables of a seat, before and after; one tap cuts them this way."""
    found = queries.shift(viewer, shift)
    lost = _numbered(found, seat)
    if request.method == "POST":
        return _cut(request, viewer, found, lost)
    return _proposal(request, viewer, found, lost)


@login_required
@require_POST
@for_members
def free(request: HttpRequest, viewer: "Person", shift: str, seat: int) -> HttpResponse:
    """Let another phone take a seat whose own is empty or lost."""
    found = queries.shift(viewer, shift)
    held = _numbered(found, seat)
    commands.free_seat(viewer, found, held.name, now=timezone.now())
    said = _("%(seat)s is free. Whoever serves there scans the code again.") % {"seat": held.name}
    messages.success(request, said)
    return redirect("floor:shift", shift=found.ref)


def _numbered(shift: Shift, number: int) -> Seat:
    for seat in queries.seats_of(shift):
        if seat.number == number:
            return seat
    raise Http404(_("There is no such seat on this shift."))


def _cut(request: HttpRequest, viewer: "Person", shift: Shift, lost: Seat) -> HttpResponse:
    key = request.POST.get("key", "")[:64] or secrets.token_hex(8)
    given = {n.removeprefix(CELL): str(v) for n, v in request.POST.items() if n.startswith(CELL)}
    try:
        commands.call_off(viewer, shift, lost.name, tables=given, key=key, now=timezone.now())
    except commands.TapRefused as refused:
        return _proposal(request, viewer, shift, lost, refused=refused.said)
    except commands.SeatGone:
        return redirect("floor:shift", shift=shift.ref)
    return redirect(f"{reverse('floor:shift', args=[shift.ref])}?cut={key}")


def _proposal(
    request: HttpRequest, viewer: "Person", shift: Shift, lost: Seat, *, refused: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {"shift": shift, "seat": lost, "refused": refused}
    try:
        cut = queries.propose_without(viewer, shift, lost.name)
    except BadSetting:
        context["alone"] = True
    else:
        context |= _pictures(shift, cut) | {"key": secrets.token_hex(8), "tables": cut.tables}
    return render(request, "floor/without.html", context, status=409 if refused else 200)


def _pictures(shift: Shift, cut: Cut) -> dict[str, Any]:
    """Both plans with the tables that change hands, and the same as tables."""
    floor = queries.floor_of(shift.version_id)
    owners = (shift.owners, cut.owners)
    moves = [
        {
            "table": table,
            "before": owners[0].get(shift.tables[table], ""),
            "after": owners[1].get(cut.tables[table], ""),
        }
        for table in cut.moved
    ]
    before, after = Counter(shift.tables.values()), Counter(cut.tables.values())
    sizes = [
        {"owner": owner, "before": before[section], "after": after[section]}
        for section, owner in shift.owners.items()
    ]
    moved = {number: "you" for number, node in enumerate(floor.nodes) if node.id in cut.moved}
    plans = {"before": _as_cut(floor, shift.tables), "after": _as_cut(floor, cut.tables)}
    return plans | {"moves": moves, "sizes": sizes, "marks": moved}


def _as_cut(floor: Floor, tables: Any) -> Floor:
    """The floor with each table in the section it is in now; letters stay those of the drawing."""
    nodes = tuple(replace(node, section=tables.get(node.id, "")) for node in floor.nodes)
    return replace(floor, nodes=nodes)


@login_required
@require_POST
@for_members
def undo_cut(request: HttpRequest, viewer: "Person", shift: str) -> HttpResponse:
    """Sections, seat and phone are again as they were before the cut."""
    found = queries.shift(viewer, shift)
    try:
        commands.call_back(
            viewer, found, undoes=request.POST.get("key", "")[:64], now=timezone.now()
        )
    except (commands.TapRefused, commands.SeatGone) as refused:
        messages.info(request, refused.said)
    return redirect("floor:shift", shift=shift)


@login_required
@require_POST
@for_members
def redraw_shift(request: HttpRequest, viewer: "Person", shift: str) -> HttpResponse:
    """Take over the newest drawing, or the one before; no open need is lost by it."""
    found = queries.shift(viewer, shift)
    was = found.version
    number = request.POST.get("version", "")
    version = queries.version_of(viewer, found, int(number)) if number.isdecimal() else None
    try:
        changed = commands.redraw(viewer, found, now=timezone.now(), version=version)
    except commands.SeatGone as gone:
        changed = False
        messages.info(request, gone.said)
    back = f"?redrawn={was.number}" if changed and not number else ""
    return redirect(reverse("floor:shift", args=[shift]) + back)
