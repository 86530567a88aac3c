"""Before people stand up: each statement gets an owner, a first step and a sign, then an ask."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from upturn.commitments import commands as commitments
from upturn.commitments.engine import Move, RaisedAs, Side
from upturn.commitments.queries import may_raise, sides_of
from upturn.graph import queries as graph
from upturn.loop.commands.changing import (
    check_may_run,
    held,
    held_open,
    next_stage,
    put,
    tell_to_look,
    written,
)
from upturn.loop.commands.keeping import keep_well_enough
from upturn.loop.commands.refusals import NotReady, OtherCard, overtaken, told
from upturn.loop.engine.errors import Incomplete, NotYours
from upturn.loop.engine.stage import StageMove
from upturn.loop.models import Statement, Workshop, WorkshopState
from upturn.loop.queries.days_off import booked_on
from upturn.loop.queries.statements import closing_of
from upturn.record import journal

if TYPE_CHECKING:
    from upturn.commitments.models import Ask
    from upturn.people.models import Person

OWNER_MAX, STEP_MAX, SIGN_MAX, BECAUSE_MAX = 80, 300, 300, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """Who carries a statement, what comes first, and by what the others will notice."""

    owner: str
    first_step: str
    sign: str
    owner_party_id: int | None = None
    edge_id: int | None = None


def own_statement(
    viewer: "Person", workshop: Workshop, ref: str, given: Ownership, *, turn: int
) -> Statement:
    """Say who carries a statement; what is not known yet may be empty until the workshop closes.

    Raises
    ------
    NotYours
        If the viewer does not hold the workshop.
    Incomplete
        If something is too long, or names a party or an edge that is not to be seen.
    Overtaken
        If somebody changed it since it was read.
    RoomClosed, OtherCard
    """
    check_may_run(viewer, workshop)
    _check(viewer, given)

    def work() -> Statement:
        row = held_open(workshop.pk)
        statement = _statement(row, ref)
        if statement.turn != turn:
            raise overtaken(statement.turn)
        statement.owner = given.owner.strip()
        statement.first_step = given.first_step.strip()
        statement.sign = given.sign.strip()
        statement.owner_party_id, statement.edge_id = given.owner_party_id, given.edge_id
        statement.turn += 1
        statement.save()
        tell_to_look(row, "statements", step=statement.step)
        return statement

    return written(work)


def _check(viewer: "Person", given: Ownership) -> None:
    for words, most in (
        (given.owner, OWNER_MAX),
        (given.first_step, STEP_MAX),
        (given.sign, SIGN_MAX),
    ):
        if len(words) > most:
            said = _("“{words}…” ends at {most} letters.")
            raise Incomplete(told(said, words=words[:40], most=most))
    if given.owner_party_id not in {None, *graph.visible_parties(viewer)}:
        raise Incomplete(told(_("There is no such party, or it is not for you to see.")))
    if given.edge_id not in {None, *graph.visible_edges(viewer)}:
        raise Incomplete(told(_("There is no such relationship, or it is not for you to see.")))


def _statement(workshop: Workshop, ref: str) -> Statement:
    found = Statement.objects.filter(workshop=workshop, ref=ref).exclude(words="").first()
    if found is None:
        raise OtherCard
    return found


def close_workshop(
    viewer: "Person",
    workshop: Workshop,
    *,
    day_100_on: date,
    turn: int,
    now: datetime,
    without_tasks: bool = False,
) -> Workshop:
    """Close a workshop and book day 100; statements over an edge become asks where they may.

    What the viewer cannot ask waits to be sent by the party that is served. `without_tasks` lets
    people go who have taken no small task along. A day off is moved to the next working day.

    Raises
    ------
    NotYours, Overtaken, MoveRefused
    NotReady
        With a sentence for each thing that is missing.
    Incomplete
        If day 100 is not in the future.
    """
    check_may_run(viewer, workshop)
    today = timezone.localdate(now)
    if day_100_on <= today:
        raise Incomplete(told(_("Day 100 lies ahead. Choose a later day.")))
    booked = booked_on(day_100_on).day
    because = gettext("In 100 days, of the workshop “%(name)s”") % {"name": workshop.name}

    def work() -> Workshop:
        row = held(workshop.pk)
        stage = next_stage(row, StageMove.CLOSE, now=now, turn=turn)
        _check_ready(row, without_tasks=without_tasks)
        put(row, stage, closed_on=today, day_100_on=booked)
        keep_well_enough(row)
        for statement in _to_ask(row):
            _ask(viewer, statement, because=because, today=today)
        journal.write(
            "close workshop", subject_kind="workshop", subject_ref=row.ref, actor_id=viewer.pk
        )
        return row

    return written(work)


def _check_ready(workshop: Workshop, *, without_tasks: bool) -> None:
    found = closing_of(workshop)
    missing = []
    if count := len(found.not_whole):
        said = ngettext_lazy(
            "{count} statement has no owner, first step or sign yet.",
            "{count} statements have no owner, first step or sign yet.",
            count,
        )
        missing.append(told(said, count=count))
    if found.without_task and not without_tasks:
        said = ngettext_lazy(
            "{count} phone has no small task of its own yet.",
            "{count} phones have no small task of their own yet.",
            found.without_task,
        )
        missing.append(told(said, count=found.without_task))
    if missing:
        raise NotReady(tuple(missing))


def _to_ask(workshop: Workshop) -> list[Statement]:
    rows = Statement.objects.filter(workshop=workshop, edge__isnull=False, ask_ref="")
    rows = rows.filter(hidden_because="").exclude(words="")
    return list(rows.select_related("edge", "workshop").order_by("step", "pk"))


def _ask(viewer: "Person", statement: Statement, *, because: str, today: date) -> "Ask | None":
    """Raise the ask where the viewer's party is served, and promise where it also serves."""
    if statement.edge is None or not may_raise(viewer, statement.edge):
        return None
    draft = commitments.Draft(
        words=statement.words,
        raised_as=RaisedAs.TEAM,
        code=_code_of(statement),
        because=because[:BECAUSE_MAX],
    )
    ask = commitments.raise_ask(viewer, edge=statement.edge, draft=draft, today=today)
    Statement.objects.filter(pk=statement.pk).update(ask_ref=ask.ref)
    if Side.SERVING in sides_of(viewer, ask) and ask.turn == 0:
        promise = commitments.Content(
            turn=ask.turn,
            what=statement.first_step,
            who=statement.owner,
            sign=statement.sign,
            due_on=statement.workshop.day_100_on,
        )
        commitments.take(viewer, ask, move=Move.PROMISE, content=promise, today=today)
    return ask


def _code_of(statement: Statement) -> str:
    """Draw the code of an ask from its statement, so that it is raised once."""
    drawn = hashlib.sha256(f"statement {statement.ref} {statement.key_hash}".encode()).digest()
    letters = [commitments.LETTERS[byte % len(commitments.LETTERS)] for byte in drawn[:20]]
    return "-".join("".join(letters[at : at + 5]) for at in range(0, 20, 5))


def send_ask(viewer: "Person", ref: str, *, today: date) -> "Ask":
    """Send a statement that waited for the viewer's party as an ask; sent again, it is the same.

    Raises
    ------
    OtherCard
        If there is none.
    NotYours
        If the viewer's party is not the one that is served.
    """
    because = gettext("In 100 days, of the workshop “%(name)s”")

    def work() -> "Ask":
        rows = Statement.objects.filter(workshop__state=WorkshopState.CLOSED, hidden_because="")
        rows = rows.exclude(words="").select_related("edge", "workshop")
        statement = rows.filter(ref=ref, edge__isnull=False).first()
        if statement is None:
            raise OtherCard
        said = because % {"name": statement.workshop.name}
        ask = _ask(viewer, statement, because=said, today=today)
        if ask is None:
            raise NotYours(told(_("Only the party that is served can ask this. Tell them.")))
        return ask

    return written(work)


def move_day_100(
    viewer: "Person", workshop: Workshop, day: date, *, turn: int, today: date
) -> Workshop:
    """Meet on another day, such as when the hundredth turns out to be a holiday.

    A day off is moved to the next working day.

    Raises
    ------
    NotYours, Overtaken
    Incomplete
        If the day is past, or the workshop does not wait for day 100.
    """
    check_may_run(viewer, workshop)

    def work() -> Workshop:
        row = held(workshop.pk)
        if row.turn != turn:
            raise overtaken(row.turn)
        if row.state != WorkshopState.CLOSED or day < today:
            raise Incomplete(told(_("A day 100 is moved while it lies ahead, to a day that does.")))
        row.day_100_on, row.turn = booked_on(day).day, row.turn + 1
        row.save(update_fields=["day_100_on", "turn"])
        return row

    return written(work)
