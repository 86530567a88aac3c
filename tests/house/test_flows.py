"""Two guided ways that tell where one stands: planning and gap analysis (S1.23)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from tests import factories as f
from tests.partners import closed_waves
from tests.partners.open_waves import open_wave
from tests.partners.stored_waves import stored
from tests.plan import planned
from upturn.commitments.engine import Move
from upturn.graph.commands import touch
from upturn.graph.models import Party
from upturn.house.flow_steps import (
    DAY_100,
    GAPS,
    PLANNING,
    FlowStep,
    GapFacts,
    PlanningFacts,
    Stand,
    planning_steps,
    steps_of,
)
from upturn.partners.commands.barriers import BarrierDraft, name_barrier
from upturn.partners.engine import Barrier
from upturn.people.models import Role
from upturn.plan.commands import acting, opening
from upturn.plan.engine import PlanFacts, StepKey
from upturn.record.writer import writer

STARTED = date(2026, 6, 1)
WHOLE = PlanFacts(
    answered=True,
    functions=3,
    moments=3,
    haves=1,
    served_first=1,
    promises=1,
    pairs=1,
    baselines=1,
    units=6,
    dated=6,
    state="started",
)
FINISHED = PlanningFacts(
    plan=WHOLE, acting=1, readings=2, read_on=STARTED + DAY_100, started_on=STARTED
)


def plan_facts(**more: Any) -> PlanningFacts:
    return replace(FINISHED, plan=replace(WHOLE, **more))


# What alone is missing, and the step that then waits; all others stay done.
PLANNING_TABLE = [
    ("question", plan_facts(answered=False)),
    ("group", plan_facts(functions=2)),
    ("day", plan_facts(moments=2)),
    ("day", plan_facts(unmet=1)),
    ("lines", plan_facts(haves=0)),
    ("lines", plan_facts(served_first=0)),
    ("lines", plan_facts(promises=0)),
    ("targets", plan_facts(pairs=0, baselines=0)),
    ("targets", plan_facts(baselines=0)),
    ("roll_out", plan_facts(units=0, dated=0)),
    ("roll_out", plan_facts(dated=5)),
    ("asks", replace(FINISHED, acting=0)),
    ("day_100", replace(FINISHED, read_on=STARTED + DAY_100 - timedelta(days=1))),
    ("day_100", replace(FINISHED, read_on=None)),
    ("", FINISHED),
    ("", replace(FINISHED, plan=replace(WHOLE, state="ended"), read_on=None)),
    ("", replace(FINISHED, read_on=STARTED + DAY_100 + timedelta(days=9))),
]


@pytest.mark.parametrize(("waits", "facts"), PLANNING_TABLE)
def test_each_step_of_planning_waits_for_its_own_condition(
    waits: str, facts: PlanningFacts
) -> None:
    assert open_in(steps_of(PLANNING, facts)) == [waits] * bool(waits)


@pytest.mark.parametrize(("waits", "facts"), PLANNING_TABLE)
def test_what_was_open_at_the_start_of_a_plan_sends_nobody_back(
    waits: str, facts: PlanningFacts
) -> None:
    found = planning_steps(facts)
    left = [step.key for step in found if step.stand is Stand.LEFT_OPEN]
    of_plan = waits in list(StepKey)
    assert left == [waits] * of_plan
    assert [step.key for step in found if step.stand is Stand.NOW] == [waits] * (
        bool(waits) and not of_plan
    )


def test_results_and_the_start_come_before_day_100() -> None:
    unread = steps_of(PLANNING, replace(FINISHED, readings=0, read_on=None))
    assert open_in(unread) == ["results", "day_100"]
    draft = planning_steps(PlanningFacts(plan=replace(WHOLE, state="draft", functions=2)))
    assert open_in(draft) == ["group", "start", "asks", "results", "day_100"]
    assert [step.stand for step in draft][1:3] == [Stand.NOW, Stand.DONE]


def open_in(found: tuple[FlowStep, ...]) -> list[str]:
    return [step.key for step in found if step.stand is not Stand.DONE]


@pytest.mark.parametrize("facts", list(product([False, True], repeat=6)))
def test_each_step_of_gap_analysis_is_done_by_its_own_condition(facts: tuple[bool, ...]) -> None:
    wave, closed, compared, causes, asked, promised = facts
    given = GapFacts(
        wave=wave,
        closed=closed,
        compared=int(compared),
        causes=int(causes),
        asked=int(asked),
        promised=int(promised),
    )
    done = [wave, wave, closed, compared, causes, asked, promised]
    found = steps_of(GAPS, given)
    assert [step.stand is Stand.DONE for step in found] == done
    open_ = [step.stand for step in found if step.stand is not Stand.DONE]
    assert open_ == [Stand.NOW, *[Stand.NEXT] * (len(open_) - 1)][: len(open_)]


@pytest.fixture
def drawn(db: None, settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path
    yield
    writer.stop()


def way(viewer: Any, name: str, of: str = "", *, status: int = 200) -> str:
    response = f.signed_in(viewer).get(f"/flows/{name}/?of={of}")
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.usefixtures("drawn")
def test_planning_goes_from_nothing_to_a_plan_that_has_ended() -> None:
    here = planned.Setting()
    nothing = way(here.leader, "planning")
    assert "0 of 10 steps are behind you. <b>Now: The question.</b>" in nothing
    assert 'class="btn go" href="/plans/new/"' in nothing
    plan, have, _do = planned.ready(here)
    page = way(here.leader, "planning")
    assert "Now: The group." in page
    assert f'class="btn go" href="/plans/{plan.ref}/group/"' in page
    planned.started(here.leader, plan)
    plan.refresh_from_db()
    acting.put_into_action(
        here.leader, plan, have.ref, act=planned.act(here, turn=have.turn), today=f.TODAY
    )
    assert "1 line went into action." in way(here.leader, "planning", plan.ref)
    plan.refresh_from_db()
    opening.end_plan(here.leader, plan, turn=plan.turn, today=f.TODAY)
    assert "The plan has ended." in way(here.leader, "planning", plan.ref)


def keyed(name: str, place: str = "Garden") -> Party:
    made = f.party(name, place=place)
    made.key = closed_waves.key_of(name, place)
    made.save()
    touch()
    return made


@pytest.mark.usefixtures("drawn")
def test_a_gap_leads_to_an_ask_and_a_promise() -> None:
    kitchen, floor = keyed("Kitchen"), keyed("Floor")
    edge = f.serves(kitchen, floor)
    boss = f.person(role=Role.EXECUTIVE)
    cook, waiter = f.member(kitchen, role=Role.LEADER, leads=True), f.member(floor)
    nothing = way(boss, "gaps")
    assert "Now: What is asked." in nothing
    assert 'href="/instruments/"' in nothing
    wave = stored(closed_waves.pulse())
    page = way(boss, "gaps", wave.wave)
    assert "4 of 7 steps are behind you. <b>Now: What lies behind it.</b>" in page
    name_barrier(
        waiter,
        BarrierDraft(barrier=Barrier.LANGUAGE, words="Two names", code="b1", at_id=floor.pk),
        today=timezone.localdate(),
    )
    page = way(boss, "gaps", wave.wave)
    assert "Now: Asks." in page
    ask = f.raised(waiter, edge, words="One name a dish")
    page = way(boss, "gaps", wave.wave)
    assert "1 ask since then." in page
    assert "The serving side promises" in page
    due = timezone.localdate() + timedelta(days=5)
    f.moved(
        cook,
        ask,
        Move.PROMISE,
        today=timezone.localdate(),
        what="A list",
        who="Jo",
        sign="One word",
        due_on=due,
    )
    assert "1 of them has a promise." in way(boss, "gaps", wave.wave)


@pytest.mark.usefixtures("drawn")
def test_a_wave_that_runs_waits_for_answers() -> None:
    boss = f.person(role=Role.EXECUTIVE)
    open_wave(str.title, boss, [boss])
    page = way(boss, "gaps")
    assert "2 of 7 steps are behind you. <b>Now: Answers in.</b>" in page


@pytest.mark.usefixtures("drawn")
def test_a_way_is_for_those_who_work_here_and_to_what_they_see() -> None:
    here = planned.Setting()
    plan = planned.plan_of(here.leader, here.guests)
    for name in ("planning", "gaps"):
        way(f.person(role=Role.GUEST), name, status=404)
    way(here.leader, "elsewhere", status=404)
    way(f.member(here.kitchen), "planning", plan.ref, status=404)
    way(here.leader, "planning", "nothing", status=404)


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("name", ["planning", "gaps"])
def test_a_way_asks_the_database_no_more_often_than_any_page(name: str) -> None:
    here = planned.Setting()
    planned.ready(here)
    stored(closed_waves.pulse())
    client = f.signed_in(here.leader)
    client.get(f"/flows/{name}/")
    with CaptureQueriesContext(connection) as made:
        client.get(f"/flows/{name}/")
    assert len(made) <= 12
