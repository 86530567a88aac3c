"""Before an exchange opens: what was thought through, who said what, and what is still open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from upturn.exchange.engine import (
    READINESS,
    Answer,
    BuyInStanding,
    Item,
    Leader,
    OpensWith,
    Ready,
    SealedAnswer,
    Seen,
    opens_with,
    ready,
    sees,
    standing,
    still_asked,
    template,
)
from upturn.exchange.models import (
    BuyIn,
    CharterSignature,
    Exchange,
    ExchangeParty,
    ExchangeState,
    PartyKind,
    Readiness,
    SignOff,
)
from upturn.exchange.queries.sight import Viewer, check_convene, check_see, parties_of
from upturn.exchange.queries.sittings import Sitting

FEWEST_MEMBERS = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """An item of the readiness list and what was found, empty for nothing yet."""

    item: Item
    found: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """How far the readiness list is, with what it still waits for."""

    findings: tuple[Finding, ...]
    ready: Ready


@dataclass(frozen=True, slots=True)
class BuyInSeen:
    """A buy-in as everybody in the exchange sees it.

    `among` are the references of those who are asked at this time of asking; `names` those of all.
    """

    standing: BuyInStanding
    asking: int
    among: tuple[str, ...]
    leaders: tuple[Seen, ...]
    names: Mapping[str, str]


def readiness(viewer: Viewer, exchange: Exchange) -> Prepared:
    """Give the readiness list to who keeps the exchange."""
    check_convene(viewer, exchange)
    rows = {row.item: row for row in Readiness.objects.filter(exchange=exchange)}
    found = tuple(
        Finding(item, rows[item.code].found, rows[item.code].on)
        if item.code in rows
        else Finding(item, "", None)
        for item in READINESS
    )
    told = {code: row.found for code, row in rows.items()}
    return Prepared(found, ready(told, signed_off_by=counsel_of(exchange)))


def ready_of(exchange: Exchange) -> Ready:
    """Say what the readiness list still waits for."""
    found = dict(Readiness.objects.filter(exchange=exchange).values_list("item", "found"))
    return ready(found, signed_off_by=counsel_of(exchange))


def thought_through(exchange: Exchange) -> bool:
    """Whether parties may be invited: all is thought through with counsel's word, or it opened."""
    return exchange.state != ExchangeState.PREPARING or ready_of(exchange).whole


def may_invite(viewer: Viewer, exchange: Exchange) -> bool:
    """Whether who keeps the exchange may invite parties now."""
    check_convene(viewer, exchange)
    return exchange.state != ExchangeState.CLOSED and thought_through(exchange)


def counsel_of(exchange: Exchange) -> str:
    """Name the counsel who signed the whole exchange off; empty for none."""
    rows = SignOff.objects.filter(exchange=exchange, rule=None, decision=None, withdrawn_on=None)
    return rows.values_list("counsel", flat=True).last() or ""


def sign_offs(viewer: Viewer, exchange: Exchange) -> tuple[SignOff, ...]:
    """List counsel's words, withdrawn ones too: all who take part may know by whom they pass.

    Words on a product of a joint plan stand on that plan alone.
    """
    check_see(viewer, exchange)
    return tuple(SignOff.objects.filter(exchange=exchange, decision=None).order_by("pk"))


def asked_rows(exchange: Exchange) -> QuerySet[BuyIn]:
    """Rows of those whose leaders are called: companies and the client, not the steward."""
    rows = BuyIn.objects.filter(party__exchange=exchange, party__left_on=None)
    return rows.exclude(party__kind=PartyKind.STEWARD).select_related("party").order_by("party_id")


def leaders_of(exchange: Exchange) -> tuple[Leader, ...]:
    """Give the leaders as the engine knows them."""
    return tuple(map(_leader, asked_rows(exchange)))


def _leader(row: BuyIn) -> Leader:
    opened = None
    if row.opened:
        left_out = tuple(row.exceptions)
        opened = SealedAnswer(Answer(row.opened), left_out, bytes.fromhex(row.salt))
    return Leader(row.party.ref, row.commitment, row.token, opened)


def buy_in(viewer: Viewer, exchange: Exchange) -> BuyInSeen:
    """Give the buy-in to anybody of the exchange: no answer that its leader did not open.

    Raises
    ------
    Exchange.DoesNotExist
    """
    check_see(viewer, exchange)
    rows = tuple(asked_rows(exchange))
    leaders = tuple(map(_leader, rows))
    return BuyInSeen(
        standing(leaders),
        exchange.asking,
        tuple(leader.ref for leader in still_asked(leaders)),
        sees(leaders),
        {row.party.ref: row.party.name for row in rows},
    )


def own_buy_in(viewer: Sitting) -> tuple[str, str]:
    """Give a sitting its own commitment and token, so that its device knows what it handed in."""
    row = BuyIn.objects.filter(party=viewer.party, party__seats=viewer.pk).first()
    return (row.commitment, row.token) if row else ("", "")


def to_call(viewer: Viewer, exchange: Exchange) -> Mapping[str, str]:
    """Name for the caller, by reference, whose leaders have not been called yet."""
    check_convene(viewer, exchange)
    return {row.party.ref: row.party.name for row in asked_rows(exchange).filter(called_on=None)}


def opens(exchange: Exchange) -> OpensWith | None:
    """Say with whom an exchange can open; None while it cannot."""
    return opens_with(leaders_of(exchange))


def missing_to_open(viewer: Viewer, exchange: Exchange) -> tuple[str, ...]:
    """List codes of what is still open before the exchange can be; to who keeps it.

    Codes: items of the readiness list, ``counsel``, ``members``, ``client``, ``steward``,
    ``buy_in``, ``keys``, ``words``, ``charter``, ``signatures``.
    """
    check_convene(viewer, exchange)
    found = ready_of(exchange)
    counsel = ("counsel",) if found.counsel else ()
    bought_in = opens(exchange)
    stay_out = bought_in.stay_out if bought_in else ()
    within = list(parties_of(exchange).exclude(ref__in=stay_out))
    parties = _parties_missing(exchange, within, bought_in=bought_in is not None)
    return (*found.open, *counsel, *parties, *_papers_missing(exchange, within))


def _parties_missing(
    exchange: Exchange, parties: Sequence[ExchangeParty], *, bought_in: bool
) -> list[str]:
    kinds = [party.kind for party in parties]
    wants_client = template(exchange.template).client
    wrong = {
        "members": kinds.count(PartyKind.MEMBER) < FEWEST_MEMBERS,
        "client": wants_client and PartyKind.CLIENT not in kinds,
        "steward": PartyKind.STEWARD not in kinds,
        "buy_in": not bought_in,
        "keys": any(not party.signs for party in parties),
        "words": any(party.compared_on is None for party in parties),
    }
    return [code for code, holds in wrong.items() if holds]


def _papers_missing(exchange: Exchange, parties: Sequence[ExchangeParty]) -> list[str]:
    last = exchange.charters.order_by("number").last()
    if last is None:
        return ["charter"]
    signed = CharterSignature.objects.filter(charter=last).values_list("party_id", flat=True)
    return ["signatures"] if {party.pk for party in parties} - set(signed) else []
