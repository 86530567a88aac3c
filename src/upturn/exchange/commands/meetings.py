"""A meeting: planned with an agenda, begun with the steward, entered by the rules, ended."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.guarding import Checked, pass_guard
from upturn.exchange.commands.holding import (
    changed,
    check_running,
    convening,
    held,
    log,
    log_nobody,
    present,
    stewarding,
)
from upturn.exchange.commands.hosting import tidy
from upturn.exchange.commands.refusals import (
    NotOpen,
    NotReady,
    NotRunning,
    NotYours,
    Overtaken,
    SignFirst,
    told,
)
from upturn.exchange.engine import CONDITIONS, AskedMeeting, Incomplete, Moment, check_meeting
from upturn.exchange.models import Attendance, Exchange, Meeting, MeetingState, PartyKind
from upturn.exchange.queries.charters import lead_of
from upturn.exchange.queries.meetings import meeting_by_ref
from upturn.exchange.queries.sight import Viewer, is_open
from upturn.exchange.queries.sittings import Sitting

SHORTEST, LONGEST = 10, 240


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDraft:
    """A meeting before it is planned."""

    at: datetime
    agenda: str
    minutes_long: int = 45


def check_plan(draft: MeetingDraft) -> None:
    """Refuse a meeting without an agenda, or of a length nobody meets for."""
    if not draft.agenda.strip():
        raise Incomplete(told(_("A meeting has an agenda before it begins.")))
    if not SHORTEST <= draft.minutes_long <= LONGEST:
        said = _("A meeting lasts {least} to {most} minutes.")
        raise Incomplete(told(said, least=SHORTEST, most=LONGEST))


@transaction.atomic
def plan_meeting(
    viewer: Viewer, exchange: Exchange, draft: MeetingDraft, checked: Checked
) -> Meeting:
    """Plan a meeting: whoever keeps the exchange, or the company that leads.

    Raises
    ------
    Exchange.DoesNotExist, Gone, NotOpen, SignFirst, NotYours, Incomplete
    GuardStopped, RulesBroken
    """
    row = _leading(viewer, exchange)
    if not is_open(row):
        raise NotOpen
    given = _given(row, draft, checked)
    made = Meeting.objects.create(exchange=row, ref=secrets.token_hex(6), **given)
    changed(row)
    log(viewer, "plan meeting", row)
    return made


@transaction.atomic
def move_meeting(
    viewer: Viewer, ref: str, draft: MeetingDraft, checked: Checked, *, turn: int
) -> Meeting:
    """Plan a meeting anew that did not begin; one that was called off takes place after all.

    Raises
    ------
    Meeting.DoesNotExist, Gone, NotOpen, SignFirst, NotYours, Incomplete
    GuardStopped, RulesBroken
    Overtaken
        Also if it began meanwhile.
    """
    exchange, meeting = _to_come(viewer, ref)
    if not is_open(exchange):
        raise NotOpen
    if meeting.turn != turn:
        raise Overtaken
    given = {"state": MeetingState.PLANNED, **_given(exchange, draft, checked)}
    for name, value in given.items():
        setattr(meeting, name, value)
    _put(meeting, *given)
    changed(exchange)
    log(viewer, "move meeting", exchange)
    return meeting


@transaction.atomic
def call_off(viewer: Viewer, ref: str, *, turn: int) -> None:
    """Call a meeting off that did not begin; a second time nothing happens.

    Raises
    ------
    Meeting.DoesNotExist, Gone, NotOpen, SignFirst, NotYours, Overtaken
    """
    exchange, meeting = _to_come(viewer, ref)
    if meeting.state == MeetingState.OFF:
        return
    if meeting.turn != turn:
        raise Overtaken
    meeting.state = MeetingState.OFF
    _put(meeting, "state")
    changed(exchange)
    log(viewer, "call off meeting", exchange)


def _given(exchange: Exchange, draft: MeetingDraft, checked: Checked) -> dict[str, Any]:
    """Give a meeting's fields as they were planned, once nothing stands against them."""
    check_plan(draft)
    agenda = draft.agenda.strip()
    pass_guard(exchange, checked, agenda)
    return {"at": draft.at, "agenda": agenda[:2000], "minutes_long": draft.minutes_long}


def _to_come(viewer: Viewer, ref: str) -> tuple[Exchange, Meeting]:
    """Hold a meeting that did not begin, for whoever leads."""
    _leading(viewer, meeting_by_ref(viewer, ref).exchange)
    exchange, meeting = _locked(viewer, ref)
    if meeting.state not in {MeetingState.PLANNED, MeetingState.OFF}:
        raise Overtaken
    return exchange, meeting


def _leading(viewer: Viewer, exchange: Exchange) -> Exchange:
    if not isinstance(viewer, Sitting):
        return convening(viewer, exchange)
    row, party = present(viewer)
    check_running(row, party)
    if lead_of(row).ref != party.ref or party.kind != PartyKind.MEMBER:
        raise NotYours(told(_("Meetings are planned and closed by whoever leads, or by the host.")))
    return row


def _locked(viewer: Viewer, ref: str) -> tuple[Exchange, Meeting]:
    found = meeting_by_ref(viewer, ref)
    row = held(found.exchange_id)
    return row, Meeting.objects.select_for_update().get(pk=found.pk)


@transaction.atomic
def begin(sitting: Sitting, ref: str) -> Meeting:
    """Begin a meeting: the steward does, and so is there; a second time nothing happens.

    Raises
    ------
    Meeting.DoesNotExist, Gone, NotOpen, NotRunning, SignFirst, NotYours, RulesBroken
    """
    row, _party = stewarding(sitting)
    _row, meeting = _locked(sitting, ref)
    if meeting.state in {MeetingState.OVER, MeetingState.OFF}:
        raise NotRunning
    if meeting.state == MeetingState.PLANNED:
        check_meeting(AskedMeeting(agenda=meeting.agenda, steward=True)).settle()
        meeting.state, meeting.steward_there = MeetingState.RUNNING, True
        _put(meeting, "state", "steward_there")
        log(sitting, "begin meeting", row)
    return meeting


def _put(meeting: Meeting, *fields: str) -> None:
    meeting.turn += 1
    meeting.save(update_fields=[*fields, "turn"])


@transaction.atomic
def enter(sitting: Sitting, ref: str, *, accepts: bool) -> Attendance:
    """Come into a running meeting by accepting the rules that hold; anew after each version.

    Raises
    ------
    Meeting.DoesNotExist, Gone, NotOpen, NotRunning, SignFirst
    """
    exchange, party = present(sitting)
    check_running(exchange, party)
    if not accepts:
        raise SignFirst
    _row, meeting = _locked(sitting, ref)
    if meeting.state != MeetingState.RUNNING:
        raise NotRunning
    number = exchange.charters.count()
    found, _new = Attendance.objects.update_or_create(
        meeting=meeting, seat_id=sitting.pk, defaults={"charter": number}
    )
    return found


def _entered(sitting: Sitting, ref: str) -> tuple[Exchange, Meeting, Attendance]:
    exchange, _party = present(sitting)
    _row, meeting = _locked(sitting, ref)
    found = Attendance.objects.filter(meeting=meeting, seat=sitting.pk).first()
    if found is None:
        raise NotYours(told(_("You did not come into this meeting. Accept its rules first.")))
    return exchange, meeting, found


@transaction.atomic
def take_task(sitting: Sitting, ref: str) -> None:
    """Take one small step of one's own along; which one stays on one's own device.

    Raises
    ------
    Meeting.DoesNotExist, Gone, NotYours
    """
    _exchange, _meeting, found = _entered(sitting, ref)
    found.task = True
    found.save(update_fields=["task"])


@transaction.atomic
def end(
    viewer: Viewer, ref: str, checked: Checked, *, minutes: str, without_tasks: bool = False
) -> None:
    """End a meeting with its minutes, once everybody here took one small step along.

    Raises
    ------
    Meeting.DoesNotExist, NotYours, NotRunning, RulesBroken, GuardStopped
    Incomplete
        If somebody did not and `without_tasks` does not say to end all the same.
    """
    found = meeting_by_ref(viewer, ref)
    _leading(viewer, found.exchange)
    exchange, meeting = _locked(viewer, ref)
    if meeting.state != MeetingState.RUNNING:
        raise NotRunning
    here = Attendance.objects.filter(meeting=meeting)
    last = exchange.charters.count()
    asked = AskedMeeting(
        moment=Moment.OVER,
        agenda=meeting.agenda,
        minutes=minutes,
        steward=meeting.steward_there,
        entered=frozenset(map(str, here.values_list("seat", flat=True))),
        accepted=frozenset(map(str, here.filter(charter=last).values_list("seat", flat=True))),
    )
    check_meeting(asked).settle()
    if not without_tasks and here.filter(task=False).exists():
        said = _("Somebody here has taken nothing along yet. Wait, or end it all the same.")
        raise Incomplete(told(said))
    pass_guard(exchange, checked, minutes.strip())
    meeting.minutes, meeting.state = minutes.strip()[:6000], MeetingState.OVER
    _put(meeting, "minutes", "state")
    log(viewer, "end meeting", exchange)


@transaction.atomic
def say_what_held(sitting: Sitting, ref: str, conditions: Collection[str]) -> None:
    """Say which of the twelve conditions held; it is added up, and who said it is not kept.

    Raises
    ------
    Meeting.DoesNotExist, Gone, NotYours, NotReady
    """
    exchange, meeting, found = _entered(sitting, ref)
    known = [item.code for item in CONDITIONS]
    if unknown := sorted(set(conditions) - set(known)):
        raise NotReady(tuple(tidy(code, most=32) for code in unknown))
    if found.said:
        raise NotYours(told(_("You have said it for this meeting.")))
    found.said = True
    found.save(update_fields=["said"])
    counted = dict(meeting.made_it_work)
    for code in known:
        yes, of = counted.get(code, (0, 0))
        counted[code] = [yes + (code in conditions), of + 1]
    meeting.made_it_work = counted
    _put(meeting, "made_it_work")
    log_nobody("say what held", exchange)
