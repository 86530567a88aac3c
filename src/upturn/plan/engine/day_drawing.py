"""The customer's day as a journey map: a line of scores over its moments, in strips that fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor
from typing import Literal, TypeAlias

from upturn.stats.figures import Figure, Withheld

A_STRIP = 7  # moments side by side that still have room for their words
WIDTH = 1176.0
TOP, BOTTOM, HEIGHT = 26.0, 126.0, 158.0
FIRST = 8.0  # from the start of a column to its dot
TICKS = 5
NEEDED = 3  # moments with a score, before one of them can be said to sag
ANSWERS = 5  # behind each of these scores: a range of fewer can be narrow by chance
LEAST, MOST = 0.0, 10.0  # the scale every score is stored on
BESIDE, ABOVE, BELOW = 12.0, 12.0, 24.0  # where the figure of a dot stands

Look: TypeAlias = Literal["told", "sags", "held"]


@dataclass(frozen=True, slots=True)
class Moment:
    """What is drawn of one moment of the day.

    Parameters
    ----------
    ref : str
    at : int
        Minutes after midnight.
    score : Figure or Withheld or None
        Customers' scores there, 0 to 10; None where no touchpoint is named.
    """

    ref: str
    at: int
    score: Figure | Withheld | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """The part of 0 to 10 that is drawn.

    Parameters
    ----------
    low, high : float
        Its ends, whole numbers.
    ticks : tuple of float
        Where the lines across stand, from below.
    """

    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """Say how far up the scale a value is, 0..1; values beyond an end stand at it."""
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Dot:
    """One moment on the line: `low_y` is the lower end of its range, `high_y` the upper one."""

    ref: str
    look: Look
    x: float
    y: float
    low_y: float
    high_y: float
    label: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the line; `known` where both ends are told, else it is dotted."""

    path: str
    known: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """Moments that stand side by side."""

    dots: tuple[Dot, ...]
    line: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class DayDrawing:
    """Everything that is drawn, in units of a sheet 1176 wide.

    Parameters
    ----------
    strips : tuple of Strip
        In the order of the day; of a long day several, each as wide as the sheet.
    columns : int
        Into how many equal columns each strip is divided.
    scale : Scale or None
        None while no score may be shown.
    ticks : tuple of (y, value)
    sags : str
        Ref of the moment at which the day sags, or empty.
    """

    width: float
    height: float
    strips: tuple[Strip, ...]
    columns: int
    scale: Scale | None
    ticks: tuple[tuple[float, float], ...]
    sags: str


def scale_of(moments: Sequence[Moment]) -> Scale | None:
    """Choose the part of 0 to 10 in which every range of the day lies; at least two steps of it.

    Returns
    -------
    Scale or None
        None where no score may be shown.

    Examples
    --------
    >>> scale_of([Moment("a", 600, Figure(7.4, 6.9, 8.1, 40))])
    Scale(low=6.0, high=9.0, ticks=(6.0, 7.0, 8.0, 9.0))
    """
    told = [each.score for each in moments if isinstance(each.score, Figure)]
    if not told:
        return None
    low = max(LEAST, floor(min(figure.low for figure in told)))
    high = min(MOST, ceil(max(figure.high for figure in told)))
    if high - low < 2:
        low, high = (low - 1, high) if high == MOST else (low, low + 2)
    step = ceil((high - low) / (TICKS - 1))
    ticks = tuple(float(tick) for tick in range(int(low), int(high) + 1, step))
    return Scale(float(low), float(high), ticks)


def sags_at(moments: Sequence[Moment]) -> str:
    """Find the moment at which the day sags.

    Returns
    -------
    str
        Ref of the moment with the lowest score, if its whole range lies below the mean of all
        other moments; else empty, for then another moment may be as low. Empty too while fewer
        than three moments have a score of five answers.

    Examples
    --------
    >>> day = [Moment("arrive", 600, Figure(8, 7.8, 8.2, 90)),
    ...        Moment("eat", 660, Figure(6.6, 6.3, 6.9, 90)),
    ...        Moment("pay", 700, Figure(7.8, 7.5, 8.1, 90))]
    >>> sags_at(day), sags_at(day[:2])
    ('eat', '')
    """
    told = [
        (each.ref, each.score)
        for each in moments
        if isinstance(each.score, Figure) and each.score.n >= ANSWERS
    ]
    if len(told) < NEEDED:
        return ""
    ref, lowest = min(told, key=lambda pair: pair[1].value)
    others = [score.value for _ref, score in told if score is not lowest]
    return ref if lowest.high < sum(others) / len(others) else ""


def draw_day(moments: Sequence[Moment], *, a_strip: int = A_STRIP) -> DayDrawing:
    """Lay out the journey map of a day.

    Parameters
    ----------
    moments : sequence of Moment
        In the order of the day.
    a_strip : int
        At most so many moments stand side by side; a longer day goes on in the next strip, and
        the strips share the moments evenly.

    Returns
    -------
    DayDrawing
        A moment whose score may not be shown keeps its place, at the height of the moment before
        it, and the line to it and from it is dotted.

    References
    ----------
    Seed S2.12, a day in the life of an average customer.

    Examples
    --------
    >>> day = draw_day([Moment("arrive", 600, Figure(8, 7.5, 8.5, 90)), Moment("eat", 660)])
    >>> [dot.look for dot in day.strips[0].dots], day.strips[0].line[0].known
    (['told', 'held'], False)
    """
    scale, lowest = scale_of(moments), sags_at(moments)
    count = ceil(len(moments) / a_strip)
    columns = ceil(len(moments) / count) if count else a_strip
    heights = _heights(moments, scale)
    dots = [
        _dot(moment, y, column=n % columns, columns=columns, scale=scale, lowest=lowest)
        for n, (moment, y) in enumerate(zip(moments, heights, strict=True))
    ]
    strips = [dots[n : n + columns] for n in range(0, len(dots), columns)]
    ticks = tuple((_y(tick, scale), tick) for tick in scale.ticks) if scale else ()
    drawn = tuple(Strip(tuple(strip), _line(strip)) for strip in strips)
    return DayDrawing(WIDTH, HEIGHT, drawn, columns, scale, ticks, lowest)


def _y(value: float, scale: Scale) -> float:
    return round(BOTTOM - scale.share(value) * (BOTTOM - TOP), 1)


def _heights(moments: Sequence[Moment], scale: Scale | None) -> list[float]:
    """Give every moment a height; an untold one stands where the one before it does."""
    known = [
        _y(each.score.value, scale) if scale and isinstance(each.score, Figure) else None
        for each in moments
    ]
    last = next((y for y in known if y is not None), (TOP + BOTTOM) / 2)
    heights = []
    for y in known:
        last = last if y is None else y
        heights.append(last)
    return heights


def _dot(
    moment: Moment, y: float, *, column: int, columns: int, scale: Scale | None, lowest: str
) -> Dot:
    x = round(FIRST + column * WIDTH / columns, 1)
    score = moment.score
    if scale is None or not isinstance(score, Figure):
        return Dot(moment.ref, "held", x, y, y, y, (x, y))
    low_y, high_y = _y(score.low, scale), _y(score.high, scale)
    look: Look = "sags" if moment.ref == lowest else "told"
    beside = y + BELOW if look == "sags" else y - ABOVE
    return Dot(moment.ref, look, x, y, low_y, high_y, (x + BESIDE, round(beside, 1)))


def _line(strip: Sequence[Dot]) -> tuple[Stretch, ...]:
    return tuple(
        Stretch(f"M{a.x:g} {a.y:g}L{b.x:g} {b.y:g}", known="held" not in {a.look, b.look})
        for a, b in pairwise(strip)
    )
