"""Browsers and installations that speak for a party: no account, a token's hash is kept."""

import re
from dataclasses import dataclass

from django.db.models import Subquery

from upturn.exchange.models import CharterSignature, Exchange, Seat
from upturn.record.proofs import hash_of

COOKIE = "exchange"
"""The name of a browser's cookie, whose value is the key of its seat and the token."""
_SHOWN = re.compile(r"([0-9]{1,19})\.([A-Za-z0-9_-]{20,100})")


@dataclass(frozen=True, slots=True)
class Sitting:
    """A seat of a party, as commands and queries know it.

    `charter_signed` says whether its party signed the version that holds. `kind` and `rung` are as
    they were when the request came; commands look again under a lock.
    """

    pk: int
    party: int
    party_ref: str
    kind: str
    rung: int
    exchange: int
    exchange_ref: str
    charter_signed: bool = False
    suspended: bool = False
    language: str = ""


def sitting_of(cookie: str) -> Sitting | None:
    """Give the sitting behind a cookie, or None; a party that left has none."""
    shown = _SHOWN.fullmatch(cookie)
    if shown is None:
        return None
    rows = Seat.objects.filter(token_hash=hash_of(shown[2]), party__left_on__isnull=True)
    found = rows.select_related("party__exchange").filter(pk=min(int(shown[1]), 2**63 - 1)).first()
    return sitting_from(found) if found else None


def sitting_from(seat: Seat) -> Sitting:
    """Give a seat as the commands know it; its party and exchange are beside it."""
    party = seat.party
    return Sitting(
        pk=seat.pk,
        party=party.pk,
        party_ref=party.ref,
        kind=party.kind,
        rung=party.rung,
        exchange=party.exchange_id,
        exchange_ref=party.exchange.ref,
        charter_signed=has_signed(party.exchange, party.pk),
        suspended=party.suspended,
        language=seat.language,
    )


def has_signed(exchange: Exchange, party: int) -> bool:
    """Whether a party signed the charter that holds; before an exchange has one, nobody did."""
    last = exchange.charters.order_by("-number").values("pk")[:1]
    return CharterSignature.objects.filter(charter=Subquery(last), party=party).exists()
