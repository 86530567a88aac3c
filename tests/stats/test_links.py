"""Ordinal regression, plain and mixed, against R's clm, clmm and polr, and what is withheld."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import chi2

from tests.stats.oracles import answers_around, housing, wine
from upturn.stats import ImpossibleCounts, Withheld
from upturn.stats.draws import generator
from upturn.stats.links import cumulative_link, profile_interval, superiority_of_effect
from upturn.stats.mixed_links import cumulative_link_mixed, modelled_gap
from upturn.stats.superiority import probability_of_superiority


def likelihood(table, design, point):
    """Log-likelihood of five categories, answer by answer."""
    borders = np.array([-np.inf, *point[:4], np.inf])
    below = 1 / (1 + np.exp((design @ point[4:])[:, None] - borders))
    return float((table * np.log(np.maximum(np.diff(below), 1e-12))).sum())


def test_wine_equals_ordinals_clm():
    table, design, _judges = wine()
    fitted = cumulative_link(table, design)
    assert fitted.thresholds.round(5).tolist() == [-1.34438, 1.25081, 3.46689, 5.00640]
    assert fitted.effects.round(5).tolist() == [2.50310, 1.52780]
    assert fitted.errors.round(6).tolist() == [0.528680, 0.476623]
    assert round(fitted.log_likelihood, 5) == -86.49192
    assert fitted.n == 72


def test_wines_profile_intervals_equal_ordinals_confint():
    table, design, _judges = wine()
    expected = [(1.50976, 3.59523), (0.61579, 2.49240)]  # R reads them off a spline
    for column, ends in enumerate(expected):
        figure = profile_interval(table, design, column=column)
        assert (figure.low, figure.high) == pytest.approx(ends, abs=5e-5)


def test_at_the_ends_of_a_profile_the_likelihood_ratio_test_turns():
    table, design, _judges = wine()
    figure = profile_interval(table, design, column=1, coverage=0.9)
    best = cumulative_link(table, design).log_likelihood
    for end in (figure.low, figure.high):
        peer = minimize(lambda point, end=end: -likelihood(table, design, [*point, end]),
                        [-1, 1, 3, 5, 2], method="BFGS")  # fmt: skip
        assert 2 * (best + peer.fun) == pytest.approx(chi2.ppf(0.9, 1), abs=1e-4)


def test_housing_equals_mass_polr():
    fitted = cumulative_link(*housing())
    expected = [0.566394, 1.288819, -0.572350, -0.366187, -1.091015, 0.360284]
    assert fitted.effects == pytest.approx(expected, abs=1.5e-6)  # where polr's search ends
    assert fitted.thresholds == pytest.approx([-0.496135, 0.690708], abs=1.5e-6)
    assert round(-2 * fitted.log_likelihood, 3) == 3479.149
    assert fitted.n == 1681


def test_wine_with_judges_equals_clmm_by_laplace():
    fitted = cumulative_link_mixed(*wine())
    expected = [-1.62367, 1.51337, 4.22853, 6.08877]
    assert fitted.thresholds == pytest.approx(expected, abs=1.5e-5)
    assert fitted.effects == pytest.approx([3.06300, 1.83488], abs=2.5e-5)
    assert fitted.errors == pytest.approx([0.595376, 0.512529], abs=5e-5)
    assert fitted.spread == pytest.approx(1.131133, abs=1e-5)
    assert round(fitted.log_likelihood, 5) == -81.56541
    assert round(2 * (7 - fitted.log_likelihood), 2) == 177.13
    judges = [1.6962, -0.5658, 0.9688, -0.0595, 0.2305, 0.4770, -1.9110, -0.2729, -0.5547]
    assert fitted.units == pytest.approx(judges, abs=1e-4)


def test_wine_with_judges_equals_clmm_by_quadrature():
    fitted = cumulative_link_mixed(*wine(), nodes=10)
    assert fitted.effects == pytest.approx([3.06189, 1.83343], abs=1.5e-5)
    assert fitted.spread == pytest.approx(1.134783, abs=1e-5)
    assert round(fitted.log_likelihood, 5) == -81.53246


def test_categories_and_rows_that_nobody_used_change_nothing():
    table, design, judges = wine()
    padded = np.insert(table, 2, 0, axis=1)
    plain, wide = cumulative_link(table, design), cumulative_link(padded, design)
    assert wide.effects == pytest.approx(plain.effects)
    longer = (np.vstack([table, np.zeros(5)]), np.vstack([design, [1, 1]]))
    assert cumulative_link(*longer).effects == pytest.approx(plain.effects)
    mixed = cumulative_link_mixed(*longer, [*judges, 11])
    assert mixed.effects == pytest.approx(cumulative_link_mixed(table, design, judges).effects)
    assert mixed.units[9:].tolist() == pytest.approx([0, 0, 0])


def test_the_order_of_rows_does_not_matter():
    table, design, judges = wine()
    order = generator(2).permutation(len(table))
    shuffled = cumulative_link_mixed(table[order], design[order], judges[order])
    assert shuffled.units == pytest.approx(cumulative_link_mixed(table, design, judges).units)


def test_units_alike_have_no_spread_and_the_plain_model_is_left():
    table, design, _judges = wine()
    four = table.reshape(2, 2, 9, 5).sum(2).reshape(4, 5)
    columns = design.reshape(2, 2, 9, 2)[:, :, 0].reshape(4, 2)
    repeated = (np.vstack([four] * 3), np.vstack([columns] * 3))
    fitted = cumulative_link_mixed(*repeated, np.repeat([0, 1, 2], 4))
    plain = cumulative_link(*repeated)
    assert fitted.spread == 0
    assert fitted.units == pytest.approx([0, 0, 0], abs=1e-3)
    assert fitted.effects == pytest.approx(plain.effects, abs=1e-4)
    assert fitted.errors == pytest.approx(plain.errors, abs=1e-4)


@pytest.mark.parametrize(
    ("counts", "design", "reason"),
    [
        ([[0, 0, 0]], [[1]], Withheld("too_few", needed=2, got=0)),
        ([[0, 1, 0]], [[1]], Withheld("too_few", needed=2, got=1)),
        ([[0, 3, 0], [0, 2, 0]], [[0], [1]], Withheld("all_alike", needed=2, got=1)),
        ([[2, 3, 0], [1, 2, 1]], [[1], [1]], Withheld("repeated_columns", needed=1, got=0)),
        ([[2, 3], [1, 2]], [[1, 2], [2, 4]], Withheld("repeated_columns", needed=2, got=1)),
        ([[3, 0], [0, 3]], [[0], [1]], Withheld("separated", needed=1, got=0)),
    ],
)
def test_what_has_no_fit_says_why(counts, design, reason):
    assert cumulative_link(counts, design) == reason
    assert profile_interval(counts, design, column=0) == reason
    assert cumulative_link_mixed(counts, design, list(range(len(counts)))) == reason


def test_a_single_unit_is_no_sample_of_units():
    found = cumulative_link_mixed([[3, 1], [1, 3]], [[0], [1]], [0, 0])
    assert found == Withheld("too_few_units", needed=2, got=1)


def test_tables_that_do_not_fit_together_are_refused():
    with pytest.raises(ImpossibleCounts):
        cumulative_link([[1, 2]], [[1], [2]])
    with pytest.raises(ImpossibleCounts):
        cumulative_link_mixed([[1, 2], [2, 1]], [[0], [1]], [0])
    with pytest.raises(ImpossibleCounts):
        modelled_gap([1, 2], [2, 1])


def test_superiority_of_an_effect_is_that_of_the_fitted_answers():
    thresholds = np.array([-2, -0.7, 0.7, 2])
    moved, still = answers_around(np.array([0.8, 0.0]))
    expected = float(probability_of_superiority(moved, still))
    assert superiority_of_effect(thresholds, 0.8) == pytest.approx(expected)
    assert superiority_of_effect(thresholds, -0.8) == pytest.approx(1 - expected)


def test_a_modelled_gap_finds_what_units_of_different_level_hide():
    rng = generator(6, "levels")
    levels = rng.normal(0, 2, 60)
    a, b = (
        np.array([rng.multinomial(12, p) for p in answers_around(levels + side)])
        for side in (0.5, -0.5)
    )
    figure = modelled_gap(a, b)
    pooled = float(probability_of_superiority(a.sum(0), b.sum(0)))
    truth = float(probability_of_superiority(*answers_around(np.array([0.5, -0.5]))))
    assert figure.low <= truth <= figure.high
    assert pooled < figure.low  # levels that differ bury the gap when all are thrown together
    assert figure.n == a.sum() + b.sum()
    turned = modelled_gap(b, a)
    assert (turned.low, turned.high) == pytest.approx((1 - figure.high, 1 - figure.low), abs=1e-4)
    assert modelled_gap([[4, 0], [2, 0]], [[4, 0], [1, 0]]) == Withheld("all_alike", 2, 1)
