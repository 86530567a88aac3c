"""A meeting has an agenda before, the steward there, rules at the entry, and minutes after."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.exchange import factories as make
from tests.exchange import talk
from upturn.exchange.commands import charters, meetings
from upturn.exchange.commands.guarding import Checked
from upturn.exchange.commands.refusals import (
    GuardStopped,
    NotReady,
    NotRunning,
    NotYours,
    Overtaken,
    SignFirst,
)
from upturn.exchange.engine import CONDITIONS, Incomplete, RulesBroken
from upturn.exchange.models import Attendance
from upturn.exchange.queries import meetings as read
from upturn.stats.figures import Withheld

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def made() -> make.Made:
    return make.opened(names=make.NAMES[:5])


def _planned(made: make.Made) -> str:
    draft = meetings.MeetingDraft(at=AT, agenda="Coaching on the job")
    return meetings.plan_meeting(made.convener, made.exchange, draft, talk.checked()).ref


def test_a_meeting_from_plan_to_minutes(made: make.Made) -> None:
    ref = _planned(made)
    with pytest.raises(NotRunning):
        meetings.enter(made["Amber"].sitting, ref, accepts=True)
    meetings.begin(made["Steward"].sitting, ref)
    meetings.begin(made["Steward"].sitting, ref)
    for name in ("Amber", "Birch"):
        meetings.enter(made[name].sitting, ref, accepts=True)
    meetings.take_task(made["Amber"].sitting, ref)
    seen = read.meeting(made["Birch"].sitting, ref)
    assert (seen.companies, seen.without_task, seen.mine) == (("Amber", "Birch"), 1, True)
    with pytest.raises(RulesBroken):
        meetings.end(made.convener, ref, talk.checked(), minutes=" ")
    _refused_until_all_took_something_along(made, ref)
    with pytest.raises(NotRunning):
        meetings.enter(made["Cedar"].sitting, ref, accepts=True)


def _refused_until_all_took_something_along(made: make.Made, ref: str) -> None:
    told = {"minutes": "Talked over coaching."}
    with pytest.raises(Incomplete, match="taken nothing along"):
        meetings.end(made.convener, ref, talk.checked(), **told)
    assert read.meeting(made["Birch"].sitting, ref).minutes == ""
    meetings.end(made.convener, ref, talk.checked(), **told, without_tasks=True)
    assert read.meeting(made["Birch"].sitting, ref).minutes == told["minutes"]


def test_only_the_steward_begins_and_only_by_the_rules_one_enters(made: make.Made) -> None:
    ref = _planned(made)
    with pytest.raises(NotYours):
        meetings.begin(made["Amber"].sitting, ref)
    meetings.begin(made["Steward"].sitting, ref)
    with pytest.raises(SignFirst):
        meetings.enter(made["Amber"].sitting, ref, accepts=False)
    with pytest.raises(NotYours):
        meetings.take_task(made["Amber"].sitting, ref)
    assert not Attendance.objects.exists()


def test_rules_that_changed_in_the_meeting_are_accepted_anew_before_it_ends(
    made: make.Made,
) -> None:
    ref = _planned(made)
    meetings.begin(made["Steward"].sitting, ref)
    amber = made["Amber"]
    meetings.enter(amber.sitting, ref, accepts=True)
    make.all_sign(made, make.charter_text(mission="Another one"))
    with pytest.raises(RulesBroken):
        meetings.end(made.convener, ref, talk.checked(), minutes="Talked.")
    meetings.enter(amber.sitting, ref, accepts=True)
    meetings.take_task(amber.sitting, ref)
    meetings.end(made.convener, ref, talk.checked(), minutes="Talked.")
    assert read.meeting(amber.sitting, ref).state == "over"


@pytest.mark.parametrize(("agenda", "long"), [(" ", 45), ("Coaching", 5), ("Coaching", 600)])
def test_without_an_agenda_or_of_no_length_none_is_planned(
    agenda: str, long: int, made: make.Made
) -> None:
    draft = meetings.MeetingDraft(at=AT, agenda=agenda, minutes_long=long)
    with pytest.raises(Incomplete):
        meetings.plan_meeting(made.convener, made.exchange, draft, talk.checked())


def test_agenda_and_minutes_pass_the_guard(made: make.Made) -> None:
    draft = meetings.MeetingDraft(at=AT, agenda="We raise our price to 12 euros a call.")
    with pytest.raises(GuardStopped):
        meetings.plan_meeting(made.convener, made.exchange, draft, talk.checked())
    ref = _planned(made)
    with pytest.raises(RulesBroken):
        meetings.plan_meeting(
            made.convener, made.exchange, meetings.MeetingDraft(at=AT, agenda="Coaching"),
            Checked(""),
        )  # fmt: skip
    meetings.begin(made["Steward"].sitting, ref)
    meetings.enter(made["Amber"].sitting, ref, accepts=True)
    meetings.take_task(made["Amber"].sitting, ref)
    with pytest.raises(GuardStopped):
        meetings.end(made.convener, ref, talk.checked(), minutes=draft.agenda)


def test_who_leads_plans_too_and_nobody_else(made: make.Made) -> None:
    charters.pass_chair(made.convener, made.exchange, today=make.TODAY)
    draft = meetings.MeetingDraft(at=AT, agenda="Coaching")
    meetings.plan_meeting(made["Amber"].sitting, made.exchange, draft, talk.checked())
    with pytest.raises(NotYours):
        meetings.plan_meeting(made["Birch"].sitting, made.exchange, draft, talk.checked())


def _moved(made: make.Made, ref: str, *, turn: int = 0, **how: Any) -> meetings.Meeting:
    draft = meetings.MeetingDraft(**{"at": AT, "agenda": "Coaching on the job"} | how)
    return meetings.move_meeting(made.convener, ref, draft, talk.checked(), turn=turn)


def test_a_meeting_moves_is_called_off_and_takes_place_after_all(made: make.Made) -> None:
    ref, later = _planned(made), AT + timedelta(days=7)
    _moved(made, ref, at=later, agenda="Warm plates", minutes_long=20)
    seen = read.meeting(made["Amber"].sitting, ref)
    assert (seen.at, seen.agenda, seen.minutes_long) == (later, "Warm plates", 20)
    assert read.month_ahead(made.convener, made.exchange, today=later.date()).minutes == 20
    for _tap in range(2):
        meetings.call_off(made.convener, ref, turn=1)
    assert read.meeting(made["Amber"].sitting, ref).state == "off"
    assert read.month_ahead(made.convener, made.exchange, today=later.date()).minutes == 0
    with pytest.raises(NotRunning):
        meetings.begin(made["Steward"].sitting, ref)
    assert _moved(made, ref, turn=2).state == "planned"
    meetings.begin(made["Steward"].sitting, ref)


def test_what_began_or_was_changed_meanwhile_is_not_moved_nor_called_off(made: make.Made) -> None:
    ref = _planned(made)
    _moved(made, ref)
    with pytest.raises(Overtaken):
        _moved(made, ref, turn=0, agenda="Mine")
    with pytest.raises(Overtaken):
        meetings.call_off(made.convener, ref, turn=0)
    meetings.begin(made["Steward"].sitting, ref)
    for turn in (1, 2):
        with pytest.raises(Overtaken):
            meetings.call_off(made.convener, ref, turn=turn)
        with pytest.raises(Overtaken):
            _moved(made, ref, turn=turn)
    assert read.meeting(made["Amber"].sitting, ref).state == "running"


def test_only_who_leads_moves_a_meeting_and_its_agenda_passes_the_guard(made: make.Made) -> None:
    ref = _planned(made)
    draft = meetings.MeetingDraft(at=AT, agenda="Coaching")
    for name in ("Birch", "Steward"):
        with pytest.raises(NotYours):
            meetings.move_meeting(made[name].sitting, ref, draft, talk.checked(), turn=0)
        with pytest.raises(NotYours):
            meetings.call_off(made[name].sitting, ref, turn=0)
    with pytest.raises(GuardStopped):
        _moved(made, ref, agenda="We raise our price to 12 euros a call.")
    for wrong in ({"agenda": " "}, {"minutes_long": 5}):
        with pytest.raises(Incomplete):
            _moved(made, ref, **wrong)
    assert read.meeting(made["Amber"].sitting, ref).turn == 0


def test_what_held_is_said_once_and_shown_from_five(made: make.Made) -> None:
    ref = _planned(made)
    meetings.begin(made["Steward"].sitting, ref)
    first, second = CONDITIONS[0].code, CONDITIONS[1].code
    *most, last = made.members
    for company in most:
        meetings.enter(company.sitting, ref, accepts=True)
        meetings.say_what_held(company.sitting, ref, [first])
    assert isinstance(read.conditions(made.convener, made.exchange)[first], Withheld)
    meetings.enter(last.sitting, ref, accepts=True)
    with pytest.raises(NotReady):
        meetings.say_what_held(last.sitting, ref, ["weather"])
    meetings.say_what_held(last.sitting, ref, [second])
    with pytest.raises(NotYours):
        meetings.say_what_held(last.sitting, ref, [second])
    shares = read.conditions(made.convener, made.exchange)
    assert [getattr(shares[code], "value", None) for code in (first, second)] == [0.8, 0.2]
