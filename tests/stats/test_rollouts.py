"""What a roll-out changed, what it could find, and how units swing."""

from itertools import product
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import nct, t, ttest_ind

from upturn.stats import ImpossibleSeries, Withheld
from upturn.stats.draws import generator
from upturn.stats.power import Schedule, rollout_power, stepped_starts
from upturn.stats.rollouts import NEVER, group_time_effects
from upturn.stats.swings import Swing, autoregression, swing_of, two_way


def mean(numbers):
    numbers = list(numbers)
    return sum(numbers) / len(numbers)


def plain_change(row, start, week, *, base_weeks):
    """A unit's change since its base, or None where it lacks a figure for it."""
    base = [x for x in row[max(0, start - base_weeks) : start] if not isnan(x)]
    return row[week] - mean(base) if base and not isnan(row[week]) else None


def plain_cells(rows, starts, *, base_weeks, controls):
    """Group-time effects straight from their definition, a unit at a time."""
    weeks, cells = len(rows[0]), {}
    for start, week in product({s for s in starts if 0 < s < weeks}, range(weeks)):
        later = weeks - 1 if controls == "never" else max(start, week)
        changes = [plain_change(row, start, week, base_weeks=base_weeks) for row in rows]
        both = [
            (begin, moved)
            for begin, moved in zip(starts, changes, strict=True)
            if moved is not None
        ]
        ours = [moved for begin, moved in both if begin == start]
        others = [moved for begin, moved in both if begin > later]
        if ours and others:
            cells[start, week] = (mean(ours) - mean(others), len(ours))
    return cells


def weighted(cells, wanted):
    chosen = [value for place, value in cells.items() if wanted(*place)]
    return sum(effect * n for effect, n in chosen) / sum(n for _effect, n in chosen)


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.sampled_from([1, 3]), st.sampled_from(["not_yet", "never"]))
def test_effects_equal_the_definition_with_and_without_missing_weeks(seed, base_weeks, controls):
    rng = generator(seed)
    rows = rng.normal(size=(14, 9)) + rng.normal(size=(14, 1))
    rows[rng.random(rows.shape) < rng.choice([0, 0.15])] = np.nan
    starts = np.array([3, 3, 3, 3, 5, 5, 5, 7, 7, 7, NEVER, NEVER, 9, 30])
    found = group_time_effects(rows, starts, base_weeks=base_weeks, controls=controls)
    cells = plain_cells(rows.tolist(), starts.tolist(), base_weeks=base_weeks, controls=controls)
    places = list(zip(found.starts.tolist(), found.weeks.tolist(), strict=True))
    assert set(places) == set(cells)
    expected = [cells[place] for place in places]
    assert found.cells.value == pytest.approx([effect for effect, _n in expected], abs=1e-12)
    assert found.cells.n.tolist() == [n for _effect, n in expected]
    overall = weighted(cells, lambda start, week: week >= start)
    assert found.overall.value == pytest.approx(overall, abs=1e-12)
    by_since = [weighted(cells, lambda start, week: week - start == lag) for lag in found.since]  # noqa: B023 - used at once
    assert found.by_since.value == pytest.approx(by_since, abs=1e-12)
    before = found.since < 0
    slope = np.polyfit(found.since[before], found.by_since.value[before], 1)[0]
    assert found.pretrend.value == pytest.approx(slope, abs=1e-9)


@pytest.mark.parametrize(("ours", "others", "alike"), [(4, 7, True), (6, 9, False)])
def test_one_start_and_one_week_are_a_comparison_of_mean_changes(ours, others, alike):
    rng = generator(2, "weeks", str(ours))
    rows = rng.normal(size=(ours + others, 2)) * np.r_[np.full(ours, 3.0), np.ones(others)][:, None]
    starts = [1] * ours + [NEVER] * others
    found = group_time_effects(rows, starts)
    moved = rows[:, 1] - rows[:, 0]
    peer = ttest_ind(moved[:ours], moved[ours:], equal_var=alike)
    interval = peer.confidence_interval()
    ends = (found.overall.low, found.overall.high)
    assert ends == pytest.approx((interval.low, interval.high), abs=1e-6)
    assert found.freedom == pytest.approx(peer.df)


def rollout(rng, starts, *, weeks=52, memory=0.5, effect=0.3):
    units = len(starts)
    table = rng.normal(4, 1, (units, 1)) + 0.3 * autoregression((weeks,), memory=0.8, rng=rng)
    table = table + 0.5 * autoregression((units, weeks), memory=memory, rng=rng)
    return table + effect * (np.arange(weeks) >= starts[:, None])


def test_intervals_hold_a_known_effect_as_often_as_they_say():
    rng = generator(3, "coverage")
    starts = stepped_starts(12, steps=3, weeks=30, baseline=9)
    made = (rollout(rng, starts, weeks=30) for _ in range(250))
    found = [group_time_effects(rows, starts, base_weeks=8) for rows in made]
    held = np.mean([each.overall.low <= 0.3 <= each.overall.high for each in found])
    quiet = np.mean([each.pretrend.low <= 0 <= each.pretrend.high for each in found])
    assert held == pytest.approx(0.95, abs=0.035)
    assert quiet == pytest.approx(0.95, abs=0.035)
    assert np.mean([each.overall.value for each in found]) == pytest.approx(0.3, abs=0.04)


def test_what_moves_all_and_how_good_a_unit_is_all_along_count_nothing():
    rng = generator(4, "levels")
    starts = stepped_starts(12, steps=3, weeks=30, baseline=8)
    rows = rollout(rng, starts, weeks=30)
    found = group_time_effects(rows, starts, base_weeks=4)
    moved = rows + rng.normal(0, 9, (12, 1)) + rng.normal(0, 9, 30)
    again = group_time_effects(moved, starts, base_weeks=4)
    ends = (again.overall.value, again.overall.low, again.overall.high)
    assert ends == pytest.approx((found.overall.value, found.overall.low, found.overall.high))
    assert again.cells.low == pytest.approx(found.cells.low)


def test_a_trend_of_their_own_before_the_start_is_told():
    rng = generator(5, "trend")
    starts = np.array([20] * 8 + [NEVER] * 8)
    rows = rollout(rng, starts, weeks=30, effect=0.0) + 0.1 * np.arange(30) * (starts < 30)[:, None]
    found = group_time_effects(rows, starts, base_weeks=8)
    assert found.pretrend.low > 0
    assert found.pretrend.value == pytest.approx(0.1, abs=0.04)


def test_missing_weeks_cost_certainty_and_the_interval_knows():
    rng = generator(6, "gaps")
    starts = stepped_starts(12, steps=3, weeks=30, baseline=9)
    held, sharper = [], []
    for _ in range(80):
        rows = rollout(rng, starts, weeks=30, memory=0.0)
        gaps = np.where(rng.random(rows.shape) < 0.3, np.nan, rows)
        whole, patchy = (
            group_time_effects(each, starts, base_weeks=8).overall for each in (rows, gaps)
        )
        held.append(patchy.low <= 0.3 <= patchy.high)
        sharper.append((whole.high - whole.low) / (patchy.high - patchy.low))
    assert np.mean(held) == pytest.approx(0.95, abs=0.05)
    assert 0.6 < np.median(sharper) < 0.95


def test_a_unit_without_figures_is_left_out():
    rng = generator(7, "empty")
    starts = stepped_starts(12, steps=3, weeks=30, baseline=8)
    rows = rollout(rng, starts, weeks=30)
    more = np.vstack([rows, np.full(30, np.nan)])
    assert (
        group_time_effects(more, [*starts, 8]).overall == group_time_effects(rows, starts).overall
    )


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        ([5] * 12, Withheld("all_start_together", needed=2, got=1)),
        ([NEVER] * 12, Withheld("nobody_started", needed=1, got=0)),
        ([40, 41, 42] * 4, Withheld("nobody_started", needed=1, got=0)),
        ([0] * 6 + [NEVER] * 6, Withheld("no_baseline", needed=1, got=0)),
        ([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], Withheld("too_few_units", needed=15, got=12)),
    ],
)  # fmt: skip
def test_roll_outs_without_a_comparison_are_withheld_with_the_reason(starts, expected):
    rows = generator(8, "rows").normal(size=(12, 20))
    assert group_time_effects(rows, starts) == expected
    swing = Swing(0.5)
    found = rollout_power(Schedule(np.array(starts), 20), swing, rng=generator(1))
    assert found == expected


def test_five_units_are_too_few_and_a_lost_baseline_is_named():
    rows = generator(9, "few").normal(size=(5, 10))
    assert group_time_effects(rows, [4, 4, 4, NEVER, NEVER]) == Withheld("too_few_units", 6, 5)
    rows = generator(9, "lost").normal(size=(8, 10))
    rows[:4, 3] = np.nan
    starts = [4] * 4 + [NEVER] * 4
    assert group_time_effects(rows, starts) == Withheld("no_baseline", 1, 0)
    assert group_time_effects(rows, starts, base_weeks=2).overall.n == 8


@pytest.mark.parametrize(
    ("rows", "starts", "words"),
    [
        (np.full((6, 5), np.inf), [2] * 6, "unit 0, week 0"),
        (np.ones(5), [2] * 5, "row for each unit"),
        (np.ones((6, 5)), [2] * 5, "6 units need as many"),
        (np.ones((6, 5)), [2.5] * 6, "counted from 0"),
    ],
)
def test_figures_and_starts_that_do_not_fit_are_refused_with_advice(rows, starts, words):
    with pytest.raises(ImpossibleSeries, match=words):
        group_time_effects(rows, starts)


@pytest.mark.parametrize(("units", "steps"), [(12, 3), (24, 3)])
def test_power_runs_the_very_reckoning_of_results(units, steps):
    starts = stepped_starts(units, steps=steps, weeks=40, baseline=10)
    schedule = Schedule(starts, 40, base_weeks=6)
    effects = [0.0, 0.2, 0.35, 0.6]
    found = rollout_power(schedule, Swing(0.5, 0.3), effects=effects, runs=40, rng=generator(10))
    drawn = 0.5 * autoregression((40, units, 40), memory=0.3, rng=generator(10))
    made = [group_time_effects(run, starts, base_weeks=6).overall for run in drawn]
    needed = [(each.high - each.low) / 2 - each.value for each in made]
    assert found.chances == pytest.approx([np.mean(np.array(needed) < each) for each in effects])
    assert found.detectable.value == pytest.approx(sorted(needed)[32])
    assert found.false_alarms == np.mean([each.low > 0 or each.high < 0 for each in made])


@pytest.mark.parametrize("memory", [0.0, 0.5])
def test_power_is_that_of_the_noncentral_t_where_it_is_known(memory):
    """Ten begin in the middle, ten never: a comparison of two mean changes, with 18 to spare."""
    starts = np.array([10] * 10 + [NEVER] * 10)
    found = rollout_power(Schedule(starts, 20, 10), Swing(0.5, memory), rng=generator(15))
    apart = np.abs(np.subtract.outer(range(20), range(20)))
    weights = np.r_[np.full(10, -0.1), np.full(10, 0.1)]
    error = 0.5 * np.sqrt(weights @ memory**apart @ weights * (1 / 10 + 1 / 10))

    def lacking(effect):
        return nct.sf(t.ppf(0.975, 18), 18, effect / error) - 0.8

    assert found.detectable.value == pytest.approx(brentq(lacking, 0, 5), rel=0.06)


def test_more_units_calmer_weeks_and_a_longer_base_find_smaller_changes():
    def detectable(units=12, sd=0.5, base_weeks=8):
        starts = stepped_starts(units, steps=3, weeks=52, baseline=12)
        schedule = Schedule(starts, 52, base_weeks)
        return rollout_power(schedule, Swing(sd), rng=generator(11)).detectable

    usual = detectable()
    assert usual.low < usual.value < usual.high
    assert usual.value == pytest.approx(0.32, abs=0.03)
    assert detectable(units=48).value == pytest.approx(usual.value / 2, rel=0.15)
    assert detectable(sd=0.25).value == pytest.approx(usual.value / 2)
    assert detectable(base_weeks=1).value > 1.5 * usual.value


def test_a_roll_out_without_effect_is_found_in_one_of_twenty():
    for units, steps in ((12, 3), (36, 4)):
        starts = stepped_starts(units, steps=steps, weeks=52, baseline=12)
        found = rollout_power(
            Schedule(starts, 52, 8), Swing(0.5, 0.6), runs=2000, rng=generator(12)
        )
        assert found.false_alarms == pytest.approx(0.05, abs=0.015)


def test_steps_start_evenly_or_are_refused():
    assert stepped_starts(7, steps=3, weeks=40, baseline=10).tolist() == [
        10,
        10,
        10,
        20,
        20,
        30,
        30,
    ]
    for wrong in ({"steps": 8}, {"steps": 0}, {"weeks": 11}, {"baseline": 0}):
        with pytest.raises(ImpossibleSeries, match="as many steps as units"):
            stepped_starts(7, **({"steps": 3, "weeks": 40, "baseline": 10} | wrong))


@pytest.mark.parametrize("memory", [0.0, 0.6])
def test_the_swing_of_units_is_recovered_from_the_weeks_before(memory):
    rng = generator(13, "swing", str(memory))
    rows = rng.normal(0, 3, (60, 1)) + rng.normal(0, 2, 26)
    rows = rows + 0.7 * autoregression((60, 26), memory=memory, rng=rng)
    rows[rng.random(rows.shape) < 0.1] = np.nan
    swing = swing_of(rows)
    assert swing.within_sd == pytest.approx(0.7, rel=0.1)
    assert swing.autocorrelation == pytest.approx(memory, abs=0.1)


def test_swings_that_say_nothing_are_withheld_or_refused():
    assert swing_of(np.ones((1, 20))) == Withheld("too_few_units", needed=2, got=1)
    assert swing_of(np.ones((5, 7))) == Withheld("too_few_units", needed=2, got=0)
    assert swing_of(np.ones((5, 9))) == Withheld("all_alike", needed=2, got=1)
    for wrong in ((0.0, 0.0), (1.0, 1.0), (float("nan"), 0.0)):
        with pytest.raises(ImpossibleSeries, match="swing_of"):
            Swing(*wrong)


def test_two_way_distances_sum_to_nothing_by_unit_and_by_week():
    rows = generator(14, "two way").normal(size=(9, 11))
    rows[generator(14, "gaps").random(rows.shape) < 0.2] = np.nan
    left = two_way(rows)
    assert left.sum(0) == pytest.approx(0, abs=1e-9)
    assert left.sum(1) == pytest.approx(0, abs=1e-9)
    taken = rows - left
    corner = taken - taken[:, :1] - taken[:1] + taken[0, 0]
    assert corner[~np.isnan(corner)] == pytest.approx(0, abs=1e-8)
