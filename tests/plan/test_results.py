"""Results: agreed before anything is seen, read by the strongest design, never more than that."""

from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as f
from tests.plan import measured as m
from upturn.house.cli_plan import plan_
from upturn.people.models import Role
from upturn.plan.commands import reading, reckoning, rolling_out, targets
from upturn.plan.engine import Design, InAction, Incomplete, NoBaseline, Overtaken, Remark, Says
from upturn.plan.models import PlanResult
from upturn.plan.queries import results as queries
from upturn.stats import Figure, Withheld

pytestmark = pytest.mark.django_db
STEPS = {0: 30, 1: 30, 2: 20, 3: 20, 4: 10, 5: 10}


def test_no_target_without_a_baseline_and_its_range() -> None:
    m.houses()
    viewer, plan = m.a_plan()
    outcomes = m.pair(viewer, plan)
    wish = targets.Wish(8.0, date(2027, 6, 1))
    score = outcomes["customer"]
    with pytest.raises(NoBaseline, match="Measure the baseline first"):
        targets.set_wish(viewer, plan, score.ref, wish, edit=m.edit("w"), today=m.TODAY)
    m.taking_part(viewer, plan, {})
    found = targets.take_baseline(viewer, plan, score.ref, edit=m.edit("b"), today=m.TODAY)
    assert found.baseline_n == 26
    assert found.baseline_low < found.baseline < found.baseline_high
    after = targets.set_wish(
        viewer, plan, score.ref, wish, edit=m.edit("w", found.turn), today=m.TODAY
    )
    assert (after.wish, after.wish_by) == (8.0, date(2027, 6, 1))


def test_a_target_needs_the_other_side_of_its_pair() -> None:
    m.houses()
    viewer, plan = m.a_plan()
    outcomes = m.pair(viewer, plan)
    m.taking_part(viewer, plan, {})
    score = outcomes["customer"]
    score = targets.take_baseline(viewer, plan, score.ref, edit=m.edit("b"), today=m.TODAY)
    targets.drop_outcome(viewer, plan, outcomes["employee"].ref, edit=m.edit("d"))
    wish = targets.Wish(8.0, date(2027, 6, 1))
    with pytest.raises(Incomplete, match="those who serve"):
        targets.set_wish(viewer, plan, score.ref, wish, edit=m.edit("w", score.turn), today=m.TODAY)


def test_a_withheld_figure_gives_no_baseline() -> None:
    m.houses(n=3)
    viewer, plan = m.a_plan()
    outcomes = m.pair(viewer, plan)
    m.taking_part(viewer, plan, {})
    with pytest.raises(NoBaseline, match="Too few people answered"):
        targets.take_baseline(
            viewer, plan, outcomes["customer"].ref, edit=m.edit("b"), today=m.TODAY
        )


def test_two_who_change_one_outcome_lose_nothing() -> None:
    m.houses(2)
    viewer, plan = m.a_plan()
    row = m.pair(viewer, plan)["customer"]
    words = targets.OutcomeWords(pair=1, side="customer", source="score", unit="stars")
    targets.save_outcome(viewer, plan, words, edit=m.edit("a", row.turn), ref=row.ref)
    with pytest.raises(Overtaken) as refused:
        targets.save_outcome(viewer, plan, words, edit=m.edit("c", row.turn), ref=row.ref)
    assert refused.value.stands["unit"] == "stars"


def read_plan(starts: dict[int, int], **how: Any) -> tuple[Any, Any]:
    m.houses(starts=starts, **how)
    viewer, plan = m.a_plan()
    m.pair(viewer, plan, money=True)
    m.taking_part(viewer, plan, starts)
    m.started(plan, max(starts.values()))
    reading.read_results(plan, today=m.TODAY)
    return viewer, plan


def test_a_staggered_roll_out_finds_what_was_there() -> None:
    viewer, plan = read_plan(STEPS)
    page = queries.results_page(viewer, plan)
    assert [each.row.side for each in page.outcomes] == ["customer", "employee", "money"]
    for each in page.outcomes[:2]:
        found = each.agreed.reading
        assert found.design == Design.STAGGERED
        assert found.says == Says.BETTER
        assert isinstance(found.change, Figure)
        assert found.change.low < 1.0 < found.change.high
        assert each.now is None


def test_houses_that_begin_together_are_read_by_a_weaker_design_which_says_so() -> None:
    viewer, plan = read_plan(dict.fromkeys(range(8), 20))
    found = queries.results_page(viewer, plan).outcomes[0].agreed.reading
    assert found.design == Design.INTERRUPTED
    assert {row.what for row in found.missing} == {"groups", "compared"}
    assert Remark.TOGETHER in {row.remark for row in found.noticed}


def test_a_few_weeks_cannot_tell() -> None:
    viewer, plan = read_plan(dict.fromkeys(range(8), 4))
    found = queries.results_page(viewer, plan).outcomes[0].agreed.reading
    assert found.design == Design.BEFORE_AFTER
    assert found.says == Says.CANNOT_TELL
    assert isinstance(found.change, Withheld)
    assert Remark.FEW_POINTS in {row.remark for row in found.noticed}


def test_what_is_changed_after_the_start_is_shown_and_the_agreed_reading_stays() -> None:
    viewer, plan = read_plan(STEPS)
    before = queries.results_page(viewer, plan).outcomes[0].agreed
    unit = plan.units.get(place="House 7")
    rolling_out.place_unit(
        viewer, plan, unit.ref, step=3, starts_on=m.week(8), picked_as_worst=False,
        edit=m.edit("u"),
    )  # fmt: skip
    reading.read_results(plan, today=m.TODAY)
    here = queries.results_page(viewer, plan).outcomes[0]
    assert here.agreed == before
    assert here.now is not None
    assert here.now.reading.change != before.reading.change
    changed = {(row.part, row.field) for row in here.changed}
    assert changed >= {("unit", "step"), ("unit", "starts_on")}
    with pytest.raises(InAction):
        targets.drop_outcome(viewer, plan, here.row.ref, edit=m.edit("d"))


def test_the_same_week_is_read_once() -> None:
    _viewer, plan = read_plan(STEPS)
    assert PlanResult.objects.count() == 3
    assert reading.read_results(plan, today=m.TODAY) == 0
    assert queries.reading_due(m.TODAY) == []
    assert queries.reading_due(m.TODAY + timedelta(weeks=1)) == [plan]


def test_a_measure_counted_in_another_unit_is_named_and_left_out() -> None:
    teams = m.houses(starts=STEPS)
    m.store_measure(teams[7], "minutes", [6 + at % 3 for at in range(60)])
    for team in teams[:7]:
        m.store_measure(team, "minutes", [6 + at % 3 + at % 2 for at in range(60)])
    m.store_measure(teams[6], "minutes", [360 + 20 * (at % 3) for at in range(20)])
    viewer, plan = m.a_plan()
    words = targets.OutcomeWords(
        pair=1, side="employee", source="measure", name="minutes", better="less"
    )
    targets.save_outcome(viewer, plan, words, edit=m.edit("o"))
    m.taking_part(viewer, plan, STEPS)
    m.started(plan, 30)
    reading.read_results(plan, today=m.TODAY)
    found = queries.results_page(viewer, plan).outcomes[0].agreed.reading
    assert [row.count for row in found.noticed if row.remark == Remark.UNIT_CHANGED] == [1]


def test_a_guest_of_the_group_sees_no_figures() -> None:
    _viewer, plan = read_plan(STEPS)
    guest = f.person("Pilar", role=Role.GUEST)
    assert queries.results_page(guest, plan) == queries.ResultsPage()


def test_nothing_is_shown_before_somebody_was_asked_what_else_changed() -> None:
    viewer, plan = read_plan(STEPS)
    client = f.signed_in(viewer)
    address = f"/plans/{plan.ref}/results/"
    before = client.get(address).content.decode()
    assert "what else changed" in before
    assert "staggered roll-out" not in before
    outcome = plan.outcomes.get(side="customer")
    assert client.get(f"{address}{outcome.ref}/").status_code == 404
    client.post(address, {"act": "nothing", "key": "k1"})
    after = client.get(address).content.decode()
    assert "staggered roll-out" in after
    assert "Nothing, as far as anybody who was asked knows." in after
    shown = client.get(f"{address}{outcome.ref}/").content.decode()
    assert "Before the start they moved apart by" in shown
    assert "caused" not in shown


def test_figures_of_others_stand_apart_as_claimed() -> None:
    viewer, plan = read_plan(STEPS)
    client = f.signed_in(viewer)
    address = f"/plans/{plan.ref}/results/"
    client.post(address, {"act": "nothing", "key": "k1"})
    client.post(
        address, {"act": "claim", "key": "k2", "words": "Sales doubled", "source": "A brochure"}
    )
    page = client.get(address).content.decode()
    assert "Sales doubled" in page
    assert "Claimed, not proven: no design stands behind it here." in page


@pytest.fixture
def _on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The house's day is the one that the figures end on."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_now: m.TODAY)


@pytest.mark.usefixtures("_on_the_day")
def test_the_roll_out_is_dealt_by_lot_and_says_what_it_would_see() -> None:
    m.houses(12)
    viewer, plan = m.a_plan()
    m.pair(viewer, plan)
    client = f.signed_in(viewer)
    address = f"/plans/{plan.ref}/roll-out/"
    client.post(address, {"act": "units", "places": [f"House {n}" for n in range(12)]})
    sent = {"act": "deal", "steps": 3, "first_on": "2027-01-04", "weeks_apart": 6, "seed": 41}
    assert client.post(address, sent).status_code == 302
    first = {u.place: u.step for u in plan.units.all()}
    assert sorted(first.values()) == [1] * 4 + [2] * 4 + [3] * 4
    client.post(address, sent)
    assert {u.place: u.step for u in plan.units.all()} == first
    assert reckoning.reckon_if_due(plan.ref)
    page = " ".join(client.get(address).content.decode().split())
    assert "With 12 units in 3 steps you would see an effect of <b>" in page
    assert "with the number 41" in page
    plan.refresh_from_db()
    together = [row for row in plan.power["offers"] if row["steps"] == 1]
    assert together[0]["finds"][0] == "all_start_together"


def test_few_houses_take_part_team_by_team() -> None:
    for place in ("Mill", "Harbour", "Station"):
        for name in ("Floor", "Kitchen", "Bar"):
            f.party(name, place=place)
    viewer, plan = m.a_plan()
    client = f.signed_in(viewer)
    address = f"/plans/{plan.ref}/roll-out/"
    sent = {"act": "units", "places": ["Mill", "Harbour"], "teams": ["Floor", "Kitchen"]}
    assert client.post(address, sent).status_code == 302
    parties = {(unit.party.place, unit.party.name) for unit in plan.units.all() if unit.party}
    assert parties == {(each, team) for each in sent["places"] for team in sent["teams"]}
    page = client.get(address).content.decode()
    assert page.count(" checked") == 4
    client.post(address, {"act": "units", "places": ["Mill"]})
    assert [(unit.place, unit.party_id) for unit in plan.units.all()] == [("Mill", None)]
    refused = client.post(address, {"act": "units", "places": ["Mill"], "teams": ["Choir"]})
    assert refused.status_code == 400
    assert "No house or team is called that." in refused.content.decode()


@pytest.mark.usefixtures("_on_the_day")
def test_targets_are_set_on_their_page() -> None:
    m.houses()
    viewer, plan = m.a_plan()
    client = f.signed_in(viewer)
    address = f"/plans/{plan.ref}/targets/"
    sent = {"key": "a", "pair": 1, "side": "customer", "figure": "score:", "better": "more"}
    assert client.post(address, sent).status_code == 302
    row = plan.outcomes.get()
    refused = client.post(f"{address}{row.ref}/", {"act": "baseline", "key": "b", "turn": 0})
    assert refused.status_code == 400
    assert "which houses or teams take part" in refused.content.decode()
    m.taking_part(viewer, plan, {})
    client.post(f"{address}{row.ref}/", {"act": "baseline", "key": "c", "turn": 0})
    page = client.get(address).content.decode()
    assert "No target yet." in page
    assert "missing: a target waits for it" in page


@pytest.mark.parametrize("page", ["targets", "roll-out", "results", "result"])
def test_pages_stay_within_twelve_queries(page: str) -> None:
    viewer, plan = read_plan(STEPS)
    client = f.signed_in(viewer)
    reading.note_change(viewer, plan, words="", on=m.TODAY, where="", key="k")
    ref = plan.outcomes.get(side="customer").ref
    address = (
        f"/plans/{plan.ref}/results/{ref}/" if page == "result" else f"/plans/{plan.ref}/{page}/"
    )
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) <= 12, [query["sql"][:90] for query in asked]


def test_a_unit_put_by_hand_changes_what_the_draft_would_see() -> None:
    m.houses(9)
    viewer, plan = m.a_plan()
    m.pair(viewer, plan)
    rolling_out.choose_units(viewer, plan, places=[f"House {each}" for each in range(9)])
    steps = rolling_out.Steps(steps=3, first_on=date(2027, 1, 4), weeks_apart=6, seed=7)
    rolling_out.deal_steps(viewer, plan, steps, today=m.TODAY)
    assert reckoning.reckon_if_due(plan.ref)
    plan.refresh_from_db()
    before = [row["finds"] for row in plan.power["offers"] if row["steps"] == 3]
    for unit in plan.units.filter(step=1)[:2]:
        rolling_out.place_unit(
            viewer, plan, unit.ref, step=3, starts_on=date(2027, 3, 29), picked_as_worst=False,
            edit=m.edit(unit.ref),
        )  # fmt: skip
    assert reckoning.reckon_if_due(plan.ref)
    plan.refresh_from_db()
    assert [row["finds"] for row in plan.power["offers"] if row["steps"] == 3] != before


def test_the_command_reads_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    m.houses(starts=STEPS)
    viewer, plan = m.a_plan()
    m.pair(viewer, plan)
    m.taking_part(viewer, plan, STEPS)
    m.started(plan, 30)
    monkeypatch.setattr("upturn.house.cli_plan.timezone.localdate", lambda *_now: m.TODAY)
    first, second = (CliRunner().invoke(plan_, ["read"]) for _ in range(2))
    assert (first.output.strip(), second.output.strip()) == ("2 readings.", "Nothing new to read.")
