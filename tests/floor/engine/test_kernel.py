"""The fast engine leaves what the plain one leaves, need by need, to the last bit."""

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from tests.floor.engine.random_floors import CLOSES_S, floors, policies, round_needs, run
from upturn.floor.engine import simulate
from upturn.floor.engine.errors import PolicyNamedWrongNeed, PolicyNeverServes, StoodStill
from upturn.floor.engine.grid import grid
from upturn.floor.engine.kernel.batch import room_for
from upturn.floor.engine.kernel.custom import may_meet, next_open
from upturn.floor.engine.kernel.recursion import recursion_applies
from upturn.floor.engine.laid import lay_out
from upturn.floor.engine.needs import Needs
from upturn.floor.engine.plain import run_plainly
from upturn.floor.engine.policy import (
    CustomPolicy,
    OneAtATime,
    OwnTheWhole,
    Policy,
    Pooled,
    ScanSection,
    SkillRouting,
)
from upturn.floor.engine.running import run_events
from upturn.floor.engine.runs import Records, Work
from upturn.floor.engine.shapes import Durations, Floor, Kind, NeedType, Node, Server

NOTHING_S, THE_FIRST_S = 1001.0, 1002.0


def differing(one: Records | Work, other: Records | Work) -> list[str]:
    return [
        name for name in one._fields if not np.array_equal(getattr(one, name), getattr(other, name))
    ]


@settings(max_examples=80)
@given(floors(), policies(), st.integers(0, 1000), st.integers(0, 60))
def test_the_fast_engine_equals_the_plain_one(
    floor: Floor, policy: Policy, seed: int, many: int
) -> None:
    needs = round_needs(floor, seed=seed, many=many)
    told = run_plainly(floor, needs=needs, policy=policy, closes_s=CLOSES_S)
    fast = run(floor, policy, needs)
    assert differing(fast.records, told.records) == []
    assert differing(fast.work, told.work) == []


@pytest.mark.parametrize(
    "policy", [OneAtATime(), ScanSection(), OwnTheWhole(), Pooled(), SkillRouting()]
)
def test_a_whole_floor_equals_the_plain_one_over_hours(policy: Policy) -> None:
    kinds = (
        NeedType("order", 4, Durations(40), due_s=60, owner_only=True),
        NeedType("coffee", 5, Durations(10), due_s=90, item="pot", together=3,
                 asks_after=Durations(120)),
        NeedType("request", 4, Durations(15), due_s=40, weight=3, patience=Durations(300)),
    )  # fmt: skip
    floor = grid(need_types=kinds, hands={"pot": 4})
    runs = simulate(floor, policy=policy, hours=2, reps=2, seed=5, threads=1)
    for replication in range(2):
        rows = runs.records.replication == replication
        records = Records(*(column[rows] for column in runs.records))
        needs = redrawn(floor, replication)
        told = run_plainly(floor, needs=needs, policy=policy, closes_s=runs.closes_s)
        assert differing(records, told.records._replace(replication=records.replication)) == []


def redrawn(floor: Floor, replication: int) -> Needs:
    from upturn.floor.engine import draw_needs  # noqa: PLC0415 - what everybody imports

    return draw_needs(floor, hours=2, seed=5, replication=replication)


# The recursion


def contact_centre(agents: int, *, work_rate: float = 1.0) -> Floor:
    return Floor(
        nodes=(Node("line", Kind.QUEUE),),
        need_types=(NeedType("call", 60.0, Durations(50.0)),),
        servers=tuple(Server(f"agent {k}", work_rate=work_rate) for k in range(agents)),
        table_lock=False,
    )


@settings(max_examples=40)
@given(
    st.integers(1, 5), st.integers(0, 80), st.integers(0, 1000), st.sampled_from([1.0, 2.0]),
    st.sampled_from([inf, 300.0]),
)  # fmt: skip
def test_the_recursion_equals_the_event_loop(
    agents: int, many: int, seed: int, work_rate: float, closes_s: float
) -> None:
    floor = contact_centre(agents, work_rate=work_rate)
    laid, needs = lay_out(floor), round_needs(floor, seed=seed, many=many)
    assert recursion_applies(laid, SkillRouting(), needs)
    short = run(floor, SkillRouting(), needs, closes_s=closes_s)
    left, bounds = room_for(many, 1, agents), np.array([0, many])
    run_events(laid, SkillRouting(), needs, bounds=bounds, closes_s=closes_s, left=left)
    for name in left._fields:
        column = getattr(short.records if name in Records._fields else short.work, name)
        assert np.array_equal(column, getattr(left, name)), name


@pytest.mark.parametrize(
    "floor, policy",
    [
        (contact_centre(3), Pooled()),  # the nearest goes, not the longest idle
        (grid(), SkillRouting()),  # walks
        (  # somebody gives up
            Floor((Node("line", Kind.QUEUE),),
                  (NeedType("call", 60, Durations(9), patience=Durations(60)),),
                  (Server("a"),), table_lock=False), SkillRouting(),
        ),
        (  # preferences
            Floor((Node("line", Kind.QUEUE),),
                  (NeedType("a", 60, Durations(9)), NeedType("b", 60, Durations(9))),
                  (Server("x", skills=("a", "b")),), table_lock=False), SkillRouting(),
        ),
    ],
)  # fmt: skip
def test_the_recursion_is_left_alone_where_it_does_not_apply(floor: Floor, policy: Policy) -> None:
    assert not recursion_applies(lay_out(floor), policy, round_needs(floor, seed=1, many=20))


# Custom policies


@njit
def chosen(state, server):  # type: ignore[no-untyped-def]
    """Three policies in one, by the cadence, because each is compiled for some seconds."""
    if state.cadence_s == NOTHING_S:
        return -1
    if state.cadence_s == THE_FIRST_S:
        return 0
    need = next_open(state, -1)
    while need >= 0 and not may_meet(state, server, need):
        need = next_open(state, need)
    return need


def test_a_custom_policy_that_takes_the_oldest_equals_the_built_in_one() -> None:
    floor = contact_centre(3)
    own = simulate(floor, policy=CustomPolicy(chosen), hours=2, reps=3)
    built_in = simulate(floor, policy=SkillRouting(), hours=2, reps=3)
    assert (np.sort(own.records.started_s) == np.sort(built_in.records.started_s)).all()
    assert own.work.trips.sum() == built_in.work.trips.sum()


def test_a_policy_that_never_serves_is_named() -> None:
    with pytest.raises(PolicyNeverServes, match="served none of") as refused:
        simulate(grid(), policy=CustomPolicy(chosen, NOTHING_S), hours=1, reps=2)
    assert refused.value.needs > 300


def test_a_policy_that_names_a_need_nobody_may_go_for_is_told_which() -> None:
    with pytest.raises(PolicyNamedWrongNeed, match="named need 0"):
        simulate(grid(), policy=CustomPolicy(chosen, THE_FIRST_S), hours=1, reps=2)


def test_rounds_in_which_no_time_passes_are_stopped() -> None:
    """One table where the server stands, and rounds without a pause."""
    floor = grid(sections=1, tables=1)
    here = [Node("1-1", Kind.TABLE, 0, 0, "section 1"), Node("station", Kind.STATION, 0, 0)]
    floor = Floor(tuple(here), floor.need_types, floor.servers, floor.sections)
    needs = round_needs(floor, seed=1, many=3)
    with pytest.raises(StoodStill, match="no time passes"):
        run(floor, ScanSection(cadence_s=0.0), needs)
