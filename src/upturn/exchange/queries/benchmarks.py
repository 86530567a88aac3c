"""Sealed benchmarks as each may see them: steps, the own boxes, totals for all at one moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias

from django.db.models import QuerySet
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from upturn.exchange.engine import METRICS, Opening
from upturn.exchange.engine import Company as Asked
from upturn.exchange.models import (
    Benchmark,
    BenchmarkState,
    Exchange,
    ExchangeParty,
    MessageKind,
    PartyKind,
    SealedBox,
    SealedMessage,
)
from upturn.exchange.queries.sight import Viewer, check_convene, check_inside, exchanges_inside
from upturn.exchange.queries.sittings import Sitting
from upturn.stats.figures import Withheld

if TYPE_CHECKING:
    from upturn.exchange.engine.ballot import Band
    from upturn.exchange.engine.ballot import Benchmark as Sealed

ENDED = frozenset({BenchmarkState.OPENED, BenchmarkState.REFUSED})
WHY: Mapping[str, str | Lazy] = {
    "rule_1": _("Ballots of fewer than five unaffiliated companies came in, so nothing is opened."),
    "rule_9": _(
        "Since the last opened round exactly one company came or went. Old totals minus new ones "
        "would be its ballot, so this round stays closed."
    ),
    "rule_10": _("Two totals of this round would tell of fewer than five companies."),
    "unsigned": _("Not every company signed the roster in time. Draft the round again."),
    "too_short": _("Fewer ballots came in than the sheet promises. Nothing is opened."),
    "left": _("A company left after the list was made. Its ballot is dropped; repeat the round."),
    "other_list": _("A company confirmed another list than the host’s. Nothing is opened."),
    "given_up": _("The host ended it, as too few companies confirmed or opened. Nothing is shown."),
    "bad_sums": _("The sums do not fit the ballots, so nothing is shown. Repeat the round."),
}
"""Why a round was not opened, by the code that is kept."""


@dataclass(frozen=True, slots=True)
class BenchmarkSeen:
    """A round as a page lists it.

    Parameters
    ----------
    ref, name, state : str
    closes_at : datetime
    opened_on : date or None
    why : str
        Why it was refused, as a sentence; empty otherwise.
    waits_for : str
        The kind of message that the own company owes now; empty for none.
    """

    ref: str
    name: str
    state: str
    closes_at: datetime
    opened_on: date | None
    why: str
    waits_for: str


@dataclass(frozen=True, slots=True)
class ForDevice:
    """Everything a company's own device needs for its next step; boxes are its own alone.

    Parameters
    ----------
    ref, state : str
    roster : bytes
    signatures : tuple of bytes
        Under the roster, in its order; empty until every company signed.
    sheet : bytes
    index : int
        Its line on the roster.
    serial : int
        Of the ballot that is held of it; a device that forgot everything goes on from here.
    accepted : bytes
        Empty before closing.
    ballots : mapping of int to (bytes, bytes)
        After closing: the public form of each ballot on the list, and the own box of it.
    confirmations : tuple of bytes
    totals : bytes
        Empty before it is opened.
    """

    ref: str
    state: str
    roster: bytes
    signatures: tuple[bytes, ...]
    sheet: bytes
    index: int
    serial: int
    accepted: bytes
    ballots: Mapping[int, tuple[bytes, bytes]]
    confirmations: tuple[bytes, ...]
    totals: bytes


@dataclass(frozen=True, slots=True)
class Quarters:
    """The band of a metric, and the mean, each to half a bin."""

    lower: float
    middle: float
    upper: float
    mean: float


Result: TypeAlias = tuple[str, str, Quarters | Withheld]


@dataclass(frozen=True, slots=True)
class Totals:
    """What an opened round says, the same for members and client.

    Parameters
    ----------
    metrics : tuple of (code, unit, Quarters or Withheld)
        The code of the allow-list, or the name where it has none by now.
    totals : bytes
        From which the own place is worked out on the own device.
    complete : bool
        Whether every company confirmed; where not, pages say what then is possible.
    """

    metrics: tuple[Result, ...]
    totals: bytes
    complete: bool


def _seen(viewer: Viewer) -> QuerySet[Benchmark]:
    if isinstance(viewer, Sitting) and viewer.kind == PartyKind.STEWARD:
        return Benchmark.objects.none()
    rows = Benchmark.objects.select_related("exchange")
    return rows.filter(exchange__in=exchanges_inside(viewer))


def benchmark_by_ref(viewer: Viewer, ref: str) -> Benchmark:
    """Find a round; raise Benchmark.DoesNotExist, also where the viewer may not read inside."""
    return _seen(viewer).get(ref=ref)


def benchmarks_of(
    viewer: Viewer, exchange: Exchange, *, running: bool = False
) -> tuple[BenchmarkSeen, ...]:
    """List the rounds of an exchange, the newest first; or those alone that are not over."""
    check_inside(viewer, exchange)
    rows = _seen(viewer).filter(exchange=exchange).order_by("-closes_at", "-pk")
    if running:
        rows = rows.exclude(state__in=ENDED)
    return tuple(_told(viewer, row) for row in rows.defer("sheet", "totals"))


def benchmark_seen(viewer: Viewer, ref: str) -> BenchmarkSeen:
    """Give one round as a page shows it."""
    return _told(viewer, benchmark_by_ref(viewer, ref))


def _told(viewer: Viewer, row: Benchmark) -> BenchmarkSeen:
    waits = ""
    if isinstance(viewer, Sitting) and viewer.kind == PartyKind.MEMBER:
        mine = row.messages.filter(party=viewer.party)
        own = frozenset(mine.values_list("kind", flat=True))
        due = DUE.get(BenchmarkState(row.state), "")
        asked = on_roster(row, viewer.party_ref)  # Who joined later is asked for nothing.
        waits = due if asked and due not in own else ""
    why = str(WHY[row.refused_because]) if row.refused_because else ""
    return BenchmarkSeen(row.ref, row.name, row.state, row.closes_at, row.opened_on, why, waits)


DUE: Mapping[BenchmarkState, str] = {
    BenchmarkState.ROSTER: MessageKind.ROSTER.value,
    BenchmarkState.SUBMITTING: MessageKind.BALLOT.value,
    BenchmarkState.CONFIRMING: MessageKind.CONFIRMATION.value,
    BenchmarkState.OPENING: MessageKind.SUMS.value,
}
"""What each company owes in each state."""


def missing_in(viewer: Viewer, ref: str) -> tuple[str, ...]:
    """Tell a convener whose message is still missing, by party, so that somebody can call."""
    row = benchmark_by_ref(viewer, ref)
    check_convene(viewer, row.exchange)
    due = DUE.get(BenchmarkState(row.state))
    if due is None:
        return ()
    sent = row.messages.filter(kind=due, party__isnull=False).values("party")
    listed = companies_of(row)
    parties = ExchangeParty.objects.filter(exchange=row.exchange, ref__in=listed)
    waiting = parties.filter(left_on__isnull=True).exclude(pk__in=sent)
    return tuple(waiting.order_by("pk").values_list("ref", flat=True))


def for_device(sitting: Sitting, ref: str) -> ForDevice:
    """Give a company what its device needs, with no box but its own.

    Raises
    ------
    Benchmark.DoesNotExist
        For who is on no line of the roster, too.
    """
    row = benchmark_by_ref(sitting, ref)
    names = companies_of(row)
    if sitting.kind != PartyKind.MEMBER or sitting.party_ref not in names:
        raise Benchmark.DoesNotExist
    index = names.index(sitting.party_ref) + 1
    ballots = row.messages.filter(kind=MessageKind.BALLOT)
    closed = bool(row.accepted)
    confirmed = row.messages.filter(kind=MessageKind.CONFIRMATION).order_by("number")
    signed = row.messages.filter(kind=MessageKind.ROSTER).order_by("number")
    signatures = tuple(map(bytes, signed.values_list("content", flat=True)))
    return ForDevice(
        ref=row.ref,
        state=row.state,
        roster=bytes(row.roster),
        signatures=signatures if len(signatures) == len(names) else (),
        sheet=bytes(row.sheet),
        index=index,
        serial=ballots.filter(number=index).values_list("serial", flat=True).first() or 0,
        accepted=bytes(row.accepted),
        ballots=_own_boxes(ballots, index) if closed else {},
        confirmations=tuple(map(bytes, confirmed.values_list("content", flat=True))),
        totals=bytes(row.totals),
    )


def _own_boxes(ballots: QuerySet[SealedMessage], index: int) -> dict[int, tuple[bytes, bytes]]:
    boxes = SealedBox.objects.filter(ballot__in=ballots, holder=index)
    own = {box.ballot_id: bytes(box.content) for box in boxes}
    return {row.number: (bytes(row.content), own[row.pk]) for row in ballots if row.pk in own}


def totals_of(viewer: Viewer, ref: str) -> Totals | None:
    """Give what an opened round says; None before. Members and client read the same."""
    from upturn.exchange.engine.ballot import band, read_sheet, read_totals  # noqa: PLC0415 - libsodium

    row = benchmark_by_ref(viewer, ref)
    if row.state != BenchmarkState.OPENED:
        return None
    sheet, totals = read_sheet(bytes(row.sheet)), read_totals(bytes(row.totals))
    results: list[Result] = []
    for at, metric in enumerate(sheet.metrics):
        found = band(sheet, totals, at)
        shown = found if isinstance(found, Withheld) else quarters_of(found)
        results.append((code_of(metric.name), metric.unit, shown))
    confirmed = row.messages.filter(kind=MessageKind.CONFIRMATION).count()
    return Totals(tuple(results), bytes(row.totals), complete=confirmed == sheet.members)


def quarters_of(found: "Band") -> Quarters:
    """Give what of a band is shown."""
    return Quarters(found.lower, found.middle, found.upper, found.mean)


def bundle_of(viewer: Viewer, ref: str) -> bytes | None:
    """Give `round.zip` of an opened round, with which anybody recomputes it; None before."""
    from upturn.exchange.engine import ballot  # noqa: PLC0415 - libsodium

    row = benchmark_by_ref(viewer, ref)
    if row.state != BenchmarkState.OPENED:
        return None
    by_kind = contents(row)
    listed = ballot.read_list(bytes(row.accepted))
    signatures = by_kind.get(MessageKind.ROSTER, {})
    bundle = ballot.AuditBundle(
        roster=ballot.all_signed(ballot.read_roster(bytes(row.roster)), signatures),
        sheet=ballot.read_sheet(bytes(row.sheet)),
        listed=listed,
        ballots=tuple(
            ballot.read_ballot(by_kind[MessageKind.BALLOT][index]) for index, _h in listed.ballots
        ),
        confirmations=tuple(
            map(ballot.read_confirmation, by_kind[MessageKind.CONFIRMATION].values())
        ),
        sums=tuple(map(ballot.read_sums, by_kind[MessageKind.SUMS].values())),
        totals=ballot.read_totals(bytes(row.totals)),
    )
    return ballot.write_bundle(ballot.with_verdict(bundle))


def contents(row: Benchmark, *kinds: MessageKind) -> dict[str, dict[int, bytes]]:
    """Give the messages of a round by kind and number, of all or of some kinds.

    Who asks was settled before.
    """
    found: dict[str, dict[int, bytes]] = {}
    rows = row.messages.filter(kind__in=kinds) if kinds else row.messages
    for message in rows.order_by("number"):
        found.setdefault(message.kind, {})[message.number] = bytes(message.content)
    return found


def on_roster(row: Benchmark, ref: str) -> bool:
    """Whether a company stands on a round's roster, in which its reference is text."""
    return ref.encode() in bytes(row.roster)


def companies_of(row: Benchmark) -> tuple[str, ...]:
    """Give the references of the companies on a round's roster, in its order."""
    from upturn.exchange.engine.ballot import read_roster  # noqa: PLC0415 - libsodium

    return tuple(member.company for member in read_roster(bytes(row.roster)).members)


def engine_of(row: Benchmark) -> "Sealed":
    """Give a round as the engine checks messages against it."""
    from upturn.exchange.engine import ballot  # noqa: PLC0415 - libsodium

    sheet = ballot.read_sheet(bytes(row.sheet))
    return ballot.Benchmark(ballot.read_roster(bytes(row.roster)), sheet)


def opening_of(row: Benchmark, *, accepted: Iterable[int] | None = None) -> Opening:
    """Give a round as rules 1, 9 and 10 look at it; with the list it has, or another one."""
    from upturn.exchange.engine.ballot import read_list, read_roster, read_sheet  # noqa: PLC0415 - libsodium

    sheet = read_sheet(bytes(row.sheet))
    lines = [Asked(m.company, m.group) for m in read_roster(bytes(row.roster)).members]
    if accepted is None:
        accepted = [index for index, _h in read_list(bytes(row.accepted)).ballots]
    return Opening(
        ref=row.ref,
        roster=frozenset(lines),
        accepted=frozenset(lines[index - 1] for index in accepted),
        period=(date.fromisoformat(sheet.period[0]), date.fromisoformat(sheet.period[1])),
        opened_before=row.state == BenchmarkState.OPENED,
    )


def opened_rounds(exchange: Exchange) -> QuerySet[Benchmark]:
    """Give the rounds of an exchange that were opened, in their order."""
    rows = Benchmark.objects.filter(exchange=exchange, state=BenchmarkState.OPENED)
    return rows.order_by("closes_at", "pk")


def code_of(name: str) -> str:
    """Give the code of the allow-list that a sheet's name stands for; the name if none does."""
    return next((code for code, one in METRICS.items() if name in one.name.values()), name)
