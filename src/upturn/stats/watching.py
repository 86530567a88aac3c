"""A change watched week by week or day by day, with an interval that holds at every look."""

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.errors import ImpossibleSeries
from upturn.stats.figures import Withheld
from upturn.stats.memory import freshened, memory_of
from upturn.stats.quantiles import normal_quantile
from upturn.stats.tables import Figures, Floats, Integers, figures_where

FEWEST_BEFORE = 8
SOONEST = 26  # figures since the start at which the interval is at its narrowest


@dataclass(frozen=True, slots=True)
class Watched:
    """A change since the start, as it looked at each moment.

    Parameters
    ----------
    figures : Figures, (moments,)
        Change against the time before, in the unit of the figures; n of those since the start.
        Ends are endless while too few figures are there to say anything.
    memory : float
        Autocorrelation of neighbours that the intervals reckon with, 0..1.
    """

    figures: Figures
    memory: float


def change_sequence(
    before: ArrayLike, since: ArrayLike, *, best_at: int = SOONEST, coverage: float = 0.95
) -> Watched | Withheld:
    """Has the mean changed since the start? An interval a moment, all of which hold together.

    Parameters
    ----------
    before : float array, (points,)
        Figures before the start, oldest first, all of them at the same distance; nan where
        missing. Of a roll-out: units that started less units that did not.
    since : float array, (moments,)
        Figures since; nan where missing.
    best_at : int
        Figures since the start at which the interval should be at its narrowest; to be chosen
        before the first look.
    coverage : float
        Share of sequences that hold the true change at every moment, 0..1.

    Returns
    -------
    Watched or Withheld
        ``too_few_before`` below 8 figures before the start, ``all_alike`` where these do not vary.

    Raises
    ------
    ImpossibleSeries
        If a figure is endless, or the figures are no series.

    Notes
    -----
    For figures that are about normal around a mean before and another since, with a spread nobody
    knows, and with the memory of a first-order autoregression. The memory is read off the time
    before alone, on the careful side (`Memory.lasting`), and taken out; what is left is watched by
    the likelihood of a change of about its spread, drawn from a normal distribution, against none.
    This does not depend on level and spread, and passes 1 / (1 - coverage) with probability
    1 - coverage at most, ever. Beyond a memory of about .8 a swing is no longer told from a change.

    References
    ----------
    Ville (1939), Étude critique de la notion de collectif; Lai (1976),
    doi:10.1214/aos/1176343406; Pérez-Ortiz et al. (2024), doi:10.1214/24-AOS2394.

    Examples
    --------
    >>> found = change_sequence([5, 6, 5, 4, 5, 6, 4, 5] * 2, [8, 9, 8, 8, 9, 8, 9, 8] * 2)
    >>> last = found.figures.at(15)
    >>> print(f"{last.value:.1f}, {last.low:.1f} to {last.high:.1f}, n {last.n}")
    3.3, 2.3 to 4.4, n 16
    """
    early, late = (_as_series(figures) for figures in (before, since))
    known = early[~np.isnan(early)]
    if len(known) < FEWEST_BEFORE:
        return Withheld("too_few_before", needed=FEWEST_BEFORE, got=len(known))
    if np.ptp(known) == 0:
        return Withheld("all_alike", needed=2, got=1)
    everything = np.concatenate([early, late]) - known.mean()
    places = np.flatnonzero(~np.isnan(everything))
    start = len(known)
    ones = np.ones((start, 1))
    memory = memory_of(known, ones, places=places[:start]).lasting
    columns = [np.ones(len(places)), places >= len(early), everything[places]]
    fresh = freshened(np.column_stack(columns), memory=memory, places=places)
    soonest = _known_after(best_at, places[:start], len(early), memory=memory)
    alpha = 1 - _checked(coverage)
    ends = _sequence(fresh, start, alpha=alpha, soonest=soonest)
    n = np.cumsum(~np.isnan(late))
    value, half = (np.append(np.nan, end)[n] for end in ends)
    figures = figures_where(n > 0, (value, value - half, value + half), n=n, least=n, needed=1)
    return Watched(figures, memory)


def _sequence(fresh: Floats, start: int, *, alpha: float, soonest: float) -> tuple[Floats, Floats]:
    """Give the change and half its interval after each point since the start.

    `fresh` holds the level, the change and the figure of independent points, (points, 3).
    """
    level, step, seen = fresh.T
    sums = [level**2, level * step, step**2, level * seen, step * seen, seen**2]
    squared, crossed, stepped, levelled, moved, total = np.cumsum(sums, axis=1)[:, start:]
    known = stepped - crossed**2 / squared  # what is known of the change, in fresh points
    change = (moved - crossed * levelled / squared) / known
    left = np.maximum(total - levelled**2 / squared - change**2 * known, 0)
    freedom = np.arange(start, len(fresh)) - 1.0
    doubled = 2 * log(1 / alpha)
    grown = 1 + known * (doubled + log(1 + doubled)) / soonest
    ratio = (grown / alpha**2) ** (1 / (freedom + 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = (ratio - 1) / (1 - ratio / grown) * left / known
    return change, np.where(ratio < grown, np.sqrt(np.abs(squares)), np.inf)


def _known_after(moments: int, places: Integers, start: int, *, memory: float) -> float:
    """Say what will be known of the change after so many moments, in fresh points."""
    later = np.concatenate([places, start + np.arange(moments)])
    columns = np.column_stack([np.ones(len(later)), later >= start])
    level, step = freshened(columns, memory=memory, places=later).T
    return float(step @ step - (level @ step) ** 2 / (level @ level))


def _as_series(figures: ArrayLike) -> Floats:
    series = np.asarray(figures, dtype=np.float64)
    if series.ndim != 1 or np.isinf(series).any():
        advice = "Give numbers in order of time, and nan where one is missing."
        raise ImpossibleSeries("A series is a row of numbers", series.tolist(), advice)
    return series


def _checked(coverage: float) -> float:
    normal_quantile(coverage)
    return coverage
