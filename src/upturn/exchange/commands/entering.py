"""A party comes in by its door, enrols its keys, comes back with them, and signs requests."""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.holding import HEX_32, changed, convening, log, present
from upturn.exchange.commands.refusals import BadSignature, NoDoor, NotYours, told
from upturn.exchange.engine import COME_BACK, ENROL, REQUEST, Incomplete, to_sign
from upturn.exchange.models import Door, Exchange, ExchangeParty, ExchangeState, Nonce, Seat
from upturn.exchange.queries.fences import everywhere
from upturn.exchange.queries.hosting import party_by_ref, words_of
from upturn.exchange.queries.sittings import Sitting, sitting_from
from upturn.record.proofs import hash_of, proof_of

if TYPE_CHECKING:
    from upturn.people.models import Person

FRESH = timedelta(minutes=5)
"""How far a signed request may be from the clock here, either way."""
_NONCE = re.compile(r"[0-9a-f]{16,32}")


@dataclass(frozen=True, slots=True)
class Entered:
    """A browser that is in; `cookie` is what it shows from here on."""

    sitting: Sitting
    cookie: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolledKeys:
    """A party's public keys in hex, and a signature by which it shows that it has the others."""

    signs: str
    seals: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """A request of an installation; `body_digest` is SHA-256 in hex, `round` "-" for none."""

    party: str
    method: str
    path: str
    body_digest: str
    round: str
    nonce: str
    at: int
    signature: str


@everywhere()
@transaction.atomic
def enter_by_code(code: str, *, today: date, language: str = "") -> Entered:
    """Open a door, once.

    Raises
    ------
    NoDoor
        If the code opens nothing, was used, or is too old.
    """
    typed = "".join(each for each in code.upper() if each.isalnum())
    rows = Door.objects.select_for_update(of=("self",)).select_related("party__exchange")
    rows = rows.filter(code_hash=hash_of(typed), used=False, until__gte=today)
    door = rows.filter(party__left_on__isnull=True).first()
    if door is None or door.party.exchange.state == ExchangeState.CLOSED:
        raise NoDoor
    door.used = True
    door.save(update_fields=["used"])
    party = door.party
    if party.joined_on is None:
        party.joined_on = today
        party.save(update_fields=["joined_on"])
    entered = _seated(party, language=language)
    log(entered.sitting, "enter exchange", party.exchange)
    return entered


def _seated(party: ExchangeParty, *, language: str = "") -> Entered:
    token = secrets.token_urlsafe(32)
    known = language if language in dict(settings.LANGUAGES) else ""
    seat = Seat.objects.create(party=party, token_hash=hash_of(token), language=known)
    return Entered(sitting_from(seat), f"{seat.pk}.{token}")


@transaction.atomic
def enrol_keys(sitting: Sitting, keys: EnrolledKeys) -> None:
    """Enrol a party's public keys, once; the same ones a second time change nothing.

    Raises
    ------
    Gone, Incomplete, BadSignature, NotYours
    """
    exchange, party = present(sitting)
    if not HEX_32.fullmatch(keys.signs) or not HEX_32.fullmatch(keys.seals):
        raise Incomplete(told(_("Two public keys of 32 bytes are needed. Make them anew.")))
    if (party.signs, party.seals) == (keys.signs, keys.seals):
        return
    if party.signs:
        raise NotYours(told(_("Keys are enrolled. For a lost key ask the host for a new code.")))
    _check_free(exchange, keys.signs)
    said = to_sign(ENROL, exchange.ref, party.ref, keys.signs, keys.seals)
    check_signature(keys.signs, said, signature=keys.signature)
    party.signs, party.seals, party.compared_on = keys.signs, keys.seals, None
    party.save(update_fields=["signs", "seals", "compared_on"])
    changed(exchange)
    log(sitting, "enrol keys", exchange)


def _check_free(exchange: Exchange, signs: str) -> None:
    if ExchangeParty.objects.filter(exchange=exchange, signs=signs).exists():
        raise Incomplete(told(_("This key is not yours alone. Make one of your own.")))


def check_signature(signs: str, said: bytes, *, signature: str) -> None:
    """Raise BadSignature unless the key (in hex) signed exactly this."""
    from upturn.exchange.engine.ballot import PublicKeys, signed_by  # noqa: PLC0415 - libsodium

    try:
        given, key = bytes.fromhex(signature), bytes.fromhex(signs)
    except ValueError:
        given, key = b"", b""
    if len(key) != 32 or not signed_by(PublicKeys(key, key), said, signature=given):
        raise BadSignature


@transaction.atomic
def compare_words(
    viewer: "Person", exchange: Exchange, ref: str, *, words: str, today: date
) -> None:
    """Note that both sides read the six words to each other on the phone, and they agreed.

    `words` are those the leader read out: nobody ticks a box without having listened.

    Raises
    ------
    ExchangeParty.DoesNotExist, Incomplete
    """
    row = convening(viewer, exchange)
    party = party_by_ref(viewer, row, ref)
    here = words_of(party)
    if not here or words.casefold().split() != [word.casefold() for word in here]:
        raise Incomplete(
            told(
                _(
                    "These are not the six words of the key here. Read them again; if they differ "
                    "still, give the company a new door."
                )
            )
        )
    party.compared_on = today
    party.save(update_fields=["compared_on"])
    changed(row)
    log(viewer, "compare safety words", row)


def new_nonce(now: datetime) -> str:
    """Draw what a key file signs to come back: when, by chance, and by this installation."""
    drawn = f"{int(now.timestamp()):08x}{secrets.token_hex(6)}"
    return drawn + proof_of(f"exchange nonce {drawn}")[:12]


def _is_fresh(nonce: str, *, now: datetime) -> bool:
    drawn, proof = nonce[:20], nonce[20:]
    if len(nonce) != 32 or not _NONCE.fullmatch(nonce):
        return False
    right = proof_of(f"exchange nonce {drawn}")[:12]
    at = datetime.fromtimestamp(int(drawn[:8], 16), UTC)
    return hmac.compare_digest(right, proof) and abs(now - at) <= FRESH


@everywhere()
@transaction.atomic
def come_back_with_key(
    party_ref: str, *, nonce: str, signature: str, now: datetime, language: str = ""
) -> Entered:
    """Take a new seat on another device, by the key file alone.

    Raises
    ------
    BadSignature
        Whatever is wrong: the party, the key, or a nonce that is old or was taken.
    """
    party = _enrolled(party_ref)
    if not _is_fresh(nonce, now=now):
        raise BadSignature
    said = to_sign(COME_BACK, party.exchange.ref, party.ref, nonce)
    check_signature(party.signs, said, signature=signature)
    _take_once(party, nonce, now=now)
    entered = _seated(party, language=language)
    log(entered.sitting, "come back with key", party.exchange)
    return entered


def _enrolled(ref: str) -> ExchangeParty:
    rows = ExchangeParty.objects.select_related("exchange").filter(left_on__isnull=True)
    found = rows.exclude(signs="").filter(ref=ref).first()
    if found is None:
        raise BadSignature
    return found


def _take_once(party: ExchangeParty, nonce: str, *, now: datetime) -> None:
    Nonce.objects.filter(party=party, taken_at__lt=now - 2 * FRESH).delete()
    _row, new = Nonce.objects.get_or_create(party=party, nonce=nonce, defaults={"taken_at": now})
    if not new:
        raise BadSignature


@everywhere()
@transaction.atomic
def sitting_by_request(request: SignedRequest, *, now: datetime) -> Sitting:
    """Give the sitting of an installation's signed request, which is taken once.

    Raises
    ------
    BadSignature
        Whatever is wrong with it.
    """
    party = _enrolled(request.party)
    clock = abs(now.timestamp() - request.at) <= FRESH.total_seconds()
    if not clock or not _NONCE.fullmatch(request.nonce):
        raise BadSignature
    check_signature(party.signs, _as_signed(request), signature=request.signature)
    _take_once(party, request.nonce, now=now)
    # The hash of nothing that a cookie could hold: this seat speaks by signatures alone.
    own = proof_of(f"exchange installation {party.pk} {party.signs}")
    seat, _new = Seat.objects.get_or_create(party=party, token_hash=own)
    return sitting_from(seat)


def _as_signed(request: SignedRequest) -> bytes:
    try:
        return to_sign(
            REQUEST,
            request.party,
            request.method,
            request.path,
            request.body_digest,
            request.round,
            request.nonce,
            str(request.at),
        )
    except ValueError as error:
        raise BadSignature from error


@transaction.atomic
def leave_browser(sitting: Sitting) -> None:
    """Forget this browser; the party stays, and comes back with its key file."""
    Seat.objects.filter(pk=sitting.pk, party=sitting.party).delete()
