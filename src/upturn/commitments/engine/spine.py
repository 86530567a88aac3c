"""The spine as data: which state an ask is in, who may move it, and where it goes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from upturn.commitments.engine.errors import MoveRefused

DAYS_TO_THE_LAST_QUESTION = 100


class Side(StrEnum):
    """The two ends of a serves-edge, seen from an ask on it."""

    ASKING = "asking"
    SERVING = "serving"


class State(StrEnum):
    """Where an ask stands."""

    ASKED = "asked"
    ASKED_BACK = "asked_back"
    DECLINED = "declined"
    PROMISED = "promised"
    DONE = "done"
    JUDGED = "judged"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What somebody can do with an ask."""

    PROMISE = "promise"
    ASK_BACK = "ask_back"
    REPLY = "reply"
    DECLINE = "decline"
    INSIST = "insist"
    ACCEPT = "accept"
    MOVE_DATE = "move_date"
    SAY_DONE = "say_done"
    JUDGE = "judge"
    JUDGE_DAY_100 = "judge_day_100"
    ASK_AGAIN = "ask_again"
    WITHDRAW = "withdraw"


class RaisedAs(StrEnum):
    """Who stands on the asking side: a team, one person, or whoever holds a ticket."""

    TEAM = "team"
    PERSON = "person"
    TICKET = "ticket"


class Moment(StrEnum):
    """When the asking side gives its verdict."""

    DUE = "due"
    DAY_100 = "day_100"


class Outcome(StrEnum):
    """What the asking side noticed."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    OTHER = "other"


class When(StrEnum):
    """From which day on a move is open."""

    ALWAYS = "always"
    DUE = "from the due date"
    DAY_100 = "from day 100"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table: ``side`` may take ``move`` from ``before`` to ``after``."""

    before: State
    move: Move
    side: Side
    after: State
    when: When = When.ALWAYS


_A, _S = Side.ASKING, Side.SERVING
STEPS: tuple[Step, ...] = (
    Step(State.ASKED, Move.PROMISE, _S, State.PROMISED),
    Step(State.ASKED, Move.ASK_BACK, _S, State.ASKED_BACK),
    Step(State.ASKED, Move.DECLINE, _S, State.DECLINED),
    Step(State.ASKED, Move.WITHDRAW, _A, State.WITHDRAWN),
    Step(State.ASKED_BACK, Move.REPLY, _A, State.ASKED),
    Step(State.ASKED_BACK, Move.PROMISE, _S, State.PROMISED),
    Step(State.ASKED_BACK, Move.WITHDRAW, _A, State.WITHDRAWN),
    Step(State.DECLINED, Move.INSIST, _A, State.ASKED),
    Step(State.DECLINED, Move.ACCEPT, _A, State.SETTLED),
    Step(State.DECLINED, Move.PROMISE, _S, State.PROMISED),
    Step(State.PROMISED, Move.SAY_DONE, _S, State.DONE),
    Step(State.PROMISED, Move.MOVE_DATE, _S, State.PROMISED),
    Step(State.PROMISED, Move.WITHDRAW, _A, State.WITHDRAWN),
    Step(State.PROMISED, Move.JUDGE, _A, State.JUDGED, When.DUE),
    Step(State.DONE, Move.JUDGE, _A, State.JUDGED),
    Step(State.DONE, Move.JUDGE_DAY_100, _A, State.SETTLED, When.DAY_100),
    Step(State.JUDGED, Move.JUDGE_DAY_100, _A, State.SETTLED, When.DAY_100),
    Step(State.JUDGED, Move.ASK_AGAIN, _A, State.ASKED),
)
_TABLE = {(step.before, step.move): step for step in STEPS}


@dataclass(frozen=True, slots=True)
class Dates:
    """The days that open the verdicts of the current promise; None without a promise."""

    due: date | None = None
    day_100: date | None = None


def day_100(made_on: date) -> date:
    """Day on which the asking side is asked for the last time.

    >>> day_100(date(2026, 10, 26))
    datetime.date(2027, 2, 3)
    """
    return made_on + timedelta(days=DAYS_TO_THE_LAST_QUESTION)


def _is_open(step: Step, *, dates: Dates, today: date) -> bool:
    opens = {When.ALWAYS: date.min, When.DUE: dates.due, When.DAY_100: dates.day_100}[step.when]
    return opens is not None and opens <= today


def open_moves(
    state: State, *, sides: Iterable[Side], dates: Dates, today: date
) -> tuple[Move, ...]:
    """Moves that somebody on ``sides`` may take today, in the order of the table.

    >>> open_moves(State.ASKED, sides=[Side.ASKING], dates=Dates(), today=date(2026, 1, 1))
    (<Move.WITHDRAW: 'withdraw'>,)
    """
    allowed = frozenset(sides)
    return tuple(
        step.move
        for step in STEPS
        if step.before == state
        and step.side in allowed
        and _is_open(step, dates=dates, today=today)
    )


def after(state: State, *, move: Move, sides: Iterable[Side], dates: Dates, today: date) -> State:
    """State in which ``move`` leaves an ask.

    Raises
    ------
    MoveRefused
        If the move is unknown from ``state``, belongs to the other side, or opens later.
    """
    step = _TABLE.get((state, move))
    if step is None:
        msg = f"{move!s} is not open while the ask is {state!s}; look at it again and choose anew."
        raise MoveRefused(msg)
    if step.side not in frozenset(sides):
        msg = f"Only the {step.side!s} side can {move!s}."
        raise MoveRefused(msg)
    if not _is_open(step, dates=dates, today=today):
        msg = f"{move!s} opens {step.when!s}."
        raise MoveRefused(msg)
    return step.after


def waits_for(state: State, *, dates: Dates, today: date) -> frozenset[Side]:
    """Sides that have something to do now; empty when nothing waits.

    A promise waits for the serving side until it is due, then for both. A judged ask waits for the
    asking side only from day 100 on.
    """
    if state in {State.SETTLED, State.WITHDRAWN}:
        return frozenset()
    if state == State.PROMISED:
        due = dates.due is not None and dates.due <= today
        return frozenset({_A, _S} if due else {_S})
    if state == State.JUDGED:
        late = dates.day_100 is not None and dates.day_100 <= today
        return frozenset({_A} if late else ())
    return frozenset({_S} if state == State.ASKED else {_A})


def diagram() -> str:
    """Mermaid source of the states and moves, for the documentation."""
    lines = [
        f"    {step.before} --> {step.after}: {step.move.replace('_', ' ')} ({step.side})"
        for step in STEPS
    ]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {State.ASKED}", *lines])
