"""Rounds: all answer before anybody reads, ideas rest before they are weighed, all are heard."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from upturn.exchange.engine.errors import MoveRefused
from upturn.exchange.engine.metrics import FEWEST
from upturn.stats.figures import Withheld

UNNAMED = FEWEST
"""Companies that must have said something before it is shown without a name."""
REST_HOURS = 12
MORNING = time(7)
HOST_DAYS = 14
"""How long the host has to answer what was said about it."""


class RoundKind(StrEnum):
    """What a round is for."""

    QUESTION = "question"
    BRAINSTORM = "brainstorm"
    LISTENING = "listening"
    HOST = "host"


class RoundPhase(StrEnum):
    """Where a round stands."""

    WRITE = "write"
    READ = "read"
    BUILD = "build"
    WEIGH = "weigh"
    OVER = "over"


_SHORT = (RoundPhase.WRITE, RoundPhase.READ, RoundPhase.OVER)
ROUTES: Mapping[RoundKind, tuple[RoundPhase, ...]] = {
    RoundKind.QUESTION: _SHORT,
    RoundKind.LISTENING: _SHORT,
    RoundKind.HOST: _SHORT,
    RoundKind.BRAINSTORM: tuple(RoundPhase),
}
"""The phases of each kind, in the one order in which they come."""


class RoundRefusal(StrEnum):
    """Why a round does not go on."""

    NOT_NEXT = "not_next"
    STOPPED = "stopped"
    STILL_WRITING = "still_writing"
    TOO_FEW = "too_few"
    RESTING = "resting"
    NOT_ANSWERED = "not_answered"


_SENTENCES: Mapping[RoundRefusal, str] = {
    RoundRefusal.NOT_NEXT: "The phases of a round come in their order. Go on with the next one.",
    RoundRefusal.STOPPED: "Somebody put on the brakes. Leave the topic alone until all take it up.",
    RoundRefusal.STILL_WRITING: "Not everybody has answered and the time is not over. Wait.",
    RoundRefusal.TOO_FEW: f"Fewer than {UNNAMED} companies answered, so their names would show. "
    "Give the round more time.",
    RoundRefusal.RESTING: "The ideas rest. Weigh them when the time shown here is over.",
    RoundRefusal.NOT_ANSWERED: "The host has not answered yet. Answer first, then close.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A round as it stands.

    Parameters
    ----------
    kind : RoundKind
    phase : RoundPhase
    until : datetime
        When the time to write is over.
    members, answered : frozenset of str
        Who is asked, and who handed in.
    rests_until : datetime or None
        Until when ideas are not weighed; set when building begins.
    host_answered : bool
    stopped : bool
        Whether the brakes are on for its topic.
    """

    kind: RoundKind
    phase: RoundPhase = RoundPhase.WRITE
    until: datetime
    members: frozenset[str]
    answered: frozenset[str] = field(default_factory=frozenset)
    rests_until: datetime | None = None
    host_answered: bool = False
    stopped: bool = False


def reveal(asked: Round, now: datetime) -> bool:
    """Say whether answers may be read: everybody answered or the time is over.

    A round about the host stays closed below five answers, however late it is.

    Examples
    --------
    >>> noon = datetime(2026, 11, 23, 12)
    >>> two = frozenset({"a", "b"})
    >>> early = Round(kind=RoundKind.QUESTION, until=noon, members=two, answered=frozenset("a"))
    >>> reveal(early, datetime(2026, 11, 23, 11)), reveal(early, noon)
    (False, True)
    """
    return asked.phase is not RoundPhase.WRITE or _not_open(asked, now) is None


def _not_open(asked: Round, now: datetime) -> RoundRefusal | None:
    whole = bool(asked.members) and asked.members <= asked.answered
    if not whole and now < asked.until:
        return RoundRefusal.STILL_WRITING
    if asked.kind is RoundKind.HOST and len(asked.answered) < UNNAMED:
        return RoundRefusal.TOO_FEW
    return None


def why_not_on(asked: Round, to: RoundPhase, *, now: datetime) -> RoundRefusal | None:
    """Say why a round does not go on to a phase; None if it does."""
    route = ROUTES[asked.kind]
    at = route.index(asked.phase)
    if route[at + 1 : at + 2] != (to,):
        return RoundRefusal.NOT_NEXT
    if asked.stopped and to is not RoundPhase.OVER:
        return RoundRefusal.STOPPED
    if asked.phase is RoundPhase.WRITE:
        return _not_open(asked, now)
    if to is RoundPhase.WEIGH:
        resting = asked.rests_until is None or now < asked.rests_until
        return RoundRefusal.RESTING if resting else None
    silent = asked.kind is RoundKind.HOST and to is RoundPhase.OVER and not asked.host_answered
    return RoundRefusal.NOT_ANSWERED if silent else None


def gone_on(asked: Round, to: RoundPhase, *, now: datetime) -> Round:
    """Take a round on to its next phase.

    Raises
    ------
    MoveRefused
        With a `RoundRefusal` as its code.
    """
    if (refusal := why_not_on(asked, to, now=now)) is not None:
        raise MoveRefused(_SENTENCES[refusal], code=refusal)
    rests = rest_until(now) if to is RoundPhase.BUILD else asked.rests_until
    return replace(asked, phase=to, rests_until=rests)


def rest_until(now: datetime) -> datetime:
    """Say until when ideas rest: over night, and twelve hours at least.

    Examples
    --------
    >>> rest_until(datetime(2026, 11, 23, 15)), rest_until(datetime(2026, 11, 23, 23))
    (datetime.datetime(2026, 11, 24, 7, 0), datetime.datetime(2026, 11, 24, 11, 0))
    """
    morning = datetime.combine(now.date() + timedelta(days=1), MORNING, tzinfo=now.tzinfo)
    return max(morning, now + timedelta(hours=REST_HOURS))


def us_too(companies: Collection[str]) -> int | Withheld:
    """Count the companies that marked "us too", from five on.

    Examples
    --------
    >>> us_too({"a", "b"})
    Withheld(reason='too_few', needed=5, got=0)

    Notes
    -----
    `got` is 0 below five: how many there are is what is held back. Show the count when marking
    is over, so that nobody sees it rise when one of them comes.
    """
    count = len(frozenset(companies))
    return count if count >= UNNAMED else Withheld("too_few", needed=UNNAMED, got=0)


class HostClock(StrEnum):
    """Where the host's answer stands."""

    RUNNING = "running"
    OVERDUE = "overdue"
    ANSWERED = "answered"


def answer_by(asked_on: date) -> date:
    """Give the day by which the host answers.

    Examples
    --------
    >>> answer_by(date(2026, 11, 22))
    datetime.date(2026, 12, 6)
    """
    return asked_on + timedelta(days=HOST_DAYS)


def host_clock(by: date, *, answered_on: date | None, today: date) -> HostClock:
    """Say where the host's answer stands; a late answer is an answer.

    Examples
    --------
    >>> host_clock(date(2026, 12, 6), answered_on=None, today=date(2026, 12, 7)).value
    'overdue'
    """
    if answered_on is not None:
        return HostClock.ANSWERED
    return HostClock.OVERDUE if today > by else HostClock.RUNNING


class ListeningStep(StrEnum):
    """A turn in strategic listening."""

    SPEAK = "speak"
    RESTATE = "restate"
    AGAIN = "again"
    REPLY = "reply"


class Whose(StrEnum):
    """Whose turn a step is: anybody's, the speaker's, a listener's, or who said it again."""

    ANYBODY = "anybody"
    SPEAKER = "speaker"
    LISTENER = "listener"
    RESTATER = "restater"


S = ListeningStep
LISTENING: Mapping[ListeningStep | None, Mapping[ListeningStep, Whose]] = {
    None: {S.SPEAK: Whose.ANYBODY},
    S.SPEAK: {S.RESTATE: Whose.LISTENER},
    S.RESTATE: {S.AGAIN: Whose.SPEAKER, S.REPLY: Whose.RESTATER},
    S.AGAIN: {S.RESTATE: Whose.LISTENER},
    S.REPLY: {S.RESTATE: Whose.LISTENER, S.SPEAK: Whose.ANYBODY},
}
"""After a step, which may follow and whose it is. Nobody replies before saying it again in own
words; the speaker who does not feel heard has it said again."""


@dataclass(frozen=True, slots=True)
class ListeningTurn:
    """Who took which step; never what was said."""

    step: ListeningStep
    party: str


def may_take(turns: Sequence[ListeningTurn], step: ListeningStep, *, party: str) -> bool:
    """Say whether a party may take a step now.

    Examples
    --------
    >>> spoken = [ListeningTurn(ListeningStep.SPEAK, "Amber")]
    >>> may_take(spoken, ListeningStep.REPLY, party="Birch")
    False
    >>> may_take(spoken, ListeningStep.RESTATE, party="Birch")
    True
    """
    whose = LISTENING[turns[-1].step if turns else None].get(step)
    if whose is None or whose is Whose.ANYBODY:
        return whose is not None
    speaker = _last(turns, ListeningStep.SPEAK)
    if whose is Whose.SPEAKER:
        return party == speaker
    if whose is Whose.LISTENER:
        return party != speaker
    return party == _last(turns, ListeningStep.RESTATE)


def _last(turns: Sequence[ListeningTurn], step: ListeningStep) -> str:
    return next((turn.party for turn in reversed(turns) if turn.step is step), "")
