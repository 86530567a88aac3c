"""Where a workshop stands, and the moves between: one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from upturn.loop.engine.errors import MoveRefused, Overtaken
from upturn.loop.engine.script import Gives, Script, Step


class Standing(StrEnum):
    """Of a workshop as a whole; closed until day 100, then met."""

    OPEN = "open"
    CLOSED = "closed"
    MET = "met"


class Phase(StrEnum):
    """Within a step."""

    EXPERTS = "experts"
    WRITE = "write"
    READ = "read"


class StageMove(StrEnum):
    """What a facilitator does with one key."""

    NEXT = "next"
    BACK = "back"
    EVERYBODY = "everybody"
    OPEN_CARDS = "open_cards"
    LONGER = "longer"
    OBJECTION = "objection"
    OBJECTION_MET = "objection_met"
    CLOSE = "close"
    MEET = "meet"


class Refusal(StrEnum):
    """Why a move cannot be made."""

    NOT_OPEN = "not_open"
    NOT_CLOSED = "not_closed"
    STILL_WRITING = "still_writing"
    EXPERTS_SPEAK = "experts_speak"
    NO_EXPERTS = "no_experts"
    CARDS_ARE_OPEN = "cards_are_open"
    FIRST_STEP = "first_step"
    LAST_STEP = "last_step"
    NO_TIMER = "no_timer"
    OBJECTION_STANDS = "objection_stands"
    NO_OBJECTION = "no_objection"


LONGER_MINUTES = 2
"""How much longer people may write at one press."""
_ANY = frozenset(Phase)
_WRITING = frozenset({Phase.EXPERTS, Phase.WRITE})
PHASES: Mapping[StageMove, frozenset[Phase]] = {
    StageMove.NEXT: frozenset({Phase.READ}),
    StageMove.BACK: _ANY,
    StageMove.EVERYBODY: frozenset({Phase.EXPERTS}),
    StageMove.OPEN_CARDS: frozenset({Phase.WRITE}),
    StageMove.LONGER: frozenset({Phase.WRITE}),
    StageMove.OBJECTION: _ANY,
    StageMove.OBJECTION_MET: _ANY,
    StageMove.CLOSE: _ANY,
    StageMove.MEET: _ANY,
}
"""In which phases of a step a move is open; `why_not` adds what depends on more."""
_WRONG_PHASE: Mapping[StageMove, Mapping[Phase, Refusal]] = {
    StageMove.NEXT: dict.fromkeys(_WRITING, Refusal.STILL_WRITING),
    StageMove.EVERYBODY: dict.fromkeys((Phase.WRITE, Phase.READ), Refusal.NO_EXPERTS),
    StageMove.OPEN_CARDS: {
        Phase.EXPERTS: Refusal.EXPERTS_SPEAK,
        Phase.READ: Refusal.CARDS_ARE_OPEN,
    },
    StageMove.LONGER: {Phase.EXPERTS: Refusal.NO_TIMER, Phase.READ: Refusal.CARDS_ARE_OPEN},
}
_SENTENCES: Mapping[Refusal, str] = {
    Refusal.NOT_OPEN: "The workshop is closed; on day 100 you meet again.",
    Refusal.NOT_CLOSED: "The workshop has not closed yet, so there is nothing to meet about.",
    Refusal.STILL_WRITING: "People still write. Open the cards first, then go on.",
    Refusal.EXPERTS_SPEAK: "Those who do it already speak. Let everybody write first.",
    Refusal.NO_EXPERTS: "Nobody is to speak first here.",
    Refusal.CARDS_ARE_OPEN: "The cards are open already.",
    Refusal.FIRST_STEP: "This is the first step.",
    Refusal.LAST_STEP: "This is the last step. Close the workshop.",
    Refusal.NO_TIMER: "No time runs here.",
    Refusal.OBJECTION_STANDS: "An objection is being heard. Answer it first.",
    Refusal.NO_OBJECTION: "No objection is being heard.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where a workshop stands.

    Attributes
    ----------
    step : int
        From 0.
    phase : Phase
    until : datetime or None
        When cards open by themselves.
    objection : int or None
        The step at which an objection was met, while it is being heard.
    standing : Standing
    turn : int
        Grows by one with each move.
    """

    step: int = 0
    phase: Phase = Phase.WRITE
    until: datetime | None = None
    objection: int | None = None
    standing: Standing = Standing.OPEN
    turn: int = 0


def begun(script: Script, *, now: datetime) -> Stage:
    """Give the stage at which a workshop begins."""
    return _entered(Stage(), script, step=0, now=now)


def why_not(stage: Stage, move: StageMove, *, script: Script) -> Refusal | None:
    """Say why a move cannot be made; None if it can.

    Examples
    --------
    >>> from upturn.loop.engine import shipped_script
    >>> why_not(Stage(), StageMove.NEXT, script=shipped_script("huddle")).value
    'still_writing'
    """
    if move is StageMove.MEET:
        return None if stage.standing is Standing.CLOSED else Refusal.NOT_CLOSED
    if stage.standing is not Standing.OPEN:
        return Refusal.NOT_OPEN
    if stage.phase not in PHASES[move]:
        return _WRONG_PHASE[move][stage.phase]
    return _ends(stage, move, script) or _heard(stage, move)


def _ends(stage: Stage, move: StageMove, script: Script) -> Refusal | None:
    if move is StageMove.BACK and stage.step == 0:
        return Refusal.FIRST_STEP
    if move is StageMove.NEXT and stage.step >= len(script.steps) - 1:
        return Refusal.LAST_STEP
    if move is StageMove.LONGER and stage.until is None:
        return Refusal.NO_TIMER
    return None


def _heard(stage: Stage, move: StageMove) -> Refusal | None:
    if move is StageMove.OBJECTION_MET:
        return Refusal.NO_OBJECTION if stage.objection is None else None
    if move in {StageMove.OBJECTION, StageMove.NEXT, StageMove.CLOSE}:
        return None if stage.objection is None else Refusal.OBJECTION_STANDS
    return None


def moved(
    stage: Stage, move: StageMove, *, script: Script, now: datetime, turn: int | None = None
) -> Stage:
    """Make a move.

    Parameters
    ----------
    stage : Stage
    move : StageMove
    script : Script
    now : datetime
    turn : int, optional
        The turn the facilitator saw; None for a move that the house makes by itself.

    Returns
    -------
    Stage

    Raises
    ------
    Overtaken
        If the stage has had another turn since, by somebody else or by itself.
    MoveRefused
        If the move cannot be made here; ``code`` says why.
    """
    if turn is not None and turn != stage.turn:
        raise Overtaken(
            f"Somebody moved on before you: this is step {stage.step + 1} now. Look again.",
            turn=stage.turn,
        )
    if refusal := why_not(stage, move, script=script):
        raise MoveRefused(_SENTENCES[refusal], code=refusal)
    return replace(_MAKES[move](stage, script, now), turn=stage.turn + 1)


def _next(stage: Stage, script: Script, now: datetime) -> Stage:
    return _entered(stage, script, step=stage.step + 1, now=now)


def _back(stage: Stage, _script: Script, _now: datetime) -> Stage:
    return replace(stage, step=stage.step - 1, phase=Phase.READ, until=None)


def _opened(stage: Stage, _script: Script, _now: datetime) -> Stage:
    return replace(stage, phase=Phase.READ, until=None)


def _objected(stage: Stage, _script: Script, _now: datetime) -> Stage:
    return replace(stage, objection=stage.step)


def _answered(stage: Stage, _script: Script, _now: datetime) -> Stage:
    return replace(stage, objection=None)


def _closed(stage: Stage, _script: Script, _now: datetime) -> Stage:
    return replace(stage, standing=Standing.CLOSED, until=None)


def _met(stage: Stage, _script: Script, _now: datetime) -> Stage:
    return replace(stage, standing=Standing.MET)


def _entered(stage: Stage, script: Script, *, step: int, now: datetime) -> Stage:
    at = replace(stage, step=step, until=None)
    if script.steps[step].experts_first:
        return replace(at, phase=Phase.EXPERTS)
    return _writing(at, script, now)


def _writing(stage: Stage, script: Script, now: datetime) -> Stage:
    step = script.steps[stage.step]
    if step.gives is Gives.NOTHING:
        return replace(stage, phase=Phase.READ, until=None)
    until = now + timedelta(minutes=step.minutes) if step.minutes else None
    return replace(stage, phase=Phase.WRITE, until=until)


def _longer(stage: Stage, script: Script, now: datetime) -> Stage:
    # Never more from now than the step has and one press adds: see `seconds_left`.
    most = now + timedelta(minutes=(script.steps[stage.step].minutes or 0) + LONGER_MINUTES)
    later = max(stage.until or now, now) + timedelta(minutes=LONGER_MINUTES)
    return replace(stage, until=min(later, most))


_MAKES: Mapping[StageMove, Callable[[Stage, Script, datetime], Stage]] = {
    StageMove.NEXT: _next,
    StageMove.BACK: _back,
    StageMove.EVERYBODY: _writing,
    StageMove.OPEN_CARDS: _opened,
    StageMove.LONGER: _longer,
    StageMove.OBJECTION: _objected,
    StageMove.OBJECTION_MET: _answered,
    StageMove.CLOSE: _closed,
    StageMove.MEET: _met,
}


def opens_by_itself(stage: Stage, *, handed: int, present: int, now: datetime) -> bool:
    """Say whether cards are to open now without anybody's key.

    Parameters
    ----------
    stage : Stage
    handed, present : int
        Phones that have handed in, and phones in the room. Nobody in the room opens nothing.
    now : datetime

    Notes
    -----
    Who hands in several cards says when it is the last; `handed` counts those who did. While an
    objection is being heard nothing opens.

    Examples
    --------
    >>> noon = datetime(2026, 11, 23, 12)
    >>> opens_by_itself(Stage(), handed=6, present=6, now=noon)
    True
    >>> opens_by_itself(Stage(), handed=0, present=0, now=noon)
    False
    """
    if stage.standing is not Standing.OPEN or stage.phase is not Phase.WRITE:
        return False
    if stage.objection is not None:
        return False
    return 0 < present <= handed or (stage.until is not None and now >= stage.until)


def seconds_left(stage: Stage, step: Step, *, now: datetime) -> float | None:
    """Say how long people may still write; None where no time runs.

    Never below 0, and never more than the step has and one press adds, even if somebody set the
    clock back.
    """
    if stage.until is None or step.minutes is None:
        return None
    most = (step.minutes + LONGER_MINUTES) * 60
    return min(max((stage.until - now).total_seconds(), 0.0), most)
