"""Factor models of one or two sides at once, by maximum likelihood from means and covariances."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upturn.stats.errors import NoSolution
from upturn.stats.joint import Joint, correlations_of
from upturn.stats.reliability import one_factor
from upturn.stats.tables import Floats, Integers

IMPOSSIBLE = 1e10  # discrepancy of a covariance that no answers can have
SINGULAR = 1e-9  # smallest eigenvalue of a covariance, in squared standard deviations
LOOSE = 1e-3  # slope at the end of the search above which it has not settled


@dataclass(frozen=True, slots=True)
class Moments:
    """Means and covariance of one side, in units common to all sides.

    Parameters
    ----------
    n : int
    means : float array, (items,)
    covariance : float array, (items, items)
        With n, as likelihood has it.
    """

    n: int
    means: Floats
    covariance: Floats


def moments_of(one: Joint, other: Joint) -> tuple[Moments, Moments]:
    """Put both sides into units of the first side's standard deviations."""
    unit = np.sqrt(np.diagonal(one.covariance))

    def scaled(side: Joint) -> Moments:
        covariance = side.covariance * (side.n - 1) / side.n / np.outer(unit, unit)
        return Moments(side.n, (side.means - one.means) / unit, covariance)

    return scaled(one), scaled(other)


def factor_chi_square(
    sides: tuple[Moments, ...], pattern: NDArray[np.bool_], *, levels: bool
) -> float:
    """How badly does a factor model with the same loadings on all sides fit? Chi-square.

    Parameters
    ----------
    sides : one or two Moments
    pattern : bool array, (items, factors)
        Which loadings are free.
    levels : bool
        Whether items also have the same intercepts on all sides, the factors' means being free.

    Returns
    -------
    float
        n times the discrepancy of maximum likelihood, summed over sides.

    Raises
    ------
    NoSolution
        If questions repeat each other, or the search does not settle.

    References
    ----------
    Joreskog (1971), doi:10.1007/BF02291366.
    """
    from scipy.optimize import minimize  # noqa: PLC0415 - half a second at the start

    if any(np.linalg.eigvalsh(side.covariance)[0] < SINGULAR for side in sides):
        raise NoSolution("Questions repeat each other", "Leave one of them out.")
    taken, fixed = _terms(sides, pattern, levels=levels)
    everyone = sum(side.n for side in sides)

    def cost(point: Floats) -> tuple[float, Floats]:
        whole, slope = 0.0, np.zeros_like(point)
        for side, places, held in zip(sides, taken, fixed, strict=True):
            free = places >= 0
            terms = np.where(free, point[places], held)
            value, slopes = _discrepancy(side, terms, pattern)
            whole += side.n * value
            np.add.at(slope, places[free], side.n * slopes[free])
        return whole / everyone, slope / everyone

    found = minimize(cost, _start(sides, pattern, taken), jac=True, options={"maxiter": 2000})
    if found.fun >= IMPOSSIBLE or np.abs(found.jac).max() > LOOSE:
        raise NoSolution("The factor model did not settle", "Leave out a question and try again.")
    return float(found.fun * everyone)


def independent_chi_square(sides: tuple[Moments, ...]) -> tuple[float, int]:
    """Give chi-square and its degrees of freedom if no question went with any other."""
    items = len(sides[0].means)
    whole = 0.0
    for side in sides:
        own = np.log(np.diagonal(side.covariance)).sum()
        whole += side.n * float(own - np.linalg.slogdet(side.covariance)[1])
    return whole, len(sides) * items * (items - 1) // 2


def _terms(
    sides: tuple[Moments, ...], pattern: NDArray[np.bool_], *, levels: bool
) -> tuple[Integers, Floats]:
    """Place of every term of every side in the vector of free ones (-1: none), and fixed values.

    The terms of a side in a row: loadings, logs of the variance left, covariances of the factors,
    intercepts, means of the factors.
    """
    items, factors = pattern.shape
    lengths = (items * factors, items, factors * factors, items, factors)
    places = np.full((len(sides), sum(lengths)), -1, dtype=np.int64)
    fixed = np.zeros(places.shape)
    loadings, left, spreads, middles, shifts = np.split(
        np.arange(sum(lengths)), np.cumsum(lengths)[:-1]
    )
    counter = iter(range(places.size))

    def fresh(many: int) -> list[int]:
        return [next(counter) for _ in range(many)]

    places[:, loadings[pattern.ravel()]] = fresh(int(pattern.sum()))
    for side, moments in enumerate(sides):
        places[side, left] = fresh(items)
        pairs = np.full((factors, factors), -1)
        above = np.triu_indices(factors, 0 if side else 1)
        pairs[above] = fresh(len(above[0]))
        places[side, spreads] = np.maximum(pairs, pairs.T).ravel()
        fixed[side, spreads] = np.eye(factors).ravel()
        fixed[side, middles] = moments.means
    if levels:
        places[:, middles] = fresh(items)
        places[1:, shifts] = fresh(factors)
    return places, fixed


def _start(sides: tuple[Moments, ...], pattern: NDArray[np.bool_], taken: Integers) -> Floats:
    factors = pattern.shape[1]
    pooled = sum(side.n * side.covariance for side in sides) / sum(side.n for side in sides)
    general = one_factor(correlations_of(np.asarray(pooled)))
    size = np.sign(general) * np.abs(general).clip(0.3, 0.9) * np.sqrt(np.diagonal(pooled))
    first = np.concatenate(
        [
            (size[:, None] * pattern).ravel(),
            np.log(np.diagonal(pooled) / 2),
            np.eye(factors).ravel(),
            np.mean([side.means for side in sides], axis=0),
            np.zeros(factors),
        ]
    )
    point = np.zeros(int(taken.max()) + 1)
    for places in taken:
        point[places[places >= 0]] = first[places >= 0]
    return point


def _discrepancy(side: Moments, terms: Floats, pattern: NDArray[np.bool_]) -> tuple[float, Floats]:
    """Discrepancy of maximum likelihood on one side, and its slopes by all terms."""
    items, factors = pattern.shape
    cuts = np.cumsum((items * factors, items, factors * factors, items))
    flat, left, spread, middle, shift = np.split(terms, cuts)
    loadings, spreads = flat.reshape(items, factors), spread.reshape(factors, factors)
    implied = loadings @ spreads @ loadings.T + np.diag(np.exp(left.clip(-20, 20)))
    sign, size = np.linalg.slogdet(implied)
    if sign <= 0 or np.linalg.eigvalsh(implied)[0] <= 0:
        return IMPOSSIBLE, np.zeros_like(terms)
    inverse = np.linalg.inv(implied)
    off = side.means - middle - loadings @ shift
    seen = side.covariance + np.outer(off, off)
    value = size + np.trace(seen @ inverse) - np.linalg.slogdet(side.covariance)[1] - items
    bent = inverse @ (implied - seen) @ inverse
    pull = -2 * inverse @ off
    slopes = (
        (2 * bent @ loadings @ spreads + np.outer(pull, shift)).ravel(),
        np.diagonal(bent) * np.exp(left),
        (loadings.T @ bent @ loadings).ravel(),
        pull,
        loadings.T @ pull,
    )
    return float(value), np.concatenate(slopes)
