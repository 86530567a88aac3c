"""How much of a week's swing lives on in the next, read off few weeks without the usual bias."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.tables import Floats, Integers

MOST = 0.95  # beyond, a series is no longer told from one that drifts
GRID = 96


@dataclass(frozen=True, slots=True)
class Memory:
    """Autocorrelation of neighbouring weeks, 0..0.95.

    Parameters
    ----------
    value : float
        Likeliest.
    cautious : float
        One standard error more.
    lasting : float
        The larger of this and what weeks two apart say, with half a standard error more: the noise
        of few answers hides a lasting swing from neighbours.
    """

    value: float
    cautious: float
    lasting: float


def memory_of(values: ArrayLike, design: ArrayLike, *, places: ArrayLike) -> Memory:
    """How much does a series remember, once a fitted line is taken off it? Autocorrelation.

    Parameters
    ----------
    values : float array, (points,)
    design : float array, (points, columns)
        What is fitted by least squares, a column of ones for the mean.
    places : int array, (points,)
        Week of each point; weeks may be missing.

    Returns
    -------
    Memory

    Notes
    -----
    What is left after a fit remembers less than the series did, the more so the shorter it is. The
    ratio of neighbours' products to squares is therefore held against what it would be, on
    average, at each memory of a first-order autoregression; for weeks two apart likewise. Below 0
    counts as 0.

    Examples
    --------
    >>> weeks = np.arange(12)
    >>> round(memory_of(weeks // 3 % 2, np.ones((12, 1)), places=weeks).value, 2)
    0.64
    """
    where = np.asarray(places, dtype=np.int64)
    basis = np.linalg.qr(np.asarray(design, dtype=np.float64))[0]
    keep = np.eye(len(where)) - basis @ basis.T
    left = keep @ np.asarray(values, dtype=np.float64)
    if not float(left @ left) > 0:
        return Memory(0.0, 0.0, 0.0)
    near, far = (_read(keep, left, where, apart=apart) for apart in (1, 2))
    cautious = near + _error(near, len(where))
    lasting = max(cautious, far + _error(far, len(where)) / 2)
    return Memory(near, min(MOST, cautious), min(MOST, lasting))


def _read(keep: Floats, left: Floats, where: Integers, *, apart: int) -> float:
    """Find the memory at which weeks so far apart would, on average, be as alike as these."""
    lags = distances(where)
    beside = (lags == apart) / 2
    grid = np.linspace(0, MOST, GRID)
    powers = grid[:, None] ** np.arange(int(lags.max()) + 1)
    up, down = (
        powers @ np.bincount(lags.ravel(), weights=each.ravel())
        for each in (keep @ beside @ keep, keep)
    )
    rising = np.maximum.accumulate(up / down)
    return float(np.interp(left @ beside @ left / (left @ left), rising, grid))


def _error(memory: float, points: int) -> float:
    return sqrt((1 - memory**2) / points)


def distances(places: Integers) -> Integers:
    """Give the weeks between any two points, (points, points)."""
    return np.asarray(np.abs(places[:, None] - places), dtype=np.int64)


def freshened(columns: Floats, *, memory: float, places: Integers) -> Floats:
    """Take from each point what it remembers of the one before, and make all vary alike.

    Parameters
    ----------
    columns : float array, (points, columns)
    memory : float
        0..1, 1 excluded.
    places : int array, (points,)
        Week of each point, rising; the longer the gap, the less is remembered.

    Returns
    -------
    float array, (points, columns)
        Of a first-order autoregression: independent, with the variance of its fresh part.
    """
    kept = memory ** np.diff(places)
    scale = np.sqrt((1 - memory**2) / (1 - kept**2)) if memory > 0 else np.ones(len(kept))
    fresh = np.empty(columns.shape)
    fresh[0] = columns[0] * sqrt(1 - memory**2)
    fresh[1:] = (columns[1:] - kept[:, None] * columns[:-1]) * scale[:, None]
    return fresh
