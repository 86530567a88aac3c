"""A weekly measure as a small picture: its line, the range of its last weeks, its scale.

Coordinates are texts, so that no language writes them with a comma.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10

from django.utils.formats import number_format

from upturn.stats.figures import Figure
from upturn.voice.queries import Series

LEFT, RIGHT, TOP, BOTTOM = 36, 330, 12, 122
RECENT = timedelta(weeks=8)
GRIDLINES = 4


@dataclass(frozen=True, slots=True)
class Gridline:
    """A height in the picture, where its label stands, and what it stands for."""

    y: str
    text_y: str
    text: str


@dataclass(frozen=True, slots=True)
class Band:
    """The range of the last weeks' mean, drawn under the weeks it speaks of."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class TimePicture:
    """A measure drawn into 340 by 150; the dot marks the newest week."""

    series: Series
    line: str
    dot: tuple[str, str]
    band: Band | None
    gridlines: tuple[Gridline, ...]
    first: date
    last: date
    newest: float

    @property
    def drawn_at(self) -> int:
        """A number that changes with anything in the picture or its table."""
        return hash(self.series)


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    step: float
    steps: int

    def y(self, value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - self.low) / (self.step * self.steps)


def time_picture(series: Series) -> TimePicture | None:
    """Draw a measure; None while it has no weeks."""
    if not series.weeks:
        return None
    first, last = series.weeks[0].week, series.weeks[-1].week
    figure = series.figure if isinstance(series.figure, Figure) else None
    values = [week.value for week in series.weeks]
    scale = _scale([*values, figure.low, figure.high] if figure else values)
    days = max(1, (last - first).days)
    xs = [LEFT + (RIGHT - LEFT) * (week.week - first).days / days for week in series.weeks]
    recent = next(x for x, row in zip(xs, series.weeks, strict=True) if row.week > last - RECENT)
    points = [(f"{x:.1f}", f"{scale.y(value):.1f}") for x, value in zip(xs, values, strict=True)]
    return TimePicture(
        series=series,
        line="M" + "L".join(f"{x} {y}" for x, y in points),
        dot=points[-1],
        band=_band(figure, scale, start=recent) if figure else None,
        gridlines=_gridlines(scale),
        first=first,
        last=last,
        newest=values[-1],
    )


def _scale(values: list[float]) -> _Scale:
    """Round steps from which every value can be read; the axis need not start at zero."""
    low, high = min(values), max(values)
    span = max(high - low, abs(high) / 100, 0.1)
    power: float = 10.0 ** floor(log10(span / GRIDLINES))
    step = next(s * power for s in (1, 2, 5, 10) if s * power * GRIDLINES >= span)
    start = floor(low / step)
    return _Scale(start * step, step, max(1, ceil(high / step) - start))


def _band(figure: Figure, scale: _Scale, *, start: float) -> Band:
    top, bottom = scale.y(figure.high), scale.y(figure.low)
    height = max(bottom - top, 1.0)
    return Band(f"{start:.1f}", f"{top:.1f}", f"{RIGHT - start:.1f}", f"{height:.1f}")


def _gridlines(scale: _Scale) -> tuple[Gridline, ...]:
    decimals = max(0, -floor(log10(scale.step)))
    values = [scale.low + scale.step * line for line in range(scale.steps + 1)]
    return tuple(
        Gridline(f"{scale.y(v):.1f}", f"{scale.y(v) + 4:.1f}", number_format(v, decimals))
        for v in values
    )
