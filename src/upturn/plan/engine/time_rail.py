"""The time line on which moments are moved: hours across, a handle a moment, none over another."""

from collections.abc import Sequence
from dataclasses import dataclass

from upturn.plan.engine.day_drawing import Moment

WIDTH, MARGIN = 1176.0, 22.0
HANDLE = 28.0  # a finger needs 24
LANE, FOOT = 32.0, 46.0
HOURS = (1, 2, 3, 4, 6)
LABELS = 18  # hours that can be written side by side


@dataclass(frozen=True, slots=True)
class Handle:
    """Where a moment can be taken hold of; `x` and `y` are its middle, `foot_y` is the line."""

    ref: str
    at: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Rail:
    """The time line, in units of a sheet 1176 wide.

    Parameters
    ----------
    line_y : float
        Height of the line itself.
    hours : tuple of (x, minutes)
        What is written below it.
    handles : tuple of Handle
        In the order of the day.
    minute : float
        Units a minute.
    start : float
        Where the day begins.
    """

    width: float
    height: float
    line_y: float
    hours: tuple[tuple[float, int], ...]
    handles: tuple[Handle, ...]
    minute: float
    start: float


def draw_rail(moments: Sequence[Moment], *, day_from: int, day_until: int) -> Rail:
    """Lay out the time line of a day.

    Parameters
    ----------
    moments : sequence of Moment
        In the order of the day. One outside the day stands at its nearer end.
    day_from, day_until : int
        Minutes after midnight; a day that ends after midnight ends after 1,440.

    Returns
    -------
    Rail
        Handles that would cover each other stand above each other.

    Examples
    --------
    >>> rail = draw_rail([Moment("a", 600), Moment("b", 605)], day_from=420, day_until=1380)
    >>> rail.handles[0].y > rail.handles[1].y, rail.hours[0]
    (True, (22.0, 420))
    """
    minute = (WIDTH - 2 * MARGIN) / (day_until - day_from)
    placed, ends = [], list[float]()
    for moment in moments:
        x = MARGIN + (min(max(moment.at, day_from), day_until) - day_from) * minute
        lane = next((n for n, end in enumerate(ends) if end <= x), len(ends))
        ends[lane : lane + 1] = [x + HANDLE]
        placed.append((moment, round(x, 1), lane))
    line_y = LANE * max(1, len(ends)) + 4
    handles = tuple(
        Handle(moment.ref, moment.at, x, line_y - LANE / 2 - LANE * lane)
        for moment, x, lane in placed
    )
    hours = tuple(
        (round(MARGIN + (at - day_from) * minute, 1), at) for at in _hours(day_from, day_until)
    )
    return Rail(WIDTH, line_y + FOOT, line_y, hours, handles, round(minute, 4), MARGIN)


def _hours(day_from: int, day_until: int) -> range:
    first = -(-day_from // 60) * 60
    whole = (day_until - first) // 60
    step = next((hours for hours in HOURS if whole / hours <= LABELS), HOURS[-1])
    return range(first, day_until + 1, 60 * step)
