"""The facilitator's keys: moving the room on, and what stands on the wall."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeAlias

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upturn.loop.commands import grouping, hiding, opening, stages
from upturn.loop.engine.errors import Incomplete, LoopError
from upturn.loop.engine.stage import StageMove
from upturn.loop.models import WorkshopState
from upturn.loop.queries.sight import workshop_by_ref
from upturn.loop.views.door import for_workshop, status_of
from upturn.loop.views.rooms import console_page
from upturn.record.errors import NotStored
from upturn.record.forms import number
from upturn.voice.views.door import asked_for_part

if TYPE_CHECKING:
    from upturn.loop.models import Workshop
    from upturn.people.models import Person

Act: TypeAlias = Callable[[HttpRequest, "Person", "Workshop"], Any]


def _key(act: Act) -> Any:
    """Make a page of an act: afterwards the console, with what was refused on it."""

    @for_workshop
    @require_POST
    @wraps(act)
    def page(request: HttpRequest, viewer: "Person", workshop: "Workshop") -> HttpResponse:
        refused, status = "", 200
        try:
            act(request, viewer, workshop)
        except LoopError as error:
            refused, status = str(error), status_of(error)
        except NotStored:
            refused, status = _("Too much at once. Nothing was stored; press again."), 503
        if not refused and not asked_for_part(request):
            return redirect("loop:console", ref=workshop.ref)
        fresh = workshop_by_ref(viewer, workshop.ref)
        if fresh.state != WorkshopState.OPEN:
            return redirect("loop:day_100", ref=workshop.ref)
        return console_page(request, viewer, fresh, refused=refused, status=status)

    return page


@_key
def move(request: HttpRequest, viewer: "Person", workshop: "Workshop") -> None:
    """One move: begin, next, back, everybody, open the cards, longer, objection."""
    named = request.POST.get("move", "")
    if named == "begin":
        opening.begin(viewer, workshop, now=timezone.now())
        return
    if named not in {each.value for each in stages.KEYS}:
        raise Incomplete(_("There is no such key. Load the page again."))
    turn = number(request, "turn")
    stages.move(viewer, workshop, StageMove(named), turn=turn, now=timezone.now())


@_key
def hide(request: HttpRequest, viewer: "Person", workshop: "Workshop") -> None:
    """Take a card off the wall, with the reason that its writer reads, or put it back."""
    refs = request.POST.getlist("card")
    if request.POST.get("back"):
        hiding.unhide(viewer, workshop, refs)
        return
    hiding.hide(viewer, workshop, refs, because=request.POST.get("because", ""))


@_key
def group(request: HttpRequest, viewer: "Person", workshop: "Workshop") -> None:
    """Group the cards that say the like."""
    grouping.group_cards(viewer, workshop, number(request, "step"))


@_key
def regroup(request: HttpRequest, viewer: "Person", workshop: "Workshop") -> None:
    """Have the last word: name a group, merge it into another, split it, or move a card."""
    act, ref, to = (request.POST.get(name, "") for name in ("act", "group", "to"))
    if act == "name":
        grouping.name_group(viewer, workshop, ref, name=request.POST.get("name", ""))
    elif act == "merge":
        grouping.merge_groups(viewer, workshop, [ref], into=to)
    elif act == "split":
        grouping.split_group(viewer, workshop, ref)
    elif act == "move":
        grouping.move_card(viewer, workshop, request.POST.get("card", ""), to=to)
    else:
        raise Incomplete(_("There is no such key. Load the page again."))
