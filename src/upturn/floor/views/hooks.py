"""Addresses at which tills, phones and queues bring needs in."""

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upturn.floor import commands, queries
from upturn.floor.commands.hooks import end_hook, make_hook, take_up_hook
from upturn.floor.engine.errors import FloorError
from upturn.floor.engine.hooks.signing import signed_by_hand
from upturn.floor.engine.shapes import Floor
from upturn.floor.forms.hooks import HookForm
from upturn.floor.models import FloorHook, LabFloor
from upturn.floor.queries import hooks as kept
from upturn.floor.views.door import for_members

if TYPE_CHECKING:
    from upturn.people.models import Person


@login_required
@require_http_methods(["GET", "POST"])
@for_members
def hooks(request: HttpRequest, viewer: "Person", floor: str) -> HttpResponse:
    """The addresses of a floor; a new one shows its secret in the answer that made it, and once."""
    commands.check_may_draw(viewer)
    drawn = queries.drawn(viewer, floor)
    if request.method == "POST" and "name" not in request.POST:
        return _ended_or_taken_up(request, viewer, drawn.lab_floor)
    form = HookForm(request.POST or None)
    made = _made(viewer, form, drawn.lab_floor) if form.is_valid() else None
    context = {
        "drawn": drawn,
        "made": made and _shown_once(request, made, drawn.floor),
        "form": form if form.errors else HookForm(initial={"code": commands.draw_code()}),
        "hooks": kept.hooks(viewer, drawn.lab_floor),
        "ended": _ended(viewer, drawn.lab_floor, request.GET.get("ended", "")),
    }
    return render(request, "floor/hooks.html", context, status=400 if form.errors else 200)


def _made(viewer: "Person", form: HookForm, lab_floor: LabFloor) -> FloorHook | None:
    """Make the address, or say in the form what is in the way."""
    given = form.cleaned_data
    try:
        return make_hook(viewer, lab_floor, **given, today=timezone.localdate())
    except FloorError as error:
        form.add_error("name", str(error))
        return None


def _shown_once(request: HttpRequest, made: FloorHook, floor: Floor) -> dict[str, str]:
    address = request.build_absolute_uri(reverse("api-1:needs", args=[made.ref]))
    secret = kept.hook_secret(made.ref)
    example = kept.example_message(floor)
    return {
        "name": made.name,
        "address": address,
        "secret": secret,
        "lines": example and signed_by_hand(address, secret, example),
    }


def _ended_or_taken_up(request: HttpRequest, viewer: "Person", lab_floor: LabFloor) -> HttpResponse:
    page = reverse("floor:hooks", args=[lab_floor.ref])
    again = request.POST.get("again", "")
    ref = again or request.POST.get("end", "")
    hook = _found(viewer, lab_floor, ref)
    if again:
        take_up_hook(viewer, hook)
        return redirect(page)
    end_hook(viewer, hook, today=timezone.localdate())
    return redirect(f"{page}?ended={ref}")


def _ended(viewer: "Person", lab_floor: LabFloor, ref: str) -> FloorHook | None:
    """Give the address that was ended a moment ago, for the undo."""
    hook = _found(viewer, lab_floor, ref) if ref else None
    return hook if hook and hook.ended_on else None


def _found(viewer: "Person", lab_floor: LabFloor, ref: str) -> FloorHook:
    try:
        return kept.hook(viewer, lab_floor, ref[:16] if ref.isalnum() else "")
    except ObjectDoesNotExist as error:
        raise Http404(_("There is no such address on this floor.")) from error
