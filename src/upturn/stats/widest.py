"""The gap that is the widest, and how sure one can be of it."""

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.superiority import superiority_errors
from upturn.stats.tables import Floats

STEPS = 30  # spreads between gaps that are weighed
CHAINS, WARM_UP = 100, 20
FREEDOM = 3.0  # of the t distribution: few, so that one gap may really stand out
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
    being equally likely beforehand, by a t distribution of three degrees of freedom, whose long
    tails let one gap stand out of all others; true gaps are drawn given all answers, and counted
    by how often each is the furthest from a half. Drawing each gap by itself claims twice as much
    as is true.

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
    spreads = (np.linspace(0, REACH * max(float(values.std()), 1e-9), STEPS + 1)[1:]) ** 2
    apart = np.ones((CHAINS, len(values)))
    drawn = []
    for step in range(WARM_UP - (-draws // CHAINS)):
        centre, true, spread = _step(values, variances, spreads=spreads, apart=apart, rng=rng)
        far = (true - centre) ** 2 / spread
        apart = (FREEDOM + far) / 2 / rng.standard_gamma((FREEDOM + 1) / 2, apart.shape)
        if step >= WARM_UP:
            drawn.append(true)
    return np.concatenate(drawn)[:draws]


def _step(
    values: Floats, variances: Floats, *, spreads: Floats, apart: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Draw the spread, the common mean and the true values of each chain."""
    weights = 1 / (spreads[:, None] * apart[:, None, :] + variances)
    total = weights.sum(-1)
    means = (weights * values).sum(-1) / total
    misfit = (weights * (values - means[..., None]) ** 2).sum(-1)
    likely = (np.log(weights).sum(-1) - np.log(total) - misfit) / 2
    picked = (likely + rng.gumbel(size=likely.shape)).argmax(-1)
    chain = np.arange(len(apart))
    noise = rng.standard_normal((len(apart), 1 + len(values)))
    centre = (means[chain, picked] + noise[:, 0] / np.sqrt(total[chain, picked]))[:, None]
    spread = spreads[picked][:, None]
    kept = spread * apart * weights[chain, picked]
    true = centre + kept * (values - centre) + np.sqrt(kept * variances) * noise[:, 1:]
    return centre, true, spread
