"""Rules, barriers and cycles of Four Hearths: each move is one that the tables allow."""

from collections import Counter
from datetime import timedelta

from examples.restaurant_group import Cycle, Improvements, Rule, draw_improvements
from tests.examples.drawn import TODAY, four_hearths
from upturn.partners.engine import (
    CYCLE_MOVES,
    RULE_MOVES,
    Barrier,
    CycleMove,
    CycleSide,
    CycleState,
    RuleMove,
    RuleSide,
    RuleState,
    state_on,
)


def drawn() -> Improvements:
    return draw_improvements(four_hearths().people, today=TODAY)


def stands(rule: Rule) -> RuleState:
    """Walk a rule through the table of the engine; a move that is not open raises."""
    state = RuleState.IN_FORCE
    ends_on = rule.ends_on or rule.made_on + timedelta(days=92)
    for move in rule.moves:
        before = state_on(state, ends_on=ends_on, today=move.on)
        state = RULE_MOVES.after(before, move=RuleMove(move.verb), sides=list(RuleSide))
    return state_on(state, ends_on=ends_on, today=TODAY)


def state_of(cycle: Cycle) -> CycleState:
    state, latest = CycleState.NOTICED, cycle.opened_on
    for move in cycle.moves:
        assert latest <= move.on <= TODAY
        latest = move.on
        state = CYCLE_MOVES.after(state, move=CycleMove(move.verb), sides=list(CycleSide))
    return state


def test_rules_stand_in_every_state_and_touch_all_six_barriers() -> None:
    rules = drawn().rules
    assert len(rules) == 9
    counted = Counter(map(stands, rules))
    assert set(counted) == set(RuleState)
    assert {rule.barrier for rule in rules} == {str(barrier) for barrier in Barrier}
    watched = [move for rule in rules for move in rule.moves if "watch" in move.fields]
    assert [move.on + timedelta(weeks=9) <= TODAY for move in watched] == [True]
    assert [rule.why == "" for rule in rules].count(True) == 1


def test_cycles_stand_in_every_state_and_one_hangs_on_an_ask() -> None:
    cycles = drawn().cycles
    assert {state_of(cycle) for cycle in cycles} == set(CycleState)
    asked = {ask.edge for ask in four_hearths().asks}
    assert [cycle.ask in asked for cycle in cycles if cycle.ask] == [True]


def test_everybody_and_every_team_that_is_named_is_there() -> None:
    organisation, improvements = four_hearths(), drawn()
    people = {person.username for person in organisation.people}
    parties = {party.key for party in organisation.parties}
    points = {point.key for point in organisation.touchpoints}
    for rule in improvements.rules:
        assert {rule.keeper, rule.for_whom or rule.keeper} <= parties
        assert rule.written_by in people
    for named in improvements.barriers:
        assert named.at in parties
        assert named.named_by is None or named.named_by in people
    for one in (*improvements.rules, *improvements.cycles):
        for move in one.moves:
            assert move.actor in people
            watch = str(move.fields.get("watch", "point|mill-food"))
            assert watch.removeprefix("point|") in points


def test_five_barriers_are_named_some_without_a_name() -> None:
    barriers = drawn().barriers
    assert len(barriers) == 5
    assert 0 < sum(named.named_by is None for named in barriers) < 5


def test_they_move_with_the_day_and_say_the_same() -> None:
    later = draw_improvements(four_hearths().people, today=TODAY + timedelta(days=7))
    for one, other in zip(drawn().rules, later.rules, strict=True):
        assert one.words == other.words
        assert other.made_on - one.made_on == timedelta(days=7)
