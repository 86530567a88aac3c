"""Which exchanges there are for somebody, and who takes part in them."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from upturn.exchange.models import Exchange, ExchangeParty
from upturn.exchange.queries.sight import (
    Viewer,
    check_see,
    exchanges_seen,
    may_convene,
    parties_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySeen:
    """A party as all parties and the host know it: never its rung, gain, list or strengths.

    `signs` and `seals` are its keys in hex, empty before it enrolled; `mine` is the viewer's own.
    """

    ref: str
    kind: str
    name: str
    owner: str
    signs: str
    seals: str
    compared_on: date | None
    joined_on: date | None
    suspended: bool
    mine: bool


def exchanges(viewer: Viewer) -> tuple[Exchange, ...]:
    """List the exchanges in sight, the newest first."""
    return tuple(exchanges_seen(viewer).order_by("-pk"))


def parties(viewer: Viewer, exchange: Exchange) -> tuple[PartySeen, ...]:
    """List who takes part, in the order of the invitations.

    Raises
    ------
    Exchange.DoesNotExist
    """
    check_see(viewer, exchange)
    own = getattr(viewer, "party", None)
    return tuple(
        PartySeen(
            ref=row.ref,
            kind=row.kind,
            name=row.name,
            owner=row.owner,
            signs=row.signs,
            seals=row.seals,
            compared_on=row.compared_on,
            joined_on=row.joined_on,
            suspended=row.suspended,
            mine=row.pk == own,
        )
        for row in parties_of(exchange)
    )


def party_by_ref(viewer: Viewer, exchange: Exchange, ref: str) -> ExchangeParty:
    """Find a party for who keeps the exchange; its rung and its gain are not for the host.

    Raises
    ------
    ExchangeParty.DoesNotExist
        If there is none, or the viewer does not keep the exchange.
    """
    if not may_convene(viewer, exchange):
        raise ExchangeParty.DoesNotExist
    return parties_of(exchange).defer("rung", "gain_digest").get(ref=ref)


def words_of(party: ExchangeParty | PartySeen) -> tuple[str, ...]:
    """Give the six words of a party's keys, which two people read to each other on the phone.

    Slow by design, about a tenth of a second: ask for one party at a time.
    """
    return _words(party.signs, party.seals) if party.signs and party.seals else ()


@lru_cache(maxsize=256)
def _words(signs: str, seals: str) -> tuple[str, ...]:
    from upturn.exchange.engine.ballot import PublicKeys, safety_words  # noqa: PLC0415 - libsodium

    keys = PublicKeys(bytes.fromhex(signs), bytes.fromhex(seals))
    return safety_words(keys.fingerprint)
