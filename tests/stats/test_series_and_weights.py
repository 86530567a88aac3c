"""Raking, breaks, confidence sequences, false discoveries and correlations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import false_discovery_control, pearsonr

from tests.stats.oracles import table
from upturn.stats import ImpossibleCounts, ImpossibleTotals, NoSolution, Withheld
from upturn.stats.breaks import one_break
from upturn.stats.correlation import correlation_interval
from upturn.stats.discoveries import false_discoveries
from upturn.stats.draws import generator
from upturn.stats.raking import rake
from upturn.stats.sequences import confidence_sequence, mixture_boundary, stitched_boundary

SCHOOLS = np.array([[12, 132], [3, 11], [8, 17]])  # apiclus1: type of school by target met
SCORES = np.array([[7156, 86281], [1978, 6682], [4851, 10935]])  # sums of api00
POPULATION = ([4421, 755, 1018], [1072, 5122])


def test_raking_apiclus1_equals_survey_and_samplics():
    weights = SCHOOLS * 33.84699631
    factors = rake(weights, POPULATION)
    scored = SCORES * 33.84699631
    assert round(float(scored.sum() / weights.sum()), 2) == 644.17
    assert round(float((factors * scored).sum() / (factors * weights).sum()), 4) == 641.2303
    by_type = rake(weights.sum(1), POPULATION[:1])
    stratified = by_type @ scored.sum(1) / (by_type @ weights.sum(1))
    assert round(float(stratified), 2) == 642.31


@given(hnp.arrays(np.int64, (3, 4), elements=st.integers(1, 50)), st.integers(0, 1000))
def test_raked_weights_fit_every_margin_and_keep_the_odds(counts, seed):
    wanted = generator(seed).integers(1, 60, (3, 4)).astype(float)
    factors = rake(counts, [wanted.sum(1), wanted.sum(0)])
    raked = counts * factors
    assert raked.sum(0) == pytest.approx(wanted.sum(0))
    assert raked.sum(1) == pytest.approx(wanted.sum(1))
    odds = factors[0, 0] * factors[1, 1] / factors[0, 1] / factors[1, 0]
    assert odds == pytest.approx(1)


def test_margins_that_cannot_be_met_are_refused():
    with pytest.raises(ImpossibleCounts, match="same"):
        rake([[1, 2], [3, 4]], [[5, 5], [4, 5]])
    with pytest.raises(ImpossibleCounts, match="respondents"):
        rake([[0, 0], [3, 4]], [[5, 5], [4, 6]])
    with pytest.raises(ImpossibleCounts, match="margin an axis"):
        rake([[1, 2], [3, 4]], [[5, 5]])
    with pytest.raises(ImpossibleCounts, match="0 or more"):
        rake([[-1, 2], [3, 4]], [[5, 5], [5, 5]])
    with pytest.raises(NoSolution, match="Merge"):
        rake([[1, 0], [0, 4]], [[5, 5], [4, 6]])


def test_the_niles_break_lies_after_1898():
    flow = table("nile")[:, 0]
    found = one_break(flow, errors=np.full(100, 130.0), rng=generator(1))
    assert 1871 + found.after - 1 == 1898
    assert (found.before, round(found.since, 4)) == (1097.75, 849.9722)
    assert found.chance < 0.001


def test_a_point_of_few_answers_weighs_little():
    values = [5, 5, 5, 5, 9, 5, 5, 5]
    sure = one_break(values, errors=[0.5] * 8, rng=generator(1))
    errors = [0.5] * 4 + [8.0] + [0.5] * 3
    unsure = one_break(values, errors=errors, rng=generator(1))
    assert sure.chance < 0.05 < unsure.chance


def test_quiet_series_are_called_broken_as_often_as_the_chance_says():
    rng = generator(3, "quiet")
    errors = np.array([0.3, 0.6, 0.3, 0.9, 0.3, 0.4, 0.5, 0.3])
    chances = [
        one_break(rng.normal(0, errors), errors=errors, draws=200, rng=rng).chance
        for _ in range(600)
    ]
    assert np.mean(np.array(chances) <= 0.1) == pytest.approx(0.1, abs=0.035)


def test_short_series_and_missing_errors_are_refused():
    assert one_break([1, 2, 3], errors=[1] * 3, rng=generator(1)) == Withheld("too_few", 4, 3)
    for errors in ([1, 1, 1], [1, 1, 1, 0]):
        with pytest.raises(ImpossibleCounts):
            one_break([1, 2, 3, 4], errors=errors, rng=generator(1))


def test_boundaries_equal_the_closed_forms():
    times = [10, 100, 1000]
    assert stitched_boundary(times).round(4).tolist() == [11.3291, 38.0563, 124.6023]
    assert mixture_boundary(times).round(4).tolist() == [9.6064, 32.7302, 113.6359]


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_a_sequence_holds_at_every_moment_where_daily_intervals_fail(share):
    rng = generator(4, "sequence", str(share))
    totals = (rng.random((400, 1000)) < share).cumsum(1)
    n = np.arange(1, 1001)
    sequence = confidence_sequence(np.broadcast_to(n, totals.shape), totals, between=(0, 1))
    held = (sequence.low <= share) & (share <= sequence.high)
    assert held.all(1).mean() >= 0.95
    mean = totals / n
    half = 1.96 * np.sqrt(np.maximum(mean * (1 - mean), 1e-9) / n)
    plain = (np.abs(mean - share) <= half) | (n < 30)
    assert plain.all(1).mean() < 0.75


def test_a_sequence_stays_within_the_ends_and_starts_with_the_first_observation():
    sequence = confidence_sequence([0, 1, 4], [0, 5, 14], between=(1, 5))
    assert sequence.at(0) == Withheld("too_few", needed=1, got=0)
    assert (sequence.at(1).low, sequence.at(1).high) == (1, 5)
    assert sequence.at(2).value == 3.5
    with pytest.raises(ImpossibleTotals):
        confidence_sequence([2], [11], between=(1, 5))


def test_false_discoveries_of_benjamini_and_hochberg_1995():
    chances = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
               0.4262, 0.5719, 0.6528, 0.7590, 1.0000]  # fmt: skip
    found = false_discoveries(chances)
    assert found[:5] == pytest.approx([0.0015, 0.0030, 0.0095, 0.035625, 0.0603])
    assert (found <= 0.05).sum() == 4


@given(hnp.arrays(float, st.integers(1, 40), elements=st.floats(0, 1)))
def test_false_discoveries_equal_scipys_and_pass_over_what_is_withheld(chances):
    expected = false_discovery_control(chances)
    assert false_discoveries(chances) == pytest.approx(expected)
    gaps = np.insert(chances, 0, np.nan)
    assert false_discoveries(gaps)[1:] == pytest.approx(expected)
    assert np.isnan(false_discoveries(gaps)[0])
    with pytest.raises(ImpossibleCounts):
        false_discoveries([*chances, 1.1])


@given(
    hnp.arrays(float, (9, 2), elements=st.floats(-50, 50).map(lambda x: round(x, 2)), unique=True)
)
def test_correlations_equal_scipys(pairs):
    figure = correlation_interval(*pairs.T)
    peer = pearsonr(*pairs.T)
    assert figure.value == pytest.approx(peer.statistic, abs=1e-9)
    ends = peer.confidence_interval()
    assert (figure.low, figure.high) == pytest.approx((ends.low, ends.high), abs=1e-6)


def test_a_known_correlation_is_recovered_and_none_is_none():
    rng = generator(5, "units")
    for truth in (0.0, 0.6):
        pairs = rng.multivariate_normal([0, 0], [[1, truth], [truth, 1]], (400, 25))
        figures = [correlation_interval(*sample.T) for sample in pairs]
        held = np.mean([figure.low <= truth <= figure.high for figure in figures])
        assert held == pytest.approx(0.95, abs=0.035)
        assert np.mean([figure.value for figure in figures]) == pytest.approx(truth, abs=0.03)


def test_pairs_that_say_nothing_are_withheld():
    gone = float("nan")
    assert correlation_interval([1, 2, 3, gone], [1, 2, 4, 5]) == Withheld("too_few", 4, 3)
    assert correlation_interval([1, 1, 1, 1], [1, 2, 4, 5]) == Withheld("all_alike", 2, 1)
    assert correlation_interval([1, 2, 3, 4], [1, 2, 3, 4]).value == pytest.approx(1)
    with pytest.raises(ImpossibleCounts):
        correlation_interval([1, 2], [1, 2, 3])
