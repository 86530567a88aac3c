"""What one unit would have done without its plan: a mixture of units that went without."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upturn.stats.contrasts import as_panel
from upturn.stats.errors import ImpossibleSeries
from upturn.stats.figures import Withheld
from upturn.stats.tables import Floats

FEWEST_DONORS = 3
FEWEST_BEFORE = 8
TIE = 1e-6  # of the outcomes' spread: of mixtures that fit alike, the most even one


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A unit beside the mixture of others that went its way before.

    Parameters
    ----------
    weights : float array, (units,)
        Shares of the others in the mixture: 0 or more, sum 1, 0 at the unit itself.
    actual, made : float array, (weeks,)
        The unit's figures, and the mixture's.
    effect : float
        Mean distance since the start, in the unit of the outcome.
    miss_before : float
        Root of the mean squared distance before the start.
    chance : float
        Share of units, itself among them, whose distance grew as much, each against its own
        mixture, 0..1. Never below 1 / (donors + 1).
    donors : int
        Units to mix from.
    gaps : float array, (units, weeks)
        Distance of every unit from its own mixture; the others' show what no plan looks like.
    """

    weights: Floats
    actual: Floats
    made: Floats
    effect: float
    miss_before: float
    chance: float
    donors: int
    gaps: Floats


def synthetic_control(outcomes: ArrayLike, *, unit: int, start: int) -> Synthetic | Withheld:
    """What would one unit have done without its plan? A mixture of others, chosen before it.

    Parameters
    ----------
    outcomes : float array, (units, weeks)
        Of the unit and of units without a plan; a unit with a missing week (nan) is left out.
    unit : int
        Row of the unit with the plan.
    start : int
        Week the plan starts, from 0.

    Returns
    -------
    Synthetic or Withheld
        ``too_few_before`` below 8 weeks before the start, ``too_few_after`` without one since;
        ``missing_weeks`` where the unit itself lacks one; ``too_few_units`` below three others.

    Raises
    ------
    ImpossibleSeries
        If a figure is endless or there is no such unit.

    Notes
    -----
    Least squares over the weeks before, weights 0 or more with sum 1. The problem is that of the
    point of a hull nearest to another point, which nonnegative least squares solve exactly in
    finitely many steps, so that no start and no tolerance of a search changes the answer. Where
    mixtures fit alike, a trace of ridge takes the most even one. The chance counts units, not
    draws: 19 donors are needed to speak of one in twenty.

    References
    ----------
    Abadie, Diamond and Hainmueller (2010), doi:10.1198/jasa.2009.ap08746; Lawson and Hanson (1974),
    Solving Least Squares Problems, doi:10.1137/1.9781611971217, chapter 23.

    Examples
    --------
    >>> up, down, flat = np.arange(10.0), -np.arange(10.0), np.ones(10)
    >>> unit = np.where(np.arange(10) < 8, up / 2 + 0.5, up / 2 + 2.5)
    >>> found = synthetic_control([unit, up, down, flat], unit=0, start=8)
    >>> found.weights.round(2).tolist(), round(found.effect, 2)
    ([0.0, 0.5, 0.0, 0.5], 2.0)
    """
    table = as_panel(outcomes)
    if not 0 <= unit < len(table):
        raise ImpossibleSeries(f"A unit is one of {len(table)} rows", unit, "Count rows from 0.")
    whole = np.asarray(~np.isnan(table).any(1))
    if (reason := _withheld(table, whole, unit=unit, start=start)) is not None:
        return reason
    gaps = np.full(table.shape, np.nan)
    weights = np.zeros(len(table))
    others = whole & (np.arange(len(table)) != unit)
    for each in np.flatnonzero(whole):
        pool = others & (np.arange(len(table)) != each)
        shares = mixture(table[pool, :start], table[each, :start])
        gaps[each] = table[each] - shares @ table[pool]
        if each == unit:
            weights[pool] = shares
    before = np.sqrt((gaps[:, :start] ** 2).mean(1))
    after = np.sqrt((gaps[:, start:] ** 2).mean(1))
    with np.errstate(divide="ignore", invalid="ignore"):
        grown = np.where(after > 0, after / before, 0.0)[whole]
        own = after[unit] / before[unit] if after[unit] > 0 else 0.0
    return Synthetic(
        weights=weights,
        actual=table[unit],
        made=table[unit] - gaps[unit],
        effect=float(gaps[unit, start:].mean()),
        miss_before=float(before[unit]),
        chance=float((grown >= own).mean()),
        donors=int(others.sum()),
        gaps=gaps,
    )


def mixture(donors: Floats, wanted: Floats) -> Floats:
    """Give the shares of donors whose mixture is nearest to what is wanted; least squares.

    Parameters
    ----------
    donors : float array, (donors, weeks)
    wanted : float array, (weeks,)

    Returns
    -------
    float array, (donors,)
        0 or more, sum 1.
    """
    from scipy.optimize import nnls  # noqa: PLC0415 - half a second at the start

    apart = (donors - wanted).T
    size = float(np.abs(apart).max()) or 1.0
    rows = [apart / size, np.sqrt(TIE) * np.eye(len(donors)), np.ones((1, len(donors)))]
    system = np.vstack(rows)
    shares = nnls(system, np.r_[np.zeros(len(system) - 1), 1.0], maxiter=100 * len(donors))[0]
    return np.asarray(shares / shares.sum())


def _withheld(table: Floats, whole: NDArray[np.bool_], *, unit: int, start: int) -> Withheld | None:
    weeks = table.shape[1]
    if start < FEWEST_BEFORE:
        return Withheld("too_few_before", needed=FEWEST_BEFORE, got=max(0, start))
    if start >= weeks:
        return Withheld("too_few_after", needed=1, got=0)
    if not whole[unit]:
        return Withheld("missing_weeks", needed=weeks, got=int((~np.isnan(table[unit])).sum()))
    if (donors := int(whole.sum()) - 1) < FEWEST_DONORS:
        return Withheld("too_few_units", needed=FEWEST_DONORS + 1, got=donors + 1)
    return None
