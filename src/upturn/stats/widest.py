"""The gap that is the widest, and how sure one can be of it."""

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.superiority import superiority_errors
from upturn.stats.tables import Floats

STEPS = 60  # spreads between gaps that are weighed
REACH = 3.0  # times the spread of the estimates: the largest spread weighed


def probability_widest(
    a: ArrayLike, b: ArrayLike, *, draws: int = 2000, rng: np.random.Generator
) -> Floats:
    """How likely is each gap really the widest of them all? They add up to 1.

    Parameters
    ----------
    a, b : int array, (gaps, categories)
        Answers of both sides.
    draws : int
    rng : numpy.random.Generator

    Returns
    -------
    float array, (gaps,)
        0..1; nan where a gap may not be shown; such gaps do not take part.

    Raises
    ------
    ImpossibleCounts
        As `superiority_intervals`.

    Notes
    -----
    The widest of many gaps is wide by luck too, the more so the fewer answers it has. So the angles
    of superiority are taken as drawn around a common mean with an unknown spread, all spreads
    being equally likely beforehand; true gaps are drawn given all answers, and counted by how often
    each is the furthest from a half. Drawing each gap by itself claims twice as much as is true.

    References
    ----------
    Rubin (1981), doi:10.3102/10769986006004377 (eight schools); for the flat prior on the spread,
    Gelman (2006), doi:10.1214/06-BA117A.

    Examples
    --------
    >>> a, b = [[0, 1, 3, 9, 9], [4, 4, 4, 4, 4]], [[9, 9, 3, 1, 0], [4, 4, 4, 4, 5]]
    >>> probability_widest(a, b, rng=np.random.default_rng(1)).round(2).tolist()
    [1.0, 0.0]
    """
    centre, error = superiority_errors(a, b)
    shown = ~np.isnan(centre)
    chances = np.full(centre.shape, np.nan)
    if not shown.any():
        return chances
    centre, error = centre[shown], error[shown]
    angles = np.arccos(1 - 2 * centre) - np.pi / 2  # evens out the errors; 0 without a gap
    variances = error**2 / (centre * (1 - centre))
    drawn = draw_true_values(angles, variances, draws=draws, rng=rng)
    first = np.abs(drawn).argmax(-1)
    chances[shown] = np.bincount(first, minlength=len(angles)) / draws
    return chances


def draw_true_values(
    values: Floats, variances: Floats, *, draws: int, rng: np.random.Generator
) -> Floats:
    """Draw what many uncertain values may really be, each helped by all others.

    Parameters
    ----------
    values, variances : float array, (many,)
        Estimates and their squared standard errors, above 0.
    draws : int
    rng : numpy.random.Generator

    Returns
    -------
    float array, (draws, many)
        With a single value, or all the same, around that value.
    """
    spreads = np.linspace(0, REACH * max(float(values.std()), 1e-9), STEPS) ** 2
    weights = 1 / (spreads[:, None] + variances)
    means = (weights * values).sum(-1) / weights.sum(-1)
    apart = (weights * (values - means[:, None]) ** 2).sum(-1)
    likely = (np.log(weights).sum(-1) - np.log(weights.sum(-1)) - apart) / 2
    chances = np.exp(likely - likely.max())
    picked = rng.choice(STEPS, size=draws, p=chances / chances.sum())
    noise = rng.standard_normal((draws, 1 + len(values)))
    centre = means[picked] + noise[:, 0] / np.sqrt(weights[picked].sum(-1))
    kept = spreads[picked, None] * weights[picked]
    return np.asarray(
        centre[:, None]
        + kept * (values - centre[:, None])
        + np.sqrt(kept * variances) * noise[:, 1:]
    )
