"""People: pairs with a worksheet, whom to call, what each does well and looks for."""

import secrets
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from upturn.exchange.commands import people as commands
from upturn.exchange.commands.refusals import NotYours, told
from upturn.exchange.engine import (
    CALL_TOPICS,
    CHECK_IN,
    QUESTIONS,
    STRENGTHS,
    WORKSHEET,
    Act,
    Rung,
    allows,
    template,
)
from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.models import PartyKind
from upturn.exchange.queries import people as queries
from upturn.exchange.queries.charters import charter_now
from upturn.exchange.queries.hosting import parties
from upturn.exchange.queries.likeness import alike
from upturn.exchange.queries.sight import is_open
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.views.door import for_sitting, for_viewer
from upturn.exchange.views.showing import shown

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer


@require_http_methods(["GET", "HEAD", "POST"])
@for_viewer
def pairs(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """Show the own pairs, whom to call and with whom strengths fit; the host draws pairs."""
    refused = None
    if request.method == "POST":
        try:
            _act(request, viewer, exchange)
            return redirect("exchange:pairs", exchange.ref)
        except ExchangeError as error:
            refused = error
    context: dict[str, object] = {
        "drawn_on": queries.last_draw(viewer, exchange),
        "today": timezone.localdate(),
        "draws": not isinstance(viewer, Sitting) and is_open(exchange),
        "check_in": CHECK_IN,
        "member": False,
    }
    if isinstance(viewer, Sitting) and viewer.kind == PartyKind.MEMBER:
        context |= _of_company(viewer, exchange)
    return shown(request, "pairs.html", viewer, exchange, context, refused=refused)


def _of_company(viewer: Sitting, exchange: "Exchange") -> dict[str, object]:
    offers, asks = queries.own_strengths(viewer)
    words = {each.code: each for each in STRENGTHS}
    found = queries.fits(viewer)
    return {
        "member": True,
        "pairs": queries.own_pairs(viewer),
        "alike": alike(viewer, exchange),
        "calls": queries.calls_to_make(viewer, today=timezone.localdate()),
        "strengths": [(each, each.code in offers, each.code in asks) for each in STRENGTHS],
        "fits": [(name, [words[code] for code in sorted(fit)]) for name, fit in found.items()],
        "shares": allows(Rung(viewer.rung), Act.PAIR),
        "maps": template(exchange.template).duplication,
    }


def _act(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> None:
    act = request.POST.get("act", "")
    if not isinstance(viewer, Sitting):
        if act != "draw":
            raise NotYours(told(_("This is for the companies that take part, each for itself.")))
        seed = secrets.randbits(63)
        commands.draw_pairs(viewer, exchange, seed=seed, today=timezone.localdate())
        return
    if act != "strengths":
        raise NotYours(told(_("Pairs are drawn by who keeps the exchange.")))
    sent = request.POST
    commands.name_strengths(viewer, offers=sent.getlist("offers"), asks=sent.getlist("asks"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_sitting
def pair(request: HttpRequest, sitting: Sitting, exchange: "Exchange", number: int) -> HttpResponse:
    """Show the worksheet of an own pair, which is filled in on the device alone."""
    seen = queries.own_pair(sitting, number)
    refused = None
    if request.method == "POST":
        try:
            commands.say_met(sitting, seen.pk)
            return redirect("exchange:pairs", exchange.ref)
        except ExchangeError as error:
            refused = error
    context = {"seen": seen, "worksheet": WORKSHEET, "alike": alike(sitting, exchange)}
    return shown(request, "pair.html", sitting, exchange, context, refused=refused)


@require_http_methods(["GET", "HEAD", "POST"])
@for_sitting
def lists(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> HttpResponse:
    """Compare lists without showing them: the device makes digests, the host keeps those."""
    refused = None
    if request.method == "POST":
        try:
            _hand_in(request, sitting)
            return redirect("exchange:lists", exchange.ref)
        except ExchangeError as error:
            refused = error
    text = charter_now(sitting, exchange)
    codes = text.text.topics if text else ()
    asked = {each.code: each for each in QUESTIONS}
    member = sitting.kind == PartyKind.MEMBER
    maps = template(exchange.template).duplication
    others = [each for each in parties(sitting, exchange) if each.kind == PartyKind.MEMBER]
    context = {
        "member": member,
        "topics": [*CALL_TOPICS, *(asked[code] for code in codes if code in asked)],
        "maps": maps,
        "others": [each for each in others if not each.mine],
        "open_to": queries.open_to(sitting) if member else frozenset(),
        "handed": {about: member and queries.has_list(sitting, about) for about in commands.ABOUT},
        "all_in": queries.all_have_lists(sitting, exchange),
        "together": sorted(queries.together(sitting, exchange)),
        "doubled": [
            (name, sorted(both)) for name, both in queries.doubled(sitting).items()
        ] if member and maps else [],
    }  # fmt: skip
    return shown(request, "lists.html", sitting, exchange, context, refused=refused)


def _hand_in(request: HttpRequest, sitting: Sitting) -> None:
    sent = request.POST
    if sent.get("act") == "open":
        commands.open_list(sitting, sent.getlist("open_to"))
        return
    commands.hand_in_list(sitting, sent.get("about", ""), sent.get("digests", "").split()[:100])
