"""Waves with blind signatures: a card buys a signature, and the token made of it admits an answer.

No card can be matched with a token, whatever else is kept or copied: for every card and every
token there is a blinding under which they belong together.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from upturn.partners.commands.ballots import seal
from upturn.partners.engine.errors import NotCast
from upturn.partners.queries.sheets import Refused, blind_sheet, wave_and_card
from upturn.privacy import blind_tokens
from upturn.privacy.errors import BadToken
from upturn.record import ballot_box, ballot_seal
from upturn.record.proofs import hash_of


@dataclass(frozen=True, slots=True)
class BlindToken:
    """What a browser made of a blind signature: the prepared message and the signature."""

    prepared: bytes
    signature: bytes


def sign(card: str, blinded: bytes, *, today: date | None = None) -> bytes:
    """Sign a message that nobody here can read, once a card.

    The same card gets the same signature for the same message again, should it have been lost on
    its way. Nothing is written in the journal or in any log.

    Raises
    ------
    NotCast
        If the card is used for another message, expired, closed, cancelled, forged or foreign;
        ``"unfit"`` if the message is none that its key can sign.
    NotStored
        If the disk did not take it; the same may be sent again.
    """
    found = wave_and_card(card, today=today)
    if isinstance(found, Refused):
        raise NotCast(found.reason)
    wave, known = found
    if not wave.is_blind:
        raise NotCast("forged")
    key = blind_tokens.private_from_pem(ballot_seal.signing_key(wave.ref, known.seat))
    try:
        signed = blind_tokens.blind_sign(key, blinded)
    except BadToken:
        raise NotCast("unfit") from None
    asking = ballot_box.Asking(hash_of(card), hashlib.sha256(blinded).digest())
    if reason := ballot_box.spend(asking):
        raise NotCast(reason)
    return signed


def redeem(
    ref: str,
    seat: int,
    token: BlindToken,
    answers: Mapping[str, int],
    words: Mapping[str, str],
    *,
    today: date | None = None,
) -> None:
    """Put the answers into the box, over those that the same token put before.

    Raises
    ------
    NotCast
        ``"forged"`` if the token is not this seat's; else as `cast` has it.
    NotStored
        If the disk did not take it; the same may be sent again.
    """
    found = blind_sheet(ref, seat, today=today)
    if isinstance(found, Refused):
        raise NotCast(found.reason)
    place, asked = found
    key = blind_tokens.public_from_spki(bytes(place.public_key))
    if not blind_tokens.verify(key, token.prepared, signature=token.signature):
        raise NotCast("forged")
    sealed = seal(place.wave, asked, answers, words)
    kept = blind_tokens.token_hash(token.prepared)
    if reason := ballot_box.redeem(ballot_box.Redeemed(ref, seat, kept, sealed)):
        raise NotCast(reason)
