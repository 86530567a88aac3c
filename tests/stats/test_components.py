"""Variance between units, shrinkage and agreement, against R on dyestuff and plain formulas."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import minimize

from upturn.stats import ImpossibleCounts, ImpossibleTotals, Withheld
from upturn.stats.agreement import icc1, icc2, rwg, rwg_of_scale
from upturn.stats.components import (
    UnitTotals,
    shrink,
    totals_of_counts,
    variance_components,
    withheld_components,
)
from upturn.stats.draws import generator

YIELDS = np.array(
    [
        [1545, 1440, 1440, 1520, 1580],
        [1540, 1555, 1490, 1560, 1495],
        [1595, 1550, 1605, 1510, 1560],
        [1445, 1440, 1595, 1465, 1545],
        [1595, 1630, 1515, 1635, 1625],
        [1520, 1455, 1450, 1480, 1445],
    ]
)
DYESTUFF = UnitTotals(np.full(6, 5.0), YIELDS.sum(1) * 1.0, (YIELDS**2).sum(1) * 1.0)
tables = hnp.arrays(np.int64, (5, 4), elements=st.integers(0, 9))


def criterion(units, between, within):
    """REML criterion as lme4 defines it, term by term."""
    n, mean = units.n, units.total / units.n
    swollen = within + n * between
    mu = (n * mean / swollen).sum() / (n / swollen).sum()
    squares = (units.squares - units.total**2 / n).sum()
    return (
        np.log(swollen).sum()
        + (n.sum() - len(n)) * np.log(within)
        + np.log((n / swollen).sum())
        + squares / within
        + (n * (mean - mu) ** 2 / swollen).sum()
        + (n.sum() - 1) * np.log(2 * np.pi)
    )


@pytest.mark.parametrize("method", ["reml", "moments"])
def test_dyestuff_equals_lme4(method):
    found = variance_components(DYESTUFF, method=method)
    assert float(found.mean) == pytest.approx(1527.5)
    assert round(float(found.mean_error), 5) == 19.38341
    assert round(float(np.sqrt(found.between)), 4) == 42.0006
    assert round(float(np.sqrt(found.within)), 4) == 49.5101
    assert round(float(found.between), 2) == 1764.05
    assert round(float(found.within), 2) == 2451.25
    assert round(criterion(DYESTUFF, found.between, found.within), 4) == 319.6543
    shrunken = shrink(DYESTUFF, found)
    effects = shrunken.figures.value - found.mean
    expected = [-17.606851, 0.391263, 28.562226, -23.084538, 56.733188, -44.995287]
    assert effects == pytest.approx(expected, abs=3e-6)
    assert shrunken.weight == pytest.approx(0.7825267, abs=5e-8)


def test_dyestuffs_intraclass_correlations():
    assert round(float(icc1(DYESTUFF)), 7) == 0.4184874
    assert round(float(icc2(DYESTUFF)), 7) == 0.7825267


def test_reml_is_the_minimum_of_its_criterion_with_unequal_units():
    rng = generator(3, "reml")
    n = rng.integers(1, 25, 40)
    rows = [rng.normal(rng.normal(0, 0.6), 1, size) for size in n]
    sums = [np.array([f(row) for row in rows]) for f in (len, np.sum, lambda r: (r**2).sum())]
    units = UnitTotals(*(part.astype(float) for part in sums))
    found = variance_components(units)
    peer = minimize(
        lambda p: criterion(units, np.exp(p[0]), np.exp(p[1])), [0, 0], method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000},
    )  # fmt: skip
    assert (float(found.between), float(found.within)) == pytest.approx(np.exp(peer.x), rel=1e-5)
    moments = variance_components(units, method="moments")
    assert float(moments.between) != pytest.approx(float(found.between), rel=1e-3)


def test_both_methods_find_a_planted_variance():
    rng = generator(4, "planted")
    levels = rng.normal(3, 0.5, (300, 400))
    n = rng.integers(5, 15, 400)
    rows = levels[..., None] + rng.normal(0, 1, (300, 400, 15))
    rows *= np.arange(15) < n[:, None]
    units = UnitTotals(np.broadcast_to(n * 1.0, (300, 400)), rows.sum(-1), (rows**2).sum(-1))
    for method, questions in (("moments", 300), ("reml", 20)):
        part = UnitTotals(*(x[:questions] for x in (units.n, units.total, units.squares)))
        found = variance_components(part, method=method)
        assert found.between.mean() == pytest.approx(0.25, abs=0.02)
        assert found.within.mean() == pytest.approx(1, abs=0.02)
        figures = shrink(part, found).figures
        held = (figures.low <= levels[:questions]) & (levels[:questions] <= figures.high)
        assert held.mean() == pytest.approx(0.95, abs=0.012)


@given(tables)
def test_a_shrunken_value_lies_between_the_units_own_and_the_mean(table):
    units = totals_of_counts(table)
    found = variance_components(units, method="moments")
    shrunken = shrink(units, found)
    for unit, counts in enumerate(table):
        figure = shrunken.figures.at(unit)
        if isinstance(figure, Withheld):
            continue
        own = counts @ [1, 2, 3, 4] / counts.sum()
        low, high = sorted([float(found.mean), own])
        assert low - 1e-9 <= figure.value <= high + 1e-9
        assert 0 <= shrunken.weight[unit] <= 1
        assert figure.low <= figure.value <= figure.high


def test_more_answers_weigh_more():
    units = totals_of_counts([[1, 2, 1], [10, 20, 10], [3, 2, 0], [0, 2, 3]])
    weight = shrink(units, variance_components(units, method="moments")).weight
    assert weight[1] > weight[0] > 0


def test_without_differences_between_units_all_get_the_mean():
    units = totals_of_counts([[2, 2, 2]] * 4)
    for method in ("moments", "reml"):
        found = variance_components(units, method=method)
        assert float(found.between) == pytest.approx(0, abs=1e-9)
        assert shrink(units, found).figures.value == pytest.approx(2)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([[0, 0], [0, 0]], Withheld("too_few_units", needed=2, got=0)),
        ([[3, 2], [0, 0]], Withheld("too_few_units", needed=2, got=1)),
        ([[1, 0], [0, 1]], Withheld("too_few", needed=2, got=1)),
        ([[4, 0], [3, 0]], Withheld("all_alike", needed=2, got=1)),
    ],
)
def test_what_has_no_components_says_why_and_stays_nan(table, reason):
    units = totals_of_counts(table)
    assert withheld_components(units) == reason
    for method in ("moments", "reml"):
        found = variance_components(units, method=method)
        assert np.isnan(found.between)
        assert np.isnan(shrink(units, found).figures.value).all()


def test_with_components_there_is_no_reason():
    units = totals_of_counts([[3, 2, 0], [0, 0, 0], [1, 2, 4]])
    assert withheld_components(units) is None
    shrunken = shrink(units, variance_components(units))
    assert shrunken.figures.at(1) == Withheld("too_few", needed=1, got=0)
    assert shrunken.figures.at(0).n == 5


def test_many_questions_at_once_equal_each_alone():
    table = generator(8).integers(0, 9, (6, 7, 5))
    for method in ("moments", "reml"):
        many = variance_components(totals_of_counts(table), method=method)
        alone = [variance_components(totals_of_counts(t), method=method) for t in table]
        assert many.between == pytest.approx([float(one.between) for one in alone], abs=1e-9)


def test_totals_and_figures_do_not_depend_on_how_counts_lie_in_memory():
    table = generator(12).integers(0, 9, (6, 7, 5))
    laid_out = np.moveaxis(np.array(table.transpose(2, 1, 0), order="C"), (0, 1), (2, 1))
    have, want = totals_of_counts(laid_out), totals_of_counts(table)
    scores = np.arange(1, 6)
    for units in (have, want):
        np.testing.assert_array_equal(units.n, table.sum(-1))
        np.testing.assert_array_equal(units.total, table @ scores)
        np.testing.assert_array_equal(units.squares, table @ scores**2)
    np.testing.assert_array_equal(
        shrink(have, variance_components(have)).figures.value,
        shrink(want, variance_components(want)).figures.value,
    )


def test_impossible_totals_are_refused():
    with pytest.raises(ImpossibleTotals, match="n 3"):
        variance_components(UnitTotals(*np.array([[3.0, 4], [9, 8], [20, 17]])))
    for n, total, squares in [([0.0, 4], [3, 8], [20, 17]), ([3, 4], [9, np.nan], [27, 17])]:
        with pytest.raises(ImpossibleTotals):
            variance_components(UnitTotals(*np.array([n, total, squares])))
    for counts in ([1, 2, 3], [[1, 2], [3, -1]]):
        with pytest.raises(ImpossibleCounts):
            totals_of_counts(counts)


def test_agreement_of_james_demaree_and_wolf():
    assert float(rwg([0, 0, 0, 8, 0])) == 1
    assert float(rwg([2, 2, 2, 2, 2])) == pytest.approx(1 - 20 / 9 / 2)
    assert np.isnan(rwg([0, 1, 0]))
    one = float(rwg([0, 1, 2, 4, 1]))
    assert float(rwg_of_scale([[0, 1, 2, 4, 1]] * 6)) == pytest.approx(
        6 * one / (6 * one + 1 - one)
    )
    assert float(rwg_of_scale([[4, 0, 0, 0, 4]] * 3)) == 0
    with pytest.raises(ImpossibleCounts):
        rwg_of_scale([1, 2, 3])
