"""What somebody opens with the code of a workshop: what is kept, then in. No account, no name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from upturn.loop.commands import joining
from upturn.loop.commands.limits import may_try, note_wrong_code
from upturn.loop.commands.refusals import NoRoom
from upturn.loop.engine.errors import LoopError
from upturn.loop.queries import rooms
from upturn.loop.queries.holders import COOKIE, holder_of
from upturn.record.errors import NotStored
from upturn.record.seats import with_seat

COOKIE_AGE_S = 120 * 86_400
"""Until after day 100, so that a phone finds its own again."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Take the code that the screen shows."""
    typed = request.POST.get("code", "")
    if request.method != "POST":
        return render(request, "loop/code.html", {"is_in": _is_in(request)})
    if _found(request, typed) is None:
        return _no_room(request, typed)
    return redirect("loop:join", code=rooms.tidy_code(typed))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Say what is kept; then the phone is in."""
    door = _found(request, code)
    if door is None:
        return _no_room(request, "")
    if request.method != "POST":
        return _door(request, code, door)
    try:
        return _joined(request, code)
    except NotStored:
        said = _("Too many phones at once. Nothing was stored; press again.")
        return _door(request, code, door, said=said, status=503)
    except NoRoom as error:
        return _door(request, code, door, said=str(error), status=409)
    except LoopError as error:
        return _door(request, code, door, said=str(error), status=410)


def _found(request: HttpRequest, typed: str) -> rooms.Door | None:
    """Look for the room of a code, unless too many wrong ones came from the same place."""
    address = request.META.get("REMOTE_ADDR", "")
    if not may_try(address):
        return None
    door = rooms.door(typed)
    if door is None:
        note_wrong_code(address)
    return door


def _no_room(request: HttpRequest, typed: str) -> HttpResponse:
    if may_try(request.META.get("REMOTE_ADDR", "")):
        said, status = _("No open workshop has this code. Look at the screen again."), 404
    else:
        said, status = _("Too many wrong codes from here. Wait a minute, then type it again."), 429
    context = {"said": said, "typed": typed[:20], "is_in": _is_in(request)}
    answer = render(request, "loop/code.html", context, status=status)
    if status == 429:
        answer["Retry-After"] = "60"
    return answer


def _joined(request: HttpRequest, code: str) -> HttpResponse:
    cookie = request.COOKIES.get(COOKIE, "")
    expert = request.POST.get("expert") == "yes"
    joined = joining.join(code, language=get_language() or "", expert=expert, cookie=cookie)
    return with_seat(redirect("loop:phone"), COOKIE, joined.cookie, for_s=COOKIE_AGE_S)


def _door(
    request: HttpRequest, code: str, door: rooms.Door, *, said: str = "", status: int = 200
) -> HttpResponse:
    context = {"door": door, "code": code, "said": said, "is_in": _is_in(request)}
    answer = render(request, "loop/join.html", context, status=status)
    if status == 503:
        answer["Retry-After"] = "2"
    return answer


def _is_in(request: HttpRequest) -> bool:
    return holder_of(request.COOKIES.get(COOKIE, "")) is not None
