"""Policies as one word with settings: what is read, what is said back, what is refused."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.floor.engine.plain_runs import busy_floor
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.lab.scenario import POLICIES, scenario_from, usual_scenarios
from upturn.floor.engine.policy import OneAtATime, OwnTheWhole, Pooled, ScanSection, SkillRouting
from upturn.floor.engine.shapes import Durations, Floor, Kind, NeedType, Node, Server

FLOOR = busy_floor()


def test_every_policy_has_a_word() -> None:
    found = [scenario_from(word, FLOOR).policy for word in POLICIES]
    assert found == [OneAtATime(), ScanSection(), OwnTheWhole(), Pooled(), SkillRouting()]


def test_settings_reach_the_policy_and_the_floor() -> None:
    text = "own-the-whole:detour=0,own-first=20,free=no,adjacent=yes,cadence=never,hands.pot=6"
    found = scenario_from(text, FLOOR)
    assert found.policy == OwnTheWhole(0.0, 20.0, inf, when_free=False, adjacent=True)
    assert {server.hands["pot"] for server in found.floor.servers} == {6}
    assert found.floor.nodes == FLOOR.nodes
    pooled = scenario_from("pooled:loafing=11%,help-cost=0.25", FLOOR).floor.behaviour
    assert (pooled.loafing_share, pooled.help_cost_share) == (0.11, 0.25)


@given(
    st.integers(0, 60), st.integers(0, 60), st.booleans(), st.integers(1, 9), st.integers(0, 110)
)
def test_what_is_said_back_reads_the_same(
    detour: int, own_first: int, free: bool, pot: int, loafing: int
) -> None:
    text = f"own-the-whole:loafing={loafing / 10}%,hands.pot={pot},detour={detour}"
    text += f",own-first={own_first},free={'yes' if free else 'no'}"
    found = scenario_from(text, FLOOR)
    again = scenario_from(found.text, FLOOR)
    assert again == found


def test_without_a_word_the_four_ways_are_tried_and_queues_are_routed() -> None:
    assert [one.text for one in usual_scenarios(FLOOR)] == list(POLICIES)[:4]
    queue = Floor(
        nodes=(Node("calls", Kind.QUEUE),),
        need_types=(NeedType("call", 60.0, Durations(60.0)),),
        servers=(Server("agent"),),
    )
    assert [one.text for one in usual_scenarios(queue)] == ["skills", "skills:by-preference=no"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("scann", "did you mean 'scan'"),
        ("", "known are one-at-a-time"),
        ("scan:detour=3", "known are"),  # a setting of another policy
        ("scan:cadense=60", "did you mean 'cadence'"),
        ("scan:cadence", "did you mean 'cadence'"),  # no value
        ("scan:cadence=soon", "seconds of at least 0, or never"),
        ("scan:cadence=-1", "seconds of at least 0"),
        ("scan:cadence=nan", "seconds of at least 0"),
        ("scan:serves=nearby", "nearest"),
        ("own-the-whole:free=maybe", "say yes or no"),
        ("pooled:loafing=much", "a share such as 7%"),
        ("pooled:loafing=690%", "from 0% to 500%"),
        ("pooled:loafing=-3%", "a share such as 7%"),
        ("own-the-whole:hands.pott=3", "hands.pot"),
        ("own-the-whole:hands.pot=0", "whole number of at least 1"),
        ("own-the-whole:hands.pot=2.5", "whole number of at least 1"),
    ],
)
def test_what_cannot_be_read_is_named_with_a_remedy(text: str, says: str) -> None:
    with pytest.raises(BadSetting, match=says):
        scenario_from(text, FLOOR)
