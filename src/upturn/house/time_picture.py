"""A weekly measure as a small picture: its line, the range of its last weeks, its scale."""

from dataclasses import dataclass
from datetime import date
from math import floor, log10

from upturn.stats.figures import Figure
from upturn.voice.queries import Series

WIDTH, HEIGHT = 340, 150
LEFT, RIGHT, TOP, BOTTOM = 36, 330, 12, 122
RECENT = 8
GRIDLINES = 3


@dataclass(frozen=True, slots=True)
class Gridline:
    y: float
    value: float


@dataclass(frozen=True, slots=True)
class Band:
    """The range of the last weeks' mean, drawn under the weeks it speaks of."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class TimePicture:
    """Coordinates in a picture of 340 by 150; ``dots`` stand where a line would have one week."""

    series: Series
    line: str
    dots: tuple[tuple[float, float], ...]
    band: Band | None
    gridlines: tuple[Gridline, ...]
    first: date
    last: date

    @property
    def newest(self) -> float:
        return self.series.weeks[-1].value


def time_picture(series: Series) -> TimePicture | None:
    """Draw a measure; None while it has no weeks."""
    if not series.weeks:
        return None
    weeks = series.weeks
    first, last = weeks[0].week, weeks[-1].week
    values = [week.value for week in weeks]
    figure = series.figure if isinstance(series.figure, Figure) else None
    ends = [*values, figure.low, figure.high] if figure else values
    gridlines = _round_values(min(ends), max(ends))
    low, high = gridlines[0], gridlines[-1]
    days = max(1, (last - first).days)

    def x(week: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (week - first).days / days, 1)

    def y(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low), 1)

    points = [(x(week.week), y(week.value)) for week in weeks]
    return TimePicture(
        series=series,
        line="M" + "L".join(f"{px} {py}" for px, py in points),
        dots=tuple(points) if len(points) == 1 else (points[-1],),
        band=_band(figure, x(weeks[-RECENT:][0].week), y(figure.low), y(figure.high))
        if figure
        else None,
        gridlines=tuple(Gridline(y(value), value) for value in gridlines),
        first=first,
        last=last,
    )


def _band(figure: Figure, start: float, low: float, high: float) -> Band:
    return Band(start, high, round(RIGHT - start, 1), round(max(low - high, 1.0), 1))


def _round_values(low: float, high: float) -> list[float]:
    """Three to five round values that hold all others, equally far apart."""
    span = max(high - low, 0.5)
    power = 10 ** floor(log10(span / GRIDLINES))
    step = next(power * s for s in (1, 2, 5, 10) if power * s * GRIDLINES >= span)
    start = floor(low / step)
    count = GRIDLINES
    while (start + count) * step < high:
        count += 1
    return [(start + i) * step for i in range(count + 1)]
