"""Who takes part: invited by a door that opens once, known by six words, or knocking."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from upturn.exchange.commands import entering, hosting, knocking, leaving
from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.models import PartyKind
from upturn.exchange.queries.before import may_invite
from upturn.exchange.queries.desk import serves_a_client
from upturn.exchange.queries.fences import within
from upturn.exchange.queries.hosting import parties as parties_of
from upturn.exchange.queries.hosting import party_by_ref
from upturn.exchange.queries.people import knocks
from upturn.exchange.views.door import for_convener, sentences, status_of
from upturn.exchange.views.showing import shown

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.people.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
@for_convener
def parties(request: HttpRequest, viewer: "Person", exchange: "Exchange") -> HttpResponse:
    """List who is invited, and invite somebody; the code of a door is shown this once."""
    if request.method != "POST":
        return _parties(request, viewer, exchange)
    sent = request.POST
    invitation = hosting.Invitation(
        name=sent.get("name", ""), kind=sent.get("kind", ""), owner=sent.get("owner", "")
    )
    try:
        invited = hosting.invite_party(viewer, exchange, invitation, today=timezone.localdate())
    except ExchangeError as error:
        return _parties(request, viewer, exchange, refused=error)
    return _door(request, viewer, exchange, invited)


def _parties(
    request: HttpRequest,
    viewer: "Person",
    exchange: "Exchange",
    *,
    refused: ExchangeError | None = None,
    **more: Any,
) -> HttpResponse:
    here = parties_of(viewer, exchange)
    taken = {each.kind for each in here}
    context = {
        "parties": here,
        "members": sum(each.kind == PartyKind.MEMBER for each in here),
        "kinds": [
            kind
            for kind in PartyKind
            if kind == PartyKind.MEMBER
            or (kind not in taken and (kind != PartyKind.CLIENT or serves_a_client(exchange)))
        ],
        "knocks": knocks(viewer, exchange),
        "may_invite": may_invite(viewer, exchange),
        **more,
    }
    return shown(request, "parties.html", viewer, exchange, context, refused=refused)


def _door(
    request: HttpRequest, viewer: "Person", exchange: "Exchange", invited: hosting.Invited
) -> HttpResponse:
    context = {
        "invited": invited.party,
        "code": invited.code,
        "days": hosting.DOOR_DAYS,
        "door": request.build_absolute_uri(reverse("exchange:code")),
    }
    return shown(request, "door_once.html", viewer, exchange, context)


@require_POST
@for_convener
def new_door(
    request: HttpRequest, viewer: "Person", exchange: "Exchange", party: str
) -> HttpResponse:
    """Give a party a new code, for a lost one or a lost key."""
    invited = hosting.renew_door(viewer, exchange, party, today=timezone.localdate())
    return _door(request, viewer, exchange, invited)


@require_POST
@for_convener
def words(request: HttpRequest, viewer: "Person", exchange: "Exchange", party: str) -> HttpResponse:
    """Take the six words that somebody read out on the phone."""
    heard = request.POST.get("words", "")
    try:
        entering.compare_words(viewer, exchange, party, words=heard, today=timezone.localdate())
    except ExchangeError as error:
        found = party_by_ref(viewer, exchange, party)
        return _parties(
            request, viewer, exchange, refused=error, about=found.ref, heard=heard[:200]
        )
    if request.POST.get("from") == "call":
        return redirect("exchange:call", exchange.ref, party)
    return redirect("exchange:parties", exchange.ref)


@require_POST
@for_convener
def withdraw(
    request: HttpRequest, viewer: "Person", exchange: "Exchange", party: str
) -> HttpResponse:
    """Take an invitation back."""
    try:
        leaving.withdraw_invitation(viewer, exchange, party, today=timezone.localdate())
    except ExchangeError as error:
        return _parties(request, viewer, exchange, refused=error)
    return redirect("exchange:parties", exchange.ref)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def knock(request: HttpRequest, ref: str) -> HttpResponse:
    """Let anybody outside ask to come in; what is answered does not tell whether it is there."""
    sent = request.POST
    context: dict[str, object] = {"typed": sent, "ref": ref}
    if request.method != "POST":
        return render(request, "exchange/knock.html", context)
    draft = knocking.KnockDraft(
        company=sent.get("company", ""),
        reach=sent.get("reach", ""),
        need=sent.get("need", ""),
        topic=sent.get("topic", ""),
    )
    try:
        with within(ref):
            knocking.knock(ref, draft, today=timezone.localdate())
    except ExchangeError as error:
        context["refused"] = sentences(error)
        return render(request, "exchange/knock.html", context, status=status_of(error))
    return render(request, "exchange/knock.html", {"heard": True})


@require_POST
@for_convener
def answer_knock(
    request: HttpRequest, viewer: "Person", exchange: "Exchange", knock: str
) -> HttpResponse:
    """Answer somebody who knocked: with a door, or with a kind no."""
    invite = request.POST.get("invite") == "yes"
    try:
        invited = knocking.answer_knock(
            viewer, exchange, knock, invite=invite, today=timezone.localdate()
        )
    except ExchangeError as error:
        return _parties(request, viewer, exchange, refused=error)
    if invited is None:
        return redirect("exchange:parties", exchange.ref)
    return _door(request, viewer, exchange, invited)
