"""Means and shares of counts, against the formulas on rows and published intervals."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.special import stdtrit

from upturn.stats import (
    Figure,
    ImpossibleCounts,
    ImpossibleCoverage,
    Withheld,
    mean_interval,
    share_interval,
)
from upturn.stats.means import category_shares, mean_of_counts, means_of_counts
from upturn.stats.quantiles import normal_quantile, student_quantile

tables = hnp.arrays(np.int64, (6, 5), elements=st.integers(0, 40))


@given(tables, st.floats(0.5, 0.99))
def test_means_equal_those_of_plain_sums(table, coverage):
    scores = np.array([0, 10, 25, 50, 100])
    many = means_of_counts(table, scores=scores, coverage=coverage)
    for row, counts in enumerate(table):
        figure = many.at(row)
        assert figure == mean_of_counts(counts, scores=scores, coverage=coverage)
        if isinstance(figure, Figure):
            n, total, squares = counts.sum(), counts @ scores, counts @ scores**2
            peer = mean_interval(int(n), int(total), int(squares), coverage=coverage)
            ends = (figure.value, figure.low, figure.high)
            assert ends == pytest.approx((peer.value, peer.low, peer.high), rel=1e-9)
            assert figure.n == n


def test_categories_count_from_one_unless_told_otherwise():
    assert mean_of_counts([2, 0, 2]).value == 2
    assert mean_of_counts([2, 0, 2], scores=[0, 0, 1]).value == 0.5


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ([0, 0, 0], Withheld("too_few", needed=2, got=0)),
        ([0, 1, 0], Withheld("too_few", needed=2, got=1)),
        ([0, 9, 0], Withheld("all_alike", needed=2, got=1)),
        ([9], Withheld("all_alike", needed=2, got=1)),
    ],
)
def test_nobody_one_person_and_all_alike_have_no_mean(counts, reason):
    assert mean_of_counts(counts) == reason


def test_shares_equal_goodmans_intervals_in_statsmodels_and_r():
    shares = category_shares([56, 72, 73, 59, 62, 87, 58])
    expected = [
        (0.085, 0.166),
        (0.115, 0.204),
        (0.116, 0.207),
        (0.091, 0.173),
        (0.096, 0.181),
        (0.143, 0.239),
        (0.089, 0.171),
    ]
    assert list(zip(shares.low.round(3), shares.high.round(3), strict=True)) == expected


@given(hnp.arrays(np.int64, 4, elements=st.integers(0, 40)))
def test_each_share_is_wilsons_at_a_coverage_for_all(counts):
    assume(counts.sum() > 0)
    shares = category_shares(counts, coverage=0.9)
    for category, hits in enumerate(counts):
        figure = shares.at(category)
        peer = share_interval(int(hits), int(counts.sum()), coverage=1 - 0.1 / 4)
        assert figure.n == peer.n
        assert (figure.low, figure.high) == pytest.approx((peer.low, peer.high), abs=1e-12)


def test_nobody_has_no_shares():
    assert category_shares([0, 0]).at(1) == Withheld("too_few", needed=1, got=0)


@pytest.mark.parametrize("counts", [[-1, 3], [np.nan, 1], [np.inf, 1], []])
def test_impossible_counts_are_refused(counts):
    for kind in (means_of_counts, category_shares):
        with pytest.raises(ImpossibleCounts, match="Count again"):
            kind(counts)


def test_an_impossible_coverage_is_refused():
    for kind in (means_of_counts, category_shares):
        with pytest.raises(ImpossibleCoverage):
            kind([1, 2], coverage=1.5)
    with pytest.raises(ImpossibleCoverage):
        normal_quantile(0)


@given(st.floats(1, 1e9), st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999]))
def test_students_quantiles_equal_scipys(freedom, coverage):
    expected = stdtrit(freedom, 0.5 + coverage / 2)
    assert float(student_quantile(freedom, coverage=coverage)) == pytest.approx(expected, rel=1e-10)
