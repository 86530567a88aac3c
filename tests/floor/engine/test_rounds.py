"""One trip beats nearest first, a plan is near the best, and it comes in time."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from math import inf
from statistics import median

import numpy as np

from tests.floor.engine.rounds_drawn import exact, exact_with_items, floor_of, nearest_first, trip
from upturn.floor.engine.grid import grid
from upturn.floor.engine.laid import lay_out
from upturn.floor.engine.rounds import (
    InHand,
    Open,
    Seat,
    Snapshot,
    Standing,
    Station,
    Waiting,
    Why,
    plan_round,
    snapshot_of,
)
from upturn.floor.engine.shapes import Durations, NeedType


def test_one_trip_beats_nearest_first_and_is_near_the_exact_optimum() -> None:
    ours, best, nearest = [], [], []
    for seed in range(60):
        snapshot = trip(4 + seed % 6, seed=seed)
        ours.append(plan_round(snapshot, budget_ms=2, seed=seed).cost)
        best.append(exact(snapshot))
        nearest.append(nearest_first(snapshot))
    ratios = np.array(ours) / best
    assert ratios.min() > 1 - 1e-9
    assert ratios.max() <= 1.03
    assert (np.array(ours) <= np.array(nearest) + 1e-9).all()
    assert sum(nearest) > 1.05 * sum(ours)


def test_a_trip_with_fetches_is_near_the_exact_optimum() -> None:
    ratios = []
    for seed in range(25):
        snapshot = trip(5, seed=seed, items=True)
        ratios.append(
            plan_round(snapshot, budget_ms=2, seed=seed).cost / exact_with_items(snapshot)
        )
    assert min(ratios) > 1 - 1e-9
    assert max(ratios) <= 1.03


def test_a_plan_of_fifty_milliseconds_is_near_a_long_search() -> None:
    ratios = []
    for seed in range(3):
        snapshot = floor_of(30, 200, seed=seed)
        short = plan_round(snapshot, budget_ms=50, seed=seed)
        ratios.append(short.cost / plan_round(snapshot, budget_ms=1000, seed=seed + 9).cost)
    assert median(ratios) <= 1.05


def test_the_same_snapshot_and_seed_give_the_same_plan() -> None:
    snapshot = floor_of(8, 40, seed=1, items=0.4, due=True)
    assert plan_round(snapshot, budget_ms=3, seed=4) == plan_round(snapshot, budget_ms=3, seed=4)


def test_a_longer_search_never_costs_more_than_putting_needs_in_once() -> None:
    snapshot = floor_of(8, 60, seed=2, items=0.4)
    assert plan_round(snapshot, budget_ms=20).cost < plan_round(snapshot, budget_ms=0).cost


def test_with_a_clock_the_search_stops_when_the_budget_is_over() -> None:
    ticks: Iterator[int] = count()
    plan_round(floor_of(8, 40, seed=1), budget_ms=50, clock=lambda: next(ticks) / 1000)
    assert 20 < next(ticks) <= 50


def test_a_floor_without_needs_has_empty_rounds() -> None:
    plan = plan_round(Snapshot(np.zeros((1, 1)), (Seat("a", 0), Seat("b", 0)), ()))
    assert [seat.stops for seat in plan.rounds] == [(), ()]
    assert plan.rounds[0].first is None


def test_what_to_take_along_is_said_at_the_station() -> None:
    walk = np.array([[0.0, 9, 12], [9, 0, 3], [12, 3, 0]])
    hands = {"pot": InHand(0, 4), "tray": InHand(0, 1)}
    needs = (
        Open(1, "coffee", "s", item="pot"),
        Open(2, "coffee", "s", item="pot"),
        Open(2, "dessert", "s", item="tray"),
    )
    plan = plan_round(Snapshot(walk, (Seat("s", 1, hands=hands),), needs, (Station(0),)))
    fetch = plan.rounds[0].first
    assert fetch is not None
    assert (fetch.why, fetch.need, fetch.node) == (Why.FETCH, None, 0)
    assert fetch.take == {"pot": 2, "tray": 1}


def test_each_item_is_fetched_where_it_is_handed_out() -> None:
    walk = np.array([[0.0, 5, 20], [5, 0, 15], [20, 15, 0]])
    seat = Seat("s", 1, hands={"pot": InHand(0, 4)})
    needs = (Open(1, "coffee", "s", item="pot"),)
    near, far = Station(0, ("tray",)), Station(2, ("pot",), fetch_s=7.0)
    plan = plan_round(Snapshot(walk, (seat,), needs, (near, far)))
    assert [(s.node, s.starts_s) for s in plan.rounds[0].stops] == [(2, 15.0), (1, 37.0)]


def test_a_need_that_may_wait_goes_along_only_where_nobody_gets_late() -> None:
    walk = np.array([[0.0, 5, 10], [5, 0, 5], [10, 5, 0]])
    seat = Seat("s", 0)
    refill = Open(1, "refill", "s", service_s=10, must_go=False)
    bill = Open(2, "bill", "s", due_s=12)
    unhurried = replace(bill, due_s=60)
    late = plan_round(Snapshot(walk, (seat,), (refill, bill)), detour_s=4)
    along = plan_round(Snapshot(walk, (seat,), (refill, unhurried)), detour_s=4)
    assert late.later == (0,)
    assert along.later == ()
    assert {s.need for s in along.rounds[0].stops} == {0, 1}


def test_skills_are_kept() -> None:
    snapshot = floor_of(4, 20, seed=3)
    skilled = replace(
        snapshot,
        servers=tuple(replace(s, skills=("request",)) for s in snapshot.servers),
        needs=(*snapshot.needs[:19], replace(snapshot.needs[19], kind="wine")),
    )
    sommelier = (*skilled.servers[:3], replace(skilled.servers[3], skills=("request", "wine")))
    plan = plan_round(replace(skilled, servers=sommelier), detour_s=inf)
    assert 19 in {stop.need for stop in plan.rounds[3].stops}


def test_a_snapshot_of_a_floor_has_seats_and_needs_as_laid_out() -> None:
    coffee = NeedType("coffee", 6.0, Durations(10.0), 90.0, weight=2.0, item="pot")
    bill = NeedType("bill", 3.0, Durations(30.0), owner_only=True)
    floor = grid(need_types=(coffee, bill), hands={"pot": 4})
    laid = lay_out(floor)
    standing = Standing(laid.home, np.array([0.0, 60, 0, 0]), np.array([[3], [0], [4], [1]]))
    waiting = Waiting(np.array([0, 9]), np.array([0, 1]), np.array([10.0, 20.0]))
    snapshot = snapshot_of(floor, laid, now_s=30.0, standing=standing, waiting=waiting)
    assert snapshot.servers[0].hands == {"pot": InHand(3, 4)}
    assert snapshot.servers[1].busy_until_s == 60.0
    assert snapshot.needs[0] == Open(0, "coffee", "section 1", 10.0, 90.0, 2.0, "pot", 10.0)
    assert snapshot.needs[1].owner_only
    plan = plan_round(snapshot, budget_ms=1)
    assert [[stop.need for stop in seat.stops] for seat in plan.rounds] == [[0], [1], [], []]


def test_who_stands_at_a_station_helps_with_what_lies_there() -> None:
    walk = np.array([[0.0, 10, 40], [10, 0, 40], [40, 40, 0]])
    seats = Seat("a", 0, hands={"pot": InHand(0, 4)}), Seat("b", 2, busy_until_s=900)
    needs = (Open(1, "coffee", "b", item="pot"),)
    plan = plan_round(Snapshot(walk, seats, needs, (Station(0),)), budget_ms=1)
    assert [stop.need for stop in plan.rounds[0].stops] == [0]
    assert plan.rounds[0].take == {"pot": 1}


def test_a_slow_seat_takes_longer_on_every_walk() -> None:
    walk = np.array([[0.0, 10], [10, 0]])
    plan = plan_round(Snapshot(walk, (Seat("a", 0, slow=1.5),), (Open(1, "bill", "a"),)))
    assert [(s.starts_s, s.walk_s) for s in plan.rounds[0].stops] == [(15.0, 15.0)]


def test_who_has_no_own_need_may_help_anywhere() -> None:
    walk = np.array([[0.0, 30], [30, 0]])
    seats = Seat("a", 0, home=0), Seat("b", 1, busy_until_s=900)
    snapshot = Snapshot(walk, seats, (Open(1, "bill", "b"),))
    free, kept = (plan_round(snapshot, budget_ms=1, when_free=free) for free in (True, False))
    assert [len(plan.rounds[0].stops) for plan in (free, kept)] == [1, 0]
