"""What holds on any floor under any policy: nothing is lost, queues obey Little, help helps."""

from dataclasses import replace
from itertools import pairwise
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.floor.engine.random_floors import floors, policies, round_needs, run
from upturn.floor.engine import simulate
from upturn.floor.engine.grid import grid
from upturn.floor.engine.laid import lay_out
from upturn.floor.engine.policy import (
    OneAtATime,
    OwnTheWhole,
    Policy,
    Pooled,
    ScanSection,
    SkillRouting,
)
from upturn.floor.engine.runs import Outcome
from upturn.floor.engine.shapes import Behaviour, Durations, Floor, Kind, NeedType, Node, Server


@settings(max_examples=100)
@given(floors(), policies(), st.integers(0, 1000), st.integers(0, 60))
def test_no_need_is_lost_and_none_is_met_twice(
    floor: Floor, policy: Policy, seed: int, many: int
) -> None:
    needs, laid = round_needs(floor, seed=seed, many=many), lay_out(floor)
    records, work = run(floor, policy, needs)
    served = records.outcome == Outcome.SERVED
    began = np.isfinite(records.started_s)
    gave_up = records.outcome == Outcome.GAVE_UP
    assert (served | gave_up | (records.outcome == Outcome.OPEN)).all()
    assert (began[served]).all()
    assert not began[gave_up].any()
    assert (began == (records.server >= 0)).all()
    assert (records.known_s[began] >= records.created_s[began]).all()
    assert (records.started_s[began] >= records.known_s[began]).all()
    assert (records.ended_s[served] >= records.started_s[served]).all()
    gives_up = needs.created_s + needs.patience_s
    assert (records.started_s[began] <= gives_up[began]).all()
    assert (records.ended_s[gave_up] == gives_up[gave_up]).all()
    assert (laid.rank[records.server[began], records.kind[began]] >= 0).all()
    assert work.walk_s.shape == work.trips.shape == (1, len(floor.servers))


@settings(max_examples=100)
@given(floors(), st.integers(0, 1000), st.integers(0, 60))
def test_what_is_for_the_owner_alone_is_met_by_the_owner(
    floor: Floor, seed: int, many: int
) -> None:
    """S0.9: an owner-only need is never offered to a neighbour, whatever the floor."""
    needs, laid = round_needs(floor, seed=seed, many=many), lay_out(floor)
    for policy in (OneAtATime(), ScanSection(), OwnTheWhole(detour_s=inf, own_first_s=0.0)):
        records, _work = run(floor, policy, needs)
        own = laid.owner_only[records.kind] & (records.server >= 0)
        assert (records.server[own] == records.owner[own]).all()


@settings(max_examples=60)
@given(floors(), policies(), st.integers(0, 1000), st.integers(1, 60))
def test_a_table_with_a_lock_has_one_server_at_a_time(
    floor: Floor, policy: Policy, seed: int, many: int
) -> None:
    records, _work = run(
        replace(floor, table_lock=True), policy, round_needs(floor, seed=seed, many=many)
    )
    done = records.outcome == Outcome.SERVED
    for node in set(records.node[done].tolist()):
        at = done & (records.node == node)
        spans = sorted(set(zip(records.started_s[at], records.ended_s[at], strict=True)))
        assert all(one[1] <= other[0] for one, other in pairwise(spans))


@pytest.mark.parametrize(
    "policy", [OneAtATime(), ScanSection(), OwnTheWhole(), Pooled(), SkillRouting()]
)
def test_open_needs_are_rate_times_time(policy: Policy) -> None:
    """Little's law, counted at every change; the floor closes empty."""
    runs = simulate(grid(), policy=policy, hours=3, reps=2, seed=4, threads=1)
    assert (runs.records.outcome == Outcome.SERVED).all()
    for replication in range(2):
        rows = runs.records.replication == replication
        created, started = runs.records.created_s[rows], runs.records.started_s[rows]
        moments = np.concatenate([created, started])
        change = np.repeat([1, -1], len(created))
        order = np.argsort(moments, kind="stable")
        waiting = np.cumsum(change[order])[:-1]
        area = (waiting * np.diff(moments[order])).sum()
        assert area == pytest.approx((started - created).sum(), rel=1e-12)


def line(agents: int) -> Floor:
    return Floor(
        nodes=(Node("line", Kind.QUEUE),),
        need_types=(NeedType("call", 300.0, Durations(50.0)),),
        servers=tuple(Server(f"agent {k}") for k in range(agents)),
        behaviour=Behaviour(loafing_share=0.0),
        table_lock=False,
    )


@settings(max_examples=30)
@given(st.integers(1, 6), st.integers(0, 1000), st.integers(1, 100))
def test_one_more_server_never_makes_a_customer_wait_longer(
    agents: int, seed: int, many: int
) -> None:
    needs = round_needs(line(1), seed=seed, many=many)
    for policy in (SkillRouting(), Pooled()):
        fewer = run(line(agents), policy, needs, closes_s=inf).records
        more = run(line(agents + 1), policy, needs, closes_s=inf).records
        assert (more.started_s <= fewer.started_s).all()


@settings(max_examples=30)
@given(st.integers(0, 1000), st.integers(1, 80))
def test_walking_faster_one_at_a_time_never_makes_a_guest_wait_longer(seed: int, many: int) -> None:
    slow = grid(sections=2, tables=3)
    fast = replace(slow, servers=tuple(replace(s, speed_m_s=2.4) for s in slow.servers))
    needs = round_needs(slow, seed=seed, many=many)
    one = run(slow, OneAtATime(), needs, closes_s=inf).records
    other = run(fast, OneAtATime(), needs, closes_s=inf).records
    assert (other.started_s <= one.started_s).all()


def test_every_trip_serves_one_need_one_at_a_time() -> None:
    """S0.4: see, go, do, return; trips are needs served, and walks there and back again."""
    floor = grid()
    runs = simulate(floor, policy=OneAtATime(), hours=4, reps=5, threads=1)
    laid, station = lay_out(floor), len(floor.nodes) - 1
    assert runs.work.trips.sum() == len(runs.records.created_s)
    there = laid.walk_s[station, runs.records.node].sum()
    last = [runs.records.started_s[runs.records.replication == r].argmax() for r in range(5)]
    never_walked_back = [
        laid.walk_s[runs.records.node[runs.records.replication == r][at], station]
        for r, at in enumerate(last)
    ]
    assert 2 * there - runs.work.walk_s.sum() <= 2 * sum(never_walked_back) + 1e-6
    assert runs.work.walk_s.sum() <= 2 * there + 1e-6


def test_scanning_meets_what_nobody_asked_for_sooner_the_oftener_it_looks() -> None:
    """S0.5: time to notice falls with the cadence; on the same needs."""
    floor = grid(need_types=(NeedType("crumbs", 2.0, Durations(15), asks_after=Durations(1200)),))
    noticed = []
    for cadence_s in (60.0, 240.0, 960.0, inf):
        runs = simulate(floor, policy=ScanSection(cadence_s), hours=4, reps=10, threads=1)
        noticed.append((runs.records.known_s - runs.records.created_s).mean())
    assert noticed == sorted(noticed)
    assert noticed[0] < 0.25 * noticed[-1]
