"""What a roll-out could find comes from the worker: nobody waits for it, and nothing is lost."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from typing import Any

import pytest

from tests import factories as f
from tests.plan import measured as m
from upturn.people.models import Person
from upturn.plan import jobs
from upturn.plan.commands import opening, reckoning, rolling_out, targets
from upturn.plan.models import Outcome, Plan
from upturn.plan.queries.targets import RollOutPage, roll_out_page

pytestmark = pytest.mark.django_db
WAITS = "This is being reckoned."
FINDS = "With 9 units in 3 steps you would see an effect of <b>"
STEPS = rolling_out.Steps(steps=3, first_on=date(2027, 1, 4), weeks_apart=6, seed=41)


@pytest.fixture(autouse=True)
def a_new_worker() -> Iterator[None]:
    jobs._looked_at.clear()
    jobs._failed.clear()
    yield
    jobs._looked_at.clear()
    jobs._failed.clear()


@pytest.fixture
def dealt() -> tuple[Person, Plan]:
    m.houses(9)
    viewer, plan = m.a_plan()
    m.pair(viewer, plan)
    rolling_out.choose_units(viewer, plan, places=[f"House {each}" for each in range(9)])
    rolling_out.deal_steps(viewer, plan, STEPS, today=m.TODAY)
    return viewer, plan


def page_of(viewer: Person, plan: Plan, **how: Any) -> str:
    answer = f.signed_in(viewer).get(f"/plans/{plan.ref}/roll-out/", **how)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def seen(viewer: Person, plan: Plan) -> RollOutPage:
    return roll_out_page(viewer, Plan.objects.get(pk=plan.pk))


def test_the_draw_stands_at_once_and_what_it_could_find_comes_by_itself(
    dealt: tuple[Person, Plan],
) -> None:
    viewer, plan = dealt
    page = page_of(viewer, plan)
    assert {unit.step for unit in plan.units.all()} == {1, 2, 3}
    assert "with the number 41" in page
    assert WAITS in page
    assert FINDS not in page
    assert f'data-live="plan:{plan.ref}"' in page
    assert "Load this page again to see it." in page
    assert jobs.work(m.TODAY)
    for arrived in (page_of(viewer, plan), page_of(viewer, plan, headers={"HX-Request": "true"})):
        assert WAITS not in arrived
        assert FINDS in arrived
    assert not jobs.work(m.TODAY)


def test_a_page_that_is_open_gets_its_part_alone(dealt: tuple[Person, Plan]) -> None:
    viewer, plan = dealt
    part = page_of(viewer, plan, headers={"HX-Request": "true"})
    assert WAITS in part
    assert "<html" not in part
    assert "<html" in page_of(viewer, plan)


def test_a_reckoning_that_was_cut_off_is_made_again_by_the_next_worker(
    dealt: tuple[Person, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer, plan = dealt
    before = Plan.objects.get(pk=plan.pk)
    calls: list[int] = []

    def killed(*_given: Any, **_how: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise SystemExit

    with monkeypatch.context() as patched:
        power_of = reckoning.power_of
        patched.setattr(reckoning, "power_of", lambda *a, **k: killed() or power_of(*a, **k))
        with pytest.raises(SystemExit):
            jobs.reckon_next()
    after = Plan.objects.get(pk=plan.pk)
    assert (after.power, after.version) == (before.power, before.version)
    assert seen(viewer, plan).waits
    jobs._looked_at.clear()
    assert jobs.reckon_next()
    assert not seen(viewer, plan).waits
    assert seen(viewer, plan).dealt


def test_what_changed_while_it_was_reckoned_is_reckoned_and_nothing_else_kept(
    dealt: tuple[Person, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer, plan = dealt
    with monkeypatch.context() as patched:
        power_of, moved = reckoning.power_of, list[int]()

        def while_somebody_moves(*given: Any, **how: Any) -> Any:
            if not moved:
                moved.append(1)
                by_hand(viewer, plan)
            return power_of(*given, **how)

        patched.setattr(reckoning, "power_of", while_somebody_moves)
        assert jobs.reckon_next()
    assert seen(viewer, plan).waits
    assert seen(viewer, plan).offers == ()
    assert jobs.reckon_next()
    kept = Plan.objects.get(pk=plan.pk).power
    assert not jobs.reckon_next()
    Plan.objects.filter(pk=plan.pk).update(power={"seed": 41, "weeks_apart": 6})
    assert reckoning.reckon_if_due(plan.ref)
    assert Plan.objects.get(pk=plan.pk).power == kept, "the same choices give the same figures"


def by_hand(viewer: Person, plan: Plan) -> None:
    unit = plan.units.filter(step=1).earliest("pk")
    rolling_out.place_unit(
        viewer, plan, unit.ref, step=3, starts_on=date(2027, 3, 29), picked_as_worst=False,
        edit=m.edit(unit.ref),
    )  # fmt: skip


def dealt_anew(viewer: Person, plan: Plan) -> None:
    again = rolling_out.Steps(steps=3, first_on=date(2027, 1, 4), weeks_apart=6, seed=42)
    rolling_out.deal_steps(viewer, plan, again, today=m.TODAY)


def further_apart(viewer: Person, plan: Plan) -> None:
    again = rolling_out.Steps(steps=3, first_on=date(2027, 1, 4), weeks_apart=7, seed=41)
    rolling_out.deal_steps(viewer, plan, again, today=m.TODAY)


def one_less(viewer: Person, plan: Plan) -> None:
    rolling_out.choose_units(viewer, plan, places=[f"House {each}" for each in range(8)])


def looked_at_more(viewer: Person, plan: Plan) -> None:
    words = targets.OutcomeWords(pair=2, side="money", source="measure", name=m.TAKINGS, unit="€")
    targets.save_outcome(viewer, plan, words, edit=m.edit("more"))


@pytest.mark.parametrize("change", [by_hand, dealt_anew, further_apart, one_less, looked_at_more])
def test_whatever_bears_on_it_is_reckoned_anew_without_anybody_asking(
    dealt: tuple[Person, Plan], change: Callable[[Person, Plan], None]
) -> None:
    viewer, plan = dealt
    assert jobs.reckon_next()
    assert seen(viewer, plan).offers
    change(viewer, plan)
    assert seen(viewer, plan).waits
    assert seen(viewer, plan).offers == (), "figures of other steps stand nowhere"
    assert jobs.reckon_next()
    assert seen(viewer, plan).offers
    assert not jobs.reckon_next()


def test_what_does_not_bear_on_it_leaves_it_as_it_is(dealt: tuple[Person, Plan]) -> None:
    viewer, plan = dealt
    assert jobs.reckon_next()
    row = Outcome.objects.filter(plan=plan).earliest("pk")
    targets.take_baseline(viewer, plan, row.ref, edit=m.edit("b", row.turn), today=m.TODAY)
    assert not seen(viewer, plan).waits
    assert not jobs.reckon_next()


def test_nothing_is_reckoned_without_outcomes_or_once_it_has_ended() -> None:
    m.houses(3)
    viewer, plan = m.a_plan()
    rolling_out.choose_units(viewer, plan, places=["House 0", "House 1"])
    assert not jobs.reckon_next()
    assert not seen(viewer, plan).waits
    m.pair(viewer, plan)
    assert seen(viewer, plan).waits
    m.started(plan, 0)
    opening.end_plan(viewer, plan, turn=plan.turn, today=m.TODAY)
    assert not jobs.reckon_next()
    assert not seen(viewer, plan).waits


def test_one_plan_that_cannot_be_reckoned_keeps_no_other_from_its_turn(
    dealt: tuple[Person, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer, plan = dealt
    _same, other = m.a_plan(viewer)
    m.pair(viewer, other)
    rolling_out.choose_units(viewer, other, places=["House 0", "House 1", "House 2"])
    reckon = jobs.reckon_if_due

    def fails_for_the_first(ref: str) -> bool:
        if ref == plan.ref:
            raise ValueError(ref)
        return reckon(ref)

    monkeypatch.setattr(jobs, "reckon_if_due", fails_for_the_first)
    with pytest.raises(ValueError, match=plan.ref):
        jobs.reckon_next()
    assert jobs.reckon_next()
    assert not seen(viewer, other).waits


def test_what_could_not_be_reckoned_is_tried_again_until_it_can(
    dealt: tuple[Person, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer, plan = dealt
    tries: list[str] = []

    def fails(ref: str) -> bool:
        tries.append(ref)
        raise ValueError(ref)

    with monkeypatch.context() as broken:
        broken.setattr(jobs, "reckon_if_due", fails)
        for _turn in range(20):
            with suppress(ValueError):
                jobs.reckon_next()
    assert 4 <= len(tries) <= 5, "again, and most turns are left to other work"
    assert seen(viewer, plan).waits
    for _turn in range(jobs.TURNS_APART_MOST):
        jobs.reckon_next()
    assert not seen(viewer, plan).waits
    assert not jobs._failed
