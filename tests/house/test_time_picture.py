"""A measure as a picture: nothing falls out of it, and the scale can be read."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from upturn.house.time_picture import BOTTOM, LEFT, RIGHT, TOP, time_picture
from upturn.stats.figures import Figure, Withheld
from upturn.voice.queries import Series, WeekValue

MONDAY = date(2026, 5, 18)
FEW = Withheld("too_few_weeks", 2, 1)
values = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3))


def series(*numbers, figure=FEW):
    weeks = [WeekValue(MONDAY + timedelta(weeks=i), v, 9) for i, v in enumerate(numbers)]
    return Series("served well", 0, 10, tuple(weeks), figure)


def points(picture):
    return [tuple(map(float, at.split())) for at in picture.line.removeprefix("M").split("L")]


def test_nothing_measured_is_nothing_to_draw():
    assert time_picture(series()) is None


@given(st.lists(values, min_size=1, max_size=30))
def test_every_week_lies_within_the_frame_and_in_order(numbers):
    drawn = points(time_picture(series(*numbers)))
    assert len(drawn) == len(numbers)
    assert all(LEFT <= x <= RIGHT and TOP - 0.1 <= y <= BOTTOM + 0.1 for x, y in drawn)
    assert drawn == sorted(drawn, key=lambda point: point[0])


@given(st.lists(values, min_size=2, max_size=30))
def test_higher_values_stand_higher(numbers):
    drawn = points(time_picture(series(*numbers)))
    for (_, one), (_, other), a, b in zip(drawn, drawn[1:], numbers, numbers[1:], strict=False):
        if a > b:
            assert one <= other


@given(st.lists(values, min_size=1, max_size=30))
def test_there_are_two_to_seven_lines_to_read_from(numbers):
    lines = time_picture(series(*numbers)).gridlines
    assert 2 <= len(lines) <= 7
    assert len({line.text for line in lines}) == len(lines)


def test_the_range_lies_under_the_last_eight_weeks():
    figure = Figure(6.0, 5.0, 7.0, 90)
    picture = time_picture(series(*range(10), figure=figure))
    step = (RIGHT - LEFT) / 9
    assert float(picture.band.x) == round(LEFT + 2 * step, 1)
    assert float(picture.band.x) + float(picture.band.width) == RIGHT
    low, high = (points(time_picture(series(*range(10), figure=figure)))[i][1] for i in (5, 7))
    assert float(picture.band.y) == high
    assert abs(float(picture.band.y) + float(picture.band.height) - low) < 0.2
