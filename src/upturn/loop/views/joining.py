"""What somebody opens with the code of a workshop: what is kept, then in. No account, no name."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from upturn.loop.commands import joining
from upturn.loop.commands.refusals import NoRoom
from upturn.loop.engine.errors import LoopError
from upturn.loop.queries import rooms
from upturn.loop.queries.holders import COOKIE, holder_of
from upturn.record.errors import NotStored

COOKIE_AGE_S = 120 * 86_400
"""Until after day 100, so that a phone finds its own again."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Take the code that the screen shows."""
    typed = request.POST.get("code", "")
    if request.method != "POST":
        return render(request, "loop/code.html", {"is_in": _is_in(request)})
    if rooms.door(typed) is None:
        said = _("No open workshop has this code. Look at the screen again.")
        context = {"said": said, "typed": typed[:20], "is_in": _is_in(request)}
        return render(request, "loop/code.html", context, status=404)
    return redirect("loop:join", code=rooms.tidy_code(typed))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Say what is kept; then the phone is in."""
    door = rooms.door(code)
    if door is None:
        said = _("No open workshop has this code. Look at the screen again.")
        return render(request, "loop/code.html", {"said": said}, status=404)
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


def _joined(request: HttpRequest, code: str) -> HttpResponse:
    cookie = request.COOKIES.get(COOKIE, "")
    expert = request.POST.get("expert") == "yes"
    joined = joining.join(code, language=get_language() or "", expert=expert, cookie=cookie)
    answer = redirect("loop:phone")
    answer.set_cookie(
        COOKIE,
        joined.cookie,
        max_age=COOKIE_AGE_S,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return answer


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
