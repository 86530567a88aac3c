"""Where the start of a run has worn off."""

import numpy as np

from upturn.floor.engine.laid import Floats
from upturn.floor.engine.runs import Records

SPANS = (1000, 200, 40)
"""So many spans of time, as needs allow; the rule looks at fives of them."""


def warm_up_of(records: Records, *, horizon_s: float) -> float:
    """Give the moment before which needs are left out, by MSER-5.

    Parameters
    ----------
    records : Records
        Of replications of a floor whose needs come at one rate all through.
    horizon_s : float

    Returns
    -------
    float
        Seconds, at most half the horizon.

    Notes
    -----
    Waiting, averaged over replications in spans of time by fives; what is cut is what makes the
    standard error of the mean of the rest least. 0 where needs are too few to tell.

    References
    ----------
    White, Cobb & Spratt, "A comparison of five steady-state truncation heuristics for
    simulation", WSC 2000, https://doi.org/10.1109/WSC.2000.899921.
    """
    waits, share = records.started_s - records.created_s, records.created_s / horizon_s
    began = waits < np.inf
    if not began.all():
        waits, share = waits[began], share[began]
    for spans in SPANS:
        five = (share * (spans // 5)).astype(np.int64)
        many = np.bincount(five, minlength=spans // 5)
        if many.all():
            means = np.bincount(five, waits) / many
            return least_error_cut(means) * horizon_s / len(means)
    return 0.0


def least_error_cut(means: Floats) -> int:
    """Give how many of the first values to leave out, at most half of them.

    Examples
    --------
    >>> least_error_cut(np.array([0.0, 3.0, 5.0, 5.1, 4.9, 5.0, 5.1, 4.9]))
    2
    """
    cuts = range(len(means) // 2 + 1)
    return int(np.argmin([means[cut:].var() / (len(means) - cut) for cut in cuts]))
