"""Sitting down in the example exchange for any party, with one click, in the demo alone."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from upturn.exchange.commands.entering import come_back_with_key, new_nonce
from upturn.exchange.engine import COME_BACK, to_sign
from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.queries.fences import everywhere
from upturn.exchange.queries.hosting import PartySeen, exchanges, parties
from upturn.exchange.views.entering import seated
from upturn.people.queries import demo_people

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@everywhere()
def doors(request: HttpRequest) -> HttpResponse:
    """List the parties of the example exchange, or sit down for one of them."""
    if not settings.DEMO:
        raise Http404
    from upturn.house.demo_keys import demo_key_file  # noqa: PLC0415 - libsodium, for the demo

    exchange, within = _example()
    chosen = {each.ref: each for each in within}.get(request.POST.get("party", ""))
    if exchange is not None and chosen is not None:
        return _sit_down(exchange, chosen)
    rows = [(each, demo_key_file(each.name)) for each in within]
    return render(request, "house/demo_doors.html", {"exchange": exchange, "rows": rows})


def _example() -> "tuple[Exchange | None, tuple[PartySeen, ...]]":
    """Find the exchange the demo began with, and who is in it."""
    found = [(person, each) for person in demo_people() for each in exchanges(person)]
    if not found:
        return None, ()
    # One that a power cut broke off was closed, and another one begun after it.
    keeper, exchange = min(found, key=lambda pair: (pair[1].state == "closed", pair[1].pk))
    return exchange, parties(keeper, exchange)


def _sit_down(exchange: "Exchange", party: PartySeen) -> HttpResponse:
    """Come back with the key that everybody knows, as its owner would with the file."""
    from upturn.house.demo_keys import demo_key  # noqa: PLC0415 - libsodium, for the demo

    now = timezone.now()
    nonce = new_nonce(now)
    said = to_sign(COME_BACK, exchange.ref, party.ref, nonce)
    signature = demo_key(party.name).sign(said).hex()
    try:
        return seated(come_back_with_key(party.ref, nonce=nonce, signature=signature, now=now))
    except ExchangeError as error:  # somebody gave the party another key since
        raise Http404 from error
