"""Parts of a spread: a textbook's figures, a slow plain version, laws, how often ranges hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.stats import ImpossibleCounts, ImpossibleCoverage, Withheld, nested
from upturn.stats.components import UnitTotals, variance_components
from upturn.stats.draws import generator
from upturn.stats.nested import Spread, nested_spread

# Snedecor and Cochran (1967), Statistical Methods, page 286: calcium in turnip greens, four plants,
# three leaves of each, two samples of each leaf. Components as SAS PROC NESTED documents them.
CALCIUM = """3.28 3.09 3.52 3.48 2.88 2.80 2.46 2.44 1.87 1.92 2.19 2.19
             2.77 2.66 3.74 3.44 2.55 2.55 3.78 3.87 4.07 4.12 3.31 3.31"""
CENTRES = (9, 8, 7, 6, 6, 4)  # of the six suppliers


def normal(stream, size):
    return stream.normal(size=size)


def far_off(stream, size):
    """One in ten comes from a spread six times as wide: some thrive, some struggle."""
    wide = np.where(stream.random(size) < 0.1, 3, 0.5)
    return stream.normal(size=size) * wide / np.sqrt(0.1 * 9 + 0.9 * 0.25)


def drawn(stream, *, centres=CENTRES, deviations=(0.5, 0.7, 2.0), sizes=(5, 60), effects=normal):
    """Figures, centre and company of each person."""
    owner = np.repeat(np.arange(len(centres)), centres)
    within = np.repeat(np.arange(owner.size), stream.integers(*sizes, owner.size))
    company, centre, person = deviations
    levels = company * effects(stream, len(centres))[owner] + centre * effects(stream, owner.size)
    return levels[within] + stream.normal(0, person, within.size), within, owner[within]


def plainly(figures, inner, outer):
    """Variances by matrices of all rows: mean squares as written, their expectations as traces."""
    rows, leaves = len(figures), sorted(set(zip(outer, inner, strict=True)))
    plants = sorted({plant for plant, _leaf in leaves})
    of_leaf = np.array(
        [[(o, i) == leaf for leaf in leaves] for i, o in zip(inner, outer, strict=True)]
    )
    of_plant = np.array([[o == plant for plant in plants] for o in outer])
    leaf_means = (of_leaf / of_leaf.sum(0)).T
    belongs = np.array([[plant == leaf[0] for leaf in leaves] for plant in plants])
    plant_means = (belongs / belongs.sum(1, keepdims=True)) @ leaf_means
    apart = [
        (plant_means - plant_means.mean(0), len(plants) - 1),
        (leaf_means - belongs.T @ plant_means, len(leaves) - len(plants)),
        (np.eye(rows) - of_leaf @ leaf_means, rows - len(leaves)),
    ]
    forms = [matrix.T @ matrix / freedom for matrix, freedom in apart]
    sources = [of_plant @ of_plant.T, of_leaf @ of_leaf.T, np.eye(rows)]
    expected = [[np.trace(form @ source) for source in sources] for form in forms]
    return np.linalg.solve(expected, [figures @ form @ figures for form in forms])


def variances(found):
    return [part.variance for part in (found.outer, found.inner, found.rest)]


def shares(found):
    return [part.share.value for part in (found.outer, found.inner, found.rest)]


def test_calcium_in_turnip_greens_as_published(monkeypatch):
    monkeypatch.setattr(nested, "FEWEST_GROUPS", 4)
    figures = np.array(CALCIUM.split(), float)
    found = nested_spread(figures, np.arange(24) // 2 % 3, np.arange(24) // 6)
    assert np.round(variances(found), 6).tolist() == [0.365223, 0.161060, 0.006654]
    published = [0.685302, 0.302212, 0.012486]
    assert np.round(shares(found), 6).tolist() == published
    assert [part.share.n for part in (found.outer, found.inner, found.rest)] == [4, 12, 24]


@pytest.mark.parametrize("seed", range(6))
def test_it_equals_matrices_of_all_rows(seed):
    figures, inner, outer = drawn(
        generator(seed, "plain"), centres=(5, 1, 3, 2, 4), deviations=(3, 2, 1), sizes=(1, 7)
    )
    found = nested_spread(figures, inner, outer)
    assert variances(found) == pytest.approx(plainly(figures, inner, outer).clip(0), rel=1e-9)


def test_one_storey_of_equal_groups_equals_the_analysis_of_variance():
    rows = generator(1, "one storey").normal(size=(12, 8)) + np.arange(12)[:, None] / 4
    units = UnitTotals(np.full(12, 8.0), rows.sum(1), (rows**2).sum(1))
    peer = variance_components(units, method="moments")
    found = nested_spread(rows.ravel(), np.repeat(np.arange(12), 8))
    assert found.outer is None
    assert (found.inner.variance, found.rest.variance) == pytest.approx(
        (float(peer.between), float(peer.within))
    )


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e3), st.booleans())
def test_shift_scale_mirror_and_names_leave_the_shares(shift, scale, mirrored):
    stream = generator(2, "law")
    figures, inner, outer = drawn(stream)
    order = stream.permutation(figures.size)
    moved = shift + figures * (-scale if mirrored else scale)
    found = nested_spread(figures, inner, outer)
    again = nested_spread(moved[order], 99 - inner[order], outer[order] * 3 + 1)
    assert shares(again) == pytest.approx(shares(found), abs=1e-6)
    assert variances(again) == pytest.approx(np.multiply(variances(found), scale**2), rel=1e-4)
    assert again.inner.share.low == pytest.approx(found.inner.share.low, abs=1e-6)


def test_shares_add_up_and_lie_in_their_ranges():
    for seed in range(20):
        found = nested_spread(*drawn(generator(seed, "sum"), deviations=(0.1, 0.1, 1.0)))
        assert sum(shares(found)) == pytest.approx(1)
        for part in (found.outer, found.inner, found.rest):
            assert 0 <= part.share.low <= part.share.value <= part.share.high <= 1
            assert part.below_zero is False or part.variance == part.share.value == 0


@pytest.fixture
def quick(monkeypatch):
    """Fewer draws a range: enough to count how often ranges hold."""
    monkeypatch.setattr(nested, "DRAWS", 4000)


def held_of(times, *, centres, deviations, effects=normal):
    """How often each of the three ranges holds the share that was drawn with."""
    stream = generator(7, "coverage", str(centres), str(deviations))
    true = np.square(deviations) / np.square(deviations).sum()
    held = np.zeros(3)
    for _ in range(times):
        rows = drawn(stream, centres=centres, deviations=deviations, effects=effects)
        found = nested_spread(*rows)
        ranges = [part.share for part in (found.outer, found.inner, found.rest)]
        held += [part.low <= share <= part.high for part, share in zip(ranges, true, strict=True)]
    return held / times


@pytest.mark.parametrize("centres", [CENTRES, (20, 10, 4, 2, 2, 1), (2,) * 5])
def test_ranges_of_95_hold_in_92_to_99_of_100(centres, quick):
    held = held_of(300, centres=centres, deviations=(0.5, 0.7, 2.0))
    assert (held >= 0.92).all(), held
    assert (held <= 0.995).all(), held


def test_where_groups_do_not_differ_at_all_ranges_begin_at_0_as_often_as_they_should(quick):
    held = held_of(300, centres=CENTRES, deviations=(0.0, 0.0, 2.0))
    assert (held[:2] >= 0.92).all(), held
    assert held[2] >= 0.88, held  # it misses when either of the two others does


def test_where_some_groups_lie_far_off_ranges_hold_less_often_as_the_page_says(quick):
    held = held_of(300, centres=CENTRES, deviations=(0.5, 0.7, 2.0), effects=far_off)
    assert (held >= 0.75).all(), held
    assert (held <= 0.92).all(), held


def test_groups_that_differ_less_than_chance_are_said_so():
    stream = generator(4, "below")
    people = np.tile(stream.normal(size=30), (12, 1)) + np.arange(12)[:, None] * 1e-6
    found = nested_spread(people.ravel(), np.repeat(np.arange(12), 30))
    assert found.inner.below_zero
    assert found.inner.variance == found.inner.share.value == found.inner.share.low == 0
    assert found.rest.share.value == found.rest.share.high == 1


def test_few_outer_groups_withhold_their_part_alone():
    figures, inner, outer = drawn(generator(5, "few"), centres=(6, 6, 6, 6))
    found = nested_spread(figures, inner, outer)
    assert found.outer == Withheld("too_few_units", needed=5, got=4)
    assert found.inner.share.value + found.rest.share.value == pytest.approx(1)
    lifted = nested_spread(figures + 100.0 * outer, inner, outer)
    assert lifted.inner.variance == pytest.approx(found.inner.variance)


@pytest.mark.parametrize(
    ("figures", "inner", "outer", "reason"),
    [
        (range(12), [0, 1, 2, 3] * 3, None, Withheld("too_few_units", needed=5, got=4)),
        (range(12), range(12), range(12), Withheld("too_few_units", needed=5, got=1)),
        (range(12), range(12), None, Withheld("too_few", needed=2, got=1)),
        ([7.1] * 12, [0, 1, 2, 3, 4, 5] * 2, None, Withheld("all_alike", needed=2, got=1)),
        ([0.1, 0.2, 0.3, 0.4, 0.5] * 2, [*range(5)] * 2, None, Withheld("all_alike", 2, 1)),
    ],
)
def test_what_cannot_be_told_is_withheld(figures, inner, outer, reason):
    assert nested_spread(figures, inner, outer) == reason


def test_rows_that_do_not_fit_are_refused():
    for figures, inner in (([1.0, 2], [0]), ([], []), ([1.0, np.nan], [0, 1]), ([1.0, 2], [0, -1])):
        with pytest.raises(ImpossibleCounts):
            nested_spread(figures, np.array(inner, int))
    with pytest.raises(ImpossibleCoverage):
        nested_spread([1.0, 2], [0, 1], coverage=1.5)


def test_more_coverage_is_wider_and_the_same_seed_repeats():
    rows = drawn(generator(6, "wide"))
    usual, wide = nested_spread(*rows), nested_spread(*rows, coverage=0.99)
    assert isinstance(usual, Spread)
    assert wide.outer.share.low < usual.outer.share.low < usual.outer.share.high
    assert wide.outer.share.high > usual.outer.share.high
    assert nested_spread(*rows) == usual
