"""What cannot be read is named; breaks are where a slow plain search finds them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trace.engines import weeks
from upturn.stats.draws import generator
from upturn.trace.engine import GraphRefused, Measures, MeasuresRefused, Remark, ServiceGraph
from upturn.trace.engine.series import find_breaks, remove_common_factor, tidy


def series(seed: int, n: int = 26, columns: int = 3):
    return generator(seed, "series").normal(size=(n, columns))


def slow_break(column):
    """Least squares over every onset, with the widened standard error of the best."""
    n = len(column)
    found = []
    for at in range(6, n - 2):
        before, after = column[:at], column[at:]
        left = np.concatenate([before - before.mean(), after - after.mean()])
        found.append((left @ left, at, after.mean() - before.mean(), left))
    rest, at, change, left = min(found, key=lambda one: one[0])
    carried = min(max((left[1:] @ left[:-1]) / (left @ left), 0), 0.7)
    error = np.sqrt(rest / (n - 2) * (1 / at + 1 / (n - at)) * (1 + carried) / (1 - carried))
    return at, change, change / error


@given(st.integers(0, 10_000), st.integers(12, 40))
@settings(max_examples=30, deadline=None)
def test_breaks_are_those_of_a_slow_search(seed: int, n: int) -> None:
    value = series(seed, n)
    breaks = find_breaks(value)
    for node in range(3):
        at, change, z = slow_break(value[:, node])
        assert breaks.onset[node] == at
        assert breaks.change[node] == pytest.approx(change)
        assert breaks.z[node] == pytest.approx(z)


def test_a_break_at_a_week_that_is_named_has_the_means_around_it() -> None:
    value = series(3)
    breaks = find_breaks(value, onset=9)
    assert breaks.change == pytest.approx(value[9:].mean(axis=0) - value[:9].mean(axis=0))


@pytest.mark.parametrize("factor", [100, 1 / 100, -100])
def test_a_changed_unit_is_named_and_left_out(factor: float) -> None:
    value = 8 + 0.3 * series(5)
    value[10:, 1] *= factor
    clean = tidy(Measures(value, weeks(26)))
    assert [(one.node, one.remark) for one in clean.noticed] == [(1, Remark.UNIT_CHANGED)]
    assert clean.usable.tolist() == [True, False, True]


@pytest.mark.parametrize("after", [1.0, 2.0, 3.9])
def test_a_steep_fall_is_no_changed_unit(after: float) -> None:
    value = 8 + 0.3 * series(6)
    value[10:, 1] = after + 0.1 * series(7, 16, 1)[:, 0]
    assert tidy(Measures(value, weeks(26))).noticed == ()


def test_constant_series_and_series_with_gaps_are_named() -> None:
    value = series(8, 26, 4)
    value[:, 0] = 7.0
    value[3:18, 1] = np.nan
    value[:, 2] = np.nan
    value[[2, 9, 10], 3] = np.nan
    clean = tidy(Measures(value, weeks(26)))
    assert {(one.node, one.remark) for one in clean.noticed} == {
        (0, Remark.CONSTANT),
        (1, Remark.GAPS),
    }
    assert clean.usable.tolist() == [False, False, False, True]
    assert clean.value[9, 3] == pytest.approx(value[8, 3] + (value[11, 3] - value[8, 3]) / 3)


def test_a_year_is_looked_at_and_no_more() -> None:
    clean = tidy(Measures(series(9, 60), weeks(60)))
    assert clean.skipped == 8
    assert len(clean.value) == 52


def test_a_common_factor_is_taken_away() -> None:
    factor = np.repeat([1.0, -1.0], 13)
    loaded = np.outer(factor, [2.0, 0.5, 0.0]) + 0.01 * series(10)
    left = remove_common_factor(loaded, factor)
    assert np.abs(factor @ left / 26).max() < 0.2


def test_measures_and_graphs_that_do_not_fit_are_refused() -> None:
    with pytest.raises(MeasuresRefused, match="2 weeks"):
        Measures(np.zeros((3, 1)), weeks(2))
    with pytest.raises(MeasuresRefused, match="infinite in week: 2026-01-12"):
        Measures(np.array([[1.0], [np.inf]]), weeks(2))
    with pytest.raises(MeasuresRefused, match="2026-01-19"):
        Measures(np.zeros((2, 1)), (weeks(3)[0], weeks(3)[2]))
    with pytest.raises(GraphRefused, match="key stands twice"):
        ServiceGraph(("a", "a"), np.zeros((2, 2), bool), np.zeros(2, bool))
    with pytest.raises(GraphRefused, match="1 keys"):
        ServiceGraph(("a",), np.zeros((2, 2), bool), np.zeros(1, bool))
