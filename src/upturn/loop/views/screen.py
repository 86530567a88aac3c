"""The projector: the question, how many have handed in, and the cards once they are open."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from upturn.loop.queries import cards, live, rooms
from upturn.loop.queries.holders import SCREEN_COOKIE, screen_of
from upturn.loop.queries.scripts import script_of_workshop
from upturn.loop.queries.sight import Viewer, workshop_by_ref
from upturn.loop.queries.statements import statements
from upturn.loop.views.rooms import join_address
from upturn.loop.views.showing import steps_shown
from upturn.record import outbox
from upturn.record.seats import with_seat

if TYPE_CHECKING:
    from upturn.loop.models import Workshop

P = ParamSpec("P")
COOKIE_AGE_S = 24 * 3600


def _for_screens(
    view: "Callable[Concatenate[HttpRequest, Viewer, Workshop, P], HttpResponse]",
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """Let in a projector with its code, and whoever may see the workshop."""

    @wraps(view)
    @never_cache
    def page(request: HttpRequest, ref: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        screen = screen_of(request.COOKIES.get(SCREEN_COOKIE, ""))
        by_code = screen if screen and screen.ref == ref else None
        viewer = cast("Viewer", by_code or request.user)
        if by_code is None and not request.user.is_authenticated:
            raise Http404(_("A screen opens with the address that the console shows."))
        try:
            return view(request, viewer, workshop_by_ref(viewer, ref), *args, **kwargs)
        except ObjectDoesNotExist as error:
            said = _("There is no such workshop, or it is not for you to see.")
            raise Http404(said) from error

    return cast("Callable[Concatenate[HttpRequest, str, P], HttpResponse]", page)


@never_cache
@require_safe
def screen_in(_request: HttpRequest, ref: str, code: str) -> HttpResponse:
    """Let a projector in by the address from the console; no sign-in."""
    cookie = f"{ref}.{code}"
    if screen_of(cookie) is None:
        raise Http404(_("A screen opens with the address that the console shows."))
    return with_seat(redirect("loop:screen", ref=ref), SCREEN_COOKIE, cookie, for_s=COOKIE_AGE_S)


@_for_screens
@require_safe
def screen(request: HttpRequest, viewer: Viewer, workshop: "Workshop") -> HttpResponse:
    """Everything a room reads from ten metres, in the workshop's language."""
    since = outbox.position()
    script, language = script_of_workshop(workshop), workshop.language
    room, steps = rooms.room(viewer, workshop), steps_shown(script, language=language)
    context: dict[str, Any] = {
        "workshop": workshop,
        "room": room,
        "steps": steps,
        "objection": script.say(script.objection, language=language),
        "objection_ask": steps[min(script.objection_step, len(steps) - 1)].ask,
        "farewell": script.say(script.farewell, language=language),
        "told": told(room, workshop, since=since),
        "address": join_address(request, workshop),
        "host": request.get_host(),
        **wall(viewer, workshop, room.step),
    }
    with override(language):
        return render(request, "loop/screen.html", context)


def told(room: rooms.Room, workshop: "Workshop", *, since: int) -> dict[str, Any]:
    """What the screen's script begins with."""
    topics = [live.topic(workshop.ref), live.host_topic(workshop.ref)]
    now = timezone.now().timestamp()
    return {**room.told(), "topics": topics, "since": since, "now": now}


def wall(viewer: Viewer, workshop: "Workshop", step: int) -> dict[str, Any]:
    """What stands on the wall of a step: cards in their groups, and statements."""
    said = [one for one in statements(viewer, workshop) if one.step == step]
    shown = [one for one in said if not one.hidden_because]
    return {"wall": cards.cards(viewer, workshop, step), "statements": shown}


@_for_screens
@require_safe
def screen_wall(
    request: HttpRequest, viewer: Viewer, workshop: "Workshop", step: int
) -> HttpResponse:
    """The cards of a step, as a part of the screen."""
    with override(workshop.language):
        return render(request, "loop/_wall.html", wall(viewer, workshop, step))
