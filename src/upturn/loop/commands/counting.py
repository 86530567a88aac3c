"""How many have handed in: told to consoles at every change, to phones a few times a step.

Where all have handed in, the cards open by themselves.
"""

from datetime import datetime

from upturn.loop.commands.changing import make_move, stage_of
from upturn.loop.engine.stage import StageMove, opens_by_itself
from upturn.loop.models import Workshop
from upturn.loop.queries.live import host_topic, topic
from upturn.loop.queries.rooms import Room, room_of
from upturn.record import outbox

TIMES = 20
"""How many times a step phones are told, so that 500 of them do not drown in each other's news."""


def tell_counts(workshop: Workshop, *, before: Room | None, now: datetime) -> Room:
    """Open the cards of a held workshop if all have handed in, else tell how many have.

    `before` is how it was before the change; None where phones are to be told in any case.
    """
    found = room_of(workshop)
    stage = stage_of(workshop)
    if found.begun and opens_by_itself(stage, handed=found.handed, present=found.of, now=now):
        make_move(workshop, StageMove.OPEN_CARDS, now=now)
        return room_of(workshop)
    data = {"handed": found.handed, "of": found.of, "turn": found.turn}
    outbox.publish(host_topic(workshop.ref), kind="count", ref=workshop.ref, data=data)
    if before is None or _worth_telling(before) != _worth_telling(found):
        outbox.publish(topic(workshop.ref), kind="count", ref=workshop.ref, data=data)
    return found


def _worth_telling(found: Room) -> tuple[int, int]:
    """Give what phones hear of: every one in a small room, every twentieth in a large one."""
    if found.of <= TIMES:
        return found.handed, found.of
    return found.handed * TIMES // found.of, found.of // TIMES * TIMES
