"""Day 100 comes by itself: every statement is on the screen, and people say what became of it."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from upturn.loop.commands.changing import (
    check_may_run,
    held,
    next_stage,
    put,
    tell_to_look,
    written,
)
from upturn.loop.commands.joining import forget_phones
from upturn.loop.commands.refusals import OtherCard, overtaken, told
from upturn.loop.engine.errors import Incomplete
from upturn.loop.engine.stage import StageMove
from upturn.loop.models import Statement, StatementVerdict, Workshop, WorkshopState
from upturn.loop.queries.rooms import due_to_meet
from upturn.record import journal

if TYPE_CHECKING:
    from upturn.people.models import Person

EVIDENCE_MAX = 400


def open_day_100(today: date, *, now: datetime) -> int:
    """Let every workshop meet again whose day has come; give how many.

    A house that was switched off that day does so when it is next switched on.
    """
    return sum(written(partial(_met, pk, today, now)) for pk in due_to_meet(today))


def _met(pk: int, today: date, now: datetime) -> bool:
    row = held(pk)
    due = row.state == WorkshopState.CLOSED and row.day_100_on and row.day_100_on <= today
    if due:
        _meet(row, today, now)
    return bool(due)


def _meet(row: Workshop, today: date, now: datetime, *, turn: int | None = None) -> None:
    put(row, next_stage(row, StageMove.MEET, now=now, turn=turn), met_on=today)
    forget_phones(row)


def meet_now(
    viewer: "Person", workshop: Workshop, *, turn: int, today: date, now: datetime
) -> Workshop:
    """Meet before the day, because people are together; it is journalled.

    Raises
    ------
    NotYours, Overtaken, MoveRefused
    """
    check_may_run(viewer, workshop)

    def work() -> Workshop:
        row = held(workshop.pk)
        _meet(row, today, now, turn=turn)
        journal.write(
            "meet again", subject_kind="workshop", subject_ref=row.ref, actor_id=viewer.pk
        )
        return row

    return written(work)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What became of a statement, what shows it, and the turn it was read at."""

    verdict: str
    evidence: str
    turn: int


def judge(
    viewer: "Person", workshop: Workshop, ref: str, given: Judgement, *, today: date
) -> Statement:
    """Keep what became of a statement, as the room says it; it can be put right later.

    Raises
    ------
    NotYours, Overtaken, OtherCard
    Incomplete
        Without what shows it, or before day 100.
    """
    check_may_run(viewer, workshop)
    shows = given.evidence.strip()
    if given.verdict not in StatementVerdict.values:
        raise Incomplete(told(_("Choose better, the same, worse, or another good thing.")))
    if not shows or len(shows) > EVIDENCE_MAX:
        said = _("Say what shows it, in at most {most} letters.")
        raise Incomplete(told(said, most=EVIDENCE_MAX))

    def work() -> Statement:
        row = held(workshop.pk)
        if row.state != WorkshopState.MET:
            raise Incomplete(told(_("This is said on day 100. Until then it stays open.")))
        statement = Statement.objects.filter(workshop=row, ref=ref).exclude(words="").first()
        if statement is None:
            raise OtherCard
        if statement.turn != given.turn:
            raise overtaken(statement.turn)
        statement.verdict, statement.evidence = given.verdict, shows
        statement.judged_on, statement.turn = today, statement.turn + 1
        statement.save(update_fields=["verdict", "evidence", "judged_on", "turn"])
        tell_to_look(row, "statements", step=statement.step)
        return statement

    return written(work)
