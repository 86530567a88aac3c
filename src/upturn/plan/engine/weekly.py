"""Means of weekly figures whose weeks resemble their neighbours."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from upturn.stats.figures import Figure, Withheld
from upturn.stats.memory import memory_of
from upturn.stats.quantiles import student_quantile
from upturn.stats.tables import Floats

WEEKS_NEEDED = 8
WORTH_LEAST = 2.0  # independent weeks; below, there is no spread to take a range from


@dataclass(frozen=True, slots=True)
class Level:
    """Where weekly figures lie.

    Parameters
    ----------
    figure : Figure
        Mean of the weeks; n weeks.
    memory : float
        Correlation of a week with its next, 0..0.95, by which the range was widened.
    spread : float
        Standard deviation of a week, in the unit of the figures.
    """

    figure: Figure
    memory: float
    spread: float


def level(weeks: Floats) -> Level | Withheld:
    """Give the mean of weekly figures, with a range that knows that weeks resemble each other.

    Parameters
    ----------
    weeks : float array, (weeks,)
        nan where missing.

    Returns
    -------
    Level or Withheld
        ``too_few_weeks`` below eight weeks, ``all_alike`` where all are the same.

    Notes
    -----
    With a correlation r of neighbouring weeks, n weeks are worth n (1 - r) / (1 + r): so many
    enter the standard error, and Student's t has one degree of freedom less. r is that of
    `upturn.stats.memory`, held against what few weeks make of it and taken one standard error
    larger: with the likeliest one, ranges of 26 weeks with an r of .8 held the mean in 87 of 100.

    References
    ----------
    Bayley and Hammersley (1946), doi:10.2307/2983560.

    Examples
    --------
    >>> found = level(np.array([7.1, 7.3, 6.9, 7.0, 7.4, 7.2, 6.8, 7.1]))
    >>> round(found.figure.low, 2), round(found.figure.high, 2), round(found.memory, 2)
    (6.76, 7.44, 0.35)
    """
    known = weeks[~np.isnan(weeks)]
    n = len(known)
    if n < WEEKS_NEEDED:
        return Withheld("too_few_weeks", needed=WEEKS_NEEDED, got=n)
    if np.ptp(known) == 0:
        return Withheld("all_alike", needed=2, got=1)
    there = np.flatnonzero(~np.isnan(weeks))
    memory = memory_of(known, np.ones((n, 1)), places=there).cautious
    spread = float(known.std(ddof=1))
    worth = max(WORTH_LEAST, n * (1 - memory) / (1 + memory))
    half = float(student_quantile(worth - 1)) * spread / sqrt(worth)
    mean = float(known.mean())
    return Level(Figure(mean, mean - half, mean + half, n), memory, spread)


def difference(before: Floats, after: Floats) -> Figure | Withheld:
    """Give how far apart two stretches of weeks lie; it says nothing of why.

    Parameters
    ----------
    before, after : float array, (weeks,)

    Returns
    -------
    Figure or Withheld
        After less before, n weeks; with the reasons of `level`.
    """
    sides = [level(before), level(after)]
    held = [side for side in sides if isinstance(side, Withheld)]
    if held:
        return min(held, key=lambda side: side.got)
    one, other = (side.figure for side in sides if isinstance(side, Level))
    value = other.value - one.value
    half = sqrt((one.high - one.value) ** 2 + (other.high - other.value) ** 2)
    return Figure(value, value - half, value + half, one.n + other.n)
