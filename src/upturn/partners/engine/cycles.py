"""Improvement cycles: notice, try, measure, keep (S1.18, S1.19)."""

from enum import StrEnum

from upturn.partners.engine.moves import Moves, Step


class CycleState(StrEnum):
    """Where a cycle stands; a stopped one says what was learned."""

    NOTICED = "noticed"
    SHARED = "shared"
    TRYING = "trying"
    MEASURING = "measuring"
    KEPT = "kept"
    STOPPED = "stopped"


class CycleMove(StrEnum):
    """What somebody can do with a cycle."""

    JOIN = "join"
    TRY = "try"
    MEASURE = "measure"
    TRY_AGAIN = "try_again"
    KEEP = "keep"
    STOP = "stop"
    STEP_BACK = "step_back"
    OPEN_AGAIN = "open_again"


class CycleSide(StrEnum):
    """The team that raised it, those who own it with them, and leaders who could."""

    RAISING = "raising"
    CO_OWNING = "co_owning"
    LEADING = "leading"


_R, _O, _L = CycleSide.RAISING, CycleSide.CO_OWNING, CycleSide.LEADING
CYCLE_MOVES: Moves[CycleState, CycleMove, CycleSide] = Moves(
    CycleState.NOTICED,
    (
        Step(CycleState.NOTICED, CycleMove.JOIN, _L, CycleState.SHARED),
        Step(CycleState.NOTICED, CycleMove.STOP, _R, CycleState.STOPPED),
        Step(CycleState.SHARED, CycleMove.TRY, _R, CycleState.TRYING),
        Step(CycleState.SHARED, CycleMove.TRY, _O, CycleState.TRYING),
        Step(CycleState.SHARED, CycleMove.STEP_BACK, _O, CycleState.NOTICED),
        Step(CycleState.SHARED, CycleMove.STOP, _R, CycleState.STOPPED),
        Step(CycleState.TRYING, CycleMove.MEASURE, _R, CycleState.MEASURING),
        Step(CycleState.TRYING, CycleMove.MEASURE, _O, CycleState.MEASURING),
        Step(CycleState.TRYING, CycleMove.STEP_BACK, _R, CycleState.SHARED),
        Step(CycleState.TRYING, CycleMove.STEP_BACK, _O, CycleState.SHARED),
        Step(CycleState.TRYING, CycleMove.STOP, _R, CycleState.STOPPED),
        Step(CycleState.MEASURING, CycleMove.KEEP, _R, CycleState.KEPT),
        Step(CycleState.MEASURING, CycleMove.TRY_AGAIN, _R, CycleState.TRYING),
        Step(CycleState.MEASURING, CycleMove.TRY_AGAIN, _O, CycleState.TRYING),
        Step(CycleState.MEASURING, CycleMove.STOP, _R, CycleState.STOPPED),
        Step(CycleState.KEPT, CycleMove.OPEN_AGAIN, _R, CycleState.MEASURING),
        Step(CycleState.STOPPED, CycleMove.OPEN_AGAIN, _R, CycleState.NOTICED),
    ),
)
CLOSED = frozenset({CycleState.KEPT, CycleState.STOPPED})
