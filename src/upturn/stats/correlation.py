"""How closely two figures of the same units move together."""

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.errors import ImpossibleCounts
from upturn.stats.figures import Figure, Withheld
from upturn.stats.quantiles import normal_quantile
from upturn.stats.tables import ALL_ALIKE, TOO_FEW

PAIRS = 4  # below, Fisher's interval has no width


def correlation_interval(
    x: ArrayLike, y: ArrayLike, *, coverage: float = 0.95
) -> Figure | Withheld:
    """How closely do two figures go together over units? Pearson's r with Fisher's interval.

    Parameters
    ----------
    x, y : float array, (units,)
        A unit's pair each; pairs with nan are left out.
    coverage : float
        0..1.

    Returns
    -------
    Figure or Withheld
        -1..1, n pairs; ``Withheld("too_few", 4, n)`` below four pairs, ``("all_alike", 2, 1)``
        where one figure is the same everywhere.

    Raises
    ------
    ImpossibleCounts
        If x and y are not equally long.

    Notes
    -----
    Figures of few people each are noisy, which pulls r towards 0. Moving together is no cause.

    References
    ----------
    Fisher (1915), doi:10.1093/biomet/10.4.507.

    Examples
    --------
    >>> figure = correlation_interval([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
    >>> print(f"{figure.value:.2f}, {figure.low:.2f} to {figure.high:.2f}, n {figure.n}")
    0.80, -0.28 to 0.99, n 5
    """
    reach = normal_quantile(coverage)
    one, other = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if one.ndim != 1 or one.shape != other.shape:
        raise ImpossibleCounts("Two figures of the same units are needed", (one.shape, other.shape))
    both = ~(np.isnan(one) | np.isnan(other))
    one, other, n = one[both], other[both], int(both.sum())
    if n < PAIRS:
        return Withheld(TOO_FEW, needed=PAIRS, got=n)
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return Withheld(ALL_ALIKE, needed=2, got=1)
    r = float(np.corrcoef(one, other)[0, 1])
    held = np.arctanh(np.clip(r, -1 + 1e-15, 1 - 1e-15))
    low, high = np.tanh(held + np.array([-1, 1]) * reach / np.sqrt(n - 3))
    return Figure(r, float(low), float(high), n)
