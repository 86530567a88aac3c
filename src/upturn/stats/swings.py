"""How units swing from week to week around their own level: what a roll-out has to be seen in."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.contrasts import as_panel
from upturn.stats.errors import ImpossibleSeries
from upturn.stats.figures import Withheld
from upturn.stats.memory import distances, memory_of
from upturn.stats.tables import Floats

FEWEST_WEEKS = 8
FEWEST_UNITS = 2
SETTLED = 1e-12  # share of the largest distance by which one may still move
ROUNDS = 500


@dataclass(frozen=True, slots=True)
class Swing:
    """A unit's weeks around its own level and the common swing of all units.

    Parameters
    ----------
    within_sd : float
        Standard deviation of a week, in the unit of the outcome; above 0.
    autocorrelation : float
        Of a unit's week with its next; -1..1, the ends excluded.

    Raises
    ------
    ImpossibleSeries
        If they lie outside.
    """

    within_sd: float
    autocorrelation: float = 0.0

    def __post_init__(self) -> None:
        if not (0 < self.within_sd < np.inf and abs(self.autocorrelation) < 1):
            advice = "Take both from the weeks before the start, with `swing_of`."
            got = (self.within_sd, self.autocorrelation)
            raise ImpossibleSeries("A spread is above 0 and a memory below 1", got, advice)


def swing_of(outcomes: ArrayLike) -> Swing | Withheld:
    """How do units swing from week to week, apart from what moves all of them? Two-way.

    Parameters
    ----------
    outcomes : float array, (units, weeks)
        Before anybody starts; nan where missing. Units with fewer than 8 weeks are left out.

    Returns
    -------
    Swing or Withheld
        ``too_few_units`` below two units with 8 weeks, ``all_alike`` where nothing swings.

    Raises
    ------
    ImpossibleSeries
        If a figure is endless.

    Examples
    --------
    >>> weeks = autoregression((40, 30), memory=0.5, rng=np.random.default_rng(1))
    >>> swing = swing_of(3 + 2 * weeks)
    >>> print(f"{swing.within_sd:.1f}, {swing.autocorrelation:.1f}")
    2.0, 0.5
    """
    table = as_panel(outcomes)
    table = table[(~np.isnan(table)).sum(1) >= FEWEST_WEEKS]
    if len(table) < FEWEST_UNITS:
        return Withheld("too_few_units", needed=FEWEST_UNITS, got=len(table))
    left = two_way(table)
    if not (squares := float((left**2).sum())) > 0:
        return Withheld("all_alike", needed=2, got=1)
    weeks = [np.flatnonzero(seen) for seen in ~np.isnan(table)]
    memories = [
        memory_of(row[at], np.ones((len(at), 1)), places=at).value
        for row, at in zip(left, weeks, strict=True)
    ]
    memory = float(np.mean(memories))
    whole = sum(len(at) - (memory ** distances(at)).sum() / len(at) for at in weeks)
    return Swing(sqrt(squares / whole * len(table) / (len(table) - 1)), memory)


def autoregression(shape: tuple[int, ...], *, memory: float, rng: np.random.Generator) -> Floats:
    """Draw series with variance 1 whose every value keeps a share of the one before.

    Parameters
    ----------
    shape : tuple of int
        (..., weeks)
    memory : float
        Autocorrelation of neighbours, -1..1.
    rng : numpy.random.Generator

    Returns
    -------
    float array, (..., weeks)
    """
    series = rng.standard_normal((shape[-1], *shape[:-1]))
    fresh = sqrt(1 - memory**2)
    for week in range(1, shape[-1]):
        series[week] *= fresh
        series[week] += memory * series[week - 1]
    return np.moveaxis(series, 0, -1)


def two_way(rows: Floats) -> Floats:
    """Take units' and weeks' means in turn till both are 0.

    Parameters
    ----------
    rows : float array, (units, weeks)
        nan where missing.

    Returns
    -------
    float array, (units, weeks)
        What is left; 0 where missing.
    """
    seen = ~np.isnan(rows)
    left = np.where(seen, rows, 0.0)
    per_unit, per_week = np.maximum(seen.sum(1), 1)[:, None], np.maximum(seen.sum(0), 1)
    for _ in range(ROUNDS):
        before = left
        left = (left - left.sum(1)[:, None] / per_unit) * seen
        left = (left - left.sum(0) / per_week) * seen
        if np.abs(left - before).max() <= SETTLED * max(1.0, float(np.abs(before).max())):
            break
    return left
