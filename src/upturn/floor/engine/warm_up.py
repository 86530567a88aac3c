"""Where the start of a run has worn off."""

import numpy as np

from upturn.floor.engine.laid import Floats
from upturn.floor.engine.runs import Records

BINS = 200
"""So many spans of time; the rule looks at fives of them."""


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
    Waiting, averaged over replications in spans of time, and these in fives; what is cut is what
    makes the standard error of the mean of the rest least.

    References
    ----------
    White, Cobb & Spratt, "A comparison of five steady-state truncation heuristics for
    simulation", WSC 2000, https://doi.org/10.1109/WSC.2000.899921.
    """
    began = np.isfinite(records.started_s) & (records.created_s < horizon_s)
    waits = (records.started_s - records.created_s)[began]
    span = (records.created_s[began] * (BINS / horizon_s)).astype(np.int64)
    many = np.bincount(span, minlength=BINS)
    total = np.bincount(span, waits, minlength=BINS)
    fives = many.reshape(-1, 5).sum(1)
    if not fives.all():
        return 0.0
    means = total.reshape(-1, 5).sum(1) / fives
    return least_error_cut(means) * horizon_s / len(means)


def least_error_cut(means: Floats) -> int:
    """Give how many of the first values to leave out, at most half of them.

    Examples
    --------
    >>> least_error_cut(np.array([0.0, 3.0, 5.0, 5.1, 4.9, 5.0, 5.1, 4.9]))
    2
    """
    cuts = range(len(means) // 2 + 1)
    return int(np.argmin([means[cut:].var() / (len(means) - cut) for cut in cuts]))
