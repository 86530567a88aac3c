"""Importance against performance: the quadrant of a question, and how sure it is."""

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.drivers import lmg, withheld_drivers
from upturn.stats.figures import Withheld
from upturn.stats.joint import correlations_of, joint_of_sums, redraw_covariances
from upturn.stats.tables import Floats

QUADRANTS = ("work_here", "keep_it_up", "low_priority", "more_than_needed")


def importance_and_performance(
    n: int, sums: ArrayLike, products: ArrayLike, *, draws: int = 1000, rng: np.random.Generator
) -> Floats | Withheld:
    """How likely does each question lie in each quadrant? By redrawing.

    Parameters
    ----------
    n : int
        Respondents who answered every question.
    sums : int array, (items,)
        The outcome first, then the questions; higher answers are better.
    products : int array, (items, items)
    draws : int
        Of the parametric bootstrap.
    rng : numpy.random.Generator

    Returns
    -------
    float array, (questions, 4), or Withheld
        Shares of the draws in the order of `QUADRANTS`; each row adds up to 1. Withheld as
        `drivers`.

    Notes
    -----
    Importance is the share of the outcome's variance (`lmg`), performance the mean answer; the
    lines are the means over the questions in the same draw. Means and covariances are drawn
    independently, which is exact for a normal population.

    References
    ----------
    Martilla and James (1977), doi:10.1177/002224297704100112, for the four quadrants; the
    probabilities are this house's.
    """
    joint = joint_of_sums(n, sums, products)
    if isinstance(joint, Withheld):
        return joint
    if refused := withheld_drivers(joint.correlations):
        return refused
    importance = lmg(correlations_of(redraw_covariances(joint, draws=draws, rng=rng)))
    spread = joint.covariance[1:, 1:] / n
    performance = rng.multivariate_normal(joint.means[1:], spread, size=draws, method="eigh")
    return quadrant_shares(importance, performance)


def quadrant_shares(importance: Floats, performance: Floats) -> Floats:
    """Count in how many draws each question lies in each quadrant.

    Parameters
    ----------
    importance, performance : float array, (draws, questions)

    Returns
    -------
    float array, (questions, 4)
        In the order of `QUADRANTS`; on a line counts as above it.

    Examples
    --------
    >>> quadrant_shares(np.array([[3, 1], [3, 1]]), np.array([[1, 5], [6, 5]])).tolist()
    [[0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 0.5, 0.5]]
    """
    matters = importance >= importance.mean(-1, keepdims=True)
    works = performance >= performance.mean(-1, keepdims=True)
    parts = (matters & ~works, matters & works, ~matters & ~works, ~matters & works)
    return np.stack([part.mean(0) for part in parts], axis=-1)
