"""Intervals against published figures, against NumPy's plain formulas, and on bad totals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from upturn.stats import (
    Figure,
    ImpossibleCoverage,
    ImpossibleTotals,
    Withheld,
    mean_interval,
    share_interval,
)

answers = st.lists(st.integers(-1000, 1000), min_size=2, max_size=60)
coverages = st.floats(0.5, 0.999)


@st.composite
def parts(draw):
    n = draw(st.integers(1, 5000))
    return draw(st.integers(0, n)), n


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_share_interval_equals_newcombe_1998_table_1_method_3(hits, n, low, high):
    figure = share_interval(hits, n)
    assert (round(figure.low, 4), round(figure.high, 4)) == (low, high)
    assert (figure.value, figure.n) == (hits / n, n)


@given(parts(), coverages)
def test_the_ends_of_a_share_interval_are_where_the_score_test_turns(part, coverage):
    hits, n = part
    figure = share_interval(hits, n, coverage=coverage)
    assert 0 <= figure.low <= figure.value <= figure.high <= 1
    z = student.ppf(0.5 + coverage / 2, 10**9)
    for end in (figure.low, figure.high):
        assert (figure.value - end) ** 2 == pytest.approx(z * z * end * (1 - end) / n, abs=1e-7)


def test_none_and_all_give_exact_ends():
    assert share_interval(0, 7).low == 0
    assert share_interval(7, 7).high == 1


def test_mean_interval_equals_r_on_students_sleep_data():
    hours = np.array([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])
    figure = mean_interval(10, hours.sum(), (hours**2).sum())
    assert figure.value == pytest.approx(1.58)
    assert (round(figure.low, 7), round(figure.high, 7)) == (0.7001142, 2.4598858)


def test_mean_interval_equals_the_nist_handbook_on_heat_flow():
    n, mean, deviation = 195, 9.261460, 0.2278881e-1
    figure = mean_interval(n, n * mean, (n - 1) * deviation**2 + n * mean**2)
    assert (figure.low, figure.high) == pytest.approx((9.258242, 9.264679), abs=1.5e-6)


@given(answers, coverages)
def test_mean_interval_equals_the_two_pass_formula(numbers, coverage):
    sample = np.array(numbers, dtype=float)
    n = len(sample)
    half = student.ppf(0.5 + coverage / 2, n - 1) * sample.std(ddof=1) / np.sqrt(n)
    figure = mean_interval(n, sum(numbers), sum(x * x for x in numbers), coverage=coverage)
    expected = (sample.mean(), sample.mean() - half, sample.mean() + half)
    assert (figure.value, figure.low, figure.high) == pytest.approx(expected, abs=1e-8)


def test_integer_totals_lose_nothing_to_cancellation():
    figure = mean_interval(2, 2 * 10**15 + 1, 2 * 10**30 + 2 * 10**15 + 1)
    assert figure.high - figure.value == pytest.approx(12.706204736 / 2, abs=0.2)


@given(st.floats(0.1, 10), st.integers(2, 500))
def test_equal_floats_never_take_the_root_of_a_rounding_error(value, n):
    sample = [value] * n
    figure = mean_interval(n, sum(sample), sum(x * x for x in sample))
    assert figure.low == pytest.approx(value)
    assert figure.high == pytest.approx(value)


def test_too_few_is_a_value():
    assert mean_interval(0, 0, 0) == Withheld("too_few", needed=2, got=0)
    assert mean_interval(1, 8, 64) == Withheld("too_few", needed=2, got=1)
    assert share_interval(0, 0) == Withheld("too_few", needed=1, got=0)


@pytest.mark.parametrize(
    ("interval", "totals"),
    [
        (mean_interval, (-1, 0, 0)),
        (mean_interval, (0, 5, 25)),  # a sum of nothing
        (mean_interval, (3, 10, 20)),  # squares below what any three numbers with sum 10 have
        (mean_interval, (3, float("nan"), 20)),
        (mean_interval, (3, float("inf"), float("inf"))),
        (share_interval, (3, 2)),
        (share_interval, (-1, 2)),
        (share_interval, (0, -1)),
    ],
)
def test_impossible_totals_are_refused_with_their_figures(interval, totals):
    with pytest.raises(
        ImpossibleTotals, match=f"n {totals[-1] if len(totals) == 2 else totals[0]}"
    ):
        interval(*totals)


@pytest.mark.parametrize("coverage", [0, 1, -0.5, 95, float("nan")])
def test_impossible_coverage_is_refused(coverage):
    for interval in (mean_interval, share_interval):
        with pytest.raises(ImpossibleCoverage, match="between 0 and 1"):
            interval(*(5, 10, 30)[: 2 + (interval is mean_interval)], coverage=coverage)


def test_a_figure_cannot_be_changed_afterwards():
    with pytest.raises(AttributeError):
        Figure(1.0, 0.5, 1.5, 9).value = 2.0
