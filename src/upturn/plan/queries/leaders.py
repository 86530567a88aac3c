"""What those who lead answered to the two questions of a month, and what their teams say to it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from upturn.graph import queries as graph
from upturn.people.queries import led_by, parties_of
from upturn.plan.models import LeaderWord, Question, WordState
from upturn.plan.queries.sight import GUEST

if TYPE_CHECKING:
    from upturn.people.models import Person

MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class WordHere:
    """An answer of those who lead a party, and what the team made of it.

    ``ours`` says that the viewer leads the party and may still put it better; ``for_us`` that the
    viewer is of the team, whose word it waits for or was.
    """

    ref: str
    party: graph.PartyRow
    question: Question
    month: date
    words: str
    state: WordState
    team_words: str
    turn: int
    ours: bool
    for_us: bool

    @property
    def waits(self) -> bool:
        """Whether the team, and with it the viewer, has not answered yet."""
        return self.for_us and self.state == WordState.SAID


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of this month to those who lead a party, with what they answered so far."""

    party: graph.PartyRow
    question: Question
    word: WordHere | None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.word is None


@dataclass(frozen=True, slots=True)
class Month:
    """Answers of one month."""

    first: date
    words: tuple[WordHere, ...]


@dataclass(frozen=True, slots=True)
class Leading:
    """What is asked of a viewer who leads, what waits for a viewer's team, and what was said."""

    asked: tuple[Asked, ...]
    waiting: tuple[WordHere, ...]
    months: tuple[Month, ...]

    @property
    def is_told_alone(self) -> bool:
        """Whether the viewer reads all of it and is asked for no word on it."""
        return not any(word.for_us for month in self.months for word in month.words)

    @property
    def unanswered(self) -> int:
        """How many questions of this month wait for the viewer's answer."""
        return sum(each.is_open for each in self.asked)


def month_of(today: date) -> date:
    """First day of a day's month."""
    return today.replace(day=1)


def led(viewer: "Person") -> frozenset[int]:
    """Parties whose leading people the viewer is one of; guests lead nothing here."""
    if not viewer.is_active or viewer.role == GUEST:
        return frozenset()
    return led_by(viewer)


def team_of(viewer: "Person") -> frozenset[int]:
    """Parties in whose team the viewer is without leading it."""
    if not viewer.is_active or viewer.role == GUEST:
        return frozenset()
    return parties_of(viewer) - led_by(viewer)


def leading(viewer: "Person", *, today: date) -> Leading:
    """The page of leaders and teams; one query."""
    month = month_of(today)
    words = _words(viewer, Q())
    return Leading(
        _asked(viewer, words, month=month),
        tuple(each for each in words if each.waits),
        _months(words),
    )


def leading_at_home(viewer: "Person", *, today: date) -> Leading:
    """The same for the home page: this month's questions and what waits; one query at most."""
    month = month_of(today)
    words = _words(viewer, Q(month=month) | Q(state=WordState.SAID))
    waiting = tuple(each for each in words if each.waits)
    return Leading(_asked(viewer, words, month=month), waiting, ())


def _words(viewer: "Person", wanted: Q) -> tuple[WordHere, ...]:
    """Answers of the viewer's parties alone; they are for nobody else."""
    leads, team = led(viewer), team_of(viewer)
    if not leads | team:
        return ()
    party = graph.snapshot().party
    rows = LeaderWord.objects.filter(wanted, party_id__in=leads | team)
    return tuple(
        WordHere(
            row.ref,
            party[row.party_id],
            Question(row.question),
            row.month,
            row.words,
            WordState(row.state),
            row.team_words,
            row.turn,
            row.party_id in leads,
            row.party_id in team,
        )
        for row in rows.order_by("-month", "party_id", "-question")[:MOST_SHOWN]
        if row.party_id in party
    )


def _asked(viewer: "Person", words: Iterable[WordHere], *, month: date) -> tuple[Asked, ...]:
    party = graph.snapshot().party
    said = {(each.party.id, each.question): each for each in words if each.month == month}
    mine = sorted((party[one] for one in led(viewer) if one in party), key=graph.full_name)
    return tuple(
        Asked(one, question, said.get((one.id, question))) for one in mine for question in Question
    )


def _months(words: Iterable[WordHere]) -> tuple[Month, ...]:
    by_month: dict[date, list[WordHere]] = defaultdict(list)
    for each in words:
        by_month[each.month].append(each)
    return tuple(
        Month(first, tuple(found)) for first, found in sorted(by_month.items(), reverse=True)
    )
