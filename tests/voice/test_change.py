"""A difference is named only where the intervals allow it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.stats import Figure, Withheld, mean_interval
from upturn.stats.draws import generator
from upturn.voice.engine import Moved, compare

FIGURES = st.builds(
    lambda value, half: Figure(value, value - half, value + half, 9),
    st.floats(0, 10),
    st.floats(0, 3),
)


@pytest.mark.parametrize(
    ("before", "now", "moved"),
    [
        ((7.0, 0.1), (7.5, 0.1), Moved.UP),
        ((7.0, 0.1), (6.5, 0.1), Moved.DOWN),
        ((7.0, 0.1), (7.1, 0.1), Moved.SAME),
        ((7.0, 0.1), (7.0, 0.7), Moved.CANNOT_TELL),
        ((7.0, 2.0), (8.0, 2.0), Moved.CANNOT_TELL),
    ],
)
def test_the_four_answers(
    before: tuple[float, float], now: tuple[float, float], moved: Moved
) -> None:
    figures = [Figure(value, value - half, value + half, 20) for value, half in (before, now)]
    assert compare(*figures).moved is moved


@given(FIGURES, FIGURES)
def test_turned_round_the_answer_turns_round(one: Figure, other: Figure) -> None:
    there, back = compare(one, other), compare(other, one)
    turned = {Moved.UP: Moved.DOWN, Moved.DOWN: Moved.UP}
    assert back.moved is turned.get(there.moved, there.moved)
    assert back.figure is not None
    assert there.figure is not None
    assert back.figure.low == pytest.approx(-there.figure.high)


def test_a_withheld_mean_tells_nothing() -> None:
    few = Withheld("too_few", 2, 1)
    assert compare(few, Figure(7.0, 6.9, 7.1, 99)).moved is Moved.CANNOT_TELL
    assert compare(Figure(7.0, 6.9, 7.1, 99), few).figure is None


def test_where_nothing_moved_movement_is_claimed_in_about_one_of_a_hundred() -> None:
    draws = generator(7, "change").normal(7.0, 2.0, size=(2, 4000, 25))

    def figure(scores: np.ndarray) -> Figure | Withheld:
        return mean_interval(25, scores.sum(), (scores**2).sum(), coverage=0.99)

    moved = [compare(figure(a), figure(b)).moved for a, b in zip(*draws, strict=True)]
    claimed = sum(each in (Moved.UP, Moved.DOWN) for each in moved)
    assert 10 <= claimed <= 60
