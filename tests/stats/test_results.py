"""One series, one unit, a change watched daily, and what would have changed anyway."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import nct, norm, t

from tests.stats.oracles import table
from upturn.stats import ImpossibleSeries, Withheld
from upturn.stats.components import UnitTotals, shrink, variance_components
from upturn.stats.draws import generator
from upturn.stats.memory import memory_of
from upturn.stats.regression_to_mean import expected_regression
from upturn.stats.series import interrupted_series
from upturn.stats.swings import autoregression
from upturn.stats.synthetic import mixture, synthetic_control
from upturn.stats.watching import change_sequence


def design(points, start, waves=0, period=52.0):
    time = np.arange(points)
    turns = [
        wave(2 * np.pi * k * time / period)
        for k in range(1, waves + 1)
        for wave in (np.sin, np.cos)
    ]
    return np.column_stack([np.ones(points), time >= start, time, *turns])


def plain_poisson(counts, columns, exposure):
    """Poisson regression by Newton's steps on the likelihood."""
    effects = np.zeros(columns.shape[1])
    effects[0] = np.log(counts.sum() / exposure.sum())
    for _ in range(60):
        means = exposure * np.exp(columns @ effects)
        information = columns.T @ (columns * means[:, None])
        effects = effects + np.linalg.solve(information, columns.T @ (counts - means))
    return effects, means, information


def plain_newey_west(scores, information, lags):
    """Add up products of neighbours, lag by lag."""
    points, columns = scores.shape
    meat = np.zeros((columns, columns))
    for i, j in product(range(points), range(points)):
        if abs(i - j) <= lags:
            meat += (1 - abs(i - j) / (lags + 1)) * np.outer(scores[i], scores[j])
    inverse = np.linalg.inv(information)
    return np.sqrt(np.diag(inverse @ meat @ inverse) * points / (points - columns))


def test_counts_are_fitted_by_maximum_likelihood_with_quasi_and_newey_west_errors():
    rng = generator(1, "counts")
    exposure = rng.uniform(300, 400, 60)
    columns = design(60, 36, waves=2, period=12)
    truth = np.array([0.7, -0.11, 0.005, 0.05, 0.02, 0.03, -0.04])
    counts = rng.negative_binomial(250, 250 / (250 + exposure * np.exp(columns @ truth))).astype(
        float
    )
    found = interrupted_series(counts, start=36, kind="counts", exposure=exposure, seasons=(2, 12))
    effects, means, information = plain_poisson(counts, columns, exposure)
    dispersion = ((counts - means) ** 2 / means).sum() / (60 - 7)
    assert np.log(found.change.value) == pytest.approx(effects[1], abs=1e-9)
    assert np.log(found.trend.value) == pytest.approx(effects[2], abs=1e-10)
    assert found.dispersion == pytest.approx(dispersion)
    assert found.fitted == pytest.approx(means)
    kept = np.exp(-effects[1] * (np.arange(60) >= 36))
    assert found.without == pytest.approx(means * kept)
    plain = np.sqrt(dispersion * np.linalg.inv(information)[1, 1])
    assert found.errors.plain == pytest.approx(plain)
    newey = plain_newey_west(columns * (counts - means)[:, None], information, 3)
    assert found.errors.newey_west == pytest.approx(newey[1])


def test_scores_are_fitted_by_least_squares_and_a_gap_keeps_its_place():
    rng = generator(2, "scores")
    values = 4 + 0.3 * (np.arange(40) >= 20) + 0.2 * rng.normal(size=40)
    values[[3, 4, 25]] = np.nan
    found = interrupted_series(values, start=20, kind="scores")
    seen = ~np.isnan(values)
    columns = design(40, 20)[seen]
    effects, squares = np.linalg.lstsq(columns, values[seen])[:2]
    assert (found.change.value, found.trend.value) == pytest.approx((effects[1], effects[2]))
    assert found.dispersion == pytest.approx(squares[0] / 34)
    newey_places = np.flatnonzero(seen)
    apart = np.abs(newey_places[:, None] - newey_places)
    scores = columns * (values[seen] - columns @ effects)[:, None]
    inverse = np.linalg.inv(columns.T @ columns)
    meat = scores.T @ np.maximum(0, 1 - apart / 4) @ scores
    newey = np.sqrt((inverse @ meat @ inverse)[1, 1] * 37 / 34)
    assert found.errors.newey_west == pytest.approx(newey)
    assert found.change.n == 37


@pytest.mark.parametrize("memory", [0.0, 0.5])
def test_a_step_is_held_where_newey_and_west_lose_it(memory):
    rng = generator(3, "steps", str(memory))
    held, usual = [], []
    for swing in autoregression((300, 36), memory=memory, rng=rng):
        found = interrupted_series(swing + (np.arange(36) >= 18), start=18, kind="scores")
        held.append(found.change.low <= 1 <= found.change.high)
        usual.append(abs(found.change.value - 1) <= 1.96 * found.errors.newey_west)
    assert np.mean(held) > 0.93
    assert np.mean(usual) < 0.9


def seat_belts(column, years):
    """British monthly casualties in cars till 1984; wearing belts became law in February 1983."""
    rows = table("seatbelts")
    law = int(rows[:, 3].argmax())
    values = rows[law - 12 * years :, column]
    return interrupted_series(values, start=12 * years, kind="counts", seasons=(4, 12)).change


def test_the_seat_belt_law_reads_as_harvey_and_durbin_published_it():
    drivers, front, rear = (seat_belts(column, 8) for column in range(3))
    assert drivers.low < 1 - 0.20 < drivers.high  # published: 20 to 26 % fewer
    assert front.low < 1 - 0.30 < front.high
    assert rear.low < 1 + 0.03 < rear.high
    assert front.high < 1 < rear.high


def test_the_worked_example_of_the_docs_is_what_the_code_says():
    page = (Path(__file__).parents[2] / "docs/background/results.md").read_text(encoding="utf-8")
    for column, name in enumerate(("drivers", "in front", "in the rear")):
        said = [seat_belts(column, years) for years in (8, 14)]
        figures = " | ".join(f"{f.value:.2f} ({f.low:.2f} to {f.high:.2f})" for f in said)
        assert f"| {name} | {figures} |" in page


def test_series_that_cannot_tell_are_withheld_with_the_reason():
    rng = generator(4, "short")
    noise = rng.normal(size=40)

    def told(values, start, **how):
        return interrupted_series(values, start=start, **({"kind": "scores"} | how))

    assert told(noise, 7) == Withheld("too_few_before", needed=8, got=7)
    assert told(noise, 33) == Withheld("too_few_after", needed=8, got=7)
    assert told(noise, 0) == Withheld("no_baseline", needed=8, got=0)
    assert told(np.ones(40), 20) == Withheld("all_alike", needed=2, got=1)
    nothing_after = np.r_[rng.poisson(9, 20), np.zeros(20)]
    assert told(nothing_after, 20, kind="counts") == Withheld("all_alike", needed=2, got=1)
    assert told(noise, 20, seasons=(1, 1e9)).reason == "repeated_columns"
    gaps = np.where(np.arange(40) < 13, np.nan, noise)
    assert told(gaps, 20) == Withheld("too_few_before", needed=8, got=7)
    exact = 4 + 0.1 * np.arange(40) + (np.arange(40) >= 20)
    assert told(exact, 20) == Withheld("all_alike", needed=2, got=1)


@pytest.mark.parametrize(
    ("values", "how", "words"),
    [
        ([1.0, np.inf] * 10, {"kind": "scores"}, "nan where one is missing"),
        ([1.0, -1.0] * 10, {"kind": "counts"}, "Count again"),
        ([1.0, 2.0] * 10, {"kind": "counts", "exposure": [0.0] * 20}, "counted among"),
        ([1.0, 2.0] * 10, {"kind": "counts", "exposure": [1.0] * 19}, "counted among"),
    ],
)
def test_series_that_no_weeks_can_have_are_refused_with_advice(values, how, words):
    with pytest.raises(ImpossibleSeries, match=words):
        interrupted_series(values, start=10, **how)


@pytest.mark.parametrize("memory", [0.0, 0.4, 0.8])
@pytest.mark.parametrize("points", [16, 52])
def test_the_memory_of_short_series_is_read_without_the_usual_bias(memory, points):
    rng = generator(5, "memory", str(memory))
    columns = design(points, points // 2)
    plain, read = [], []
    for series in autoregression((200, points), memory=memory, rng=rng):
        left = series - columns @ np.linalg.lstsq(columns, series)[0]
        plain.append(left[1:] @ left[:-1] / (left @ left))
        read.append(memory_of(series, columns, places=np.arange(points)).value)
    missed = abs(np.mean(read) - memory)
    assert missed < 0.25 if points == 16 else missed < 0.1
    assert memory == 0 or missed < abs(np.mean(plain) - memory) / 2


def test_a_lasting_swing_under_the_noise_of_few_answers_is_not_taken_for_a_short_one():
    rng = generator(18, "noise")
    ones, places = np.ones((150, 1)), np.arange(150)
    read = []
    for swing in autoregression((100, 150), memory=0.9, rng=rng):
        found = memory_of(swing + rng.normal(size=150), ones, places=places)
        assert found.value < found.cautious <= found.lasting <= 0.95
        read.append((found.cautious, found.lasting))
    cautious, lasting = np.mean(read, axis=0)
    assert cautious < 0.6 < lasting


@given(st.integers(0, 10**6), st.integers(2, 25), st.integers(4, 30))
@settings(max_examples=40)
def test_no_other_mixture_fits_better(seed, donors, weeks):
    rng = generator(seed)
    table, wanted = rng.normal(size=(donors, weeks)), rng.normal(size=weeks)
    shares = mixture(table, wanted)
    assert shares.min() >= 0
    assert shares.sum() == pytest.approx(1)
    size = np.abs(table - wanted).max()
    slope = (table - wanted) @ ((shares @ table - wanted) / size**2) + 1e-6 * shares
    level = shares @ slope  # the multiplier of the sum: no donor may lie below, used ones lie on it
    assert slope.min() >= level - 1e-9
    assert slope[shares > 1e-9] == pytest.approx(level, abs=1e-9)


def test_a_search_over_all_mixtures_finds_the_same_one():
    rng = generator(6, "mixtures")
    table, wanted = rng.normal(size=(3, 9)), rng.normal(size=9)
    steps = np.arange(0, 1.0001, 0.005)
    grid = [(a, b, 1 - a - b) for a, b in product(steps, steps) if a + b <= 1 + 1e-9]
    misses = ((np.array(grid) @ table - wanted) ** 2).sum(1)
    assert mixture(table, wanted) == pytest.approx(grid[misses.argmin()], abs=0.01)


def test_a_mixture_is_found_again_whatever_the_unit_of_the_outcome():
    rng = generator(7, "made")
    donors = rng.normal(size=(6, 40))
    shares = np.array([0.5, 0, 0.3, 0, 0.2, 0])
    effect = np.where(np.arange(40) >= 30, 2.0, 0.0)
    table = np.vstack([donors[:2], shares @ donors + effect, donors[2:]])
    found = synthetic_control(table, unit=2, start=30)
    assert found.weights == pytest.approx(np.insert(shares, 2, 0), abs=1e-4)
    assert found.effect == pytest.approx(2, abs=1e-3)
    assert found.chance == pytest.approx(1 / 7)
    assert found.actual - found.made == pytest.approx(effect, abs=1e-3)
    again = synthetic_control(1000 * table + 5e4, unit=2, start=30)
    assert again.weights == pytest.approx(found.weights, abs=1e-6)
    assert again.effect == pytest.approx(1000 * found.effect, rel=1e-5)


def test_of_mixtures_that_fit_alike_the_most_even_is_taken():
    weeks = generator(8, "twins").normal(size=12)
    table = np.vstack([weeks, weeks, weeks, weeks + 50, weeks])
    found = synthetic_control(table, unit=0, start=8)
    assert found.weights == pytest.approx([0, 1 / 3, 1 / 3, 0, 1 / 3], abs=1e-6)
    assert found.chance == 1


def test_a_quiet_unit_is_called_changed_as_seldom_as_the_chance_says():
    rng = generator(9, "quiet")
    chances = []
    for _ in range(60):
        table = rng.random((10, 2)) @ autoregression((2, 30), memory=0.9, rng=rng)
        table = table + 0.3 * rng.normal(size=(10, 30))
        chances.append(synthetic_control(table, unit=3, start=20).chance)
    assert np.mean(np.array(chances) <= 0.2) == pytest.approx(0.2, abs=0.12)
    assert min(chances) >= 0.1


def test_synthetic_controls_that_cannot_be_made_are_withheld_or_refused():
    table = generator(10, "few").normal(size=(6, 20))
    patchy = table.copy()
    patchy[0, 4] = np.nan
    assert synthetic_control(table, unit=0, start=7) == Withheld("too_few_before", 8, 7)
    assert synthetic_control(table, unit=0, start=20) == Withheld("too_few_after", 1, 0)
    assert synthetic_control(patchy, unit=0, start=10) == Withheld("missing_weeks", 20, 19)
    assert synthetic_control(table[:3], unit=0, start=10) == Withheld("too_few_units", 4, 3)
    assert np.isnan(synthetic_control(patchy, unit=1, start=10).gaps[0]).all()
    with pytest.raises(ImpossibleSeries, match="Count rows"):
        synthetic_control(table, unit=6, start=10)


def plain_likelihood(value, known, freedom, spread):
    """Weigh a change drawn from a normal distribution against none, by Student's t."""

    def weighed(size):
        return nct.pdf(value, freedom, size * np.sqrt(known)) * norm.pdf(size, scale=spread)

    return quad(weighed, -12, 12, epsabs=1e-12, limit=200)[0] / t.pdf(value, freedom)


def test_the_ends_are_where_the_likelihood_of_a_change_is_twenty_to_one():
    rng = generator(11, "ends")
    since = rng.normal(size=30)
    forgetful = np.tile([1.0, -1.0], 40) + 0.01 * rng.normal(size=80)
    found = change_sequence(forgetful, since, best_at=20)
    kept = found.memory  # one standard error above 0 at the least
    for moment in (7, 29):
        values = np.r_[forgetful, since[: moment + 1]]
        points, start = len(values), 80
        inverse = np.linalg.inv(kept ** np.abs(np.subtract.outer(range(points), range(points))))
        inverse *= 1 - kept**2
        columns = np.column_stack([np.ones(points), np.arange(points) >= start])
        covariance = np.linalg.inv(columns.T @ inverse @ columns)
        effects = covariance @ columns.T @ inverse @ values
        left = values - columns @ effects
        size = np.sqrt(left @ inverse @ left / (points - 2))
        figure = found.figures.at(moment)
        assert figure.value == pytest.approx(effects[1])
        known = 1 / covariance[1, 1]
        ratio = (figure.high - figure.value) / size * np.sqrt(known)
        soonest = known_after(20, start, kept)
        doubled = 2 * np.log(20)
        spread = np.sqrt((doubled + np.log(1 + doubled)) / soonest)
        assert plain_likelihood(ratio, known, points - 2, spread) == pytest.approx(20, rel=1e-4)


def known_after(moments, start, kept):
    points = start + moments
    inverse = np.linalg.inv(kept ** np.abs(np.subtract.outer(range(points), range(points))))
    columns = np.column_stack([np.ones(points), np.arange(points) >= start])
    return 1 / np.linalg.inv(columns.T @ inverse @ columns * (1 - kept**2))[1, 1]


@pytest.mark.parametrize("memory", [0.0, 0.5])
def test_looking_daily_is_allowed_where_a_daily_test_is_fooled(memory):
    rng = generator(12, "looking", str(memory))
    alarms, naive = [], []
    for row in autoregression((250, 300), memory=memory, rng=rng):
        before, since = row[:40], row[40:]
        figures = change_sequence(before, since).figures
        alarms.append(((figures.low > 0) | (figures.high < 0)).any())
        n = np.arange(1, 261)
        apart = np.abs(since.cumsum() / n - before.mean())
        clear = apart > 1.96 * np.sqrt(before.var() / 40 + row.var() / n)
        naive.append(clear[9:].any())
    assert np.mean(alarms) <= 0.05
    assert np.mean(naive) > 0.2


def test_a_change_is_found_and_what_was_said_stays_said():
    rng = generator(13, "found")
    before, since = rng.normal(size=52), rng.normal(size=52) + 2
    whole = change_sequence(before, since).figures
    half = change_sequence(before, since[:20]).figures
    assert whole.low[:20] == pytest.approx(half.low)
    assert (whole.low > 0).any()
    assert (whole.low <= 2).all()
    shifted = change_sequence(10 * before + 7, 10 * since + 7).figures
    assert shifted.low == pytest.approx(10 * whole.low)


def test_a_week_without_a_figure_adds_nothing_and_loses_nothing():
    rng = generator(14, "gaps")
    before, since = rng.normal(size=30), rng.normal(size=12)
    since[[0, 5]] = np.nan
    figures = change_sequence(before, since).figures
    assert figures.at(0) == Withheld("too_few", needed=1, got=0)
    assert figures.at(5) == figures.at(4)
    assert figures.n.tolist() == [0, 1, 2, 3, 4, 4, 5, 6, 7, 8, 9, 10]


def test_a_change_without_a_baseline_is_withheld_and_endless_figures_are_refused():
    since = [1.0, 2.0]
    assert change_sequence([1, 2, 3, 4, 5, 6, 7], since) == Withheld("too_few_before", 8, 7)
    assert change_sequence([3] * 9, since) == Withheld("all_alike", needed=2, got=1)
    assert change_sequence(range(9), []).figures.value.shape == (0,)
    for wrong in ([1.0, np.inf], [[1.0, 2.0]]):
        with pytest.raises(ImpossibleSeries, match="order of time"):
            change_sequence(range(9), wrong)


def totals(answers):
    return UnitTotals(np.full(answers.shape[1], len(answers)), answers.sum(0), (answers**2).sum(0))


def test_the_worst_units_go_back_by_themselves_where_the_range_says():
    rng = generator(15, "worst")
    held, moved = [], []
    for _ in range(200):
        true = rng.normal(4, 0.3, 24)
        first, again = (rng.normal(true, 1, (25, 24)) for _ in range(2))
        worst = first.mean(0) <= np.sort(first.mean(0))[4]
        found = expected_regression(totals(first), chosen=worst)
        held.append(found.expected.low <= again.mean(0)[worst].mean() <= found.expected.high)
        moved.append(again.mean(0)[worst].mean() - found.expected.value)
        assert found.before < found.expected.value
    assert np.mean(held) == pytest.approx(0.96, abs=0.035)
    assert np.mean(moved) == pytest.approx(0, abs=0.03)


def test_the_expected_mean_is_that_of_the_shrunken_units():
    rng = generator(16, "shrunken")
    units = totals(rng.normal(rng.normal(4, 0.5, 12), 1, (20, 12)))
    chosen = np.arange(12) < 3
    found = expected_regression(units, chosen=chosen)
    figures = shrink(units, variance_components(units)).figures
    assert found.expected.value == pytest.approx(figures.value[:3].mean())
    assert found.expected.n == 3


def test_a_choice_that_says_nothing_is_withheld_or_refused():
    units = totals(generator(17, "few").normal(size=(9, 6)))
    nobody, those = np.zeros(6, dtype=bool), np.arange(6) < 2
    assert expected_regression(units, chosen=nobody) == Withheld("nobody_chosen", 1, 0)
    few = UnitTotals(units.n[:5], units.total[:5], units.squares[:5])
    assert expected_regression(few, chosen=those[:5]) == Withheld("too_few_units", 6, 5)
    with pytest.raises(ImpossibleSeries, match="true and false"):
        expected_regression(units, chosen=[0, 1])
