"""Before an exchange opens: readiness, counsel's word, the calls, and answers that stay sealed."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upturn.exchange.commands import buying_in, hosting
from upturn.exchange.engine import CALL_SCRIPT, RULES, BuyInStanding
from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.models import PartyKind
from upturn.exchange.queries.before import (
    buy_in,
    own_buy_in,
    readiness,
    sign_offs,
    to_call,
)
from upturn.exchange.queries.charters import charter_now
from upturn.exchange.queries.hosting import parties, party_by_ref
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.views.door import for_convener, for_sitting
from upturn.exchange.views.showing import shown
from upturn.record.forms import number as number_of

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer
    from upturn.people.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
@for_convener
def ready(request: HttpRequest, viewer: "Person", exchange: "Exchange") -> HttpResponse:
    """Go through the readiness list."""
    if request.method == "POST":
        item, found = request.POST.get("item", ""), request.POST.get("found", "")
        try:
            hosting.note_readiness(viewer, exchange, item, found=found, today=timezone.localdate())
        except ExchangeError as error:
            return _ready(request, viewer, exchange, refused=error)
        return redirect("exchange:ready", exchange.ref)
    return _ready(request, viewer, exchange)


def _ready(
    request: HttpRequest,
    viewer: "Person",
    exchange: "Exchange",
    refused: ExchangeError | None = None,
) -> HttpResponse:
    prepared = readiness(viewer, exchange)
    context = {
        "prepared": prepared,
        "next_open": next((each for each in prepared.findings if not each.found), None),
        "sign_offs": sign_offs(viewer, exchange),
        "may_relax": [rule for rule in RULES.values() if rule.counsel_may_relax],
    }
    return shown(request, "ready.html", viewer, exchange, context, refused=refused)


@require_POST
@for_convener
def counsel(request: HttpRequest, viewer: "Person", exchange: "Exchange") -> HttpResponse:
    """Log a named counsel's word."""
    sent = request.POST
    word = hosting.CounselsWord(
        counsel=sent.get("counsel", ""),
        words=sent.get("words", ""),
        rule=number_of(request, "rule") or None,
        about=sent.get("about", ""),
    )
    try:
        hosting.sign_off(viewer, exchange, word, today=timezone.localdate())
    except ExchangeError as error:
        return _ready(request, viewer, exchange, refused=error)
    return redirect("exchange:ready", exchange.ref)


@require_POST
@for_convener
def withdraw_counsel(
    request: HttpRequest,  # noqa: ARG001 - every view has it
    viewer: "Person",
    exchange: "Exchange",
    number: int,
) -> HttpResponse:
    """Take a sign-off back from today on."""
    hosting.withdraw_sign_off(viewer, exchange, number, today=timezone.localdate())
    return redirect("exchange:ready", exchange.ref)


@require_http_methods(["GET", "HEAD", "POST"])
@for_convener
def calls(request: HttpRequest, viewer: "Person", exchange: "Exchange") -> HttpResponse:
    """Show who is still to be called and where the buy-in stands; ask again on POST."""
    refused = None
    if request.method == "POST":
        try:
            buying_in.ask_again(viewer, exchange)
        except ExchangeError as error:
            refused = error
        else:
            return redirect("exchange:calls", exchange.ref)
    seen = buy_in(viewer, exchange)
    waiting = to_call(viewer, exchange)
    leaders = [
        {"ref": each.ref, "name": seen.names[each.ref], "waits": each.ref in waiting, "seen": each}
        for each in seen.leaders
    ]
    context = {
        "seen": seen,
        "leaders": leaders,
        "waiting": waiting,
        "sealed": sum(each.called for each in seen.leaders),
    }
    return shown(request, "calls.html", viewer, exchange, context, refused=refused)


@require_http_methods(["GET", "HEAD", "POST"])
@for_convener
def call(request: HttpRequest, viewer: "Person", exchange: "Exchange", party: str) -> HttpResponse:
    """Show the script of a call; on POST note that the leader was called."""
    found = party_by_ref(viewer, exchange, party)
    refused = None
    if request.method == "POST":
        try:
            buying_in.called(viewer, exchange, found.ref, today=timezone.localdate())
        except ExchangeError as error:
            refused = error
        else:
            return redirect("exchange:calls", exchange.ref)
    context = {
        "called": found,
        "script": CALL_SCRIPT,
        "waits": found.ref in to_call(viewer, exchange),
    }
    return shown(request, "call.html", viewer, exchange, context, refused=refused)


@require_http_methods(["GET", "HEAD", "POST"])
@for_sitting
def answer(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> HttpResponse:
    """Seal an answer, hand in its token, or open the own answer, as the device made them."""
    refused = None
    if request.method == "POST":
        try:
            _answered(request, sitting)
        except ExchangeError as error:
            refused = error
        else:
            return redirect("exchange:answer", exchange.ref)
    charter, keys = charter_now(sitting, exchange), _keys(sitting, exchange)
    context = {
        "told": _told(sitting, exchange, keys),
        "is_asked": sitting.kind != PartyKind.STEWARD,
        "topics": charter.text.topics if charter else (),
        "own_seals": keys.get(sitting.party_ref, ""),
    }
    return shown(request, "answer.html", sitting, exchange, context, refused=refused)


def _answered(request: HttpRequest, sitting: Sitting) -> None:
    sent = request.POST
    if sent.get("verb") == "token":
        buying_in.hand_token(sitting, sent.get("token", ""), asking=number_of(request, "asking"))
    elif sent.get("verb") == "open":
        said = buying_in.OpenedAnswer(
            answer=sent.get("answer", ""),
            salt=sent.get("salt", ""),
            leaves_out=tuple(sent.getlist("leaves_out")),
        )
        buying_in.open_answer(sitting, said)
    else:
        buying_in.seal_answer(sitting, sent.get("commitment", ""))


@require_safe
@for_sitting
def standing(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> HttpResponse:  # noqa: ARG001
    """Tell a device what it needs to hand in its token by itself."""
    return JsonResponse(_told(sitting, exchange, _keys(sitting, exchange)))


def _told(sitting: Sitting, exchange: "Exchange", keys: dict[str, str]) -> dict[str, Any]:
    """Give a device the buy-in as everybody sees it, with the keys of all who are asked."""
    seen = buy_in(sitting, exchange)
    commitment, token = own_buy_in(sitting)
    return {
        "standing": seen.standing.value,
        "asking": seen.asking,
        "among": list(seen.among),
        "seen": [
            {
                "ref": each.ref,
                "name": seen.names[each.ref],
                "sealed": each.called,
                "answer": each.answer.value if each.answer else None,
                "seals": keys[each.ref],
            }
            for each in seen.leaders
        ],
        "commitment": commitment,
        "token": token,
        "due": (
            seen.standing is BuyInStanding.ASKING and not token and sitting.party_ref in seen.among
        ),
    }


def _keys(viewer: "Viewer", exchange: "Exchange") -> dict[str, str]:
    return {each.ref: each.seals for each in parties(viewer, exchange)}
