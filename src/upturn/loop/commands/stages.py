"""The facilitator's keys: each a move of the engine's table, and the bell that opens cards."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from upturn.loop.commands.changing import check_may_run, held, make_move, stage_of, written
from upturn.loop.commands.refusals import in_words
from upturn.loop.engine.errors import MoveRefused
from upturn.loop.engine.stage import Phase, Refusal, StageMove, opens_by_itself
from upturn.loop.models import Workshop
from upturn.loop.queries.rooms import timed_out

if TYPE_CHECKING:
    from upturn.people.models import Person

KEYS = frozenset(StageMove) - {StageMove.CLOSE, StageMove.MEET}
"""Moves that are nothing but a move; closing and meeting again do more."""


def move(
    viewer: "Person", workshop: Workshop, key: StageMove, *, turn: int, now: datetime
) -> Workshop:
    """Make one move of the facilitator.

    Raises
    ------
    NotYours
        If the viewer does not hold the workshop.
    Overtaken
        If somebody else, or the clock, moved it on since; nothing was done.
    MoveRefused
        If the move cannot be made here, with the reason.
    """
    check_may_run(viewer, workshop)
    if key not in KEYS:
        raise in_words(MoveRefused("", code=Refusal.NOT_OPEN))

    def work() -> Workshop:
        row = held(workshop.pk)
        make_move(row, key, now=now, turn=turn)
        return row

    return written(work)


def ring(now: datetime) -> int:
    """Open the cards where time is over; give of how many workshops."""
    return sum(written(partial(_rung, pk, now)) for pk in timed_out(now))


def _rung(pk: int, now: datetime) -> bool:
    row = held(pk)
    stage = stage_of(row)
    if stage.phase is not Phase.WRITE or not opens_by_itself(stage, handed=0, present=0, now=now):
        return False
    make_move(row, StageMove.OPEN_CARDS, now=now)
    return True
