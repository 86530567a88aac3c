"""Own first, help on the way: laws no plan may break, whatever is drawn."""

from collections import Counter
from dataclasses import replace
from math import inf

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.floor.engine.rounds_drawn import floor_of
from upturn.floor.engine.rounds import (
    InHand,
    Open,
    Plan,
    Seat,
    Snapshot,
    Station,
    Stop,
    Why,
    plan_round,
)

HELP = {Why.ON_THE_WAY, Why.DETOUR}

snapshots = st.builds(
    lambda seats, needs, seed, kinds: floor_of(
        seats,
        needs,
        seed=seed,
        items=kinds[0],
        due=kinds[1],
        owner_only=kinds[2],
        may_wait=0.1,
        slow=(1.0, 1.4, 0.8),
    ),
    st.integers(1, 5),
    st.integers(1, 25),
    st.integers(0, 10_000),
    st.tuples(st.sampled_from([0.0, 0.5]), st.booleans(), st.sampled_from([0.0, 0.3])),
)
plans = settings(max_examples=60, deadline=None)


@plans
@given(snapshots, st.sampled_from([0.0, 6.0, inf]), st.sampled_from([0.0, 15.0]))
def test_every_need_is_planned_once_and_the_seconds_add_up(
    snapshot: Snapshot, detour_s: float, own_first_s: float
) -> None:
    plan = plan_round(snapshot, budget_ms=0.3, detour_s=detour_s, own_first_s=own_first_s)
    planned = [stop.need for seat in plan.rounds for stop in seat.stops if stop.need is not None]
    assert sorted([*planned, *plan.later]) == list(range(len(snapshot.needs)))
    assert not any(snapshot.needs[need].must_go for need in plan.later)
    cost = sum(_replayed(snapshot, plan, seat, own_first_s) for seat in range(len(plan.rounds)))
    assert np.isclose(cost, plan.cost)


def _replayed(snapshot: Snapshot, plan: Plan, number: int, own_first_s: float) -> float:
    """Walk one round again, with what is in hand, and give what it costs."""
    seat = snapshot.servers[number]
    stands_there = any(seat.position == station.node for station in snapshot.stations)
    left = {i: h.capacity if stands_there else h.left for i, h in seat.hands.items()}
    at, t, cost = seat.position, max(seat.busy_until_s, snapshot.now_s), 0.0
    for stop in plan.rounds[number].stops:
        t += float(snapshot.walk_s[at, stop.node]) * seat.slow
        at = stop.node
        assert np.isclose(stop.starts_s, t)
        if stop.need is None:
            left |= {item: hand.capacity for item, hand in seat.hands.items()}
            continue
        need = snapshot.needs[stop.need]
        assert stop.node == need.node
        if need.item:
            left[need.item] -= 1
            assert left[need.item] >= 0
        is_late = t > need.released_s + need.due_s + 1e-9
        helps = own_first_s if stop.why in HELP else 0.0
        cost += need.weight * (t - need.released_s) + 600 * is_late + helps
        t += need.service_s
    return cost


@plans
@given(snapshots)
def test_owner_only_needs_are_never_at_another_seat(snapshot: Snapshot) -> None:
    plan = plan_round(snapshot, budget_ms=0.3, own_first_s=0, detour_s=inf)
    for seat, round_ in zip(snapshot.servers, plan.rounds, strict=True):
        for stop in round_.stops:
            need = snapshot.needs[stop.need] if stop.need is not None else None
            assert need is None or not need.owner_only or need.section == seat.section


@plans
@given(snapshots, st.sampled_from([0.0, 4.0, 12.0]), st.booleans())
def test_help_keeps_to_the_detour_and_to_what_is_in_hand(
    snapshot: Snapshot, detour_s: float, when_free: bool
) -> None:
    plan = plan_round(
        snapshot, budget_ms=0.3, own_first_s=0, detour_s=detour_s, when_free=when_free
    )
    for seat in plan.rounds:
        for at, stop in enumerate(seat.stops):
            if stop.why in HELP:
                is_free = when_free and all(later.why in HELP for later in seat.stops[at:])
                assert is_free or stop.extra_s <= detour_s + 1e-6
                assert (stop.why is Why.ON_THE_WAY) == (stop.extra_s <= 1e-6)
    for number, seat in enumerate(snapshot.servers):
        _assert_fetches_are_for_own_needs(snapshot, seat, plan, number)


def _assert_fetches_are_for_own_needs(
    snapshot: Snapshot, seat: Seat, plan: Plan, number: int
) -> None:
    """With all help taken out, leaving out any fetch leaves an own need without its item."""
    stops = [stop for stop in plan.rounds[number].stops if stop.why not in HELP]
    for fetch in (stop for stop in stops if stop.why is Why.FETCH):
        stands_there = seat.position == snapshot.stations[0].node
        left = seat.hands["pot"].capacity if stands_there else seat.hands["pot"].left
        lacks = False
        for stop in stops:
            if stop.why is Why.FETCH and stop is not fetch:
                left = seat.hands["pot"].capacity
            left -= bool(stop.item)
            lacks = lacks or left < 0
        assert lacks


@plans
@given(snapshots, st.sampled_from([6.0, inf]))
def test_no_own_need_starts_late_after_help(snapshot: Snapshot, detour_s: float) -> None:
    plan = plan_round(snapshot, budget_ms=0.3, own_first_s=0, detour_s=detour_s)
    for round_ in plan.rounds:
        helped = False
        for stop in round_.stops:
            helped = helped or stop.why in HELP
            if stop.need is not None and stop.why not in HELP:
                need = snapshot.needs[stop.need]
                assert not helped or stop.starts_s <= need.released_s + need.due_s + 1e-6


@plans
@given(snapshots)
def test_nobody_helps_while_an_own_late_need_waits_for_somebody_else(snapshot: Snapshot) -> None:
    plan = plan_round(snapshot, budget_ms=0.3, own_first_s=0, detour_s=inf)
    helps_s = {
        seat.section: min((s.starts_s for s in round_.stops if s.why in HELP), default=inf)
        for seat, round_ in zip(snapshot.servers, plan.rounds, strict=True)
    }
    for stop in (stop for round_ in plan.rounds for stop in round_.stops if stop.why in HELP):
        need = snapshot.needs[stop.need or 0]
        if need.must_go and stop.starts_s > need.released_s + need.due_s + 1e-6:
            assert stop.starts_s <= helps_s[need.section] + 1e-6


def test_an_own_overdue_need_goes_before_any_neighbours_need_however_heavy() -> None:
    walk = np.array([[0.0, 2, 30], [2, 0, 28], [30, 28, 0]])
    seats = Seat("a", 0), Seat("b", 2, busy_until_s=900)
    own = Open(2, "bill", "a", released_s=0, due_s=50, weight=1)
    heavy = Open(1, "spill", "b", released_s=90, weight=1000)
    plan = plan_round(Snapshot(walk, seats, (own, heavy), now_s=100), detour_s=inf)
    assert [stop.need for stop in plan.rounds[0].stops] == [0, 1]
    unhurried = replace(own, due_s=900)
    plan = plan_round(Snapshot(walk, seats, (unhurried, heavy), now_s=100), detour_s=inf)
    assert [stop.need for stop in plan.rounds[0].stops] == [1, 0]


@given(st.integers(0, 1200), st.integers(0, 2), st.booleans(), st.sampled_from([0.0, 3.0, 6.0]))
@settings(max_examples=80, deadline=None)
def test_help_is_proposed_if_and_only_if_it_is_in_hand_and_on_the_way(
    hundredths: int, left: int, needs_pot: bool, detour_s: float
) -> None:
    """On the way to an own table, a neighbour's, whose owner is away for long, lies beside."""
    beside_s = hundredths / 100
    half = beside_s / 2
    walk = np.array(
        [
            [0, 10, 5 + half, 40],
            [10, 0, 5 + half, 40],
            [5 + half, 5 + half, 0, 40],
            [40, 40, 40, 0],
        ]
    )
    hand = {"pot": InHand(left, 4)}
    seats = Seat("a", 0, hands=hand, home=1), Seat("b", 3, busy_until_s=900, hands=hand)
    needs = (
        Open(1, "bill", "a", due_s=600),
        Open(2, "coffee", "b", item="pot" if needs_pot else ""),
    )
    plan = plan_round(Snapshot(walk, seats, needs, (Station(3),)), detour_s=detour_s)
    first = plan.rounds[0].first
    assert first is not None
    is_due = (left > 0 or not needs_pot) and beside_s <= detour_s + 1e-9
    assert (first.need == 1) == is_due
    if is_due:
        assert np.isclose(first.extra_s, beside_s)
        assert first.why is (Why.ON_THE_WAY if beside_s <= 1e-9 else Why.DETOUR)


@plans
@given(snapshots)
def test_help_leaves_the_ledger_of_owners_as_it_was(snapshot: Snapshot) -> None:
    """Carry plans out stop by stop, planning anew each time: who owns what never moves."""
    ledger = Counter(need.section for need in snapshot.needs)
    served: Counter[str] = Counter()
    while snapshot.needs:
        plan = plan_round(snapshot, budget_ms=0.05, own_first_s=0, detour_s=inf)
        firsts = [[stop.need for stop in s.stops if stop.need is not None][:1] for s in plan.rounds]
        done = {need for first in firsts for need in first} or set(plan.later)
        served.update(snapshot.needs[need].section for need in done)
        left = tuple(need for at, need in enumerate(snapshot.needs) if at not in done)
        snapshot = replace(snapshot, needs=left)
        assert served + Counter(need.section for need in left) == ledger
    assert not {"owner", "section", "tip", "cheque"} & set(Stop.__dataclass_fields__)
