"""Gaps between two sides: published figures, laws, what is withheld, and how often it is right."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import brunnermunzel, mannwhitneyu

from tests.stats.oracles import answers_around, wine
from upturn.stats import Figure, ImpossibleCounts, ImpossibleCoverage, Withheld
from upturn.stats.draws import generator
from upturn.stats.superiority import (
    probability_of_superiority,
    superiority_chances,
    superiority_change,
    superiority_errors,
    superiority_interval,
    superiority_intervals,
)
from upturn.stats.superiority_peers import brunner_munzel, superiority_bootstrap
from upturn.stats.tables import PIECE

counts = hnp.arrays(np.int64, 5, elements=st.integers(0, 30))
tables = hnp.arrays(np.int64, (7, 4), elements=st.integers(0, 9))
PAGE = Path(__file__).parents[2] / "docs" / "background" / "gaps.md"


def rows(table):
    return np.repeat(np.arange(len(table)), np.asarray(table, dtype=int))


def test_brunner_munzel_equals_the_lawstat_manual():
    x, y = [11, 2, 0, 1, 0], [3, 1, 4, 2, 1]
    figure = brunner_munzel(y, x).at()
    assert round(figure.value, 6) == 0.788961
    assert (round(figure.low, 7), round(figure.high, 7)) == (0.5952169, 0.9827052)
    assert figure.n == 25


@given(counts, counts)
def test_brunner_munzel_equals_scipys_statistic(a, b):
    assume(min(a.sum(), b.sum()) >= 2)
    figure = brunner_munzel(a, b).at()
    assume(isinstance(figure, Figure))
    with np.errstate(all="ignore"):
        peer = brunnermunzel(rows(b), rows(a))
    assume(np.isfinite(peer.statistic))
    half = figure.high - figure.value
    assert (figure.low <= 0.5 <= figure.high) == (peer.pvalue >= 0.05) or half < 1e-9


@pytest.mark.parametrize(
    ("column", "value", "delta"), [(1, 0.6759259, 0.351852), (0, 0.8005401, 0.6010802)]
)
def test_superiority_in_the_wine_data_equals_r(column, value, delta):
    table, design, _judges = wine()
    yes, no = (table[design[:, column] == side].sum(0) for side in (1, 0))
    found = float(probability_of_superiority(yes, no))
    assert round(found, 7) == value
    assert round(2 * found - 1, 6) == pytest.approx(delta, abs=1e-6)
    assert found * yes.sum() * no.sum() == pytest.approx(
        mannwhitneyu(rows(yes), rows(no)).statistic
    )


@given(counts, counts)
def test_superiority_equals_all_pairs_compared_one_by_one(a, b):
    assume(a.sum() > 0 and b.sum() > 0)
    one, other = rows(a)[:, None], rows(b)[None, :]
    expected = (one > other).mean() + (one == other).mean() / 2
    assert float(probability_of_superiority(a, b)) == pytest.approx(expected, abs=1e-12)


@given(counts, counts)
def test_what_one_side_wins_the_other_loses(a, b):
    assume(a.sum() > 0 and b.sum() > 0)
    assert float(probability_of_superiority(a, b)) == pytest.approx(
        1 - float(probability_of_superiority(b, a)), abs=1e-12
    )
    here, there = superiority_interval(a, b), superiority_interval(b, a)
    assume(isinstance(here, Figure))
    assert (here.low, here.high) == pytest.approx((1 - there.high, 1 - there.low), abs=1e-12)
    turned = superiority_interval(a[::-1], b[::-1])
    assert (turned.low, turned.high) == pytest.approx((there.low, there.high), abs=1e-12)


@given(counts, counts, st.floats(0.5, 0.99))
def test_an_interval_holds_its_value_and_has_a_width_within_0_and_1(a, b, coverage):
    figure = superiority_interval(a, b, coverage=coverage)
    assume(isinstance(figure, Figure))
    assert 0 <= figure.low <= figure.value <= figure.high <= 1
    assert figure.high - figure.low > 0.001
    assert figure.n == a.sum() + b.sum()


@given(counts, counts)
def test_the_interval_leaves_out_a_half_just_where_the_chance_is_below_one_in_twenty(a, b):
    figure, chance = superiority_interval(a, b), float(superiority_chances(a, b))
    if isinstance(figure, Withheld):
        assert np.isnan(chance)
    else:
        assume(abs(chance - 0.05) > 1e-9)
        assert (figure.low <= 0.5 <= figure.high) == (chance >= 0.05)


@given(tables, tables)
def test_many_rows_at_once_equal_each_row_alone(a, b):
    many = superiority_intervals(a, b)
    peers = brunner_munzel(a, b)
    for row in range(len(a)):
        assert many.at(row) == superiority_interval(a[row], b[row])
        assert peers.at(row) == brunner_munzel(a[row], b[row]).at()


def test_leading_axes_are_kept_and_sides_broadcast():
    a = np.arange(1, 41).reshape(2, 4, 5)
    assert superiority_intervals(a, [1, 2, 3, 4, 5]).value.shape == (2, 4)
    assert superiority_intervals(a, [1, 2, 3, 4, 5]).at((1, 2)) == superiority_interval(
        a[1, 2], [1, 2, 3, 4, 5]
    )


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ([0, 0, 0], [1, 2, 3], Withheld("too_few", needed=2, got=0)),
        ([1, 2, 3], [0, 0, 0], Withheld("too_few", needed=2, got=0)),
        ([0, 1, 0], [1, 2, 3], Withheld("too_few", needed=2, got=1)),
        ([0, 4, 0], [0, 9, 0], Withheld("all_alike", needed=2, got=1)),
        ([4], [9], Withheld("all_alike", needed=2, got=1)),
    ],
)
def test_nobody_one_person_one_category_and_all_alike_are_withheld(a, b, reason):
    for kind in (superiority_intervals, brunner_munzel):
        assert kind(a, b).at() == reason
    assert superiority_bootstrap(a, b, rng=generator(1)).at() == reason
    assert np.isnan(superiority_errors(a, b)).all()


@given(tables, tables)
def test_figures_do_not_depend_on_how_counts_lie_in_memory(a, b):
    """Counting puts categories outermost, and sides are every second block of it."""
    together = np.stack([a, b], axis=1).reshape(-1, a.shape[-1])
    laid_out = np.moveaxis(np.ascontiguousarray(together.T), 0, -1)
    have, want = superiority_intervals(laid_out[0::2], laid_out[1::2]), superiority_intervals(a, b)
    for part in ("value", "low", "high", "n", "least"):
        np.testing.assert_array_equal(getattr(have, part), getattr(want, part))


def test_more_rows_than_are_worked_on_together_equal_the_same_rows_alone():
    rng = generator(11, "pieces")
    a, b = rng.integers(0, 3, (2, 3, PIECE, 4))
    many = superiority_intervals(a, b)
    for index in [(0, 0), (1, PIECE // 3), (2, PIECE // 3 + 1), (2, PIECE - 1)]:
        assert many.at(index) == superiority_interval(a[index], b[index])
    a[2, PIECE - 1, 0] = -1
    with pytest.raises(ImpossibleCounts):
        superiority_intervals(a, b)


def test_complete_separation_keeps_a_width():
    figure = superiority_interval([0, 0, 0, 2, 3], [3, 2, 0, 0, 0])
    assert (figure.value, figure.high) == (1, 1)
    assert 0.65 < figure.low < 0.75
    assert brunner_munzel([0, 0, 5], [5, 0, 0]).at() == Withheld("all_alike", needed=2, got=1)


def test_the_bootstrap_of_counts_agrees_with_resampling_rows():
    a, b = np.array([3, 5, 8, 9, 6]), np.array([6, 9, 7, 3, 1])
    rng = generator(4, "rows")
    one = rng.choice(rows(a), (4000, a.sum()))
    other = rng.choice(rows(b), (4000, b.sum()))
    sides = [np.stack([(side == c).sum(1) for c in range(5)], axis=-1) for side in (one, other)]
    expected = np.quantile(probability_of_superiority(*sides), [0.025, 0.975])
    figure = superiority_bootstrap(a, b, draws=4000, rng=generator(5)).at()
    assert (figure.low, figure.high) == pytest.approx(expected, abs=0.012)
    assert figure.value == float(probability_of_superiority(a, b))


def test_a_change_adds_the_squares_of_what_each_wave_leaves_open():
    before, after = Figure(0.8, 0.7, 0.85, 40), Figure(0.6, 0.5, 0.68, 30)
    change = superiority_change(before, after)
    assert change.value == pytest.approx(-0.2)
    assert change.low == pytest.approx(-0.2 - np.hypot(0.1, 0.05))
    assert change.high == pytest.approx(-0.2 + np.hypot(0.08, 0.1))
    assert change.n == 30


def test_a_change_of_nothing_is_found_no_more_often_than_promised():
    rng = generator(9, "change")
    shares = answers_around(np.array([0.6, -0.2]))
    waves = [[rng.multinomial(12, side, 500) for side in shares] for _ in range(2)]
    held = 0
    for row in range(500):
        figures = [superiority_interval(a[row], b[row]) for a, b in waves]
        change = superiority_change(*figures)
        held += change.low <= 0 <= change.high
    assert held / 500 >= 0.94


@pytest.mark.parametrize(
    ("a", "b"), [([-1, 2], [1, 2]), ([1, 2], [1, 2, 3]), ([np.nan, 2], [1, 2]), ([], []), (3, 4)]
)
def test_impossible_counts_are_refused(a, b):
    with pytest.raises(ImpossibleCounts):
        superiority_interval(a, b)


def test_an_impossible_coverage_is_refused():
    for kind in (superiority_intervals, brunner_munzel):
        with pytest.raises(ImpossibleCoverage):
            kind([1, 2], [2, 1], coverage=95)
    with pytest.raises(ImpossibleCoverage):
        superiority_bootstrap([1, 2], [2, 1], coverage=1, rng=generator(1))


SHAPES = {
    "same": answers_around(np.array([0.3, 0.3])),
    "apart": answers_around(np.array([0.8, -0.5])),
    "wide": answers_around(np.array([1.5, -1.5])),
    "far": answers_around(np.array([2.5, -2.0])),
    "skewed": np.array([[0.02, 0.03, 0.1, 0.35, 0.5], [0.05, 0.1, 0.2, 0.4, 0.25]]),
    "split": np.array([[0.3, 0.15, 0.1, 0.15, 0.3], [0.02, 0.1, 0.76, 0.1, 0.02]]),
}
SIZES = [(5, 5), (5, 10), (8, 8), (10, 10), (15, 15), (5, 40)]
TRIES = (4000, 4000, 250)  # of each interval; the bootstrap takes its time


def coverage_of(kind, sides, truth):
    figures = kind(*sides)
    low, high = np.nan_to_num(figures.low, nan=0), np.nan_to_num(figures.high, nan=0)
    shown = ~np.isnan(figures.value)
    return float(((low <= truth + 1e-12) & (truth - 1e-12 <= high))[shown].mean())


def coverage_table():
    """Lowest and mean coverage over six shapes of answers, by size and interval."""
    found = {}
    for sizes in SIZES:
        rng = generator(2026, "coverage", *map(str, sizes))
        kinds = (
            superiority_intervals,
            brunner_munzel,
            lambda a, b, rng=rng: superiority_bootstrap(a, b, draws=400, rng=rng),
        )
        cells = []
        for shares in SHAPES.values():
            truth = float(probability_of_superiority(*(shares * 1e9).round()))
            drawn = [rng.multinomial(n, p, max(TRIES)) for n, p in zip(sizes, shares, strict=True)]
            cells.append(
                [
                    coverage_of(kind, [side[:tries] for side in drawn], truth)
                    for kind, tries in zip(kinds, TRIES, strict=True)
                ]
            )
        found[sizes] = np.array(cells)
    return found


def test_the_coverage_that_the_page_on_gaps_states():
    found = coverage_table()
    text = PAGE.read_text(encoding="utf-8")
    for (one, other), cells in found.items():
        stated = re.search(rf"^\| {one} and {other} \|(.*)\|$", text, re.MULTILINE)
        assert stated, f"{one} and {other}: {cells.min(0)} {cells.mean(0)}"
        numbers = [float(number) for number in re.findall(r"\.\d+", stated.group(1))]
        expected = np.stack([cells.min(0), cells.mean(0)], axis=-1).ravel()
        assert numbers == pytest.approx(expected.round(3).tolist(), abs=0.0011)
    assert min(cells[:, 0].min() for cells in found.values()) > 0.92
    assert min(cells[:, 2].min() for cells in found.values()) < 0.8
