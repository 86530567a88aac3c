"""Other intervals of the probability of superiority, for comparison with other software."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.placements import (
    Sides,
    figures_of_sides,
    plain_superiority,
    spread,
    two_sides,
)
from upturn.stats.quantiles import normal_quantile, student_quantile
from upturn.stats.tables import Figures, Floats, as_counts, by_pieces


def brunner_munzel(a: ArrayLike, b: ArrayLike, *, coverage: float = 0.95) -> Figures:
    """Give Brunner and Munzel's own interval, Student's t around the plain estimate.

    Parameters
    ----------
    a, b : int array, (..., categories)
    coverage : float
        0..1.

    Returns
    -------
    Figures
        (...); may reach beyond 0..1, and is withheld where its spread is 0: all answers the same,
        or all of one side above all of the other.

    Notes
    -----
    For comparison with other software. Pages show `superiority_intervals`.

    References
    ----------
    Brunner and Munzel (2000); the R package lawstat, `brunner.munzel.test`.
    """

    def ends(sides: Sides, value: Floats) -> tuple[Floats, Floats]:
        _value, errors = spread(sides)
        squared = errors.sum(0)
        freedom = squared**2 / (errors**2 / (sides.n - 1)).sum(0)
        error = np.sqrt(squared)
        reach = student_quantile(np.fmax(freedom, 1), coverage=coverage) * error
        return np.where(error > 0, value - reach, np.nan), value + reach

    return figures_of_sides(ends, a, b)


def superiority_bootstrap(
    a: ArrayLike,
    b: ArrayLike,
    *,
    coverage: float = 0.95,
    draws: int = 1000,
    rng: np.random.Generator,
) -> Figures:
    """Give percentiles of redrawn sides: what resampling the rows gives, drawn from the counts.

    Parameters
    ----------
    a, b : int array, (..., categories)
    coverage : float
        0..1.
    draws : int
    rng : numpy.random.Generator

    Returns
    -------
    Figures
        (...); withheld as in `superiority_intervals`. Too narrow below fifteen answers a side.

    Notes
    -----
    A row of answers drawn with replacement has multinomial counts, so nothing is lost by drawing
    these; the cost does not depend on the number of people.

    References
    ----------
    Efron (1979), doi:10.1214/aos/1176344552.
    """
    normal_quantile(coverage)
    redrawn = (_redraw(as_counts(side), draws, rng) for side in two_sides(a, b))
    (again,) = by_pieces(plain_superiority, *redrawn, results=1)
    ends = np.quantile(again, [0.5 - coverage / 2, 0.5 + coverage / 2], axis=0)
    plain = figures_of_sides(lambda _sides, value: (value.copy(), value.copy()), a, b)
    low, high = np.where(np.isnan(plain.value), np.nan, ends)
    return replace(plain, low=low, high=high)


def _redraw(counts: Floats, draws: int, rng: np.random.Generator) -> Floats:
    n = counts.sum(-1)
    shares = counts / np.maximum(n, 1)[..., None]
    shares[..., -1] = 1 - shares[..., :-1].sum(-1)
    size = (draws, *counts.shape[:-1])
    return rng.multinomial(n.astype(np.int64), shares.clip(0), size=size).astype(np.float64)
