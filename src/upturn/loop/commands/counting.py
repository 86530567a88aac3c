"""How many have handed in: told to consoles at every change, to phones a few times a step.

Where all have handed in, the cards open by themselves.
"""

from dataclasses import replace
from datetime import datetime

from upturn.loop.commands.changing import make_move, stage_of, tell
from upturn.loop.engine.stage import StageMove, opens_by_itself
from upturn.loop.models import Workshop
from upturn.loop.queries.live import host_topic, topic
from upturn.loop.queries.rooms import Room, room_of

TIMES = 20
"""How many times a step phones are told, so that 500 of them do not drown in each other's news."""


def tell_counts(workshop: Workshop, *, now: datetime, fresh: int = 0, come: int = 0) -> Room:
    """Open the cards of a held workshop if all have handed in, else tell how many have.

    `fresh` is how many more have handed in than before, and `come` how many more are here.
    """
    found = room_of(workshop)
    stage = stage_of(workshop)
    if found.begun and opens_by_itself(stage, handed=found.handed, present=found.of, now=now):
        make_move(workshop, StageMove.OPEN_CARDS, now=now)
        return replace(found, phase=workshop.phase, turn=workshop.turn, until_s=None)
    data = {"handed": found.handed, "of": found.of, "turn": found.turn}
    before = found.handed - fresh, found.of - come
    told = [host_topic(workshop.ref)]
    if _worth_telling(*before) != _worth_telling(found.handed, found.of):
        told.append(topic(workshop.ref))
    tell(workshop, told, kind="count", data=data)
    return found


def _worth_telling(handed: int, of: int) -> tuple[int, int]:
    """Give what phones hear of: every one in a small room, every twentieth part in a large one."""
    return (handed, of) if of <= TIMES else (handed * TIMES // of, of // TIMES * TIMES)
