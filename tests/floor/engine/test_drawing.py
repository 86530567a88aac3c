"""The needs of a floor: as many as the rates say, in order, the same however they are drawn."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from upturn.floor.engine import draw_needs
from upturn.floor.engine.drawing import draw_many
from upturn.floor.engine.grid import grid
from upturn.floor.engine.shapes import Day, Durations, Law, NeedType

REPS = 400


def counts(day: Day, *, hours: float = 4.0, reps: int = REPS) -> np.ndarray:
    _needs, bounds = draw_many(replace(grid(), day=day), hours=hours, seed=3, first=0, reps=reps)
    return np.diff(bounds)


def test_needs_come_as_a_poisson_process() -> None:
    """28 tables at .002 a second; the number varies as its mean; gaps at a table are alike."""
    many, mean = counts(Day()), 28 * 0.002 * 4 * 3600
    assert many.mean() == pytest.approx(mean, abs=4 * (mean / REPS) ** 0.5)
    assert many.var() / many.mean() == pytest.approx(1.0, abs=4 * (2 / REPS) ** 0.5)
    needs = draw_needs(grid(), hours=2000, seed=3)
    gaps = np.diff(needs.created_s[needs.node == 11])
    assert stats.kstest(gaps, stats.expon(scale=500.0).cdf).pvalue > 0.001


def test_a_profile_moves_needs_to_its_hours() -> None:
    floor = replace(grid(), day=Day(profile=(0.5, 2.0)))
    needs, _bounds = draw_many(floor, hours=4, seed=3, first=0, reps=REPS)
    per_hour = np.bincount((needs.created_s // 3600).astype(int)) / REPS
    mean = 28 * 7.2 * np.array([0.5, 2.0, 2.0, 2.0])  # the last slot holds on
    assert (abs(per_hour - mean) < 4 * (mean / REPS) ** 0.5).all()


@pytest.mark.parametrize(
    "day, variance",
    [
        (Day(day_cv=0.1), 0.1**2),
        (Day(noise_cv=0.2), 0.2**2 / 4),
        # four slots whose factors have a correlation of exp(rho^k s^2) - 1, s^2 = log(1 + cv^2)
        (
            Day(noise_cv=0.2, noise_correlation=0.5),
            0.2**2 * (4 + 2 * (3 * 0.497 + 2 * 0.248 + 0.123)) / 16,
        ),
    ],
)  # fmt: skip
def test_days_differ_as_much_as_they_should(day: Day, variance: float) -> None:
    many, mean = counts(day, reps=4000), 28 * 0.002 * 4 * 3600
    assert many.mean() == pytest.approx(mean, abs=4 * mean * (variance / 4000) ** 0.5)
    excess = many.var() / mean**2 - 1 / mean
    assert excess == pytest.approx(variance, rel=0.15)


@settings(max_examples=20)
@given(st.integers(0, 2**63 - 1), st.integers(0, 30), st.integers(1, 5))
def test_any_split_draws_the_same(seed: int, first: int, reps: int) -> None:
    floor = grid(need_types=(
        NeedType("a", 5, Durations(9, Law.GAMMA, 0.7), patience=Durations(60, Law.LOGNORMAL)),
        NeedType("b", 3, Durations(9), asks_after=Durations(30)),
    ))  # fmt: skip
    whole, bounds = draw_many(floor, hours=0.5, seed=seed, first=first, reps=reps)
    for at in range(reps):
        alone = draw_needs(floor, hours=0.5, seed=seed, replication=first + at)
        for one, other in zip(whole, alone, strict=True):
            assert np.array_equal(one[bounds[at] : bounds[at + 1]], other)


def test_needs_are_in_order_and_complete() -> None:
    floor = grid(need_types=(
        NeedType("a", 60, Durations(9), patience=Durations(60)),
        NeedType("b", 60, Durations(9), asks_after=Durations(30), at=("1-1", "2-3")),
    ))  # fmt: skip
    needs = draw_needs(floor, hours=4, seed=9)
    assert (np.diff(needs.created_s) >= 0).all()
    assert needs.created_s[-1] < 4 * 3600
    assert set(needs.node[needs.kind == 1]) == {0, 9}
    assert np.isfinite(needs.patience_s[needs.kind == 0]).all()
    assert np.isinf(needs.patience_s[needs.kind == 1]).all()
    assert (needs.asks_s[needs.kind == 0] == needs.created_s[needs.kind == 0]).all()
    assert (needs.asks_s - needs.created_s)[needs.kind == 1].mean() == pytest.approx(30, rel=0.2)


def test_many_more_needs_on_one_day_find_their_room() -> None:
    """Days that differ wildly need more room than the mean says; nothing is lost."""
    many = counts(Day(day_cv=3.0), reps=2000)
    assert many.max() > 5 * many.mean()
    assert many.mean() == pytest.approx(806.4, rel=0.3)


def test_another_seed_or_replication_is_another_day() -> None:
    days = [
        draw_needs(grid(), hours=1, seed=seed, replication=replication).created_s.tobytes()
        for seed in (1, 2)
        for replication in (0, 1)
    ]
    assert len(set(days)) == 4
