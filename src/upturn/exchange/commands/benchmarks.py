"""A benchmark is drafted, held against the rules, and its roster signed by every company."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.holding import acting, convening, log
from upturn.exchange.commands.refusals import BadSignature, NotOpen, NotReady, NotYours, told
from upturn.exchange.engine import (
    METRICS,
    Act,
    AskedMetric,
    AskedPage,
    AskedSheet,
    Incomplete,
    Opening,
    RulesBroken,
    Rung,
    SignOff,
    allows,
    check_opening,
    check_page,
    check_sheet,
    default_edges,
    template,
)
from upturn.exchange.engine import Company as Asked
from upturn.exchange.models import Benchmark as Row
from upturn.exchange.models import (
    BenchmarkState,
    Exchange,
    ExchangeParty,
    MessageKind,
    SealedMessage,
)
from upturn.exchange.queries.benchmarks import (
    ENDED,
    benchmark_by_ref,
    companies_of,
    opened_rounds,
    opening_of,
)
from upturn.exchange.queries.sheets import counsel_on_metrics
from upturn.exchange.queries.sight import is_open, members_of
from upturn.exchange.queries.sittings import Sitting
from upturn.record.proofs import proof_of

if TYPE_CHECKING:
    from upturn.exchange.engine.ballot import Benchmark, Metric, Roster, Sheet
    from upturn.people.models import Person

NAME_MAX = 120
KEY_LEAST = 16
"""Characters of a draft's key: the round's number is made of it and must be nobody's guess."""


@dataclass(frozen=True, slots=True)
class MetricAsked:
    """A metric of the allow-list; without edges it gets the suggested ones."""

    code: str
    edges: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkDraft:
    """A round before it is drafted; `key` is drawn when the form opens.

    `promised` is how many colluding members it withstands beside a cheating host: as many as can
    be if it is None. `all_confirm` closes what one missing confirmation leaves open.
    """

    key: str
    name: str
    metrics: tuple[MetricAsked, ...]
    period: tuple[date, date]
    opens_at: datetime
    closes_at: datetime
    promised: int | None = None
    all_confirm: bool = False


def draft_sheet(
    viewer: "Person", exchange: Exchange, draft: BenchmarkDraft, *, now: datetime
) -> Row:
    """Draft a round, or find it if this draft was sent before.

    Raises
    ------
    Exchange.DoesNotExist, NotOpen
    NotYours
        If exchanges of this kind compare no figures, or a round runs.
    NotReady
        If the words of a company that would take part were not compared.
    Incomplete, NoSuchWord, RulesBroken, BallotError
    """
    if len(draft.key) < KEY_LEAST or not draft.name.strip() or not draft.metrics:
        raise Incomplete(told(_("A round needs a name and at least one metric.")))
    with transaction.atomic():
        row = convening(viewer, exchange)
        said = f"benchmark {row.ref} {draft.key}"
        round_id = hashlib.sha256(said.encode()).digest()[:16]
        if found := Row.objects.filter(exchange=row, ref=round_id.hex()).first():
            return found
        _check_free(row)
        parties = _who_takes_part(row)
        _hold_against_rules(row, draft, parties, now=now)
        benchmark = _made(row, draft, parties, round_id)
        made = _stored(row, draft, benchmark)
        log(viewer, "draft benchmark", row)
        return made


def _check_free(exchange: Exchange) -> None:
    if not is_open(exchange):
        raise NotOpen
    if not template(exchange.template).benchmark:
        raise NotYours(told(_("This exchange compares no figures; it exchanges practices.")))
    if Row.objects.filter(exchange=exchange).exclude(state__in=ENDED).exists():
        raise NotYours(
            told(_("A round is running. End it first: two at a time could be compared."))
        )


def _who_takes_part(exchange: Exchange) -> list[ExchangeParty]:
    """Give the companies that stand high enough, the words of all of which were compared."""
    parties = [
        party
        for party in members_of(exchange).filter(suspended=False).exclude(signs="")
        if allows(Rung(party.rung), Act.SEAL_BALLOT)
    ]
    if strange := tuple(party.ref for party in parties if party.compared_on is None):
        raise NotReady(strange)
    return parties


def _companies(exchange: Exchange, parties: Sequence[ExchangeParty]) -> list[Asked]:
    """Name companies by reference and owner by a mark, so that the roster holds no name."""
    owners = {party.owner.strip().casefold() for party in parties if party.owner.strip()}
    found = []
    for party in parties:
        own = party.name.strip().casefold()
        owner = party.owner.strip().casefold() or (own if own in owners else "")
        mark = proof_of(f"exchange owner {exchange.ref} {owner}")[:16] if owner else ""
        found.append(Asked(party.ref, mark))
    return found


def _hold_against_rules(
    exchange: Exchange, draft: BenchmarkDraft, parties: Sequence[ExchangeParty], *, now: datetime
) -> None:
    companies = _companies(exchange, parties)
    before = list(opened_rounds(exchange))
    asked = AskedSheet(
        ref=draft.name,
        companies=tuple(companies),
        metrics=tuple(_asked(each, len(companies)) for each in draft.metrics),
        period=draft.period,
        fixed_on=timezone.localdate(now),
        opens_on=timezone.localdate(draft.opens_at),
        closes_on=timezone.localdate(draft.closes_at),
        last_closed=timezone.localdate(before[-1].closes_at) if before else None,
    )
    check_page(AskedPage(figures=(), words=draft.name)).settle()
    check_sheet(asked, sign_offs=_sign_offs(exchange)).settle()
    if draft.closes_at <= now:
        raise Incomplete(told(_("The round would be over already. Choose a later end.")))
    everybody = frozenset(companies)
    planned = Opening(ref="", roster=everybody, accepted=everybody, period=draft.period)
    found = check_opening(planned, [opening_of(each) for each in before])
    if found.refused:
        raise RulesBroken(found.refused)


def _asked(metric: MetricAsked, n: int) -> AskedMetric:
    known = METRICS.get(metric.code)
    if known is None:
        return AskedMetric(metric.code, metric.code, "", metric.edges)
    return AskedMetric(metric.code, known.name["en"], known.unit, _edges(metric, n))


def _edges(metric: MetricAsked, n: int) -> tuple[float, ...]:
    return metric.edges or default_edges(metric.code, n=n)


def _sign_offs(exchange: Exchange) -> list[SignOff]:
    return [
        SignOff(each.rule, each.about, each.counsel, each.on, each.withdrawn_on is not None)
        for each in exchange.sign_offs.all()
        if each.rule is not None
    ]


def _made(
    exchange: Exchange, draft: BenchmarkDraft, parties: Sequence[ExchangeParty], round_id: bytes
) -> "Benchmark":
    from upturn.exchange.engine.ballot import Benchmark, Sheet, colluders, thresholds  # noqa: PLC0415 - libsodium

    n = len(parties)
    roster = _roster(exchange, parties)
    asked = thresholds(n, all_confirm=draft.all_confirm)
    counsel = counsel_on_metrics(exchange)
    sheet = Sheet(
        round_id=round_id,
        roster=roster.hash,
        metrics=tuple(
            _on_sheet(exchange, each, n, counsel=counsel.get(each.code, ""))
            for each in draft.metrics
        ),
        period=(draft.period[0].isoformat(), draft.period[1].isoformat()),
        opens_at=int(draft.opens_at.timestamp()),
        closes_at=int(draft.closes_at.timestamp()),
        members=n,
        asked=asked,
        promised=colluders(n, asked) if draft.promised is None else draft.promised,
        before=_before(exchange),
    )
    return Benchmark(roster, sheet)


def _roster(exchange: Exchange, parties: Sequence[ExchangeParty]) -> "Roster":
    from upturn.exchange.engine.ballot import Member, PublicKeys, Roster  # noqa: PLC0415 - libsodium

    lines = zip(_companies(exchange, parties), parties, strict=True)
    return Roster(
        exchange.name,
        tuple(
            Member(
                company.name,
                company.group,
                PublicKeys(bytes.fromhex(party.signs), bytes.fromhex(party.seals)),
            )
            for company, party in lines
        ),
    )


def _on_sheet(exchange: Exchange, metric: MetricAsked, n: int, *, counsel: str) -> "Metric":
    from upturn.exchange.engine.ballot import Metric  # noqa: PLC0415 - libsodium

    edges = _edges(metric, n)
    known = METRICS[metric.code]
    half_first, half_last = (edges[1] - edges[0]) / 2, (edges[-1] - edges[-2]) / 2
    return Metric(
        name=known.name.get(exchange.language, known.name["en"]),
        unit=known.unit,
        edges=tuple(map(_decimal, edges)),
        low=_decimal(max(edges[0] - half_first, edges[0] / 2)),
        high=_decimal(edges[-1] + half_last),
        counsel=counsel,
    )


def _decimal(value: float) -> str:
    """Write a number in plain decimals, as sheets hold it.

    >>> _decimal(12.5), _decimal(5.0)
    ('12.5', '5')
    """
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _before(exchange: Exchange) -> tuple[str, ...]:
    """Name the companies whose ballots were on the last list that was opened (rule 9)."""
    last = opened_rounds(exchange).last()
    return tuple(sorted(each.name for each in opening_of(last).accepted)) if last else ()


def _stored(exchange: Exchange, draft: BenchmarkDraft, benchmark: "Benchmark") -> Row:
    sheet: Sheet = benchmark.sheet
    return Row.objects.create(
        exchange=exchange,
        ref=sheet.round_id.hex(),
        name=" ".join(draft.name.split())[:NAME_MAX],
        closes_at=draft.closes_at,
        roster=benchmark.roster.written,
        sheet=sheet.written,
        sheet_digest=sheet.hash.hex(),
    )


def sign_roster(sitting: Sitting, ref: str, *, signature: bytes) -> Row:
    """Take a company's signature under the roster; the same again changes nothing.

    Raises
    ------
    Benchmark.DoesNotExist, BadSignature, NotYours
        And what `acting` raises.
    """
    from upturn.exchange.engine.ballot import read_roster, signed_by  # noqa: PLC0415 - libsodium

    with transaction.atomic():
        exchange, party = acting(sitting, Act.SEAL_BALLOT)
        row, index = held_with_line(sitting, ref)
        roster = read_roster(bytes(row.roster))
        if not signed_by(roster.member(index).keys, roster.written, signature=signature):
            raise BadSignature
        if row.state != BenchmarkState.ROSTER:
            check_same(row, MessageKind.ROSTER, index, content=signature)
            return row
        _message, new = SealedMessage.objects.get_or_create(
            benchmark=row,
            kind=MessageKind.ROSTER,
            number=index,
            defaults={"party": party, "content": signature, "digest": digest_of(signature)},
        )
        if new:
            if row.messages.filter(kind=MessageKind.ROSTER).count() == len(roster):
                put(row, BenchmarkState.SUBMITTING)
            log(sitting, "sign roster", exchange)
        return row


def held_with_line(sitting: Sitting, ref: str) -> tuple[Row, int]:
    """Hold a round and give the line of its roster on which the sitting's company stands.

    Raises
    ------
    Benchmark.DoesNotExist
        If there is none in sight, or the company is not on its roster.
    """
    row = Row.objects.select_for_update().get(pk=benchmark_by_ref(sitting, ref).pk)
    names = companies_of(row)
    if sitting.party_ref not in names:
        raise Row.DoesNotExist
    return row, names.index(sitting.party_ref) + 1


def check_same(row: Row, kind: MessageKind, index: int, *, content: bytes) -> None:
    """Pass over what came before, whole; refuse anything else for a step that is over."""
    held = row.messages.filter(kind=kind, number=index).first()
    if held is None or bytes(held.content) != content:
        raise NotYours(
            told(_("This step of the round is over, or has not begun. Look where it stands now."))
        )


def digest_of(content: bytes) -> str:
    """Give the mark under which a message is kept."""
    return hashlib.sha256(content).hexdigest()


def put(row: Row, state: BenchmarkState, **changes: object) -> None:
    """Store where a held round stands, with what else changes."""
    values = {"state": state, "turn": row.turn + 1, **changes}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
