"""How many of many findings are likely to be false."""

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.errors import ImpossibleCounts
from upturn.stats.tables import Floats


def false_discoveries(chances: ArrayLike) -> Floats:
    """At which false discovery rate does each finding still count? Benjamini and Hochberg.

    Parameters
    ----------
    chances : float array, (...)
        p-values of the whole family shown, 0..1; nan for a figure that is withheld, which does not
        count as a member.

    Returns
    -------
    float array, (...)
        Adjusted p: findings up to .05 hold one false one in twenty on average. Nan stays nan.

    Raises
    ------
    ImpossibleCounts
        If a chance lies outside 0..1.

    Notes
    -----
    SciPy's `false_discovery_control`, which refuses nan and takes a second and a half to load.

    References
    ----------
    Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> false_discoveries([0.01, 0.02, float("nan"), 0.9]).round(3).tolist()
    [0.03, 0.03, nan, 0.9]
    """
    family = np.asarray(chances, dtype=np.float64)
    member = ~np.isnan(family)
    known = family[member]
    if known.size and not 0 <= known.min() <= known.max() <= 1:
        raise ImpossibleCounts("Chances lie between 0 and 1", float(known.max()))
    order = np.argsort(known)[::-1]
    scaled = known[order] * known.size / np.arange(known.size, 0, -1)
    adjusted = np.full(family.shape, np.nan)
    found = np.empty_like(known)
    found[order] = np.minimum.accumulate(scaled).clip(max=1)
    adjusted[member] = found
    return adjusted
