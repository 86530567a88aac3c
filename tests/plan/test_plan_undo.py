"""Undo: whatever a group did, taken back in reverse it leaves the plan as it was."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests import factories as f
from tests.plan import planned as p
from upturn.graph import commands as graph
from upturn.graph.models import Serves
from upturn.plan.commands import editing
from upturn.plan.commands.editing import Edit, LineWords, MomentWords, PlanWords
from upturn.plan.engine import OutsideTheDay, Overtaken, PlanError
from upturn.plan.models import DayMoment, MomentParty, Plan, PlanEdit, PlanLine

Change = Callable[[p.Setting, Plan, Edit, int], object]


def state_of(plan: Plan) -> dict[str, Any]:
    """Everything that a reader of the plan could see, and the edges beside it."""
    moments = ("ref", "at", "name", "wants", "touchpoint", "well_enough")
    lines = ("ref", "moment__ref", "party", "column", "words", "provider", "provider_was",
             "enables__ref", "state", "position", "edge__server", "edge__served")  # fmt: skip
    parties = ("moment__ref", "party", "direct")
    return {
        "plan": Plan.objects.values("name", "place", "serve_first", "day_from", "day_until").get(
            pk=plan.pk
        ),
        "moments": list(DayMoment.objects.order_by("ref").values_list(*moments)),
        "parties": list(MomentParty.objects.order_by(*parties).values_list(*parties)),
        "lines": list(PlanLine.objects.order_by("ref").values_list(*lines)),
        "edges": sorted(Serves.objects.values_list("server", "served")),
    }


def any_of(rows: Any, number: int) -> Any:
    found = list(rows.order_by("ref"))
    return found[number % len(found)] if found else None


def add_moment(here: p.Setting, plan: Plan, edit: Edit, n: int) -> object:
    words = MomentWords(at=420 + n % 900, name=f"Moment {n}")
    return editing.save_moment(here.leader, plan, words, edit=edit)


def move_moment(here: p.Setting, plan: Plan, edit: Edit, n: int) -> object:
    row = any_of(plan.moments, n)
    edit = Edit(key=edit.key, turn=row.turn)
    return editing.move_moment(here.leader, plan, row.ref, at=500 + n % 300, edit=edit)


def seat_parties(here: p.Setting, plan: Plan, edit: Edit, n: int) -> object:
    row = any_of(plan.moments, n)
    chosen = {here.floor.pk: True, here.kitchen.pk: bool(n % 2), here.bakery.pk: False}
    some = dict(list(chosen.items())[: n % 4])
    edit = Edit(key=edit.key, turn=row.turn)
    return editing.set_parties(here.leader, plan, row.ref, some, edit=edit)


def drop_moment(here: p.Setting, plan: Plan, edit: Edit, n: int) -> object:
    row = any_of(plan.moments, n)
    return editing.drop_moment(here.leader, plan, row.ref, edit=Edit(key=edit.key, turn=row.turn))


def words_for(here: p.Setting, plan: Plan, n: int, column: str) -> LineWords:
    providers = (None, here.kitchen.pk, here.bakery.pk)
    enabled = any_of(plan.lines.exclude(column="have"), n)
    is_have = column == "have"
    return LineWords(
        words=f"Words {n}",
        column=column,
        party_id=here.floor.pk,
        moment=any_of(plan.moments, n).ref,
        provider_id=providers[n % 3] if is_have else None,
        enables=enabled.ref if is_have and enabled and n % 2 else "",
    )


def add_line(here: p.Setting, plan: Plan, edit: Edit, n: int) -> object:
    words = words_for(here, plan, n, ("have", "do", "be")[n % 3])
    return editing.save_line(here.leader, plan, words, edit=edit)


def change_line(here: p.Setting, plan: Plan, edit: Edit, n: int) -> object:
    row = any_of(plan.lines, n)
    edit = Edit(key=edit.key, turn=row.turn)
    words = words_for(here, plan, n, row.column)
    return editing.save_line(here.leader, plan, words, edit=edit, ref=row.ref)


def drop_line(here: p.Setting, plan: Plan, edit: Edit, n: int) -> object:
    row = any_of(plan.lines, n)
    return editing.drop_line(here.leader, plan, row.ref, edit=Edit(key=edit.key, turn=row.turn))


def change_plan(here: p.Setting, plan: Plan, edit: Edit, n: int) -> object:
    plan.refresh_from_db()
    words = PlanWords(serve_first=f"Answer {n}", day_from=n % 420, day_until=1_440 + n % 60)
    return editing.save_plan(here.leader, plan, words, edit=Edit(key=edit.key, turn=plan.turn))


CHANGES: tuple[Change, ...] = (
    add_moment, move_moment, seat_parties, drop_moment, add_line, add_line, change_line,
    change_line, drop_line, change_plan,
)  # fmt: skip


class AnySequenceOfChanges(TestCase):
    @settings(max_examples=40)
    @given(st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 99)), max_size=12))
    def test_undone_in_reverse_gives_the_plan_that_was(
        self, made: list[tuple[Change, int]]
    ) -> None:
        here = p.Setting()
        plan, _have, _do = p.ready(here)
        states, keys = [state_of(plan)], []
        for number, (change, n) in enumerate(made):
            try:
                change(here, plan, Edit(key=f"law-{number}"), n)
            except (PlanError, AttributeError):  # nothing there to change, or refused
                assert not PlanEdit.objects.filter(plan=plan, key=f"law-{number}").exists()
                continue
            states.append(state_of(plan))
            keys.append(f"law-{number}")
        plan.refresh_from_db()
        version = plan.version
        for key, before in zip(reversed(keys), reversed(states[:-1]), strict=True):
            editing.undo(here.leader, plan, key)
            assert state_of(plan) == before
            plan.refresh_from_db()
            assert plan.version > version
            version = plan.version


pytestmark = pytest.mark.django_db


def test_undo_gives_way_to_what_somebody_changed_since() -> None:
    here = p.Setting()
    plan, have, _do = p.ready(here)
    words = LineWords(
        words="Hot plates", column="have", party_id=here.floor.pk, provider_id=here.kitchen.pk
    )
    editing.save_line(here.leader, plan, words, edit=Edit(key="mine"), ref=have.ref)
    theirs = LineWords(
        words="Plates at 60 degrees", column="have", party_id=here.floor.pk,
        provider_id=here.kitchen.pk,
    )  # fmt: skip
    editing.save_line(here.leader, plan, theirs, edit=Edit(key="theirs", turn=1), ref=have.ref)
    with pytest.raises(Overtaken) as refused:
        editing.undo(here.leader, plan, "mine")
    assert refused.value.stands is not None
    assert refused.value.yours is not None
    assert refused.value.stands["words"] == "Plates at 60 degrees"
    assert refused.value.yours["words"] == "Warm plates"
    have.refresh_from_db()
    assert have.words == "Plates at 60 degrees"


def test_undo_twice_is_undo_once() -> None:
    here = p.Setting()
    plan, have, _do = p.ready(here)
    editing.drop_line(here.leader, plan, have.ref, edit=Edit(key="out"))
    for _ in range(2):
        editing.undo(here.leader, plan, "out")
    assert PlanLine.objects.filter(ref=have.ref).count() == 1


def test_what_others_built_on_a_moment_keeps_it_from_being_undone() -> None:
    here = p.Setting()
    plan = p.plan_of(here.leader, here.guests)
    words = MomentWords(at=600, name="Food")
    food = editing.save_moment(here.leader, plan, words, edit=Edit(key="made"))
    p.line(here.leader, food, here.floor)
    with pytest.raises(Overtaken):
        editing.undo(here.leader, plan, "made")


def test_a_line_comes_back_without_a_provider_who_left_meanwhile() -> None:
    here = p.Setting()
    plan, have, _do = p.ready(here)
    line = p.line(here.leader, have.moment, here.floor, provider_id=here.bakery.pk)
    editing.drop_line(here.leader, plan, line.ref, edit=Edit(key="out"))
    graph.let_go(here.leader, here.bakery)
    editing.undo(here.leader, plan, "out")
    back = PlanLine.objects.get(ref=line.ref)
    assert (back.provider, back.edge, back.provider_was) == (None, None, "Bakery")


def test_a_moment_does_not_come_back_outside_a_day_that_became_shorter() -> None:
    here = p.Setting()
    plan = p.plan_of(here.leader, here.guests)
    late = p.moment(here.leader, plan, at=1_300)
    editing.drop_moment(here.leader, plan, late.ref, edit=Edit(key="out"))
    words = PlanWords(day_until=1_200)
    editing.save_plan(here.leader, plan, words, edit=Edit(key="shorter"))
    with pytest.raises(OutsideTheDay):
        editing.undo(here.leader, plan, "out")
    editing.undo(here.leader, plan, "shorter")
    editing.undo(here.leader, plan, "out")
    assert DayMoment.objects.get(ref=late.ref).at == 1_300


def test_a_longer_day_is_not_taken_back_from_under_a_moment() -> None:
    here = p.Setting()
    plan = p.plan_of(here.leader, here.guests)
    editing.save_plan(here.leader, plan, PlanWords(day_until=1_500), edit=Edit(key="longer"))
    p.moment(here.leader, plan, at=1_450)
    with pytest.raises(OutsideTheDay):
        editing.undo(here.leader, plan, "longer")


def test_a_day_is_not_cut_off_before_a_moment_and_a_moment_not_put_outside() -> None:
    here = p.Setting()
    plan = p.plan_of(here.leader, here.guests)
    late = p.moment(here.leader, plan, at=1_300)
    with pytest.raises(OutsideTheDay):
        editing.save_plan(
            here.leader, plan, PlanWords(day_until=1_200), edit=Edit(key="a", turn=plan.turn)
        )
    for at in (419, 1_381):
        with pytest.raises(OutsideTheDay, match="Lengthen the day"):
            editing.move_moment(here.leader, plan, late.ref, at=at, edit=Edit(key="b"))
    for number, at in enumerate((420, 1_380)):
        edit = Edit(key=f"c{number}", turn=number)
        assert editing.move_moment(here.leader, plan, late.ref, at=at, edit=edit).at == at


def test_a_new_moment_brings_those_who_serve_at_its_touchpoint() -> None:
    here = p.Setting()
    point = f.touchpoint("Food", customers=here.guests, servers=(here.floor, here.kitchen))
    plan = p.plan_of(here.leader, here.guests)
    food = p.moment(here.leader, plan, touchpoint_id=point.pk)
    assert set(food.parties.values_list("party_id", flat=True)) == {here.floor.pk, here.kitchen.pk}
