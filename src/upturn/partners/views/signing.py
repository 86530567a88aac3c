"""Waves with blind signatures: exchanging a card, and answering with the token made of it.

No account, no cookie, no line in any log; the page that answers does not know the card.
"""

import json
from base64 import b64encode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from upturn.partners import commands, engine, queries
from upturn.partners.engine import Sheet
from upturn.partners.engine.errors import NotCast
from upturn.partners.forms.answering import Given, token
from upturn.partners.models import WaveSeat
from upturn.partners.views import answering
from upturn.privacy.blind_tokens import BROWSER_SHA256
from upturn.record.errors import NotStored

MESSAGE_BYTES_MOST = 1024
INTEGRITY = f"sha256-{b64encode(bytes.fromhex(BROWSER_SHA256)).decode()}"
FOR_SCRIPT = ("no_print", "wrong_print", "used", "unsigned", "lost", "over")


@csrf_exempt  # the card alone buys the signature, and the page must not set a cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, card: str) -> HttpResponse:
    """Show the exchange of a card, and sign the blinded message that the script sends."""
    with translation.override(answering.language_of(request)):
        found = queries.seat_to_sign(card)
        if isinstance(found, queries.Refused):
            return answering.refused(request, found.reason)
        if request.method == "POST":
            return _signed(request, card)
        return _exchange(request, *found)


def _signed(request: HttpRequest, card: str) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MESSAGE_BYTES_MOST:
        return HttpResponse("unfit", status=answering.TOO_LARGE, content_type="text/plain")
    try:
        signature = commands.sign(card, request.body)
    except NotCast as refused:
        status = 400 if refused.reason == "unfit" else answering.GONE
        return HttpResponse(refused.reason, status=status, content_type="text/plain")
    except NotStored:
        return HttpResponse("busy", status=answering.BUSY, headers={"Retry-After": "5"})
    return HttpResponse(signature, content_type="application/octet-stream")


def _exchange(request: HttpRequest, seat: WaveSeat, asked: Sheet) -> HttpResponse:
    say = answering.sentences(asked)
    context = {
        "asked": asked,
        "say": say,
        "key": b64encode(bytes(seat.public_key)).decode(),
        "fingerprint": seat.fingerprint,
        "integrity": INTEGRITY,
        "redeem": reverse("partners:redeem", args=[asked.wave, seat.number]),
        "languages": [translation.get_language_info(code) for code in engine.LANGUAGES],
        "for_script": json.dumps({key: say[f"fetch_{key}"] for key in FOR_SCRIPT}),
    }
    return answering.page(request, "exchange", context)


@csrf_exempt  # a form that changes nothing of anybody's account, and that must not set a cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def redeem(request: HttpRequest, ref: str, seat: int) -> HttpResponse:
    """Show what a seat is asked, and put the answers that a token of it admits."""
    with translation.override(answering.language_of(request)):
        found = queries.blind_sheet(ref, seat)
        if isinstance(found, queries.Refused):
            return answering.refused(request, found.reason)

        def put(come: Given) -> None:
            commands.redeem(ref, seat, token(request.POST.dict()), come.answers, come.words)

        return answering.sheet_page(request, found[1], put=put)
