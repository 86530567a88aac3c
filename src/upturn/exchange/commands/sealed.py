"""Ballots, confirmations and sums come in as bytes; the host checks them and can open none."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.benchmarks import check_same, digest_of, held_with_line, put
from upturn.exchange.commands.closing_benchmarks import publish, refuse
from upturn.exchange.commands.holding import acting, log
from upturn.exchange.commands.refusals import NotYours, told
from upturn.exchange.engine import Act
from upturn.exchange.engine.errors import BadBallot, BadList, BadSums, TooFew
from upturn.exchange.models import Benchmark as Row
from upturn.exchange.models import BenchmarkState, MessageKind, SealedBox, SealedMessage
from upturn.exchange.queries.benchmarks import benchmark_by_ref, contents, engine_of
from upturn.exchange.queries.sittings import Sitting

if TYPE_CHECKING:
    from upturn.exchange.engine.ballot import Ballot, Confirmation

LARGEST = 8 * 2**20
"""Bytes of a message; a ballot of sixty metrics and fifty companies has three millions."""


def _small(content: bytes) -> None:
    if len(content) > LARGEST:
        said = _("This message has {many} bytes, more than a round of this size can have.")
        raise BadBallot(told(said, many=len(content)))


def _own(index: int, line: int) -> None:
    if index != line:
        raise NotYours(
            told(_("This message speaks for another company. Send what your own device made."))
        )


def take_ballot(sitting: Sitting, ref: str, content: bytes, *, now: datetime) -> Row:
    """Take a company's ballot; a later one replaces it, the same again changes nothing.

    The proofs are checked before anything is held, so that no ballot makes others wait.

    Raises
    ------
    Benchmark.DoesNotExist, NotYours, BadBallot, Malformed
        And what `acting` raises.
    """
    from upturn.exchange.engine.ballot import read_ballot, take  # noqa: PLC0415 - libsodium

    _small(content)
    seen = benchmark_by_ref(sitting, ref)
    ballot = read_ballot(content)
    received_at = int(now.timestamp())
    again = _held_again(seen, ballot)
    if not again:
        take(engine_of(seen), ballot, held=None, received_at=received_at)
    with transaction.atomic():
        exchange, party = acting(sitting, Act.SEAL_BALLOT)
        row, line = held_with_line(sitting, ref)
        _own(ballot.index, line)
        if _held_again(row, ballot):
            return row
        if row.state != BenchmarkState.SUBMITTING:
            raise NotYours(told(_("Ballots are not taken now. Look where the round stands.")))
        _check_newer(row, ballot)
        row.messages.filter(kind=MessageKind.BALLOT, number=line).delete()
        message = SealedMessage.objects.create(
            benchmark=row,
            kind=MessageKind.BALLOT,
            party=party,
            number=line,
            serial=ballot.serial,
            content=ballot.public().written(),
            digest=ballot.hash.hex(),
        )
        SealedBox.objects.bulk_create(
            SealedBox(ballot=message, holder=holder, content=box)
            for holder, box in enumerate(ballot.boxes, 1)
        )
        log(sitting, "hand in ballot", exchange)
        return row


def _held_again(row: Row, ballot: "Ballot") -> bool:
    """Whether the very same ballot is held; its head, and so its boxes, and its signature."""
    held = row.messages.filter(kind=MessageKind.BALLOT, number=ballot.index).first()
    return held is not None and bytes(held.content) == ballot.public().written()


def _check_newer(row: Row, ballot: "Ballot") -> None:
    held = row.messages.filter(kind=MessageKind.BALLOT, number=ballot.index).first()
    if held is not None and ballot.serial <= held.serial:
        said = _(
            "This ballot has the number {number}, and {held} is here already. A newer one replaces "
            "it; an older one does not."
        )
        raise BadBallot(told(said, number=ballot.serial, held=held.serial))


def take_confirmation(sitting: Sitting, ref: str, content: bytes) -> Row:
    """Take a company's word that it saw the accepted list; with enough, sums may come.

    A word that is signed and speaks of another list ends the round: somebody was shown different
    ballots. The round that is given back says so.

    Raises
    ------
    Benchmark.DoesNotExist, NotYours, BadList, Malformed
        And what `acting` raises.
    """
    from upturn.exchange.engine.ballot import read_confirmation, read_list, signed_by  # noqa: PLC0415 - libsodium

    _small(content)
    said = read_confirmation(content)
    with transaction.atomic():
        exchange, party = acting(sitting, Act.SEAL_BALLOT)
        row, line = held_with_line(sitting, ref)
        _own(said.index, line)
        if row.state not in {BenchmarkState.CONFIRMING, BenchmarkState.OPENING}:
            check_same(row, MessageKind.CONFIRMATION, line, content=content)
            return row
        benchmark = engine_of(row)
        keys = benchmark.roster.member(line).keys
        fits = said.round_id == benchmark.sheet.round_id
        if not fits or not signed_by(keys, said.said(), signature=said.signature):
            raise BadList(told(_("This confirmation is of another round, or not signed by you.")))
        if said.list_hash != read_list(bytes(row.accepted)).hash:
            refuse(row, "other_list")
            log(sitting, "confirm another list", exchange)
            return row
        _message, new = SealedMessage.objects.get_or_create(
            benchmark=row,
            kind=MessageKind.CONFIRMATION,
            number=line,
            defaults={"party": party, "content": content, "digest": digest_of(content)},
        )
        if new:
            _go_on(row)
            log(sitting, "confirm list", exchange)
        return row


def _go_on(row: Row) -> None:
    """Ask for sums once enough confirmed."""
    from upturn.exchange.engine.ballot import check_confirmations, read_confirmation, read_list  # noqa: PLC0415 - libsodium

    if row.state != BenchmarkState.CONFIRMING:
        return
    sent = contents(row, MessageKind.CONFIRMATION)[MessageKind.CONFIRMATION]
    here: list[Confirmation] = [read_confirmation(each) for each in sent.values()]
    try:
        check_confirmations(engine_of(row), read_list(bytes(row.accepted)), here)
    except TooFew:
        return
    put(row, BenchmarkState.OPENING)


def take_sums(sitting: Sitting, ref: str, content: bytes, *, now: datetime) -> Row:
    """Take a company's sums; with enough, the totals are everybody's at one moment.

    The sums are kept before they are added up: a host that stops in between goes on by `open_due`.

    Raises
    ------
    Benchmark.DoesNotExist, NotYours, BadSums, Malformed
        And what `acting` raises.
    """
    from upturn.exchange.engine.ballot import check_sums, read_list, read_sums  # noqa: PLC0415 - libsodium

    _small(content)
    sums = read_sums(content)
    with transaction.atomic():
        exchange, party = acting(sitting, Act.SEAL_BALLOT)
        row, line = held_with_line(sitting, ref)
        _own(sums.index, line)
        if row.state != BenchmarkState.OPENING:
            check_same(row, MessageKind.SUMS, line, content=content)
            return row
        check_sums(engine_of(row), read_list(bytes(row.accepted)), sums)
        message, new = SealedMessage.objects.get_or_create(
            benchmark=row,
            kind=MessageKind.SUMS,
            number=line,
            defaults={"party": party, "content": content, "digest": digest_of(content)},
        )
        if bytes(message.content) != content:
            raise BadSums(told(_("Other sums of your company are here already; those stand.")))
        if new:
            log(sitting, "hand in sums", exchange)
    return publish(row.pk, now=now)
