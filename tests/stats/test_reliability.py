"""Alpha, item-rest correlations, omega and drivers on R's attitude data, and what is withheld."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import minimize

from tests.stats.oracles import attitude, sums, table
from upturn.stats import Figure, ImpossibleCounts, ImpossibleCoverage, ImpossibleTotals, Withheld
from upturn.stats.draws import generator
from upturn.stats.drivers import drivers, lmg, relative_weights, variance_inflation
from upturn.stats.joint import joint_of_sums, redraw_covariances
from upturn.stats.quadrants import QUADRANTS, importance_and_performance, quadrant_shares
from upturn.stats.reliability import (
    alpha_of_covariance,
    alpha_of_squares,
    corrected_item_total,
    cronbach_alpha,
    omega_of_loadings,
    omega_total,
    one_factor,
)

CORRELATIONS = np.corrcoef(table("attitude").T)


def test_alpha_equals_psych():
    figure = cronbach_alpha(*attitude())
    assert figure.value == pytest.approx(0.8431427695647598, abs=1e-14)
    assert (round(figure.low, 3), round(figure.high, 3), figure.n) == (0.739, 0.916, 30)
    assert round(float(alpha_of_covariance(CORRELATIONS)), 6) == 0.839084


def test_item_rest_correlations_equal_psych():
    expected = [0.67126, 0.74211, 0.56071, 0.71445, 0.78628, 0.26503, 0.46081]
    assert [round(r, 5) for r in corrected_item_total(*attitude())] == expected


def test_one_factor_and_omega_equal_psych():
    loadings = one_factor(CORRELATIONS)
    expected = [0.757772, 0.833827, 0.603427, 0.788727, 0.841119, 0.284465, 0.491047]
    assert loadings == pytest.approx(expected, abs=1.5e-6)  # where psych's search ends
    assert round(float(omega_of_loadings(loadings)), 6) == 0.850682
    assert round(float(loadings.sum() ** 2 / CORRELATIONS.sum()), 6) == 0.848916


def test_one_factor_is_the_least_squares_solution():
    def residual(loadings):
        off = CORRELATIONS - np.outer(loadings, loadings)
        return (off[np.triu_indices(7, 1)] ** 2).sum()

    peer = minimize(residual, np.full(7, 0.5), options={"gtol": 1e-10})
    assert one_factor(CORRELATIONS) == pytest.approx(peer.x, abs=1e-6)


@given(st.lists(st.floats(0.2, 0.9), min_size=3, max_size=9))
def test_one_factor_finds_its_own_loadings(planted):
    loadings = np.array(planted)
    matrix = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    assert one_factor(matrix) == pytest.approx(loadings, abs=1e-6)
    assert one_factor(np.stack([matrix, np.eye(len(planted)) * 0.5 + matrix / 2])).shape == (
        2,
        len(planted),
    )


def test_omega_has_an_interval_that_repeats():
    one, again = (omega_total(*attitude(), rng=generator(1)) for _ in range(2))
    assert one == again
    assert round(one.value, 6) == 0.850682
    assert 0.7 < one.low < one.value < one.high < 0.95


def test_redrawn_covariances_are_wisharts():
    joint = joint_of_sums(*attitude())
    redrawn = redraw_covariances(joint, draws=20000, rng=generator(2))
    assert redrawn.mean(0) == pytest.approx(joint.covariance, rel=0.05)
    own = np.diagonal(joint.covariance)
    variance = (joint.covariance**2 + np.outer(own, own)) / (joint.n - 1)
    assert redrawn.var(0) == pytest.approx(variance, rel=0.08)


@pytest.mark.parametrize("coverage", [0.8, 0.95])
def test_alpha_of_squares_is_alpha_of_products(coverage):
    n, each, products = attitude()
    lean = alpha_of_squares(n, each, np.trace(products), np.sum(products), coverage=coverage)
    whole = cronbach_alpha(n, each, products, coverage=coverage)
    assert (lean.value, lean.low, lean.high) == pytest.approx(
        (whole.value, whole.low, whole.high), abs=1e-12
    )
    assert lean.n == n


def test_alpha_of_squares_says_why_it_is_withheld():
    assert alpha_of_squares(9, [20], 50, 50) == Withheld("too_few_items", 2, 1)
    assert alpha_of_squares(3, [9, 9, 9], 81, 243) == Withheld("too_few", 4, 3)
    assert alpha_of_squares(9, [27, 27], 162, 324) == Withheld("all_alike", 2, 1)


def test_alphas_interval_holds_the_truth_as_often_as_it_says():
    rng = generator(5, "alpha")
    covariance = np.full((4, 4), 0.4) + np.eye(4) * 0.6
    truth = float(alpha_of_covariance(covariance))
    samples = rng.multivariate_normal(np.zeros(4), covariance, (600, 40))
    figures = [cronbach_alpha(*sums(sample)) for sample in samples]
    held = sum(figure.low <= truth <= figure.high for figure in figures)
    assert held / 600 == pytest.approx(0.95, abs=0.03)


@pytest.mark.parametrize("kind", [cronbach_alpha, corrected_item_total])
def test_what_has_no_reliability_says_why(kind):
    assert kind(0, [0, 0], [[0, 0], [0, 0]]) == Withheld("too_few", needed=3, got=0)
    assert kind(1, [4, 4], [[16, 16], [16, 16]]) == Withheld("too_few", needed=3, got=1)
    assert kind(*sums([[4, 1], [4, 2], [4, 5]])) == Withheld("all_alike", needed=2, got=1)
    assert kind(*sums([[4], [1], [3]])) == Withheld("too_few_items", needed=2, got=1)


def test_omega_says_why_it_is_not_shown():
    rng = generator(1)
    assert omega_total(*sums([[4, 1], [1, 2], [4, 5]]), rng=rng) == Withheld(
        "too_few_items", needed=3, got=2
    )
    heywood = np.array([[1, 0.8, 0.8], [0.8, 1, 0.4], [0.8, 0.4, 1]])
    found = omega_total(9, np.zeros(3), 8 * heywood, rng=rng)
    assert found == Withheld("no_factor", needed=0, got=1)


def test_impossible_sums_are_refused():
    with pytest.raises(ImpossibleTotals):
        cronbach_alpha(5, [10, 10], [[10, 20], [20, 30]])
    with pytest.raises(ImpossibleCounts):
        cronbach_alpha(5, [10, 10], [[10, 20, 3]])
    with pytest.raises(ImpossibleCoverage):
        cronbach_alpha(*attitude(), coverage=0)


def test_drivers_of_rating_equal_relaimpo():
    found = drivers(*attitude(), rng=generator(1))
    expected = [0.370816, 0.050904, 0.155766, 0.120345, 0.006589, 0.028182]
    assert [round(figure.value, 6) for figure in found.shares] == expected
    assert round(found.explained.value, 6) == 0.732602
    weights = [0.362760, 0.056002, 0.163611, 0.121780, 0.008255, 0.020193]
    assert [round(figure.value, 6) for figure in found.relative_weights] == weights
    for figure in (*found.shares, *found.relative_weights, found.explained):
        assert 0 <= figure.low <= figure.value <= figure.high <= 1
        assert figure.n == 30
    assert found == drivers(*attitude(), rng=generator(1))
    assert found.condition == pytest.approx(np.linalg.cond(CORRELATIONS[1:, 1:]))


def test_inflation_is_one_over_what_the_others_leave():
    rows = table("attitude")[:, 1:]
    centred = rows - rows.mean(0)
    for driver, found in enumerate(variance_inflation(CORRELATIONS[1:, 1:])):
        others = np.delete(centred, driver, axis=1)
        left = centred[:, driver] - others @ np.linalg.lstsq(others, centred[:, driver])[0]
        share = (left @ left) / (centred[:, driver] @ centred[:, driver])
        assert found == pytest.approx(1 / share)


@st.composite
def correlations(draw):
    size = draw(st.integers(2, 6))
    seed = draw(st.integers(0, 10**6))
    return np.corrcoef(generator(seed).normal(size=(size + 8, size)).T)


@given(correlations())
def test_both_ways_share_out_all_that_is_explained(matrix):
    explained = matrix[0, 1:] @ np.linalg.solve(matrix[1:, 1:], matrix[1:, 0])
    for shares in (lmg(matrix), relative_weights(matrix)):
        assert shares.sum() == pytest.approx(explained, abs=1e-9)
        assert (shares >= -1e-9).all()


@given(correlations())
def test_lmg_averages_over_all_orders(matrix):
    from itertools import permutations  # noqa: PLC0415 - the slow plain version

    count = len(matrix) - 1

    def explained(held):
        held = sorted(held)
        inner = matrix[np.ix_(held, held)]
        return matrix[0, held] @ np.linalg.solve(inner, matrix[held, 0]) if held else 0.0

    assume(count <= 4)
    gains = np.zeros(count)
    orders = list(permutations(range(1, count + 1)))
    for order in orders:
        for at, driver in enumerate(order):
            gains[driver - 1] += explained(order[: at + 1]) - explained(order[:at])
    assert lmg(matrix) == pytest.approx(gains / len(orders), abs=1e-9)


def test_drivers_that_repeat_each_other_or_are_too_few_or_many_are_withheld():
    rng = generator(1)
    rows = generator(7).integers(1, 6, (60, 17))
    assert drivers(*sums(rows[:, :2]), rng=rng) == Withheld("too_few_items", needed=2, got=1)
    assert drivers(*sums(rows), rng=rng) == Withheld("too_many_items", needed=15, got=16)
    twice = np.column_stack([rows[:, :3], rows[:, 2]])
    assert drivers(*sums(twice), rng=rng) == Withheld("repeated_items", needed=3, got=2)
    assert importance_and_performance(*sums(twice), rng=rng) == drivers(*sums(twice), rng=rng)
    assert drivers(*sums(rows[:4]), rng=rng) == Withheld("too_few", needed=18, got=4)
    with pytest.raises(ImpossibleCounts):
        lmg(np.eye(17))


def test_a_quadrant_is_a_share_of_draws():
    shares = importance_and_performance(*attitude(), rng=generator(1))
    assert shares.shape == (6, len(QUADRANTS))
    assert shares.sum(1) == pytest.approx(1)
    assert shares[0, QUADRANTS.index("keep_it_up")] > 0.95  # complaints: share .37, mean 66.6
    assert shares[4, QUADRANTS.index("more_than_needed")] > 0.95  # critical: share .01, mean 74.8
    assert shares[5, QUADRANTS.index("low_priority")] > 0.95  # advance: share .03, mean 42.9
    few = importance_and_performance(*sums([[1, 2], [2, 5], [4, 3]]), rng=generator(1))
    assert few == Withheld("too_few_items", needed=2, got=1)


def test_on_the_line_counts_as_above_it():
    assert quadrant_shares(np.ones((1, 2)), np.ones((1, 2))).tolist() == [[0, 1, 0, 0]] * 2


def test_too_few_rows_are_a_value():
    assert isinstance(joint_of_sums(3, *sums([[1, 2], [2, 1], [3, 3]])[1:]), Withheld) is False
    assert joint_of_sums(2, [3, 3], [[5, 4], [4, 5]]) == Withheld("too_few", needed=3, got=2)
    assert isinstance(cronbach_alpha(*sums([[1, 2], [2, 1], [3, 3]])), Figure)
