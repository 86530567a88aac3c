"""Weights that give a sample the margins known of everybody."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.errors import ImpossibleCounts, NoSolution
from upturn.stats.tables import Floats

TURNS = 1000  # over all margins at the most; it needs 5 to 50
STILL = 1e-10  # share of a margin by which a weighted total may miss it
APART = 1e-9  # share by which totals of different margins may differ


def rake(counts: ArrayLike, margins: Sequence[ArrayLike]) -> Floats:
    """How much should each cell of a sample weigh, so that every margin fits? Raking.

    Parameters
    ----------
    counts : float array, (levels of the first margin, levels of the second, ...)
        Respondents in each cell, or the sum of the weights they have.
    margins : sequence of float array
        Known totals along each axis, all adding up to the same.

    Returns
    -------
    float array, shape of counts
        Factor by which each respondent's weight is multiplied; 0 for an empty cell.

    Raises
    ------
    ImpossibleCounts
        If margins and counts do not fit together, or a level that exists has no respondents.
    NoSolution
        If empty cells leave no weights that fit all margins.

    Notes
    -----
    Iterative proportional fitting: of all weights that fit, those nearest to the ones before.
    Large factors mean that a few people speak for many: look at the largest.

    References
    ----------
    Deming and Stephan (1940), doi:10.1214/aoms/1177731829.

    Examples
    --------
    >>> rake([[10, 30], [20, 40]], [[50, 50], [40, 60]]).round(3).tolist()
    [[1.758, 1.081], [1.121, 0.689]]
    """
    table = np.asarray(counts, dtype=np.float64)
    wanted = [np.asarray(margin, dtype=np.float64) for margin in margins]
    _check(table, wanted)
    factors = np.where(table > 0, 1.0, 0.0)
    for _ in range(TURNS):
        worst = 0.0
        for axis, margin in enumerate(wanted):
            found = _margin(table * factors, axis)
            change = np.divide(margin, found, out=np.zeros_like(margin), where=found > 0)
            factors *= np.expand_dims(change, tuple(a for a in range(table.ndim) if a != axis))
            worst = max(worst, float(np.abs(change[margin > 0] - 1).max()))
        if worst < STILL:
            return factors
    raise NoSolution("No weights fit all margins", "Merge levels that have empty cells.")


def _check(table: Floats, wanted: Sequence[Floats]) -> None:
    shapes = tuple(margin.shape for margin in wanted)
    if table.ndim == 0 or shapes != tuple((levels,) for levels in table.shape):
        raise ImpossibleCounts(f"Counts {table.shape} need a margin an axis", shapes)
    if not all((array >= 0).all() and np.isfinite(array).all() for array in (table, *wanted)):
        raise ImpossibleCounts("Counts and margins are 0 or more", "something else")
    totals = [float(margin.sum()) for margin in wanted]
    if not 0 < max(totals) <= min(totals) * (1 + APART):
        raise ImpossibleCounts("All margins add up to the same", totals)
    for axis, margin in enumerate(wanted):
        if (_margin(table, axis)[margin > 0] == 0).any():
            raise ImpossibleCounts("Every level that exists needs respondents", f"margin {axis}")


def _margin(table: Floats, axis: int) -> Floats:
    return np.asarray(table.sum(tuple(a for a in range(table.ndim) if a != axis)))
