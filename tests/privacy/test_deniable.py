"""Answers everybody can deny, and what it costs."""

import numpy as np
import pytest

from upturn.privacy import added_sd, best_posterior, debias, local_epsilon, randomise

PUBLISHED = {  # added standard deviation of a mean, by n, for p of .1, .2, .3
    5: (0.289, 0.447, 0.614),
    10: (0.206, 0.316, 0.433),
    15: (0.167, 0.258, 0.351),
    50: (0.091, 0.142, 0.194),
    200: (0.045, 0.071, 0.096),
}
SHARES = np.array([0.035, 0.1, 0.25, 0.38, 0.235])
STEPS = np.arange(1, 6)


@pytest.mark.parametrize("n", PUBLISHED)
def test_it_costs_what_was_published(n: int) -> None:
    mean = float(SHARES @ STEPS)
    variance = float(SHARES @ STEPS**2) - mean**2
    costs = [added_sd(n, p=p, mean=mean, variance=variance) for p in (0.1, 0.2, 0.3)]
    assert costs == pytest.approx(PUBLISHED[n], rel=0.02)


def test_it_costs_what_a_simulation_costs() -> None:
    rng = np.random.default_rng(6)
    answers = rng.choice(STEPS, p=SHARES, size=(20_000, 10)).astype(np.int8)
    sent = randomise(answers, p=0.2, categories=5, rng=rng)
    counts = (sent[..., None] == STEPS).sum(axis=1)
    means = debias(counts, p=0.2) @ STEPS / 10
    true = answers.mean(axis=1)
    assert means.mean() == pytest.approx(true.mean(), abs=0.01)
    mean, variance = float(answers.mean()), float(answers.var())
    added = np.sqrt(means.var() - true.var())
    assert added == pytest.approx(added_sd(10, p=0.2, mean=mean, variance=variance), rel=0.03)


def test_what_was_left_out_stays_left_out() -> None:
    rng = np.random.default_rng(7)
    answers = np.zeros((50, 4), dtype=np.int8)
    assert not randomise(answers, p=0.9, categories=5, rng=rng).any()


def test_debiased_counts_keep_their_total() -> None:
    counts = np.array([[7, 0, 2, 1, 0], [0, 0, 0, 0, 0]])
    assert debias(counts, p=0.3).sum(axis=1) == pytest.approx([10, 0])


def test_how_much_one_answer_tells() -> None:
    assert [local_epsilon(p) for p in (0.1, 0.2, 0.3)] == pytest.approx(
        [3.83, 3.04, 2.54], abs=0.01
    )
    assert [best_posterior(p) for p in (0.1, 0.2, 0.3)] == pytest.approx([0.92, 0.84, 0.76])
