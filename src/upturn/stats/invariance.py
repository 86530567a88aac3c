"""Whether two sides read the same questions alike, so far as their answers can tell."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upturn.stats.errors import ImpossibleCounts, NoSolution
from upturn.stats.factor_models import (
    Moments,
    factor_chi_square,
    independent_chi_square,
    moments_of,
)
from upturn.stats.figures import Withheld
from upturn.stats.joint import Joint
from upturn.stats.reliability import ITEMS

FITTING = 0.90  # comparative fit from which a common pattern is spoken of at all
DROP = 0.01  # fall of the comparative fit that matters (Cheung and Rensvold)
CHANCE = 0.05  # of a rise of chi-square as large under equal sides


@dataclass(frozen=True, slots=True)
class Step:
    """How well one model fits both sides.

    Parameters
    ----------
    chi_square : float
    freedom : int
    fit : float
        Comparative fit index, 0..1.
    chance : float
        Of so large a rise of chi-square over the model before, if the equality held; of chi-square
        itself for the first model.
    """

    chi_square: float
    freedom: int
    fit: float
    chance: float


@dataclass(frozen=True, slots=True)
class Invariance:
    """Three models, each asking for more equality than the one before.

    Parameters
    ----------
    pattern, weights, levels : Step
        The same questions go together on both sides (configural); each counts as much (metric); and
        answers the same way at the same opinion (scalar).
    holds : str
        How far nothing speaks against equality: ``"nothing"``, ``"pattern"``, ``"weights"`` or
        ``"levels"``.
    n : int
        Respondents of the smaller side.
    """

    pattern: Step
    weights: Step
    levels: Step
    holds: str
    n: int


def invariance(
    one: Joint, other: Joint, *, factors: ArrayLike | None = None
) -> Invariance | Withheld:
    """Do both sides use the questions alike? Factor models of both, made equal step by step.

    Parameters
    ----------
    one, other : Joint
        The same questions in the same order, mirrored ones turned round.
    factors : bool array, (items, factors), optional
        Which question belongs to which factor; one factor for all without it.

    Returns
    -------
    Invariance or Withheld
        ``Withheld("too_few_items", 3, items)`` below three questions, ``("no_factor", 1, 0)`` where
        a model cannot be fitted to these answers.

    Raises
    ------
    ImpossibleCounts
        If the sides have other questions, or a factor has none.

    Notes
    -----
    A step holds unless chi-square rises by more than chance (.05) and the comparative fit falls by
    more than .01. "Holds" is not "shown to be equal": with 50 to 100 people a side only large
    differences are found. Where ``levels`` does not hold, a difference of means between the sides
    mixes opinion with wording. A shift of all questions at once cannot be seen at all: it looks
    like a difference of opinion. Answers are taken as continuous and normal.

    References
    ----------
    Joreskog (1971), doi:10.1007/BF02291366; Meredith (1993), doi:10.1007/BF02294825; Cheung and
    Rensvold (2002), doi:10.1207/S15328007SEM0902_5.
    """
    items = len(one.means)
    if len(other.means) != items:
        raise ImpossibleCounts("Both sides need the same questions", (items, len(other.means)))
    pattern = _pattern(items, factors)
    if items < ITEMS:
        return Withheld("too_few_items", needed=ITEMS, got=items)
    sides = moments_of(one, other)
    try:
        return _steps(sides, pattern, min(one.n, other.n))
    except NoSolution:
        return Withheld("no_factor", needed=1, got=0)


def _pattern(items: int, factors: ArrayLike | None) -> NDArray[np.bool_]:
    if factors is None:
        return np.ones((items, 1), dtype=bool)
    pattern = np.asarray(factors, dtype=bool)
    if pattern.ndim != 2 or len(pattern) != items or not pattern.any(0).all():
        raise ImpossibleCounts("Each factor needs questions out of these", pattern.shape)
    return pattern


def _steps(sides: tuple[Moments, ...], pattern: NDArray[np.bool_], n: int) -> Invariance:
    items, count = pattern.shape
    loadings, pairs = int(pattern.sum()), count * (count - 1) // 2
    free = len(sides) * (items * (items + 1) // 2)
    own = sum(factor_chi_square((side,), pattern, levels=False) for side in sides)
    alike = factor_chi_square(sides, pattern, levels=False)
    level = factor_chi_square(sides, pattern, levels=True)
    at_first = free - 2 * (loadings + items + pairs)
    at_second = at_first + loadings - count
    chis, freedoms = (own, alike, level), (at_first, at_second, at_second + items - count)
    nothing = independent_chi_square(sides)
    fits = [_fit(chi, df, *nothing) for chi, df in zip(chis, freedoms, strict=True)]
    rises = zip((own, *np.maximum(np.diff(chis), 0)), (at_first, *np.diff(freedoms)), strict=True)
    chances = [_chance(rise, df) for rise, df in rises]
    first, second, third = map(Step, chis, freedoms, fits, chances)
    return Invariance(first, second, third, holds=_holds(first, second, third), n=n)


def _holds(*steps: Step) -> str:
    if steps[0].fit < FITTING and steps[0].chance < CHANCE:
        return "nothing"
    for step, before, name in zip(steps[1:], steps, ("pattern", "weights"), strict=False):
        if step.chance < CHANCE and before.fit - step.fit > DROP:
            return name
    return "levels"


def _fit(chi: float, freedom: int, alone: float, alone_freedom: int) -> float:
    misfit = max(chi - freedom, 0.0)
    most = max(alone - alone_freedom, misfit)
    return 1 - misfit / most if most > 0 else 1.0


def _chance(rise: float, freedom: int) -> float:
    from scipy.special import chdtrc  # noqa: PLC0415 - half a second at the start

    return float(chdtrc(freedom, rise)) if freedom > 0 else 1.0
