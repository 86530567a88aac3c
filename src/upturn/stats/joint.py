"""Means, covariances and correlations from sums and products, and redraws of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.errors import ImpossibleCounts, ImpossibleTotals
from upturn.stats.figures import Withheld
from upturn.stats.tables import ALL_ALIKE, TOO_FEW, Floats

FLAT = 1e-12  # variance, as a share of the mean square, at which answers count as all alike


@dataclass(frozen=True, slots=True)
class Joint:
    """How several questions vary together among the same respondents.

    Parameters
    ----------
    n : int
        Respondents who answered every question.
    means : float array, (items,)
    covariance : float array, (items, items)
        With n - 1.
    """

    n: int
    means: Floats
    covariance: Floats

    @property
    def correlations(self) -> Floats:
        """Correlations, (items, items)."""
        return correlations_of(self.covariance)


def joint_of_sums(n: int, sums: ArrayLike, products: ArrayLike) -> Joint | Withheld:
    """Turn the sums of a union of blocks into means and covariances, exactly until the last step.

    Parameters
    ----------
    n : int
        Respondents who answered every question.
    sums : int array, (items,)
    products : int array, (items, items)
        Sums of products of answers.

    Returns
    -------
    Joint or Withheld
        ``Withheld("too_few", items + 1, n)`` where the covariance cannot have full rank;
        ``Withheld("all_alike", 2, 1)`` where a question got one answer alone.

    Raises
    ------
    ImpossibleCounts
        If the shapes do not fit together.
    ImpossibleTotals
        If no answers have these sums and products.

    Examples
    --------
    >>> found = joint_of_sums(4, [10, 6], [[30, 17], [17, 10]])
    >>> found.covariance.round(3).tolist()
    [[1.667, 0.667], [0.667, 0.333]]
    """
    totals = np.asarray(sums, dtype=np.float64)
    crossed = np.asarray(products, dtype=np.float64)
    items = totals.shape[-1] if totals.ndim else 0
    if items == 0 or crossed.shape != (items, items):
        raise ImpossibleCounts("Products need a row and a column a sum", crossed.shape)
    if n < items + 1:
        return Withheld(TOO_FEW, needed=items + 1, got=n)
    covariance = (n * crossed - np.outer(totals, totals)) / (n * (n - 1))
    spread, size = np.diagonal(covariance), np.diagonal(crossed) / n
    if not (spread >= -FLAT * size).all():  # also catches nan
        raise ImpossibleTotals("No answers have these sums and products", n=n, items=items)
    if (spread <= FLAT * size).any():
        return Withheld(ALL_ALIKE, needed=2, got=1)
    return Joint(n, totals / n, covariance)


def correlations_of(covariance: Floats) -> Floats:
    """Turn covariances into correlations, (..., items, items)."""
    roots = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    return np.asarray(covariance / roots[..., :, None] / roots[..., None, :])


def redraw_covariances(joint: Joint, *, draws: int, rng: np.random.Generator) -> Floats:
    """Draw covariances that other samples of the same size could have given.

    Parameters
    ----------
    joint : Joint
    draws : int
    rng : numpy.random.Generator

    Returns
    -------
    float array, (draws, items, items)

    Notes
    -----
    A parametric bootstrap: of a normal population with this covariance, by Bartlett's
    decomposition of Wishart's distribution. Rows are erased when a wave closes, so no other is
    possible. Answers on five points have shorter tails than a normal, and skewed ones longer:
    intervals are a guide, not a promise.

    References
    ----------
    Bartlett (1933), doi:10.1017/S0370164600015248; Odell and Feiveson (1966),
    doi:10.1080/01621459.1966.10502018.
    """
    items, freedom = len(joint.means), joint.n - 1
    lower = np.tril(rng.standard_normal((draws, items, items)), -1)
    diagonal = np.sqrt(rng.chisquare(freedom - np.arange(items), (draws, items)))
    lower[:, np.arange(items), np.arange(items)] = diagonal
    roots = _root(joint.covariance) @ lower
    return np.asarray(roots @ np.swapaxes(roots, -1, -2) / freedom)


def _root(covariance: Floats) -> Floats:
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(values.clip(0)))
