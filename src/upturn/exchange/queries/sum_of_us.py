"""The sum of us: what came of an exchange since its opening, of all together and of no company."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from django.db.models import F, Q

from upturn.exchange.engine.metrics import FEWEST
from upturn.exchange.models import (
    Decision,
    Exchange,
    Objection,
    PartyKind,
    PracticeCard,
    ProgrammeState,
    ProgrammeWord,
)
from upturn.exchange.models import Outcome as Noted
from upturn.exchange.queries.kept import AGREED
from upturn.exchange.queries.moved import Moved, moved_in
from upturn.exchange.queries.outside import OutcomeSeen
from upturn.exchange.queries.programmes import GO_WORD
from upturn.exchange.queries.sight import Viewer, check_inside
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.queries.what_held import HeldSoFar, held_in
from upturn.stats.figures import Figure, Withheld
from upturn.stats.intervals import share_interval


@dataclass(frozen=True, slots=True)
class Said:
    """What speaks against a decision, and the answer; nobody's name is on this page."""

    words: str
    would_change: str
    answer: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A decision that was closed: what all agreed to, or what an objection kept from being so.

    `promises` are how many of its parts were kept, of how many their companies said so or not;
    none while fewer than five did.
    """

    ref: str
    words: str
    customer_outcome: str
    closed_on: date
    review_on: date | None
    agreed: bool
    promises: tuple[int, int]
    dissents: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice that was shared; with reasons of thanks it was tried, adopted, and helped."""

    ref: str
    title: str
    what_we_do: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Live:
    """A programme that the client's signed GO made live, and since when."""

    ref: str
    name: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SumOfUs:
    """What came of the whole exchange.

    Parameters
    ----------
    closed : tuple of Closed
        The newest first.
    objections : tuple of (topic, words)
        Put on record by somebody who left a talk.
    adopted, shared : tuple of Practice
        Practices somebody thanked for, which only who adopted one can; and the others. Who tries
        what is that company's own and not here.
    moved : tuple of Moved
    live : tuple of Live
    held : HeldSoFar
    noted : tuple of OutcomeSeen
        What somebody says came of it: claimed, unless a design stands behind it.
    """

    closed: tuple[Closed, ...]
    objections: tuple[tuple[str, str], ...]
    adopted: tuple[Practice, ...]
    shared: tuple[Practice, ...]
    moved: tuple[Moved, ...]
    live: tuple[Live, ...]
    held: HeldSoFar
    noted: tuple[OutcomeSeen, ...]

    @property
    def agreed(self) -> tuple[Closed, ...]:
        """Decisions that all agreed to, some with a concern."""
        return tuple(each for each in self.closed if each.agreed)

    @property
    def promises(self) -> Figure | Withheld:
        """Which share of promises was kept, over plans of which five companies or more said so."""
        kept = sum(each.promises[0] for each in self.agreed)
        told = sum(each.promises[1] for each in self.agreed)
        return share_interval(kept, told) if told else Withheld("too_few", FEWEST, 0)

    @property
    def disputed(self) -> tuple[Closed, ...]:
        """Decisions against which something was said; it stays."""
        return tuple(each for each in self.closed if each.dissents)

    @property
    def anything(self) -> bool:
        """Whether there is anything to tell."""
        told = (self.closed, self.objections, self.adopted, self.shared, self.moved)
        return any((*told, self.live, self.held.meetings, self.noted))


def sum_of_us(viewer: Viewer, exchange: Exchange) -> SumOfUs:
    """Give what came of an exchange.

    Raises
    ------
    Exchange.DoesNotExist
        If there is none in sight, or what was released in it is not for the viewer.
    """
    check_inside(viewer, exchange)
    practices = tuple(_practices(exchange))
    reads_no_benchmark = isinstance(viewer, Sitting) and viewer.kind == PartyKind.STEWARD
    return SumOfUs(
        closed=tuple(_closed(exchange)),
        objections=_objections(exchange),
        adopted=tuple(each for each in practices if each.reasons),
        shared=tuple(each for each in practices if not each.reasons),
        moved=() if reads_no_benchmark else moved_in(exchange),
        live=_live(exchange),
        held=held_in(exchange),
        noted=_noted(exchange),
    )


def _closed(exchange: Exchange) -> Iterable[Closed]:
    """Read decisions and their dissent in one question to the database."""
    rows = Decision.objects.filter(topic__exchange=exchange, closed_on__isnull=False)
    fields = (
        "pk", "ref", "words", "customer_outcome", "closed_on", "review_on", "outcome",
        "promises_kept", "promises_told",
        "dissents__words", "dissents__would_change", "dissents__answer",
    )  # fmt: skip
    read = rows.order_by("-closed_on", "-pk", "dissents__pk").values_list(*fields)
    for _pk, group in groupby(read, key=itemgetter(0)):
        each = list(group)
        _key, ref, words, better, closed_on, review_on, outcome, kept, told = each[0][:9]
        counted = (kept, told) if told >= FEWEST else (0, 0)
        said = tuple(Said(*row[9:]) for row in each if row[9])
        agreed = outcome in AGREED
        yield Closed(ref, words, better, closed_on, review_on, agreed, counted, said)


def _practices(exchange: Exchange) -> Iterable[Practice]:
    """Read cards and the reasons of thanks in one question; reasons in no order of time."""
    rows = PracticeCard.objects.filter(exchange=exchange, pulled_on__isnull=True)
    read = rows.order_by("-on", "-pk", "thanks__reason").values_list(
        "pk", "ref", "title", "what_we_do", "thanks__reason"
    )
    for _pk, group in groupby(read, key=itemgetter(0)):
        each = list(group)
        _key, ref, title, words, _reason = each[0]
        yield Practice(ref, title, words, tuple(row[4] for row in each if row[4]))


def _objections(exchange: Exchange) -> tuple[tuple[str, str], ...]:
    rows = Objection.objects.filter(Q(topic__exchange=exchange) & ~Q(words=""))
    return tuple(rows.order_by("-on", "-pk").values_list("topic__name", "words"))


def _live(exchange: Exchange) -> tuple[Live, ...]:
    rows = ProgrammeWord.objects.filter(
        version__programme__exchange=exchange,
        version__number=F("version__programme__live_version"),
        said=GO_WORD,
    ).exclude(version__programme__state=ProgrammeState.STOPPED)
    read = rows.order_by("-on", "-pk").values_list(
        "version__programme__ref", "version__programme__name", "on"
    )
    return tuple(Live(*row) for row in read)


def _noted(exchange: Exchange) -> tuple[OutcomeSeen, ...]:
    rows = Noted.objects.filter(exchange=exchange).order_by("-on", "-pk")
    return tuple(OutcomeSeen(row.words, row.design, bool(row.design), row.on) for row in rows)
