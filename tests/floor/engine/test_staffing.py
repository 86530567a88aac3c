"""How many agents: published figures, what the day's spread does, and who has two skills."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.floor.engine.erlang import erlang_a, service_levels
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.staffing.agents import agents_for
from upturn.floor.engine.staffing.standards import (
    Standard,
    agents_needed,
    busy_rate,
    held_share,
    most_rate,
)

# Reference: 50 agents, 42 calls a minute, a minute each, patience 120 s; k of them in coaching.
FIXED = {
    4: (0.968, 0.019, 0.998, 0.931),
    5: (0.955, 0.025, 0.993, 0.893),
    6: (0.937, 0.032, 0.974, 0.840),
    7: (0.912, 0.041, 0.925, 0.771),
    8: (0.880, 0.051, 0.823, 0.687),
    9: (0.838, 0.063, 0.659, 0.591),
}


@pytest.mark.parametrize("coached", FIXED)
def test_what_so_many_always_in_coaching_leave(coached: int) -> None:
    level, abandoned, at_5, at_10 = FIXED[coached]
    found = erlang_a(50 - coached, per_hour=2520, aht_s=60, patience_s=120)
    assert found.service_level == pytest.approx(level, abs=6e-4)
    assert found.abandoned == pytest.approx(abandoned, abs=6e-4)
    for cv, expected in ((0.05, at_5), (0.10, at_10)):
        standard = Standard(patience_s=120, day_cv=cv)
        held = held_share([50 - coached], per_hour=2520, aht_s=60, standard=standard)
        assert held[0] == pytest.approx(expected, abs=6e-4)


@pytest.mark.parametrize(("day_cv", "spared"), [(0.0, 9), (0.05, 7), (0.10, 4)])
def test_how_many_can_be_spared_falls_with_the_spread_of_days(day_cv: float, spared: int) -> None:
    standard = Standard(patience_s=120, day_cv=day_cv)
    assert 50 - agents_needed([2520], aht_s=60, standard=standard)[0] == spared


def test_the_share_of_days_is_what_drawing_days_gives() -> None:
    standard = Standard(patience_s=120, day_cv=0.08)
    exact = held_share([44], per_hour=2520, aht_s=60, standard=standard)[0]
    factors = np.random.default_rng(5).gamma(0.08**-2, 0.08**2, size=20_000)
    levels = service_levels(44, per_hour=2520 * factors, aht_s=60, patience_s=120)
    error = np.sqrt(exact * (1 - exact) / len(factors))
    assert abs((levels >= 0.8).mean() - exact) < 4 * error


@given(
    st.floats(0, 2000), st.floats(10, 900), st.floats(5, 2000), st.floats(0.5, 0.99),
    st.just(0.0) | st.floats(0.001, 0.3),
)  # fmt: skip
def test_it_is_the_smallest_staff(
    per_hour: float, aht_s: float, patience_s: float, confidence: float, day_cv: float
) -> None:
    standard = Standard((0.8, 20), confidence, patience_s, day_cv)
    least = int(agents_needed([per_hour], aht_s=aht_s, standard=standard)[0])
    rate = busy_rate([per_hour], standard=standard)
    levels = service_levels(
        [least, max(least - 1, 0)], per_hour=rate, aht_s=aht_s, patience_s=patience_s
    )
    assert levels[0] >= 0.8
    assert least == 0 or levels[1] < 0.8


def test_many_intervals_at_once_are_those_intervals_one_by_one() -> None:
    per_hour, aht_s = np.array([0.0, 3, 80, 900, 40]), np.array([60.0, 200, 300, 240, 1000])
    standard = Standard(patience_s=200)
    together = agents_needed(per_hour, aht_s=aht_s, standard=standard).tolist()
    alone = [
        int(agents_needed([rate], aht_s=each, standard=standard)[0])
        for rate, each in zip(per_hour, aht_s, strict=True)
    ]
    assert together == alone


def test_at_the_most_they_can_take_they_just_meet_the_target() -> None:
    standard = Standard(patience_s=120)
    rates = most_rate([5, 20, 0], aht_s=180, standard=standard)
    levels = service_levels([5, 20], per_hour=rates[:2], aht_s=180, patience_s=120)
    assert levels == pytest.approx([0.8, 0.8], abs=1e-9)
    assert rates[2] == pytest.approx(0, abs=1e-9)


def test_staff_comes_beside_one_fewer_and_one_more() -> None:
    found = agents_for(100, per_min=30, aht_s=180, patience_s=300)
    assert found.agents == 14
    assert found.fewer is not None
    assert found.fewer.held_share < 0.9 <= found.least.held_share <= found.more.held_share
    assert found.fewer.waits.service_level < found.least.waits.service_level
    assert found.least.waits == erlang_a(14, per_hour=200, aht_s=180, patience_s=300)
    assert found.standard.day_cv == 0.10
    assert agents_for(100, patience_s=300, day_cv=0).agents == 13


def test_nobody_is_needed_where_nobody_calls() -> None:
    found = agents_for(0)
    assert (found.agents, found.fewer, found.least.held_share) == (0, None, 1)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"target": (1.0, 20)}, "80/20"),
        ({"confidence": 1.0}, "confidence"),
        ({"patience_s": 0}, "patience_s"),
        ({"day_cv": 2}, "day_cv"),
        ({"day_cv": 1e-9}, "0.001"),
        ({"aht_s": float("nan")}, "aht_s"),
        ({"per_min": 0}, "per_min"),
    ],
)
def test_settings_out_of_range_are_named(wrong: dict[str, float], named: str) -> None:
    with pytest.raises(BadSetting, match=named):
        agents_for(100, **wrong)  # type: ignore[arg-type]
