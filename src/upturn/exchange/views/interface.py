"""The signed interface: a company's own installation or command line speaks for it.

A request carries ``Authorization: Upturn PARTY ROUND NONCE TIME SIGNATURE``. The signature is the
party's Ed25519 over method, path, SHA-256 of the body, round, nonce and time; each is taken once.
"""

import json
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Concatenate, ParamSpec, cast

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from upturn.exchange.commands.entering import SignedRequest, sitting_by_request
from upturn.exchange.commands.refusals import BadSignature
from upturn.exchange.commands.rounds import PostDraft, hand_in
from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.queries.benchmarks import benchmarks_of, bundle_of
from upturn.exchange.queries.fences import within
from upturn.exchange.queries.guarding import guard_version
from upturn.exchange.queries.sight import exchange_by_ref
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.views.benchmark_messages import KINDS, OCTETS, body_of, packet_for, take
from upturn.exchange.views.door import refused_to_script
from upturn.exchange.views.showing import checked_from
from upturn.record.downloads import named

SCHEME, PARTS = "Upturn", 6
NO_ROUND = "-"
P = ParamSpec("P")


def _request_of(request: HttpRequest, body: bytes) -> SignedRequest:
    words = request.headers.get("Authorization", "").split(" ")
    if len(words) != PARTS or words[0] != SCHEME or not words[4].isdecimal() or len(words[4]) > 12:
        raise BadSignature
    _scheme, party, round_ref, nonce, at, signature = words
    return SignedRequest(
        party=party,
        method=request.method or "",
        path=request.get_full_path(),
        body_digest=sha256(body).hexdigest(),
        round=round_ref,
        nonce=nonce,
        at=int(at),
        signature=signature,
    )


def _sitting(request: HttpRequest, body: bytes, round_ref: str) -> Sitting:
    asked = _request_of(request, body)
    if asked.round != round_ref:
        raise BadSignature
    return sitting_by_request(asked, now=timezone.now())


def for_installation(
    view: "Callable[Concatenate[HttpRequest, Sitting, bytes, P], HttpResponse]",
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let in whoever signed the request; `ref`, where there is one, is the round it is about."""

    @wraps(view)
    @csrf_exempt
    @never_cache
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        body = body_of(request)
        try:
            sitting = _sitting(request, body, str(kwargs.get("ref", NO_ROUND)))
        except BadSignature as error:
            return refused_to_script(error, status=401)
        try:
            with within(sitting.exchange_ref):
                return view(request, sitting, body, *args, **kwargs)
        except ObjectDoesNotExist:
            said = {"ok": False, "said": _("There is no such round for you."), "code": "NotThere"}
            return JsonResponse(said, status=404)
        except ExchangeError as error:
            return refused_to_script(error)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", answer)


@require_GET
@for_installation
def about(_request: HttpRequest, sitting: Sitting, _body: bytes) -> HttpResponse:
    """Name the exchange, the version of its guard, and its benchmarks with what each waits for."""
    rounds = benchmarks_of(sitting, exchange_by_ref(sitting, sitting.exchange_ref))
    found = [
        {
            "ref": each.ref,
            "name": each.name,
            "state": str(each.state),
            "closes_at": each.closes_at.isoformat(),
            "waits_for": each.waits_for,
        }
        for each in rounds
    ]
    said = {"exchange": sitting.exchange_ref, "guard": guard_version(), "benchmarks": found}
    return JsonResponse({"ok": True, **said})


@require_GET
@for_installation
def packet(_request: HttpRequest, sitting: Sitting, _body: bytes, *, ref: str) -> HttpResponse:
    """Give what the company's own device needs for its next step in a benchmark."""
    return HttpResponse(packet_for(sitting, ref), content_type=OCTETS)


@require_GET
@for_installation
def bundle(_request: HttpRequest, sitting: Sitting, _body: bytes, *, ref: str) -> HttpResponse:
    """Give ``round.zip`` of an opened benchmark."""
    content = bundle_of(sitting, ref)
    if content is None:
        raise ObjectDoesNotExist
    return named(HttpResponse(content, content_type="application/zip"), "round.zip")


@require_POST
@for_installation
def message(
    _request: HttpRequest, sitting: Sitting, body: bytes, *, ref: str, kind: str
) -> HttpResponse:
    """Take a signature under the roster, a ballot, a confirmation or sums."""
    if kind not in KINDS:
        raise ObjectDoesNotExist
    return JsonResponse(take(sitting, ref, kind, body, now=timezone.now()))


@require_POST
@for_installation
def post(_request: HttpRequest, sitting: Sitting, body: bytes, *, ref: str) -> HttpResponse:
    """Take an answer or an idea in a round of talk, whose words its author's side checked."""
    sent = _fields(body)
    draft = PostDraft(ref=sent.get("ref", ""), key=sent.get("key", ""), words=sent.get("words", ""))
    hand_in(sitting, ref, draft, checked_from(sent), now=timezone.now())
    return JsonResponse({"ok": True})


def _fields(body: bytes) -> dict[str, str]:
    """Read a flat JSON object; anything else has no fields, and the command says what lacks."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): str(value) for name, value in found.items() if value}
