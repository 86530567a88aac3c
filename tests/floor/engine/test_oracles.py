"""Formulas against printed figures, against each other, and against plain counting."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.floor.engine.checks.oracles import (
    m_g_1_wait,
    polling_sum,
    polling_wait,
    pooled_wins,
    pooling_range,
    priority_waits,
    return_to_station_wait,
    second_moment,
    trip_batch_wait,
)
from upturn.floor.engine.checks.repairman import (
    UNIT_SQUARE_MEAN,
    depot_load,
    repairman_best,
    repairman_bound,
)
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.shapes import Durations, Law

loads = st.floats(0.05, 0.95)
EXPONENTIAL = Durations(20.0)


@pytest.mark.parametrize(
    ("tables", "leg_s", "rate", "gated", "wait"),
    [
        (7, 3, 0.02, False, 29.833),
        (7, 3, 0.03, False, 54.0),
        (7, 3, 0.03, True, 58.5),
        (28, 2, 0.04, True, 224.0),
    ],
)
def test_polling_gives_the_printed_figures(tables, leg_s, rate, gated, wait) -> None:
    found = polling_wait(rate, tables=tables, leg_s=leg_s, service=EXPONENTIAL, gated=gated)
    assert found == pytest.approx(wait, abs=5e-4)


@given(loads, st.integers(1, 30), st.floats(0.1, 60), st.booleans(), st.floats(0, 100))
def test_equal_tables_satisfy_the_law_for_unequal_ones(load, tables, leg_s, gated, spread) -> None:
    service = Durations(20.0, Law.LOGNORMAL, 0.7)
    rate = load / 20
    wait = polling_wait(
        rate, tables=tables, leg_s=leg_s, service=service, gated=gated, leg_variance=spread
    )
    total = polling_sum(
        (rate / tables,) * tables,
        services=(service,) * tables,
        cycle_s=tables * leg_s,
        cycle_variance=tables * spread,
        gated=gated,
    )
    assert total == pytest.approx(load * wait, rel=1e-9)


@given(loads, st.integers(1, 30))
def test_rounds_without_walking_are_one_queue(load: float, tables: int) -> None:
    wait = polling_wait(load / 20, tables=tables, leg_s=0.0, service=EXPONENTIAL)
    alone = m_g_1_wait(load / 20, mean_s=20.0, moment=second_moment(EXPONENTIAL))
    assert wait == pytest.approx(alone)


@given(loads, st.floats(0.1, 100))
def test_a_trip_for_one_is_a_queue_of_one(load: float, trip_s: float) -> None:
    wait = trip_batch_wait(load / trip_s, trip_s=trip_s, capacity=1)
    alone = m_g_1_wait(load / trip_s, mean_s=trip_s, moment=2 * trip_s**2)
    assert wait == pytest.approx(alone, rel=1e-6)


@given(st.floats(0.1, 3.5), st.integers(4, 12))
def test_carrying_more_never_makes_anybody_wait_longer(rate: float, capacity: int) -> None:
    fewer = trip_batch_wait(rate, trip_s=1.0, capacity=capacity)
    more = trip_batch_wait(rate, trip_s=1.0, capacity=capacity + 1)
    assert more <= fewer + 1e-9


def slow_batch_wait(rate: float, capacity: int, *, most: int = 400) -> float:
    """The same by solving all balance equations of a long, cut-off line."""
    import numpy as np  # noqa: PLC0415 - of this one test

    states = most + 2
    balance = np.zeros((states, states))

    def flow(a: int, b: int, r: float) -> None:
        balance[b, a] += r
        balance[a, a] -= r

    flow(0, 1, rate)  # state 0: idle; state 1 + n: n wait beside the trip under way
    for n in range(most + 1):
        if n < most:
            flow(1 + n, 2 + n, rate)
        flow(1 + n, 0 if n == 0 else 1 + n - min(n, capacity), 1.0)
    balance[-1] = 1.0
    right = np.zeros(states)
    right[-1] = 1.0
    share = np.linalg.solve(balance, right)
    return float(share[1:] @ np.arange(most + 1)) / rate


@pytest.mark.parametrize(("rate", "capacity"), [(2.0, 4), (3.2, 4), (0.8, 1), (1.4, 2)])
def test_trips_wait_as_their_balance_equations_say(rate: float, capacity: int) -> None:
    exact = trip_batch_wait(rate, trip_s=1.0, capacity=capacity)
    assert exact == pytest.approx(slow_batch_wait(rate, capacity), rel=1e-6)


def test_returning_to_the_centre_of_a_square_gives_the_printed_time() -> None:
    there = return_to_station_wait(
        0.7, walk_s=UNIT_SQUARE_MEAN, walk_moment=1 / 6, service=Durations(0.3)
    )
    assert there + 0.3 == pytest.approx(2.479339, abs=5e-7)


@given(loads)
def test_without_a_walk_returning_is_a_plain_queue(load: float) -> None:
    back = return_to_station_wait(load / 20, walk_s=0.0, walk_moment=0.0, service=EXPONENTIAL)
    assert back == pytest.approx(m_g_1_wait(load / 20, mean_s=20.0, moment=800.0))


@given(st.lists(st.floats(0.01, 0.2), min_size=1, max_size=4), st.floats(0.1, 1.1))
def test_priorities_share_out_the_same_waiting(rates: list[float], mean_s: float) -> None:
    """Kleinrock's conservation law: the sum of load times wait does not depend on the order."""
    means, moments = (mean_s,) * len(rates), (2 * mean_s**2,) * len(rates)
    total = sum(rates) * mean_s
    waits = priority_waits(rates, means_s=means, moments=moments)
    weighted = sum(r * mean_s * w for r, w in zip(rates, waits, strict=True))
    alone = m_g_1_wait(sum(rates), mean_s=mean_s, moment=2 * mean_s**2)
    assert weighted == pytest.approx(total * alone)
    assert list(waits) == sorted(waits)


def test_two_unlike_queues_are_better_apart() -> None:
    short = m_g_1_wait(0.8, mean_s=1, moment=2)
    long = m_g_1_wait(0.08, mean_s=10, moment=200)
    assert (10 * short + long) / 11 == pytest.approx(7.272727, abs=5e-7)
    assert m_g_1_wait(0.88, mean_s=0.8 / 0.88, moment=4.4 / 0.88) == pytest.approx(11.0)


@pytest.mark.parametrize(("factor", "low", "high"), [(1.069, 0.070, 0.866), (1.107, 0.110, 0.793)])
def test_pooling_wins_between_the_printed_loads(factor, low, high) -> None:
    found = pooling_range(factor)
    assert found is not None
    assert found == pytest.approx((low, high), abs=5e-4)
    for load, wins in ((found[0] - 1e-6, False), (found[0] + 1e-6, True), (found[1] + 1e-6, False)):
        assert pooled_wins(load, slow_factor=factor) is wins


@given(loads, st.floats(1.0, 1.24))
def test_pooling_compares_the_times_of_two_queues(load: float, factor: float) -> None:
    """Against M/M/1 and M/M/2 times in the system, each by its own formula."""
    apart = 1 / (1 - load)
    pooled = factor / (1 - (factor * load) ** 2) if factor * load < 1 else inf
    if abs(apart - pooled) > 1e-9:
        assert pooled_wins(load, slow_factor=factor) is (pooled < apart)


def test_no_repairman_is_faster_than_the_bound_and_the_best_is_slower() -> None:
    square = {"servers": 1, "area_m2": 1.0, "speed_m_s": 1.0, "service_s": 0.3}
    bound = repairman_bound(0.7, walk_s=UNIT_SQUARE_MEAN, **square)
    assert bound == pytest.approx(UNIT_SQUARE_MEAN + 0.3)
    heavy = repairman_bound(3.2, walk_s=UNIT_SQUARE_MEAN, **square)
    assert heavy < repairman_best(3.2, **square)
    assert repairman_bound(4.0, walk_s=0.1, **square) == inf


@given(st.floats(0.01, 0.2), st.floats(0, 30), st.integers(1, 8))
def test_a_trip_for_one_from_a_depot_loads_as_going_back_each_time(rate, walk_s, servers) -> None:
    load = depot_load(rate, servers=servers, service_s=20.0, station_s=walk_s, capacity=1)
    assert load == pytest.approx(rate * (20 + 2 * walk_s) / servers)


def test_what_cannot_be_kept_up_with_waits_for_ever() -> None:
    assert m_g_1_wait(0.05, mean_s=20, moment=800) == inf
    assert polling_wait(0.05, tables=7, leg_s=3, service=EXPONENTIAL) == inf
    assert polling_sum((0.05,), services=(EXPONENTIAL,), cycle_s=3.0) == inf
    assert trip_batch_wait(4.0, trip_s=1.0, capacity=4) == inf
    assert priority_waits((0.5, 0.6), means_s=(1, 1), moments=(2, 2))[1] == inf
    assert trip_batch_wait(0.0, trip_s=1.0, capacity=4) == 0.0


@pytest.mark.parametrize("rate", [-1.0, nan, inf])
def test_a_rate_that_is_none_is_named(rate: float) -> None:
    with pytest.raises(BadSetting, match=r"rate is .*; give a number of at least 0"):
        m_g_1_wait(rate, mean_s=20, moment=800)
