"""Figures of runs: identities, intervals, and what the seed says of trips, scans and asking."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.floor.engine.plain_runs import busy_floor, plain_runs
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.grid import grid
from upturn.floor.engine.lab.balance import credit_by_owner, met_by_server
from upturn.floor.engine.lab.measures import (
    Cell,
    Groups,
    Measure,
    Scope,
    figure_of,
    gini,
    quantile_values,
    ratio_values,
)
from upturn.floor.engine.lab.summary import Summary, paired, summarise
from upturn.floor.engine.laid import Floats
from upturn.floor.engine.policy import OneAtATime, OwnTheWhole, Policy, Pooled, ScanSection
from upturn.floor.engine.runs import Outcome, Runs
from upturn.stats import Figure, Withheld

POLICIES = (OneAtATime(), ScanSection(), OwnTheWhole(), Pooled())


@cache
def runs_of(policy: Policy) -> Runs:
    return plain_runs(busy_floor(), policy)


@cache
def summary_of(policy: Policy) -> Summary:
    return summarise(runs_of(policy))


def value(summary: Summary, measure: Measure, scope: Scope = Scope.ALL, name: str = "") -> float:
    found = summary.figures[Cell(measure, scope, name)]
    assert isinstance(found, Figure)
    return found.value


@pytest.mark.parametrize("policy", POLICIES)
def test_means_and_shares_are_those_of_all_needs(policy: Policy) -> None:
    runs, summary = runs_of(policy), summary_of(policy)
    rows = runs.records
    begun = np.isfinite(rows.started_s)
    wait = (rows.started_s - rows.created_s)[begun]
    assert value(summary, Measure.WAIT_MEAN) == pytest.approx(wait.mean())
    for measure, share in ((Measure.WAIT_P50, 0.5), (Measure.WAIT_P95, 0.95)):
        expected = np.quantile(wait, share, method="inverted_cdf")
        assert value(summary, measure) == pytest.approx(expected)
    for at, kind in enumerate(runs.floor.need_types):
        of = begun & (rows.kind == at)
        wait = (rows.started_s - rows.created_s)[of]
        assert value(summary, Measure.WAIT_MEAN, Scope.KIND, kind.name) == pytest.approx(
            wait.mean()
        )
        expected = np.quantile(wait, 0.9, method="inverted_cdf")
        assert value(summary, Measure.WAIT_P90, Scope.KIND, kind.name) == pytest.approx(expected)
        if np.isfinite(kind.due_s):
            in_time = (wait <= kind.due_s).sum() / (rows.kind == at).sum()
            assert value(summary, Measure.IN_TIME, Scope.KIND, kind.name) == pytest.approx(in_time)
    dessert = rows.kind == 3
    gave_up = (rows.outcome[dessert] == Outcome.GAVE_UP).mean()
    assert value(summary, Measure.GAVE_UP) == pytest.approx(gave_up)


@pytest.mark.parametrize("policy", POLICIES)
def test_needs_are_kept_and_credit_is_that_of_own_tables(policy: Policy) -> None:
    runs, summary = runs_of(policy), summary_of(policy)
    rows = runs.records
    outcomes = [(rows.outcome == outcome).sum() for outcome in Outcome]
    assert sum(outcomes) == len(rows.created_s)
    credit, met = credit_by_owner(runs, 0.0), met_by_server(runs, 0.0)
    assert credit.sum() == met.sum() == np.isfinite(rows.started_s).sum()
    for at, row in enumerate(summary.sections):
        own = np.isfinite(rows.started_s) & (rows.owner == at)
        helped = own & (rows.server != at)
        assert isinstance(row.credit_per_hour, Figure)
        assert row.credit_per_hour.value == pytest.approx(own.sum() / runs.reps)
        assert isinstance(row.received_per_hour, Figure)
        assert row.received_per_hour.value == pytest.approx(helped.sum() / runs.reps)
        elsewhere = np.isfinite(rows.started_s) & (rows.server == at) & (rows.owner != at)
        assert isinstance(row.given_per_hour, Figure)
        assert row.given_per_hour.value == pytest.approx(elsewhere.sum() / runs.reps)
    given_ = sum(row.given_per_hour.value for row in summary.sections)
    assert given_ == pytest.approx(sum(row.received_per_hour.value for row in summary.sections))
    assert np.array_equal(credit - _received(runs) + _given(runs), met)


def _received(runs: Runs) -> Floats:
    rows = runs.records
    helped = np.isfinite(rows.started_s) & (rows.owner != rows.server)
    return _count(runs, rows.owner, helped)


def _given(runs: Runs) -> Floats:
    rows = runs.records
    helped = np.isfinite(rows.started_s) & (rows.owner != rows.server)
    return _count(runs, rows.server, helped)


def _count(runs: Runs, seat: Floats, which: Floats) -> Floats:
    found = np.zeros((runs.reps, len(runs.floor.servers)))
    np.add.at(found, (runs.records.replication[which], seat[which]), 1)
    return found


@pytest.mark.parametrize("policy", POLICIES)
def test_waiting_at_once_is_rate_times_mean_wait(policy: Policy) -> None:
    """Little's law, against a sweep over the moments at which waiting begins and ends."""
    runs = runs_of(policy)
    rows, horizon = runs.records, 3600.0
    until = np.where(np.isfinite(rows.started_s), rows.started_s, rows.ended_s)
    total = 0.0
    for rep in range(runs.reps):
        of = rows.replication == rep
        moments = [(at, 1) for at in rows.created_s[of]] + [(at, -1) for at in until[of]]
        waiting, last = 0, 0.0
        for at, step in sorted(moments):
            total += waiting * (min(at, horizon) - min(last, horizon))
            waiting, last = waiting + step, at
    found = value(summarise(runs), Measure.WAITING)
    assert found == pytest.approx(total / horizon / runs.reps)
    within = (np.minimum(until, horizon) - rows.created_s).mean()
    rate = len(rows.created_s) / runs.reps / horizon
    assert found == pytest.approx(rate * within)


def test_one_at_a_time_makes_a_trip_for_every_need() -> None:
    """S0.4: as many trips as needs, where nobody gives up meanwhile."""
    runs = plain_runs(grid(sections=2, tables=6), OneAtATime())
    assert runs.work.trips.sum() == (runs.records.outcome == Outcome.SERVED).sum() > 100
    assert value(summarise(runs), Measure.NEEDS_A_TRIP) == 1.0
    assert value(summary_of(ScanSection()), Measure.NEEDS_A_TRIP) > 1.5


def test_time_to_notice_falls_with_the_cadence_of_rounds() -> None:
    """S0.5."""
    notice = [
        value(summary_of(ScanSection(cadence_s=cadence)), Measure.NOTICE, Scope.KIND, "coffee")
        for cadence in (60.0, 180.0, 900.0)
    ]
    assert notice == sorted(notice)
    assert notice[0] < 0.7 * notice[-1]
    asked_alone = value(summary_of(OneAtATime()), Measure.NOTICE, Scope.KIND, "coffee")
    assert asked_alone > notice[-1]


def test_needs_met_before_anybody_asked_are_a_figure_of_the_floor() -> None:
    """S0.7: by kind and for the floor, never by seat."""
    rows, summary = runs_of(ScanSection()).records, summary_of(ScanSection())
    coffee = rows.kind == 1
    share = (rows.started_s < rows.asks_s)[coffee].mean()
    assert value(summary, Measure.BEFORE_ASKED) == pytest.approx(share)
    assert share > 0.3
    assert value(summary_of(OneAtATime()), Measure.BEFORE_ASKED) == 0
    assert not {"before_asked", "notice"} & set(summary.seats[0]._fields)


def test_help_leaves_credit_where_it_was_and_spreads_the_work() -> None:
    alone, helped = summary_of(ScanSection()), summary_of(OwnTheWhole())
    assert value(alone, Measure.HELPED) == 0 < value(helped, Measure.HELPED)
    assert value(alone, Measure.CREDIT_GINI) == value(alone, Measure.WORK_GINI)
    owners_alone = helped.figures[Cell(Measure.HELPED, Scope.KIND, "bill")]
    assert isinstance(owners_alone, Figure)
    assert (owners_alone.value, owners_alone.high) == (0, 0)


def test_work_adds_up_to_the_shift() -> None:
    runs, summary = runs_of(OwnTheWhole()), summary_of(OwnTheWhole())
    busy = [
        seat.at_work_share.value for seat in summary.seats if isinstance(seat.at_work_share, Figure)
    ]
    assert np.mean(busy) + value(summary, Measure.IDLE) == pytest.approx(1)
    metres = runs.work.walk_s.sum() * 1.2
    begun = np.isfinite(runs.records.started_s).sum()
    assert value(summary, Measure.WALK_A_NEED) == pytest.approx(metres / begun)


def test_what_comes_before_the_warm_up_is_left_out_and_counted() -> None:
    runs = runs_of(ScanSection())
    whole, cut = summarise(runs), summarise(runs, warm_up_s=900.0)
    kept = runs.records.created_s >= 900
    assert cut.ends.counted == kept.sum() == whole.ends.counted - cut.ends.left_out
    wait = (runs.records.started_s - runs.records.created_s)[kept & (runs.records.started_s < 1e9)]
    assert value(cut, Measure.WAIT_MEAN) == pytest.approx(wait.mean())
    late = (runs.records.started_s > 3600) & np.isfinite(runs.records.started_s)
    assert whole.ends.late_share == pytest.approx(late.mean())


def test_pairs_are_compared_on_the_same_needs_alone() -> None:
    scan, own = summary_of(ScanSection()), summary_of(OwnTheWhole())
    change = paired(own, scan)[Cell(Measure.WAIT_MEAN)]
    assert isinstance(change.difference, Figure)
    assert isinstance(change.ratio, Figure)
    expected = value(own, Measure.WAIT_MEAN) - value(scan, Measure.WAIT_MEAN)
    assert change.difference.value == pytest.approx(expected)
    assert change.ratio.value == pytest.approx(
        value(own, Measure.WAIT_MEAN) / value(scan, Measure.WAIT_MEAN)
    )
    itself = paired(own, own)[Cell(Measure.WAIT_P95)]
    assert isinstance(itself.difference, Figure)
    assert (itself.difference.low, itself.difference.high) == (0, 0)
    for other in (
        replace(runs_of(ScanSection()), seed=2),
        plain_runs(busy_floor(), Pooled(), reps=3),
    ):
        with pytest.raises(BadSetting, match="same seed"):
            paired(own, summarise(other))


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Ratios and quantiles of needs that come in unequal numbers, 400 repetitions."""
    rng = np.random.default_rng(5)
    ratios, quantiles = 0, 0
    for _ in range(400):
        counts = rng.poisson(30, 60)
        waits = rng.exponential(10, counts.sum())
        rep = np.repeat(np.arange(60), counts)
        sums = np.bincount(rep, waits, minlength=60)
        found = figure_of(ratio_values(sums, counts.astype(float)))
        assert isinstance(found, Figure)
        ratios += found.low <= 10 <= found.high
        groups = Groups(np.zeros(len(waits), int), Scope.ALL, ("",))
        order = np.argsort(waits)
        values = quantile_values(waits, order, groups, batch=rep // 3, batches=20)
        found = figure_of(values[Measure.WAIT_P90, ""])
        assert isinstance(found, Figure)
        quantiles += found.low <= 10 * np.log(10) <= found.high
    assert 0.92 <= ratios / 400 <= 0.98
    assert 0.92 <= quantiles / 400 <= 0.98


def test_nothing_to_count_is_said_and_never_a_zero() -> None:
    assert figure_of(np.empty(0)) == Withheld("nothing", 1, 0)
    assert figure_of(np.array([np.nan, 3.0])) == Withheld("too_few", 2, 1)
    assert ratio_values(np.array([0.0]), np.array([0.0])).size == 0
    one = summarise(plain_runs(busy_floor(), ScanSection(), reps=1))
    assert one.figures[Cell(Measure.WAIT_MEAN)] == Withheld("too_few", 2, 1)


@given(arrays(float, 6, elements=st.integers(0, 50).map(float)), st.integers(1, 5))
def test_gini_is_a_share_whatever_the_unit_and_order(parts: Floats, times: int) -> None:
    found = gini(parts)
    if parts.sum() == 0:
        assert np.isnan(found)
        return
    assert -1e-12 <= found <= 5 / 6 + 1e-12
    assert gini(parts[::-1] * times) == pytest.approx(float(found))
    assert gini(parts + 10) <= found + 1e-12
