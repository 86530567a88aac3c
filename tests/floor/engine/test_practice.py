"""Ten minutes in one seat: the same choices give the same ten minutes, and better ones show."""

from dataclasses import replace

import pytest

from tests.floor.engine.drawn import small
from tests.floor.engine.plain_runs import needs_of
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.lab.practice import HOME, Round, Step, Try, experienced, replay, seats


def evening() -> Round:
    floor = small()
    kinds = tuple(replace(kind, per_hour=kind.per_hour * 4) for kind in floor.need_types)
    floor = replace(floor, need_types=kinds)
    return Round(floor, needs_of(floor, hours=0.5, seed=3), seat=0)


def played(given: Round, chooses: object) -> tuple[list[int], Try]:
    choices: list[int] = []
    while (now := replay(given, choices)).next:
        choices.append(chooses(now.next))  # type: ignore[operator]
    return choices, now


def advice(step: Step) -> int:
    return step.advice


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


def test_who_does_as_advised_serves_like_the_experienced() -> None:
    given = evening()
    _choices, tried = played(given, advice)
    expected = experienced(given)
    assert tried.score
    assert tried.score.own_wait_s == pytest.approx(expected.own_wait_s, rel=0.25)
    assert abs(tried.score.met - expected.met) <= 2


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
