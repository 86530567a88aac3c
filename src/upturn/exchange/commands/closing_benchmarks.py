"""Rounds close by the clock, are opened for all at one moment, or end unopened with the reason."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.benchmarks import digest_of, put
from upturn.exchange.commands.holding import convening, held, in_each, log, log_nobody
from upturn.exchange.commands.refusals import NotYours, told
from upturn.exchange.engine import Act, Publication, Rung, allows, check_opening, check_publication
from upturn.exchange.engine.errors import BadList, BadTally, TooFew
from upturn.exchange.models import Benchmark as Row
from upturn.exchange.models import (
    BenchmarkState,
    ExchangeParty,
    MessageKind,
    SealedBox,
)
from upturn.exchange.queries.benchmarks import (
    ENDED,
    benchmark_by_ref,
    contents,
    engine_of,
    on_roster,
    opened_rounds,
    opening_of,
)
from upturn.exchange.queries.sight import parties_of
from upturn.record.erasing import erase_for_good

if TYPE_CHECKING:
    from upturn.exchange.engine.ballot import Tally
    from upturn.people.models import Person


def close_due(now: datetime) -> int:
    """Close each round whose time is over: with its accepted list, or with the rule it breaks."""
    waiting = (BenchmarkState.ROSTER, BenchmarkState.SUBMITTING)
    rows = Row.objects.filter(state__in=waiting, closes_at__lte=now)
    return in_each(rows, "exchange", partial(_close, now=now))


@transaction.atomic
def _close(pk: int, exchange_pk: int, *, now: datetime) -> bool:
    exchange = held(exchange_pk)
    row = Row.objects.select_for_update().get(pk=pk)
    if row.state == BenchmarkState.ROSTER and row.closes_at <= now:
        refuse(row, "unsigned")
    elif row.state == BenchmarkState.SUBMITTING and row.closes_at <= now:
        _drop_who_went(row)
        _list_ballots(row)
    else:
        return False
    log_nobody("close benchmark", exchange)
    return True


def _drop_who_went(row: Row) -> None:
    """Leave out ballots of companies that left, pause, or stepped down since."""
    here = {
        party.pk
        for party in parties_of(row.exchange)
        if not party.suspended and allows(Rung(party.rung), Act.SEAL_BALLOT)
    }
    row.messages.filter(kind=MessageKind.BALLOT).exclude(party__in=here).delete()


def _list_ballots(row: Row) -> None:
    from upturn.exchange.engine.ballot import accept, read_ballot  # noqa: PLC0415 - libsodium

    ballots = contents(row, MessageKind.BALLOT).get(MessageKind.BALLOT, {})
    previous = [opening_of(each) for each in opened_rounds(row.exchange)]
    found = check_opening(opening_of(row, accepted=ballots), previous)
    if found.refused:
        refuse(row, f"rule_{found.refused[0].number}")
        return
    try:
        listed = accept(engine_of(row), map(read_ballot, ballots.values()))
    except BadList:
        refuse(row, "too_short")
        return
    put(row, BenchmarkState.CONFIRMING, accepted=listed.written)


def open_due(now: datetime) -> int:
    """Add up rounds whose sums are in, where the host stopped before it came to it."""
    rows = Row.objects.filter(state=BenchmarkState.OPENING)
    return in_each(rows, "exchange", lambda pk, _key: publish(pk, now=now).state in ENDED)


def publish(pk: int, *, now: datetime) -> Row:
    """Add up the sums of a round if there are enough, and show all the totals at one moment.

    Adding up holds nothing; what it finds is stored only if nothing came in between.
    """
    row = Row.objects.get(pk=pk)
    if row.state != BenchmarkState.OPENING:
        return row
    if row.messages.filter(kind=MessageKind.SUMS).count() < engine_of(row).sheet.asked.openers:
        return row
    messages = contents(row, MessageKind.BALLOT, MessageKind.SUMS)
    sums = messages[MessageKind.SUMS]
    try:
        tally = _added_up(row, messages)
    except TooFew:
        return row
    except BadTally:
        tally = None
    with transaction.atomic():
        exchange = held(row.exchange_id)
        row = Row.objects.select_for_update().get(pk=pk)
        if row.state != BenchmarkState.OPENING:
            return row
        if tally is not None:
            _open(row, tally, now=now)
            log_nobody("open benchmark", exchange)
        elif len(sums) == engine_of(row).sheet.members:
            refuse(row, "bad_sums")
            log_nobody("end benchmark unopened", exchange)
        return row


def _added_up(row: Row, messages: dict[str, dict[int, bytes]]) -> "Tally":
    from upturn.exchange.engine.ballot import add_up, read_ballot, read_list, read_sums  # noqa: PLC0415 - libsodium

    ballots = {at: read_ballot(each) for at, each in messages[MessageKind.BALLOT].items()}
    sums = map(read_sums, messages[MessageKind.SUMS].values())
    return add_up(engine_of(row), read_list(bytes(row.accepted)), ballots=ballots, sums=sums)


def _open(row: Row, tally: "Tally", *, now: datetime) -> None:
    written = tally.totals.written()
    told_to_all = (digest_of(written), now)
    check_publication(
        Publication(members=told_to_all, client=told_to_all, client_sees=frozenset({"totals"}))
    ).settle()
    put(row, BenchmarkState.OPENED, totals=written, opened_on=timezone.localdate(now))
    _erase_boxes(row)


def refuse(row: Row, why: str) -> None:
    """End a held round unopened, and say why; what was sealed in it is erased."""
    put(row, BenchmarkState.REFUSED, refused_because=why)
    row.messages.exclude(kind=MessageKind.ROSTER).delete()
    _erase_boxes(row)


def _erase_boxes(row: Row) -> None:
    SealedBox.objects.filter(ballot__benchmark=row).delete()
    erase_for_good(SealedBox)


@transaction.atomic
def give_up(viewer: "Person", ref: str) -> Row:
    """End a round in which too few confirm or open; what was sealed in it is erased.

    Raises
    ------
    Benchmark.DoesNotExist, Exchange.DoesNotExist, NotYours
    """
    seen = benchmark_by_ref(viewer, ref)
    exchange = convening(viewer, seen.exchange)
    row = Row.objects.select_for_update().get(pk=seen.pk)
    if row.state in ENDED:
        raise NotYours(told(_("This round is over. What was opened stays.")))
    refuse(row, "given_up")
    log(viewer, "end benchmark unopened", exchange)
    return row


def party_left(party: ExchangeParty) -> None:
    """Drop a company's ballot from rounds that run; inside the transaction in which it leaves.

    While ballots come in, the round goes on without it. A list that was made cannot be made anew,
    for each company signs one: such a round ends unopened. Opened totals stay.
    """
    rows = Row.objects.filter(exchange=party.exchange_id).exclude(state__in=ENDED)
    for row in rows.select_for_update():
        mine = row.messages.filter(party=party)
        if row.state == BenchmarkState.ROSTER and on_roster(row, party.ref):
            refuse(row, "left")
        elif row.state == BenchmarkState.SUBMITTING:
            mine.exclude(kind=MessageKind.ROSTER).delete()
        elif mine.filter(kind=MessageKind.BALLOT).exists():
            refuse(row, "left")
