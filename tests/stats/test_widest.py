"""The probability that the widest gap is the widest: laws, and that it is true."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.stats.oracles import answers_around
from upturn.stats import ImpossibleCounts
from upturn.stats.draws import generator
from upturn.stats.superiority import probability_of_superiority
from upturn.stats.widest import draw_true_values, probability_widest

PAGE = Path(__file__).parents[2] / "docs" / "background" / "gaps.md"
tables = hnp.arrays(np.int64, (5, 4), elements=st.integers(0, 9))


@given(tables, tables)
def test_the_chances_of_all_gaps_that_may_be_shown_add_up_to_one(a, b):
    chances = probability_widest(a, b, draws=200, rng=generator(1))
    shown = ~np.isnan(chances)
    assert chances[shown].sum() == pytest.approx(1 if shown.any() else 0)
    assert probability_widest(a, b, draws=200, rng=generator(1)) == pytest.approx(
        chances, nan_ok=True
    )


def test_gaps_alike_share_the_chance_and_a_wide_one_takes_it():
    alike = probability_widest([[3, 4, 5]] * 4, [[5, 4, 3]] * 4, rng=generator(1))
    assert alike == pytest.approx(0.25, abs=0.05)
    a, b = np.full((4, 3), 20), np.full((4, 3), 20)
    a[2], b[2] = (0, 10, 50), (50, 10, 0)
    assert probability_widest(a, b, rng=generator(1))[2] > 0.99


def test_a_gap_in_the_other_direction_is_as_wide():
    a = np.array([[2, 5, 13], [13, 5, 2], [6, 6, 6]])
    chances = probability_widest(
        a, a[::-1][[1, 0, 2]] * 0 + [6, 6, 6], draws=8000, rng=generator(1)
    )
    assert chances[0] == pytest.approx(chances[1], abs=0.05)


def test_few_answers_make_a_gap_less_sure_of_being_the_widest():
    a = np.array([[0, 2, 3], [2, 20, 58], [20, 20, 20], [21, 20, 19]])
    b = np.array([[3, 2, 0], [58, 20, 2], [20, 20, 20], [19, 20, 21]])
    chances = probability_widest(a, b, rng=generator(1))
    assert probability_of_superiority(a[0], b[0]) > probability_of_superiority(a[1], b[1]) - 0.02
    assert chances[1] > chances[0]


def simulated(tries, gaps=12):
    """Chance given to the likeliest gap, whether it was the widest, and both for draws alone."""
    rng = generator(2026, "widest")
    rows = []
    for _ in range(tries):
        shift = rng.normal(0.4, rng.choice([0.2, 0.6]), gaps)
        shares = [answers_around(side * shift / 2) for side in (1, -1)]
        truth = np.abs(probability_of_superiority(*shares) - 0.5).argmax()
        sides = [
            np.array([rng.multinomial(rng.integers(5, 25), p) for p in side]) for side in shares
        ]
        chances = probability_widest(*sides, draws=400, rng=rng)
        alone = [rng.standard_gamma(np.broadcast_to(s + 0.2, (200, *s.shape))) for s in sides]
        first = np.abs(probability_of_superiority(*alone) - 0.5).argmax(-1)
        naive = np.bincount(first, minlength=gaps) / 200
        pick = chances.argmax(), naive.argmax()
        rows.append((chances.max(), pick[0] == truth, naive.max(), pick[1] == truth))
    return np.array(rows, dtype=float)


def test_it_is_right_as_often_as_it_says_where_single_draws_claim_too_much():
    said, right, naive_said, naive_right = simulated(400).mean(0)
    part = PAGE.read_text(encoding="utf-8").split("In 400 simulated organisations")[1]
    stated = [float(number) for number in re.findall(r"\.\d{3}", part)[:4]]
    assert stated == pytest.approx([said, right, naive_said, naive_right], abs=0.0011)
    assert said == pytest.approx(right, abs=0.045)
    assert naive_said > naive_right + 0.1


def test_true_values_are_drawn_around_what_all_together_say():
    values, variances = np.array([0.0, 0.1, -0.1, 2.0]), np.full(4, 0.5)
    drawn = draw_true_values(values, variances, draws=4000, rng=generator(1))
    assert 0.5 < drawn[:, 3].mean() < 2
    sure = draw_true_values(values, variances / 1e6, draws=4000, rng=generator(1))
    assert sure.mean(0) == pytest.approx(values, abs=0.01)
    single = draw_true_values(np.array([1.5]), np.array([0.04]), draws=4000, rng=generator(1))
    assert (single.mean(), single.std()) == pytest.approx((1.5, 0.2), abs=0.02)


def test_one_that_stands_out_of_many_is_not_drawn_in_among_them():
    values = np.array([*generator(4).normal(0, 0.15, 30), 1.2])
    drawn = draw_true_values(values, np.full(31, 0.05), draws=2000, rng=generator(1))
    assert drawn[:, -1].mean() > 0.9
    assert drawn[:, :-1].std(1).mean() < 0.25


def test_nothing_that_may_be_shown_gives_no_chances():
    assert np.isnan(probability_widest([[1, 0]], [[3, 0]], rng=generator(1))).all()
    with pytest.raises(ImpossibleCounts):
        probability_widest([[1, 0]], [[3, 0, 1]], rng=generator(1))
