"""Invariance between two sides, against lavaan's tutorial, and on planted differences."""

import numpy as np
import pytest

from tests.stats.oracles import holzinger
from upturn.stats import ImpossibleCounts, Withheld
from upturn.stats.draws import generator
from upturn.stats.invariance import invariance
from upturn.stats.joint import Joint

SCHOOLS = (holzinger("pasteur"), holzinger("grant_white"))
THREE = np.kron(np.eye(3), np.ones((3, 1)))  # visual, textual, speed
ALIKE = np.full(6, 0.8)


def side(rng, loadings, levels, n=400):
    common = rng.normal(0, 1, (n, 1))
    rows = levels + common * loadings + rng.normal(0, 0.6, (n, len(loadings)))
    return Joint(n, rows.mean(0), np.cov(rows.T))


def test_holzinger_and_swineford_equal_lavaans_tutorial():
    found = invariance(*SCHOOLS, factors=THREE)
    steps = (found.pattern, found.weights, found.levels)
    assert [round(step.chi_square, 3) for step in steps] == [115.851, 124.044, 164.103]
    assert [step.freedom for step in steps] == [48, 54, 60]
    assert [round(step.fit, 3) for step in steps] == [0.923, 0.921, 0.882]
    assert round(found.weights.chance, 3) == 0.224
    assert found.levels.chance < 1e-6
    assert (found.holds, found.n) == ("weights", 145)


def test_the_order_of_the_sides_and_the_unit_of_an_item_do_not_matter():
    plain = invariance(*SCHOOLS, factors=THREE)
    turned = invariance(*reversed(SCHOOLS), factors=THREE)
    unit = np.arange(1, 10)
    larger = [Joint(s.n, s.means * unit + 5, s.covariance * np.outer(unit, unit)) for s in SCHOOLS]
    for other in (turned, invariance(*larger, factors=THREE)):
        for step in ("pattern", "weights", "levels"):
            here, there = getattr(plain, step), getattr(other, step)
            assert there.chi_square == pytest.approx(here.chi_square, abs=1e-3)


def test_three_tests_of_one_kind_do_not_go_with_the_six_others():
    assert invariance(*SCHOOLS).holds == "nothing"


@pytest.mark.parametrize(
    ("loadings", "levels", "holds"),
    [
        (ALIKE, np.zeros(6), "levels"),
        (ALIKE, np.full(6, 0.7), "levels"),  # a shift of all looks like another opinion
        (ALIKE * [0.3, 0.3, 1, 1, 1, 1], np.zeros(6), "pattern"),
        (ALIKE, np.array([0.5, 0.5, 0, 0, 0, 0]), "weights"),
    ],
)
def test_planted_differences_are_found_at_their_step(loadings, levels, holds):
    rng = generator(7, "invariance")
    one, other = side(rng, ALIKE, np.zeros(6)), side(rng, loadings, levels)
    assert invariance(one, other).holds == holds


def test_equal_sides_are_seldom_called_different():
    rng = generator(8, "equal")
    chances = [
        invariance(side(rng, ALIKE, np.zeros(6), 100), side(rng, ALIKE, np.zeros(6), 100))
        for _ in range(25)
    ]
    assert np.mean([found.weights.chance < 0.05 for found in chances]) < 0.2
    assert np.mean([found.holds == "levels" for found in chances]) > 0.85


def test_too_few_questions_are_withheld_and_other_questions_refused():
    rng = generator(9)
    pair = side(rng, ALIKE[:2], np.zeros(2))
    assert invariance(pair, pair) == Withheld("too_few_items", needed=3, got=2)
    with pytest.raises(ImpossibleCounts):
        invariance(pair, SCHOOLS[0])
    with pytest.raises(ImpossibleCounts):
        invariance(*SCHOOLS, factors=THREE[:5])
    with pytest.raises(ImpossibleCounts):
        invariance(*SCHOOLS, factors=np.zeros((9, 1)))


def test_sides_without_a_covariance_that_can_be_are_withheld():
    broken = Joint(20, np.zeros(3), np.ones((3, 3)))
    assert invariance(broken, broken) == Withheld("no_factor", needed=1, got=0)
