"""Intervals that hold at all times at once, so that looking every day is allowed."""

from math import log

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.errors import ImpossibleTotals
from upturn.stats.quantiles import normal_quantile
from upturn.stats.tables import Figures, Floats, figures_where

SOONEST = 100  # observations at which the sequence is at its narrowest, unless told otherwise


def confidence_sequence(
    n: ArrayLike,
    total: ArrayLike,
    *,
    between: tuple[float, float],
    coverage: float = 0.95,
    best_at: int = SOONEST,
) -> Figures:
    """Where does the mean lie, at whatever moment one looks? An interval a moment.

    Parameters
    ----------
    n : int array, (moments,)
        Observations so far.
    total : float array, (moments,)
        Their sum so far.
    between : tuple of float
        The least and the most a single observation can be.
    coverage : float
        Share of sequences that hold the true mean at every moment, 0..1.
    best_at : int
        Number of observations at which the interval should be at its narrowest; to be chosen
        before the first look.

    Returns
    -------
    Figures
        (moments,); withheld before the first observation. Ends stay within ``between``.

    Raises
    ------
    ImpossibleTotals
        If a mean lies outside ``between``.

    Notes
    -----
    Assumes observations whose mean, given all before, stays the same; they need not be alike or
    independent otherwise. At ``best_at`` it is one and a half times as wide as an
    interval for one look: the price of looking.

    References
    ----------
    Robbins (1970), doi:10.1214/aoms/1177696786; Howard et al. (2021), doi:10.1214/20-AOS1991.

    Examples
    --------
    >>> sequence = confidence_sequence([10, 100], [7, 55], between=(0, 1))
    >>> sequence.low.round(3).tolist(), sequence.high.round(3).tolist()
    ([0.09, 0.398], [1.0, 0.702])
    """
    normal_quantile(coverage)
    seen, sums = np.asarray(n, dtype=np.float64), np.asarray(total, dtype=np.float64)
    least, most = between
    alpha = 1 - coverage
    doubled = 2 * log(1 / alpha)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = sums / seen
        if not ((mean >= least - 1e-9) & (mean <= most + 1e-9) | (seen == 0)).all():
            raise ImpossibleTotals("A mean lies between the ends", least=least, most=most)
        rho = best_at / (doubled + log(1 + doubled))
        half = mixture_boundary(seen, rho=rho, alpha=alpha) * (most - least) / 2 / seen
    low, high = np.maximum(mean - half, least), np.minimum(mean + half, most)
    return figures_where(seen > 0, (mean, low, high), n=seen, least=seen, needed=1)


def mixture_boundary(time: ArrayLike, *, rho: float = 1.0, alpha: float = 0.05) -> Floats:
    """Give the distance from 0 that a sum leaves, ever, with probability alpha at most. Two-sided.

    Parameters
    ----------
    time : float array, (...)
        Sum of the observations' variances (or bounds of them).
    rho : float
        Above 0; at an alpha of .05 the boundary is at its tightest about 8 times as late.
    alpha : float
        0..1.

    Returns
    -------
    float array, (...)

    References
    ----------
    Howard et al. (2021), doi:10.1214/20-AOS1991, equation 14.

    Examples
    --------
    >>> mixture_boundary([10, 100, 1000]).round(4).tolist()
    [9.6064, 32.7302, 113.6359]
    """
    late = np.asarray(time, dtype=np.float64) + rho
    return np.asarray(np.sqrt(late * np.log(late / (rho * alpha**2))))


def stitched_boundary(time: ArrayLike, *, alpha: float = 0.05) -> Floats:
    """Give the height that a sum passes, ever, with probability alpha at most. One-sided.

    Parameters
    ----------
    time : float array, (...)
        As `mixture_boundary`, 1 or more.
    alpha : float
        0..1; half of it for each of two sides.

    Returns
    -------
    float array, (...)

    References
    ----------
    Howard et al. (2021), doi:10.1214/20-AOS1991, equation 2.

    Examples
    --------
    >>> stitched_boundary([10, 100, 1000]).round(4).tolist()
    [11.3291, 38.0563, 124.6023]
    """
    late = np.asarray(time, dtype=np.float64)
    return np.asarray(1.7 * np.sqrt(late * (np.log(np.log(2 * late)) + 0.72 * log(5.2 / alpha))))
