"""A party comes in: by its door's code, once; with its key file, on any device; and it goes."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upturn.exchange.commands import entering
from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.queries.here import here
from upturn.exchange.queries.sight import own_party
from upturn.exchange.queries.sittings import COOKIE, Sitting
from upturn.exchange.views.door import for_sitting, for_viewer, sentences, sitting_here, status_of
from upturn.exchange.views.showing import shown
from upturn.record.seats import with_seat

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer

COOKIE_AGE_S = 400 * 86_400


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Take the code of a door."""
    typed = request.POST.get("code", "")
    context: dict[str, object] = {"typed": typed[:60], "sitting": sitting_here(request)}
    if request.method != "POST":
        return render(request, "exchange/code.html", context)
    try:
        entered = entering.enter_by_code(
            typed, today=timezone.localdate(), language=get_language() or ""
        )
    except ExchangeError as error:
        context["refused"] = sentences(error)
        return render(request, "exchange/code.html", context, status=status_of(error))
    return seated(entered)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def back(request: HttpRequest) -> HttpResponse:
    """Take a seat on another device, by the key file; the device signs the nonce of this page."""
    now = timezone.now()
    context: dict[str, object] = {"nonce": entering.new_nonce(now)}
    if request.method != "POST":
        return render(request, "exchange/back.html", context)
    sent = request.POST
    try:
        entered = entering.come_back_with_key(
            sent.get("party", ""),
            nonce=sent.get("nonce", ""),
            signature=sent.get("signature", ""),
            now=now,
            language=get_language() or "",
        )
    except ExchangeError as error:
        context["refused"] = sentences(error)
        return render(request, "exchange/back.html", context, status=status_of(error))
    return seated(entered)


def seated(entered: entering.Entered) -> HttpResponse:
    """Go to the exchange, with the cookie of the browser's seat."""
    answer = redirect("exchange:here", entered.sitting.exchange_ref)
    return with_seat(answer, COOKIE, entered.cookie, for_s=COOKIE_AGE_S)


@require_safe
@for_viewer
def home(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """The first page of an exchange: what waits here, for whom."""
    return shown(request, "here.html", viewer, exchange, {"here": here(viewer, exchange)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_sitting
def keys(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> HttpResponse:
    """Make the party's keys on its own device and enrol their public halves."""
    refused: ExchangeError | None = None
    if request.method == "POST":
        sent = request.POST
        made = entering.EnrolledKeys(
            signs=sent.get("signs", ""),
            seals=sent.get("seals", ""),
            signature=sent.get("signature", ""),
        )
        try:
            entering.enrol_keys(sitting, made)
        except ExchangeError as error:
            refused = error
        else:
            return redirect("exchange:keys", exchange.ref)
    context = {"mine": own_party(sitting)}
    return shown(request, "keys.html", sitting, exchange, context, refused=refused)


@require_POST
@for_sitting
def leave_browser(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> HttpResponse:  # noqa: ARG001
    """Forget this browser; the party stays."""
    entering.leave_browser(sitting)
    answer = redirect("exchange:code")
    answer.delete_cookie(COOKIE)
    return answer
