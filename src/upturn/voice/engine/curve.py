"""A score over weeks as the geometry of a picture: a line, the band of its range, a grid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import ceil, floor

from upturn.stats import Figure, Withheld

LOWEST, HIGHEST = 0, 10
MOST_GRIDLINES = 5
BELOW_LINE = 4  # from the middle of small figures to the line they stand on

_Point = tuple[float, float, float, float]  # x, y of the mean, y of the range's upper and lower end


@dataclass(frozen=True, slots=True)
class Frame:
    """Size of a picture and the margins around its plot, in units of the drawing."""

    width: int
    height: int
    left: int = 26
    right: int = 12
    top: int = 14
    bottom: int = 28

    @property
    def plot_end(self) -> int:
        """Where gridlines end."""
        return self.width - self.right

    @property
    def label_end(self) -> int:
        """Where the scores beside the gridlines end."""
        return self.left - 8

    @property
    def caption(self) -> int:
        """The line the names of months stand on."""
        return self.height - 6


@dataclass(frozen=True, slots=True)
class Curve:
    """What a template draws. Paths are ready for the ``d`` attribute, places are x or y.

    Attributes
    ----------
    band, line : str
        Closed areas of the intervals; the means. Both are broken where a week is withheld.
    dots : tuple of (x, y)
        Weeks whose neighbours are both withheld, which no line would show.
    grid : tuple of (y, base line of its label, score)
    months : tuple of (x, first week of a month)
    end : (x, y) or None
        The newest mean.
    """

    frame: Frame
    band: str
    line: str
    dots: tuple[tuple[float, float], ...]
    grid: tuple[tuple[float, float, int], ...]
    months: tuple[tuple[float, date], ...]
    end: tuple[float, float] | None


def axis(figures: Sequence[Figure | Withheld]) -> tuple[int, int]:
    """Lowest and highest whole score that hold every mean and what of its range can be true.

    Examples
    --------
    >>> axis([Figure(6.7, 6.3, 7.1, 97), Withheld("too_few", 2, 1), Figure(9.5, 8.8, 10.2, 12)])
    (6, 10)
    >>> axis([])
    (0, 10)
    """
    shown = [figure for figure in figures if isinstance(figure, Figure)]
    low = floor(min((max(f.low, LOWEST) for f in shown), default=LOWEST))
    high = ceil(max((min(f.high, HIGHEST) for f in shown), default=HIGHEST))
    if high - low < 2:
        low, high = max(low - 1, LOWEST), min(high + 1, HIGHEST)
    return low, high


def draw(
    weeks: Sequence[date],
    figures: Sequence[Figure | Withheld],
    *,
    frame: Frame,
    between: tuple[int, int] | None = None,
) -> Curve:
    """Place every week of a series.

    Parameters
    ----------
    weeks : sequence of date
        Mondays, oldest first, without gaps.
    figures : sequence of Figure or Withheld
        One a week, on 0 to 10.
    frame : Frame
        Where to draw.
    between : (int, int), optional
        Ends of the axis, to give several pictures the same; else `axis` of these figures.

    Returns
    -------
    Curve
    """
    low, high = between or axis(figures)
    xs = _spread(len(weeks), frame)
    points = [
        _point(x, figure, frame=frame, ends=(low, high))
        for x, figure in zip(xs, figures, strict=True)
    ]
    runs = _runs(points)
    known = [run for run in runs if len(run) > 1]
    return Curve(
        frame=frame,
        band="".join(_band(run) for run in known),
        line="".join(_path([(x, y) for x, y, _, _ in run]) for run in known),
        dots=tuple((run[0][0], run[0][1]) for run in runs if len(run) == 1),
        grid=_grid(low, high, frame),
        months=_months(weeks, xs),
        end=runs[-1][-1][:2] if runs else None,
    )


def _spread(n: int, frame: Frame) -> list[float]:
    step = (frame.width - frame.left - frame.right) / max(n - 1, 1)
    return [round(frame.left + step * i, 1) for i in range(n)]


def _height(score: float, frame: Frame, ends: tuple[int, int]) -> float:
    low, high = ends
    plot = frame.height - frame.top - frame.bottom
    share = (min(max(score, low), high) - low) / (high - low)
    return round(frame.height - frame.bottom - share * plot, 1)


def _point(
    x: float, figure: Figure | Withheld, *, frame: Frame, ends: tuple[int, int]
) -> _Point | None:
    if isinstance(figure, Withheld):
        return None
    y, upper, lower = (_height(v, frame, ends) for v in (figure.value, figure.high, figure.low))
    return x, y, upper, lower


def _runs(points: Sequence[_Point | None]) -> list[list[_Point]]:
    """Stretches of weeks without a gap."""
    stretches = (run for shown, run in groupby(points, key=bool) if shown)
    return [[point for point in run if point] for run in stretches]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def _band(run: Sequence[_Point]) -> str:
    upper = [(x, high) for x, _, high, _ in run]
    lower = [(x, low) for x, _, _, low in reversed(run)]
    return _path(upper + lower) + "Z"


def _grid(low: int, high: int, frame: Frame) -> tuple[tuple[float, float, int], ...]:
    step = 1 if high - low < MOST_GRIDLINES else 2
    scores = range(low, high + 1, step)
    lines = [(_height(score, frame, (low, high)), score) for score in scores]
    return tuple((y, y + BELOW_LINE, score) for y, score in lines)


def _months(weeks: Sequence[date], xs: Sequence[float]) -> tuple[tuple[float, date], ...]:
    return tuple(
        (x, week) for x, week in zip(xs, weeks, strict=True) if week.day <= 7 and x < xs[-1]
    )
