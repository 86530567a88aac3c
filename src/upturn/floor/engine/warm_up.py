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
    from upturn.floor.engine.kernel.spans import sum_waits  # noqa: PLC0415 - numba

    fives, rows = max(SPANS) // 5, (records.created_s, records.started_s)
    waits, many = np.zeros(fives), np.zeros(fives, np.int64)
    sum_waits(rows, fives / horizon_s, waits, many)
    for spans in SPANS:
        sums, counts = (column.reshape(spans // 5, -1).sum(axis=1) for column in (waits, many))
        if counts.all():
            return least_error_cut(sums / counts) * horizon_s / (spans // 5)
    return 0.0


def least_error_cut(means: Floats) -> int:
    """Give how many of the first values to leave out, at most half of them.

    Examples
    --------
    >>> least_error_cut(np.array([0.0, 3.0, 5.0, 5.1, 4.9, 5.0, 5.1, 4.9]))
    2
    """
    backwards = (means - means.mean())[::-1]
    many = np.arange(1, len(means) + 1)
    mean = np.cumsum(backwards) / many
    errors = (np.cumsum(backwards**2) / many - mean**2) / many
    return int(np.argmin(errors[::-1][: len(means) // 2 + 1]))
