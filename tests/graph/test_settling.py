"""Settling: order and distance are kept, and nothing stands nearer to where it wants to be."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from upturn.graph.engine.settling import settle

things = st.lists(st.tuples(st.floats(-200, 200), st.floats(0, 20)), min_size=1, max_size=6)


@given(things, st.floats(0, 10), st.floats(0, 100))
def test_order_distance_and_ends_are_kept(wanted_and_sizes, gap, spare):
    wanted, sizes = zip(*wanted_and_sizes, strict=True)
    high = sum(sizes) + gap * (len(sizes) - 1) + spare
    places = settle(wanted, sizes=sizes, gap=gap, low=0, high=high)
    ends = [(x - size / 2, x + size / 2) for x, size in zip(places, sizes, strict=True)]
    assert all(left[1] + gap <= right[0] + 1e-6 for left, right in pairwise(ends))
    assert ends[0][0] >= -1e-6
    assert ends[-1][1] <= high + 1e-6


@given(things, st.floats(0, 10), st.floats(1, 100))
def test_no_other_places_are_nearer_to_the_wanted_ones(wanted_and_sizes, gap, spare):
    wanted, sizes = zip(*wanted_and_sizes, strict=True)
    high = sum(sizes) + gap * (len(sizes) - 1) + spare
    low_end, high_end = sizes[0] / 2, high - sizes[-1] / 2
    apart = [(a + b) / 2 + gap for a, b in pairwise(sizes)]
    start = settle([0.0] * len(sizes), sizes=sizes, gap=gap, low=0, high=high)
    solved = minimize(
        lambda x: sum((x - wanted) ** 2),
        start,
        method="SLSQP",
        constraints=[
            {"type": "ineq", "fun": lambda x: [*(x[1:] - x[:-1] - apart), x[0] - low_end]},
            {"type": "ineq", "fun": lambda x: high_end - x[-1]},
        ],
    )
    places = settle(wanted, sizes=sizes, gap=gap, low=0, high=high)
    cost = sum((x - want) ** 2 for x, want in zip(places, wanted, strict=True))
    assert cost <= solved.fun + 1e-3 * (1 + solved.fun)


def test_where_all_would_not_fit_the_distance_shrinks():
    assert settle([5, 5, 5], sizes=[0, 0, 0], gap=8, low=0, high=10) == pytest.approx([0, 5, 10])
    assert settle([], sizes=[], gap=8, low=0, high=10) == []
