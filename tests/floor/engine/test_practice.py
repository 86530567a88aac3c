"""Ten minutes in one seat: the same choices give the same ten minutes, and better ones show."""

from dataclasses import replace

import pytest

from tests.floor.drawn import small
from tests.floor.engine.plain_runs import needs_of
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.lab.advising import HOME
from upturn.floor.engine.lab.practice import Round, Step, Try, experienced, replay, seats
from upturn.floor.engine.laid import lay_out
from upturn.floor.engine.rounds import Why


def evening() -> Round:
    floor = small()
    kinds = tuple(replace(kind, per_hour=kind.per_hour * 4) for kind in floor.need_types)
    floor = replace(floor, need_types=kinds)
    return Round(floor, needs_of(floor, hours=0.5, seed=3), seat=0)


def played(given: Round, chooses: object) -> tuple[list[int], Try]:
    choices: list[int] = []
    now = replay(given)
    while now.next:
        choices.append(chooses(now.next))  # type: ignore[operator]
        now = replay(given, choices, advised=now.advised)
    return choices, now


def advice(step: Step) -> int:
    return step.advice.need


def test_a_second_try_of_the_same_ten_minutes_can_be_better() -> None:
    """S0.3: who stayed at the station, then did what is advised, let guests wait less."""
    given = evening()
    choices, first = played(given, lambda _step: HOME)
    better, second = played(given, advice)
    assert len(better) >= 3
    assert first.score and second.score
    assert second.score.wait_s < first.score.wait_s
    assert second.score.own_wait_s < first.score.own_wait_s / 2
    assert second.score.agreed == second.score.chosen == len(better)
    assert (first.score.met, first.score.agreed) < (second.score.met, second.score.agreed)
    assert replay(given, choices) == first


@pytest.mark.parametrize("seat", [0, 1])
def test_who_does_as_the_planner_says_is_compared_with_the_same_round(seat: int) -> None:
    given = replace(evening(), seat=seat)
    _choices, tried = played(given, advice)
    assert tried.score
    assert replace(tried.score, chosen=0, agreed=0) == experienced(given)


def test_the_planner_says_the_same_whether_it_is_asked_again_or_not() -> None:
    given = evening()
    choices, tried = played(given, advice)
    half = replay(given, choices[: len(choices) // 2])
    assert replay(given, choices, advised=half.advised) == tried == replay(given, choices)


@pytest.mark.parametrize("seat", [0, 1])
def test_advice_is_open_and_says_why_and_what_to_take(seat: int) -> None:
    """S0.9, S0.10: never what only a neighbour does; help comes with the item in hand."""
    given = replace(evening(), seat=seat)
    _choices, tried = played(given, advice)
    said = [(step, step.advice, stop) for step, _ in tried.taken for stop in step.stops
            if stop.need == step.advice.need]  # fmt: skip
    assert len(said) == sum(step.advice.need != HOME for step, _ in tried.taken) >= 10
    for step, given_advice, stop in said:
        kind = given.floor.need_types[stop.kind]
        assert stop.own or not kind.owner_only
        assert stop.own == (given_advice.why in {Why.OWN, Why.OWN_URGENT})
        assert stop.fetch == given_advice.fetch
        assert stop.own or not stop.fetch
        assert not given_advice.fetch or given_advice.take.get(kind.item, 0) >= 1
        assert (
            step.at in lay_out(given.floor).stations or not given_advice.take or given_advice.fetch
        )
    assert any(given_advice.fetch for _, given_advice, _ in said)
    assert any(not stop.own for _, _, stop in said)


def test_each_step_offers_own_needs_and_help_on_the_way_alone() -> None:
    given = evening()
    _choices, tried = played(given, advice)
    assert len(tried.taken) >= 3
    for step, chosen in tried.taken:
        assert given.from_s <= step.now_s < given.until_s
        offered = {stop.need for stop in step.stops}
        assert offered
        assert chosen in offered | {HOME}
        for stop in step.stops:
            kind = given.floor.need_types[stop.kind]
            assert stop.own or not kind.owner_only
            assert stop.waiting_s >= 0


def test_what_nobody_asked_for_is_seen_by_who_looks() -> None:
    """S0.1, S0.5: the step tells of needs at the own tables before any guest asks."""
    given = evening()
    _choices, tried = played(given, lambda _step: HOME)
    kinds = {given.floor.need_types[kind].name for step, _ in tried.taken for _, kind in step.seen}
    assert kinds == {"crumbs"}


def test_a_choice_that_was_not_open_is_refused_by_its_number() -> None:
    with pytest.raises(BadSetting, match=r"9999.*not open"):
        replay(evening(), [9999])
    with pytest.raises(BadSetting, match="at most 200"):
        replay(evening(), [HOME] * 201)


def test_only_seats_that_own_tables_are_practised_in() -> None:
    assert seats(small()) == (0, 1)
