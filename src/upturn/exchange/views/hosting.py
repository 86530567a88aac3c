"""Whoever keeps exchanges: the list, a new one, and the desk from which it opens and closes."""

import secrets
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upturn.exchange.commands import hosting
from upturn.exchange.engine import TEMPLATES, template
from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.queries import desk as desk_of
from upturn.exchange.queries.fences import everywhere
from upturn.exchange.queries.hosting import exchanges as exchanges_of
from upturn.exchange.queries.hosting import parties
from upturn.exchange.queries.kits import laid_kit
from upturn.exchange.queries.people import knocks
from upturn.exchange.queries.sight import may_prepare
from upturn.exchange.views import kits
from upturn.exchange.views.door import (
    for_convener,
    for_who_prepares,
    person_here,
    sentences,
    status_of,
)
from upturn.exchange.views.showing import shown

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.people.models import Person


@require_safe
@login_required
@everywhere()
def exchanges(request: HttpRequest) -> HttpResponse:
    """List the exchanges somebody keeps."""
    viewer = person_here(request)
    kept = exchanges_of(viewer) if viewer else ()
    prepares = viewer is not None and may_prepare(viewer)
    if not kept and not prepares:
        raise Http404(_("Exchanges are prepared by those who lead or facilitate."))
    return render(request, "exchange/exchanges.html", {"kept": kept, "prepares": prepares})


@require_http_methods(["GET", "HEAD", "POST"])
@for_who_prepares
def new(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """Begin to prepare an exchange."""
    sent = request.POST
    context: dict[str, object] = {
        "templates": [template(code) for code in TEMPLATES],
        "typed": sent,
        "key": sent.get("key") or secrets.token_hex(8),
        "laid": laid_kit(),
    }
    if request.method != "POST":
        return render(request, "exchange/new.html", context)
    if sent.get("from") == "kit":
        return _from_kit(request, viewer, context)
    draft = hosting.ExchangeDraft(
        key=sent.get("key", "")[:32],
        name=sent.get("name", ""),
        template=sent.get("template", ""),
        language=sent.get("language", "en"),
    )
    try:
        made = hosting.open_preparation(viewer, draft)
    except ExchangeError as error:
        context["refused"] = sentences(error)
        return render(request, "exchange/new.html", context, status=status_of(error))
    return redirect("exchange:desk", made.ref)


def _from_kit(request: HttpRequest, viewer: "Person", context: dict[str, object]) -> HttpResponse:
    try:
        made = kits.begin(request, viewer)
    except ExchangeError as error:
        context["kit_refused"] = kits.said_of(error)
        return render(request, "exchange/new.html", context, status=status_of(error))
    return redirect("exchange:kit", made.ref)


@require_safe
@for_convener
def desk(request: HttpRequest, viewer: "Person", exchange: "Exchange") -> HttpResponse:
    """Show what is still open before an exchange opens, and the moves of who keeps it."""
    return _desk(request, viewer, exchange)


def _desk(
    request: HttpRequest,
    viewer: "Person",
    exchange: "Exchange",
    refused: ExchangeError | None = None,
) -> HttpResponse:
    steps = desk_of.stages(viewer, exchange) if exchange.state == "preparing" else ()
    context = {
        "stages": steps,
        "open_stages": [each for each in steps if each.lacks],
        "parties": parties(viewer, exchange),
        "knocks": knocks(viewer, exchange),
    }
    return shown(request, "desk.html", viewer, exchange, context, refused=refused)


@require_POST
@for_convener
def move(request: HttpRequest, viewer: "Person", exchange: "Exchange") -> HttpResponse:
    """Open an exchange, let it rest, wake it, close it, or give up one that never opened."""
    to = request.POST.get("to", "")
    try:
        if to == "open":
            hosting.open_exchange(viewer, exchange, today=timezone.localdate())
        elif to == "rest":
            hosting.rest(viewer, exchange)
        elif to == "wake":
            hosting.wake(viewer, exchange)
        elif to == "close" and request.POST.get("sure"):
            hosting.close(viewer, exchange)
        elif to == "abandon" and request.POST.get("sure"):
            hosting.abandon(viewer, exchange)
            return redirect("exchange:exchanges")
    except ExchangeError as error:
        return _desk(request, viewer, exchange, error)
    return redirect("exchange:desk", exchange.ref)
