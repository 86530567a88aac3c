"""Which questions go along with an outcome, and how sure is that? Shares, never causes."""

from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.errors import ImpossibleCounts
from upturn.stats.figures import Figure, Withheld
from upturn.stats.joint import correlations_of, joint_of_sums, redraw_covariances
from upturn.stats.quantiles import normal_quantile
from upturn.stats.tables import Floats

MOST = 15  # drivers: all subsets are looked at, and each doubles them
AT_ONCE = 2**22  # numbers in memory while subsets are worked on
SINGULAR = 1e-9  # smallest eigenvalue of correlations at which drivers repeat each other


@dataclass(frozen=True, slots=True)
class Drivers:
    """Shares of an outcome's explained variance, and how far the drivers repeat each other.

    Parameters
    ----------
    shares : tuple of Figure
        Of the outcome's whole variance, 0..1, a driver each; they add up to ``explained``.
    explained : Figure
        R squared, 0..1.
    relative_weights : tuple of Figure
        Johnson's shares, for comparison; they add up to the same.
    inflation : tuple of float
        Variance inflation of each driver, 1 and more; above 5, shares are hard to tell apart.
    condition : float
        Condition number of the drivers' correlations; above 30, the same.
    """

    shares: tuple[Figure, ...]
    explained: Figure
    relative_weights: tuple[Figure, ...]
    inflation: tuple[float, ...]
    condition: float


def drivers(
    n: int,
    sums: ArrayLike,
    products: ArrayLike,
    *,
    coverage: float = 0.95,
    draws: int = 400,
    rng: np.random.Generator,
) -> Drivers | Withheld:
    """What share of the first question's variance goes along with each other? LMG.

    Parameters
    ----------
    n : int
        Respondents who answered every question.
    sums : int array, (items,)
        The outcome first, then the drivers.
    products : int array, (items, items)
    coverage : float
        0..1.
    draws : int
        Of the parametric bootstrap behind the intervals.
    rng : numpy.random.Generator

    Returns
    -------
    Drivers or Withheld
        ``Withheld("too_few_items", 2, drivers)`` below two drivers, ``("too_many_items", 15,
        drivers)`` above fifteen, ``("repeated_items", drivers, rank)`` where a driver follows from
        the others; otherwise as `joint_of_sums`.

    Raises
    ------
    ImpossibleCounts, ImpossibleTotals
        As `joint_of_sums`.

    Notes
    -----
    "Shares of explained variance, not causes": a driver that matters to all alike gets nothing.
    """
    normal_quantile(coverage)
    joint = joint_of_sums(n, sums, products)
    if isinstance(joint, Withheld):
        return joint
    correlations = joint.correlations
    if refused := withheld_drivers(correlations):
        return refused
    redrawn = correlations_of(redraw_covariances(joint, draws=draws, rng=rng))
    shares, again = lmg(correlations), lmg(redrawn)
    weights, weights_again = relative_weights(correlations), relative_weights(redrawn)
    whole = _figures(shares.sum(keepdims=True), again.sum(-1, keepdims=True), n, coverage)
    return Drivers(
        shares=_figures(shares, again, n, coverage),
        explained=whole[0],
        relative_weights=_figures(weights, weights_again, n, coverage),
        inflation=tuple(variance_inflation(correlations[1:, 1:]).tolist()),
        condition=float(np.linalg.cond(correlations[1:, 1:])),
    )


def lmg(correlations: Floats) -> Floats:
    """How much does each driver add to R squared, on average over all orders? LMG.

    Parameters
    ----------
    correlations : float array, (..., drivers + 1, drivers + 1)
        The outcome first.

    Returns
    -------
    float array, (..., drivers)
        0 or more; they add up to R squared.

    Raises
    ------
    ImpossibleCounts
        With no driver, or more than fifteen.

    References
    ----------
    Lindeman, Merenda and Gold (1980); Groemping (2006), doi:10.18637/jss.v017.i01.

    Examples
    --------
    >>> lmg(np.array([[1, 0.6, 0.3], [0.6, 1, 0], [0.3, 0, 1]])).round(2).tolist()
    [0.36, 0.09]
    """
    count = correlations.shape[-1] - 1
    if not 1 <= count <= MOST:
        raise ImpossibleCounts(f"There are 1 to {MOST} drivers", count)
    explained = _explained(correlations, count)
    members = np.arange(2**count)
    size = np.array([int(member).bit_count() for member in members])
    weight = np.array([factorial(s) * factorial(count - 1 - s) for s in range(count)])
    shares = []
    for driver in range(count):
        without = members[members >> driver & 1 == 0]
        gain = explained[..., without | 1 << driver] - explained[..., without]
        shares.append((gain * weight[size[without]]).sum(-1) / factorial(count))
    return np.stack(shares, axis=-1)


def relative_weights(correlations: Floats) -> Floats:
    """Share R squared among drivers by way of the nearest ones that do not repeat each other.

    Parameters
    ----------
    correlations : float array, (..., drivers + 1, drivers + 1)
        The outcome first; the drivers' part of full rank.

    Returns
    -------
    float array, (..., drivers)
        0 or more; they add up to R squared.

    References
    ----------
    Johnson (2000), doi:10.1207/S15327906MBR3501_1.
    """
    values, vectors = np.linalg.eigh(correlations[..., 1:, 1:])
    root = (vectors * np.sqrt(values)[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    beta = np.linalg.solve(root, correlations[..., 1:, :1])
    return np.asarray((root**2 @ beta**2)[..., 0])


def variance_inflation(correlations: Floats) -> Floats:
    """By how much do the other drivers inflate the variance of each one's coefficient? VIF.

    Parameters
    ----------
    correlations : float array, (drivers, drivers)
        Of full rank, without the outcome.

    Returns
    -------
    float array, (drivers,)
        1 and more.

    References
    ----------
    Marquardt (1970), doi:10.1080/00401706.1970.10488699.

    Examples
    --------
    >>> variance_inflation(np.array([[1, 0.8], [0.8, 1]])).round(3).tolist()
    [2.778, 2.778]
    """
    return np.asarray(np.diagonal(np.linalg.inv(correlations)))


def withheld_drivers(correlations: Floats) -> Withheld | None:
    """Say why an outcome's variance cannot be shared out, if it cannot; the outcome first."""
    count = len(correlations) - 1
    if count < 2:
        return Withheld("too_few_items", needed=2, got=max(count, 0))
    if count > MOST:
        return Withheld("too_many_items", needed=MOST, got=count)
    rank = int((np.linalg.eigvalsh(correlations[1:, 1:]) > SINGULAR).sum())
    return None if rank == count else Withheld("repeated_items", needed=count, got=rank)


def _explained(correlations: Floats, count: int) -> Floats:
    """R squared of every subset of drivers, (..., 2**drivers); bit i of the index is driver i."""
    found = np.zeros((*correlations.shape[:-2], 2**count))
    members = np.arange(2**count)
    held = members[:, None] >> np.arange(count) & 1 == 1
    many = int(np.prod(correlations.shape[:-2]))
    for size in range(1, count + 1):
        subsets = members[held.sum(1) == size]
        for part in np.array_split(subsets, 1 + subsets.size * many * size**2 // AT_ONCE):
            picks = np.nonzero(held[part])[1].reshape(-1, size) + 1
            inner = correlations[..., picks[:, :, None], picks[:, None, :]]
            outer = correlations[..., picks, 0][..., None]
            found[..., part] = (outer * np.linalg.solve(inner, outer)).sum((-2, -1))
    return found


def _figures(values: Floats, redrawn: Floats, n: int, coverage: float) -> tuple[Figure, ...]:
    low, high = np.quantile(redrawn, [0.5 - coverage / 2, 0.5 + coverage / 2], axis=0)
    rows = zip(values, np.minimum(low, values), np.maximum(high, values), strict=True)
    return tuple(Figure(float(value), float(start), float(end), n) for value, start, end in rows)
