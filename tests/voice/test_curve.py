"""The picture of a score over weeks, as geometry."""

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from upturn.stats import Figure, Withheld
from upturn.voice.engine import Frame, axis, draw

FRAME = Frame(360, 150)
FEW = Withheld("too_few", 2, 1)
FIGURES = st.builds(
    lambda value, half: Figure(value, value - half, value + half, 9),
    st.floats(0, 10),
    st.floats(0, 60),
)


def mondays(n: int) -> list[date]:
    return [date(2026, 6, 1) + timedelta(weeks=i) for i in range(n)]


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](\S+?) ([^MLZ]+)", path)]


@given(st.lists(st.one_of(st.just(FEW), FIGURES), max_size=30))
def test_every_shown_week_is_drawn_once_within_the_plot(figures: list[Figure | Withheld]) -> None:
    curve = draw(mondays(len(figures)), figures, frame=FRAME)
    drawn = points(curve.line) + list(curve.dots)
    assert len(drawn) == sum(isinstance(figure, Figure) for figure in figures)
    for x, y in drawn + points(curve.band):
        assert FRAME.left <= x <= FRAME.plot_end
        assert FRAME.top <= y <= FRAME.height - FRAME.bottom
    assert curve.end == (max(drawn) if drawn else None)
    assert 2 <= len(curve.grid) <= 6


@given(st.lists(FIGURES, min_size=2, max_size=2))
def test_a_better_week_never_stands_lower(figures: list[Figure]) -> None:
    (_, first), (_, second) = points(draw(mondays(2), figures, frame=FRAME).line)
    better = figures[0].value >= figures[1].value
    assert first <= second if better else second <= first


def test_a_withheld_week_leaves_a_gap_and_a_lone_week_is_a_dot() -> None:
    one = Figure(7.0, 6.0, 8.0, 9)
    curve = draw(mondays(6), [one, one, FEW, one, FEW, FEW], frame=FRAME)
    assert curve.line.count("M") == 1
    assert curve.band.count("Z") == 1
    assert [x for x, _ in curve.dots] == [FRAME.left + 3 * (360 - 26 - 12) / 5]


def test_months_stand_at_their_first_week() -> None:
    curve = draw(mondays(10), [FEW] * 10, frame=FRAME)
    assert [first for _, first in curve.months] == [date(2026, 6, 1), date(2026, 7, 6)]
    assert (curve.line, curve.band, curve.end) == ("", "", None)


def test_the_axis_stays_on_the_scale_and_has_some_height() -> None:
    assert axis([Figure(9.9, 9.8, 10.4, 3)]) == (8, 10)
    assert axis([Figure(0.1, -0.3, 0.2, 3)]) == (0, 2)
    assert axis([FEW]) == (0, 10)
