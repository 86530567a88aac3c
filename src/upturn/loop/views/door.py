"""Who comes in: those who hold workshops, those who see this one, and phones of a room."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from upturn.loop.commands.refusals import PhoneGone
from upturn.loop.engine.errors import LoopError, NotYours
from upturn.loop.queries.holders import COOKIE, Holder, holder_of
from upturn.loop.queries.sight import may_host, workshop_by_ref
from upturn.record.errors import NotStored

if TYPE_CHECKING:
    from upturn.loop.models import Workshop
    from upturn.people.models import Person

P = ParamSpec("P")
RETRY_AFTER_S = 2


def status_of(error: LoopError) -> int:
    """How a refusal is marked."""
    return 403 if isinstance(error, NotYours) else 409


def for_hosts(
    view: "Callable[Concatenate[HttpRequest, Person, P], HttpResponse]",
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let in who holds workshops; to others they do not exist."""

    @wraps(view)
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        viewer = cast("Person", request.user)
        if not may_host(viewer):
            raise Http404(_("Workshops are held by leaders, executives and facilitators."))
        return view(request, viewer, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", login_required(page))


def for_workshop(
    view: "Callable[Concatenate[HttpRequest, Person, Workshop, P], HttpResponse]",
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """Bring the workshop of an address in; out of sight it is as if it were not there."""

    @wraps(view)
    def page(request: HttpRequest, ref: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        viewer = cast("Person", request.user)
        try:
            return view(request, viewer, workshop_by_ref(viewer, ref), *args, **kwargs)
        except ObjectDoesNotExist as error:
            said = _("There is no such workshop, or it is not for you to see.")
            raise Http404(said) from error

    return cast("Callable[Concatenate[HttpRequest, str, P], HttpResponse]", login_required(page))


def for_phones(
    view: "Callable[Concatenate[HttpRequest, Holder, P], HttpResponse]",
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let phones in that joined; others are told how to."""

    @wraps(view)
    @never_cache
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        holder = holder_of(request.COOKIES.get(COOKIE, ""))
        if holder is None:
            return gone(request)
        try:
            return view(request, holder, *args, **kwargs)
        except PhoneGone:
            return gone(request)
        except NotStored:
            return later(request)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", page)


def is_script(request: HttpRequest) -> bool:
    """Whether the page's script asks, and not somebody who reads the answer."""
    if request.content_type == "application/json":
        return True
    return request.accepts("application/json") and not request.accepts("text/html")


def gone(request: HttpRequest) -> HttpResponse:
    """Answer a phone that is in no workshop."""
    return refused(request, "gone", str(PhoneGone()), status=410)


def later(request: HttpRequest) -> HttpResponse:
    """Answer that too much came at once."""
    said = _("Too many at once. Nothing was stored; it stays on this phone and goes again.")
    answer = refused(request, "later", said, status=503)
    answer["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def refused(request: HttpRequest, code: str, said: str, *, status: int) -> HttpResponse:
    """Say why something was not done, to a script or to a reader."""
    if is_script(request):
        return JsonResponse({"ok": False, "code": code, "said": said}, status=status)
    return render(request, "loop/refused.html", {"said": said, "code": code}, status=status)
