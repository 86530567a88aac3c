"""What every change of a workshop shares: holding its row, its stage, and telling the room."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.translation import gettext_lazy as _

from upturn.loop.commands.pairing import draw_at
from upturn.loop.commands.refusals import RoomClosed, in_words, overtaken, told
from upturn.loop.engine.errors import MoveRefused, NotYours, Overtaken
from upturn.loop.engine.stage import Phase, Stage, StageMove, Standing, moved
from upturn.loop.models import Workshop, WorkshopState
from upturn.loop.queries.live import host_topic, topic
from upturn.loop.queries.rooms import room_of
from upturn.loop.queries.scripts import script_of_workshop
from upturn.loop.queries.sight import may_run
from upturn.record import outbox
from upturn.record.models import OutboxEvent
from upturn.record.writer import writer

if TYPE_CHECKING:
    from upturn.people.models import Person

T = TypeVar("T")


def written(work: Callable[[], T]) -> T:
    """Have a piece of work committed together with others that wait."""
    return writer.submit(work)


def held(workshop: int) -> Workshop:
    """Give a workshop as it is, held until the change commits."""
    return Workshop.objects.select_for_update().defer("script").get(pk=workshop)


def held_open(workshop: int) -> Workshop:
    """Give a workshop as it is, if it is open; raise RoomClosed else."""
    row = held(workshop)
    if row.state != WorkshopState.OPEN:
        raise RoomClosed
    return row


def check_may_run(viewer: "Person", workshop: Workshop) -> None:
    """Raise NotYours unless the viewer holds the workshop."""
    if not may_run(viewer, workshop):
        raise NotYours(told(_("Only those who hold this workshop move it on. Join them first.")))


def stage_of(workshop: Workshop) -> Stage:
    """Give where a workshop stands, as the engine knows it."""
    return Stage(
        step=workshop.step,
        phase=Phase(workshop.phase),
        until=workshop.until,
        objection=workshop.objection,
        standing=Standing(workshop.state),
        turn=workshop.turn,
    )


def next_stage(
    workshop: Workshop, move: StageMove, *, now: datetime, turn: int | None = None
) -> Stage:
    """Give where a move takes a held workshop.

    Raises
    ------
    Overtaken, MoveRefused
        In the reader's language.
    """
    script = script_of_workshop(workshop)
    try:
        return moved(stage_of(workshop), move, script=script, now=now, turn=turn)
    except Overtaken as error:
        raise overtaken(error.turn) from error
    except MoveRefused as error:
        raise in_words(error) from error


def make_move(
    workshop: Workshop, move: StageMove, *, now: datetime, turn: int | None = None
) -> None:
    """Move a held workshop, store it and tell the room; raises as `next_stage`."""
    put(workshop, next_stage(workshop, move, now=now, turn=turn))


def put(workshop: Workshop, stage: Stage, **changes: Any) -> None:
    """Store a stage, with what else changes, and tell the room."""
    values: Mapping[str, Any] = {
        "step": stage.step,
        "phase": stage.phase.value,
        "until": stage.until,
        "objection": stage.objection,
        "state": stage.standing.value,
        "turn": stage.turn,
        **changes,
    }
    for name, value in values.items():
        setattr(workshop, name, value)
    workshop.save(update_fields=list(values))
    draw_at(workshop, stage)
    tell_stage(workshop)


def tell_stage(workshop: Workshop) -> None:
    """Tell phones and projectors where the workshop is."""
    tell(workshop, [topic(workshop.ref)], kind="stage", data=room_of(workshop).told())


def tell_to_look(workshop: Workshop, kind: str, *, step: int, room: bool = True) -> None:
    """Tell who shows cards, groups or statements of a step to read them again."""
    names = [topic(workshop.ref), host_topic(workshop.ref)]
    tell(workshop, names if room else names[1:], kind=kind, data={"step": step})


def tell(workshop: Workshop, topics: Iterable[str], *, kind: str, data: Mapping[str, Any]) -> None:
    """Tell the readers of topics, in the transaction of the change."""
    events = [outbox.event(each, kind=kind, ref=workshop.ref, data=data) for each in topics]
    OutboxEvent.objects.bulk_create(events)
