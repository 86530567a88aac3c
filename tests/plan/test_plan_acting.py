"""Lines in action: asks, owners of two levels, three at most, settled and taken back."""

from datetime import timedelta

import pytest

from tests import factories as f
from tests.plan import planned as p
from upturn.commitments.engine import Move, Outcome
from upturn.commitments.models import Ask
from upturn.people.models import Role
from upturn.plan.commands import acting, editing, opening
from upturn.plan.commands.editing import Edit
from upturn.plan.engine import (
    InAction,
    Incomplete,
    NoProvider,
    NotReady,
    NotYours,
    OneLevelOnly,
    Overtaken,
    Protected,
    TooManyActive,
)
from upturn.plan.models import Plan, PlanEdit, PlanLine
from upturn.plan.queries.roadmap import PartyLoad, roadmap
from upturn.record.models import JournalEntry

pytestmark = pytest.mark.django_db
TWO_MONTHS = f.TODAY + timedelta(days=60)


def in_action(here: p.Setting) -> tuple[Plan, PlanLine, PlanLine]:
    plan, have, do = p.ready(here)
    return p.started(here.leader, plan), have, do


def put(here: p.Setting, plan: Plan, line: PlanLine, **more: object) -> PlanLine:
    given = p.act(here, **{"turn": line.turn} | more)
    return acting.put_into_action(here.leader, plan, line.ref, act=given, today=f.TODAY)


def load_of(here: p.Setting, plan: Plan) -> PartyLoad:
    found = roadmap(here.leader, p.fresh(plan))
    return next(load for load in found.loads if load.party.id == here.floor.pk)


@pytest.mark.parametrize("lacks", ["question", "moments", "served_first"])
def test_a_plan_cannot_be_activated_without_a_served_server_line(lacks: str) -> None:
    here = p.Setting()
    plan = p.plan_of(here.leader, here.guests)
    if lacks != "question":
        p.answered(here.leader, plan)
    if lacks != "moments":
        food = p.moment(here.leader, plan)
        if lacks != "served_first":
            p.line(here.leader, food, here.floor, provider_id=here.kitchen.pk)
        else:
            p.line(here.leader, food, here.floor)
            p.line(here.leader, food, here.guests, provider_id=here.floor.pk)
    with pytest.raises(NotReady) as refused:
        p.started(here.leader, plan)
    assert lacks in refused.value.missing
    plan.refresh_from_db()
    assert (plan.state, plan.started_on) == ("draft", None)


def test_a_plan_starts_once_and_keeps_what_was_agreed() -> None:
    here = p.Setting()
    plan, _have, _do = in_action(here)
    assert (plan.state, plan.started_on) == ("started", f.TODAY)
    assert plan.frozen is not None
    assert JournalEntry.objects.filter(verb="start plan", subject_ref=plan.ref).count() == 1
    with pytest.raises(NotYours):
        p.started(here.leader, plan)


def test_a_stale_page_starts_nothing() -> None:
    here = p.Setting()
    plan, _have, _do = p.ready(here)
    with pytest.raises(Overtaken):
        opening.start_plan(here.leader, plan, turn=plan.turn + 1, today=f.TODAY)


def test_a_have_becomes_an_ask_and_its_round_trip_settles_the_line() -> None:
    here = p.Setting()
    plan, have, _do = in_action(here)
    active = put(here, plan, have)
    ask = Ask.objects.get(ref=active.ask_ref)
    assert (ask.words, ask.because, ask.edge.server) == ("Warm plates", plan.name, here.kitchen)
    assert (active.due_on, active.active_on) == (TWO_MONTHS, f.TODAY)
    assert {(o.party_id, o.who) for o in active.owners.all()} == {
        (here.floor.pk, "Mia"),
        (here.kitchen.pk, "Jo"),
    }
    with pytest.raises(InAction):
        acting.settle(here.leader, plan, have.ref, turn=active.turn, today=f.TODAY)
    cook = f.member(here.kitchen)
    f.moved(cook, ask, Move.PROMISE, what="Warm them", who="Jo", sign="Warm", due_on=f.TODAY)
    f.moved(here.leader, ask, Move.JUDGE, outcome=Outcome.BETTER)
    done = acting.settle(here.leader, plan, have.ref, turn=active.turn, today=f.TODAY)
    assert (done.state, done.settled_on) == ("settled", f.TODAY)


def test_only_somebody_who_is_served_asks_for_a_have() -> None:
    here = p.Setting()
    plan, have, _do = in_action(here)
    facilitator = f.person(role=Role.FACILITATOR)
    with pytest.raises(NotYours, match="waits for somebody of Floor"):
        acting.put_into_action(
            facilitator, plan, have.ref, act=p.act(here, turn=have.turn), today=f.TODAY
        )
    assert not Ask.objects.exists()
    page = f.signed_in(facilitator).get(f"/plans/{plan.ref}/lines/").content.decode()
    assert "waits for somebody of Floor" in page


def test_sent_twice_a_have_is_asked_once() -> None:
    here = p.Setting()
    plan, have, _do = in_action(here)
    given = p.act(here, turn=have.turn)
    for _ in range(2):
        acting.put_into_action(here.leader, plan, have.ref, act=given, today=f.TODAY)
    assert Ask.objects.count() == 1


def test_nobody_asks_for_what_nobody_gives() -> None:
    here = p.Setting()
    plan, have, _do = in_action(here)
    gap = p.line(here.leader, have.moment, here.floor, words="A runner")
    with pytest.raises(NoProvider):
        put(here, plan, gap)


def test_a_line_is_owned_on_two_levels() -> None:
    here = p.Setting()
    plan, _have, do = in_action(here)
    bar = f.party("Bar")
    f.serves(bar, here.guests)
    for owners in (
        (),
        ((here.floor.pk, "Mia"),),
        ((here.floor.pk, "Mia"), (bar.pk, "Bo")),
    ):
        with pytest.raises(OneLevelOnly):
            put(here, plan, do, owners=owners)
    with pytest.raises(Incomplete):
        put(here, plan, do, owners=((here.floor.pk, "Mia"), (here.floor.pk, "Jo")))
    with pytest.raises(Incomplete):
        put(here, plan, do, owners=((here.floor.pk, " "), (here.kitchen.pk, "Jo")))
    assert put(here, plan, do).state == "active"


def test_a_fourth_line_over_all_plans_needs_a_reason() -> None:
    here = p.Setting()
    plans = [in_action(here) for _ in range(2)]
    lines = []
    for plan, have, do in plans:
        lines += [(plan, do), (plan, p.line(here.leader, have.moment, here.floor, "be"))]
    for plan, line in lines[:3]:
        put(here, plan, line)
    plan, fourth = lines[3]
    with pytest.raises(TooManyActive) as refused:
        put(here, plan, fourth)
    assert refused.value.active == 3
    (load,) = [
        each for each in roadmap(here.leader, p.fresh(plan)).loads if each.party.name == "Floor"
    ]
    assert (load.active, load.fits, len(load.lines)) == (3, 0, 1)
    kept = put(here, plan, fourth, override="The season ends")
    assert kept.override == "The season ends"
    entry = JournalEntry.objects.get(verb="put line into action", subject_ref=kept.ref)
    assert entry.detail == "The season ends"
    page = f.signed_in(f.member(here.floor)).get(f"/plans/{plan.ref}/roadmap/").content.decode()
    assert "The season ends" in page
    opening.end_plan(here.leader, plans[0][0], turn=plans[0][0].turn, today=f.TODAY)
    (load,) = [
        each for each in roadmap(here.leader, p.fresh(plan)).loads if each.party.name == "Floor"
    ]
    assert load.active == 2, "lines of a plan that ended weigh on nobody"


def test_a_date_lies_ahead_and_within_a_year() -> None:
    here = p.Setting()
    plan, _have, do = in_action(here)
    for due_on in (None, f.TODAY, f.TODAY - timedelta(days=1), f.TODAY + timedelta(days=400)):
        with pytest.raises(Incomplete):
            put(here, plan, do, due_on=due_on)


def test_what_works_well_enough_goes_into_action_with_a_reason_alone() -> None:
    here = p.Setting()
    plan, have, do = in_action(here)
    have.moment.well_enough = "Loved"
    have.moment.save()
    with pytest.raises(Protected):
        put(here, plan, do)
    assert put(here, plan, do, anyway="It broke").override == "It broke"


def test_a_do_is_settled_by_its_team_and_by_nobody_else() -> None:
    here = p.Setting()
    plan, _have, do = in_action(here)
    active = put(here, plan, do)
    for viewer in (f.person(role=Role.FACILITATOR), f.member(here.kitchen)):
        with pytest.raises(NotYours):
            acting.settle(viewer, plan, do.ref, turn=active.turn, today=f.TODAY)
    server = f.member(here.floor)
    with pytest.raises(Overtaken):
        acting.settle(server, plan, do.ref, turn=active.turn + 1, today=f.TODAY)
    assert acting.settle(server, plan, do.ref, turn=active.turn, today=f.TODAY).state == "settled"


def test_a_line_comes_back_to_paper_once_its_ask_is_withdrawn() -> None:
    here = p.Setting()
    plan, have, do = in_action(here)
    active = put(here, plan, have)
    with pytest.raises(InAction):
        acting.take_back(here.leader, plan, have.ref, turn=active.turn)
    f.moved(here.leader, Ask.objects.get(), Move.WITHDRAW)
    back = acting.take_back(here.leader, plan, have.ref, turn=active.turn)
    assert (back.state, back.ask_ref, back.owners.count()) == ("noted", "", 0)
    done = put(here, plan, do)
    assert acting.take_back(here.leader, plan, do.ref, turn=done.turn).state == "noted"


def test_lines_go_into_action_in_a_started_plan_alone_and_stay_as_they_are_then() -> None:
    here = p.Setting()
    plan, have, do = p.ready(here)
    with pytest.raises(NotYours):
        put(here, plan, do)
    plan = p.started(here.leader, plan)
    active = put(here, plan, do)
    edit = Edit(key="x", turn=active.turn)
    with pytest.raises(InAction):
        editing.drop_line(here.leader, plan, do.ref, edit=edit)
    with pytest.raises(InAction):
        editing.drop_moment(here.leader, plan, have.moment.ref, edit=Edit(key="y"))
    with pytest.raises(Overtaken):
        editing.undo(here.leader, plan, PlanEdit.objects.get(row=do.ref).key)


def test_nothing_of_an_ended_plan_changes() -> None:
    here = p.Setting()
    plan, have, _do = in_action(here)
    plan = opening.end_plan(here.leader, plan, turn=plan.turn, today=f.TODAY)
    assert (plan.state, plan.ended_on) == ("ended", f.TODAY)
    for change in (
        lambda: p.moment(here.leader, plan),
        lambda: put(here, plan, have),
        lambda: opening.end_plan(here.leader, plan, turn=plan.turn, today=f.TODAY),
        lambda: editing.undo(here.leader, plan, "any"),
    ):
        with pytest.raises(NotYours):
            change()
