"""Cards: bearer tokens that open one sheet each, drawn like lots and tied to nobody."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from upturn.partners.engine.errors import NotCast
from upturn.record import ballot_box
from upturn.record.proofs import hash_of

_TOKEN_BYTES = 16


def cards_of(code: str, people: int) -> tuple[str, ...]:
    """Make the tokens of a seat from the secret behind them, one a person.

    They begin with the reference of their wave, so that a card of a closed wave is told from a
    forged one although nothing of it is kept.
    """
    return tuple(_card(code, number) for number in range(people))


def _card(code: str, number: int) -> str:
    ref = code.partition("-")[0]
    drawn = hmac.digest(code.encode(), b"card %d" % number, hashlib.sha256)[:_TOKEN_BYTES]
    return f"{ref}-{urlsafe_b64encode(drawn).decode().rstrip('=')}"


def take_card(code: str) -> str:
    """Hand out the next card behind an on-screen code, each once.

    Raises
    ------
    NotCast
        ``"all_taken"`` if there is none left, or no such code.
    """
    while taken := ballot_box.take_from(hash_of(code)):
        token = _card(code, taken[1])
        known = ballot_box.card(hash_of(token))
        if known and not known.spent:  # one that was printed may have been used
            return token
    raise NotCast("all_taken")


def cards_behind(code: str) -> tuple[str, ...]:
    """Make the cards of a seat again, for whoever kept the secret behind them; none otherwise."""
    return cards_of(code, ballot_box.cards_behind(hash_of(code)))
