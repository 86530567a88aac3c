"""Who comes in: those who keep an exchange, by account, and its parties, by a browser's seat."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from upturn.exchange.commands.refusals import Gone, NotYours
from upturn.exchange.engine.errors import ExchangeError, RulesBroken
from upturn.exchange.queries.fences import everywhere, within
from upturn.exchange.queries.sight import Viewer, check_convene, exchange_by_ref, may_prepare
from upturn.exchange.queries.sittings import COOKIE, Sitting, sitting_of

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.people.models import Person

P = ParamSpec("P")
Page = Callable[P, HttpResponse]


def sitting_here(request: HttpRequest) -> Sitting | None:
    """Give the seat this browser has in an exchange, if any."""
    with everywhere():
        return sitting_of(request.COOKIES.get(COOKIE, ""))


def person_here(request: HttpRequest) -> "Person | None":
    """Give who is signed in, if anybody."""
    return request.user if request.user.is_authenticated else None


def status_of(error: ExchangeError) -> int:
    """How a refusal is marked."""
    return 403 if isinstance(error, NotYours | Gone) else 409


def sentences(error: ExchangeError) -> tuple[str, ...]:
    """Give a refusal as its sentences, one a rule that is not kept, in the reader's language."""
    if isinstance(error, RulesBroken):
        language = get_language() or "en"
        return tuple(refusal.said(language) for refusal in error.refusals)
    return tuple(str(error).splitlines())


def refused_to_script(error: ExchangeError, *, status: int | None = None) -> JsonResponse:
    """Tell a script why something was not done."""
    said = {"ok": False, "said": " ".join(sentences(error)), "code": type(error).__name__}
    return JsonResponse(said, status=status or status_of(error))


def for_who_prepares(
    view: "Callable[Concatenate[HttpRequest, Person, P], HttpResponse]",
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let in who may prepare exchanges; to others of the installation there are none."""

    @wraps(view)
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        viewer = cast("Person", request.user)
        if not may_prepare(viewer):
            raise Http404(_("Exchanges are prepared by those who lead or facilitate."))
        with everywhere():
            return view(request, viewer, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", login_required(page))


def for_convener(
    view: "Callable[Concatenate[HttpRequest, Person, Exchange, P], HttpResponse]",
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """Bring in the exchange of an address for who keeps it; to others it is not there."""

    @wraps(view)
    def page(request: HttpRequest, ref: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        viewer = cast("Person", request.user)
        with within(ref), not_there():
            exchange = exchange_by_ref(viewer, ref)
            check_convene(viewer, exchange)
            return view(request, viewer, exchange, *args, **kwargs)

    return cast(
        "Callable[Concatenate[HttpRequest, str, P], HttpResponse]",
        login_required(never_cache(page)),
    )


def for_sitting(
    view: "Callable[Concatenate[HttpRequest, Sitting, Exchange, P], HttpResponse]",
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """Bring in the exchange of an address for a browser that sits in it; others go to the door."""

    @wraps(view)
    @never_cache
    def page(request: HttpRequest, ref: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        sitting = sitting_here(request)
        if sitting is None or sitting.exchange_ref != ref:
            return to_the_door(request)
        with within(ref), not_there():
            return view(request, sitting, exchange_by_ref(sitting, ref), *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, str, P], HttpResponse]", page)


def for_viewer(
    view: "Callable[Concatenate[HttpRequest, Viewer, Exchange, P], HttpResponse]",
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """Bring in the exchange of an address for whoever sits in it or keeps it."""

    @wraps(view)
    @never_cache
    def page(request: HttpRequest, ref: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        viewer = viewer_here(request, ref)
        if viewer is None:
            return to_the_door(request)
        with within(ref), not_there():
            return view(request, viewer, exchange_by_ref(viewer, ref), *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, str, P], HttpResponse]", page)


def viewer_here(request: HttpRequest, ref: str) -> Viewer | None:
    """Give who looks at an exchange: this browser's seat in it, or who is signed in."""
    sitting = sitting_here(request)
    if sitting is not None and sitting.exchange_ref == ref:
        return sitting
    return person_here(request)


def to_the_door(request: HttpRequest) -> HttpResponse:
    """Send a browser without a seat to the door; whether there is such an exchange is not told."""
    if request.method in {"GET", "HEAD"}:
        return redirect("exchange:code")
    return refused_to_script(Gone())


@contextmanager
def not_there() -> Iterator[None]:
    """Within it, what is out of sight is as if it were not there."""
    try:
        yield
    except ObjectDoesNotExist as error:
        raise Http404(_("There is no such thing, or it is not for you to see.")) from error
