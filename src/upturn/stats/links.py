"""Ordinal regression: what moves answers up or down the scale, from counts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.errors import ImpossibleCounts, NoSolution
from upturn.stats.figures import Figure, Withheld
from upturn.stats.placements import plain_superiority
from upturn.stats.quantiles import normal_quantile
from upturn.stats.tables import ALL_ALIKE, TOO_FEW, Floats, as_counts

TURNS = 100  # of Newton's method at the most; it needs 5 to 10
STILL = 1e-11  # gain in log-likelihood at which it has ended
BEYOND = 12.0  # log odds past which an effect has no finite value: one side wholly above the other
SMALLEST = 1e-300  # probability, so that a category that cannot be is merely very unlikely


@dataclass(frozen=True, slots=True)
class Link:
    """A fitted cumulative-link model.

    Parameters
    ----------
    thresholds : float array, (used categories - 1,)
        Log odds of an answer up to each category, where all columns of the design are 0.
    effects : float array, (columns,)
        Log odds by which a unit of the column moves answers up.
    covariance : float array, (thresholds + columns, thresholds + columns)
        Of thresholds and effects, in this order.
    log_likelihood : float
    n : int
        Answers.
    """

    thresholds: Floats
    effects: Floats
    covariance: Floats
    log_likelihood: float
    n: int

    @property
    def errors(self) -> Floats:
        """Standard errors of the effects, (columns,)."""
        return np.sqrt(np.diagonal(self.covariance)[len(self.thresholds) :])


def cumulative_link(counts: ArrayLike, design: ArrayLike) -> Link | Withheld:
    """What moves answers up the scale? Proportional odds, by maximum likelihood.

    Parameters
    ----------
    counts : int array, (rows, categories)
        Answers of people with the same row of the design.
    design : float array, (rows, columns)
        Without a constant. Categories nobody used are left out.

    Returns
    -------
    Link or Withheld
        ``Withheld("too_few", 2, n)`` below two answers, ``("all_alike", 2, used)`` with one
        category, ``("repeated_columns", columns, rank)`` where columns follow from each other or
        from a constant, ``("separated", 1, 0)`` where an effect has no finite value.

    Raises
    ------
    ImpossibleCounts
        If counts are negative, or the design has other rows.

    Notes
    -----
    log(P(Y <= j) / P(Y > j)) = threshold_j - x effect, by Newton's method. The effect is taken as
    the same at every threshold.

    References
    ----------
    McCullagh (1980), doi:10.1111/j.2517-6161.1980.tb01109.x; R package ordinal, `clm`.

    Examples
    --------
    >>> fitted = cumulative_link([[4, 3, 1], [1, 3, 4]], [[0], [1]])
    >>> fitted.effects.round(3).tolist(), fitted.errors.round(3).tolist()
    ([1.946], [1.052])
    """
    table, columns = usable(counts, design)
    if refused := _withheld_link(table, columns):
        return refused
    table = table[:, table.sum(0) > 0]
    return _fit(table, columns, np.zeros(len(table)))


def profile_interval(
    counts: ArrayLike, design: ArrayLike, *, column: int, coverage: float = 0.95
) -> Figure | Withheld:
    """Where does an effect lie? The values a likelihood-ratio test does not reject.

    Parameters
    ----------
    counts, design
        As `cumulative_link`.
    column : int
        Of the design.
    coverage : float
        0..1.

    Returns
    -------
    Figure or Withheld
        In log odds; withheld as `cumulative_link`.

    Raises
    ------
    ImpossibleCounts
        As `cumulative_link`.

    References
    ----------
    Venzon and Moolgavkar (1988), doi:10.2307/2347496; R package ordinal, `confint.clm`.
    """
    reach = normal_quantile(coverage)
    table, columns = usable(counts, design)
    if refused := _withheld_link(table, columns):
        return refused
    table = table[:, table.sum(0) > 0]
    fitted = _fit(table, columns, np.zeros(len(table)))
    if isinstance(fitted, Withheld):
        return fitted
    others = np.delete(columns, column, axis=1)

    def excess(value: float) -> float:
        held = _fit(table, others, columns[:, column] * value)
        below = -np.inf if isinstance(held, Withheld) else held.log_likelihood
        return 2 * (fitted.log_likelihood - below) - reach**2

    value, step = float(fitted.effects[column]), reach * float(fitted.errors[column])
    low, high = (_crossing(excess, value, side * step) for side in (-1, 1))
    return Figure(value, low, high, fitted.n)


def superiority_of_effect(thresholds: Floats, effect: float) -> float:
    """How often does an answer moved by this effect lie above one that is not? Ties as halves.

    Parameters
    ----------
    thresholds : float array, (used categories - 1,)
        Of a fitted model.
    effect : float
        In log odds.

    Returns
    -------
    float
        0..1.

    Examples
    --------
    >>> round(superiority_of_effect(np.array([-1.0, 1.0]), 0.0), 6)
    0.5
    """
    moved, still = (np.diff(edges(thresholds - by)) for by in (effect, 0.0))
    return float(plain_superiority(np.stack([moved, still])[..., None])[0][0])


def usable(counts: ArrayLike, design: ArrayLike) -> tuple[Floats, Floats]:
    """Check counts and design against each other, (rows, categories) and (rows, columns)."""
    table, columns = as_counts(counts), np.asarray(design, dtype=np.float64)
    if table.ndim != 2 or columns.ndim != 2 or len(table) != len(columns):
        raise ImpossibleCounts("Counts and design need the same rows", (table.shape, columns.shape))
    return table, columns


def _withheld_link(table: Floats, columns: Floats) -> Withheld | None:
    """Say why counts and design allow no fit, if they do not."""
    if table.sum() < 2:
        return Withheld(TOO_FEW, needed=2, got=int(table.sum()))
    if (used := int((table.sum(0) > 0).sum())) < 2:
        return Withheld(ALL_ALIKE, needed=2, got=used)
    seen = columns[table.sum(1) > 0]
    rank = int(np.linalg.matrix_rank(np.column_stack([np.ones(len(seen)), seen]))) - 1
    if rank < columns.shape[1]:
        return Withheld("repeated_columns", needed=columns.shape[1], got=rank)
    return None


def edges(borders: Floats) -> Floats:
    """Give cumulative probabilities at log odds (..., borders), with 0 before and 1 after."""
    inner = 1 / (1 + np.exp(-np.clip(borders, -700, 700)))
    ends = np.zeros((*inner.shape[:-1], 1))
    return np.concatenate([ends, inner, ends + 1], axis=-1)


def _start_of(table: Floats) -> Floats:
    """Give thresholds that fit the counts of all rows together."""
    below = np.cumsum(table.sum(0))[:-1] / table.sum()
    return np.asarray(np.log(below / (1 - below)))


def _crossing(excess: Callable[[float], float], start: float, step: float) -> float:
    from scipy.optimize import brentq  # noqa: PLC0415 - half a second at the start

    far = start + step
    while excess(far) < 0:
        far += step
    return float(brentq(excess, start, far, xtol=1e-9))


def _fit(table: Floats, columns: Floats, offset: Floats) -> Link | Withheld:
    borders = table.shape[1] - 1
    point = np.concatenate([_start_of(table), np.zeros(columns.shape[1])])
    value, slope, curve = _slopes(table, columns, offset, point)
    for _ in range(TURNS):
        step = np.linalg.solve(curve, slope)
        while _slopes(table, columns, offset, point - step)[0] < value - STILL:
            step = step / 2
        point, before = point - step, value
        value, slope, curve = _slopes(table, columns, offset, point)
        if np.abs(point[borders:]).max(initial=0) > BEYOND:
            return Withheld("separated", needed=1, got=0)
        if value - before < STILL:
            covariance = np.asarray(np.linalg.inv(-curve), dtype=np.float64)
            return Link(point[:borders], point[borders:], covariance, value, int(table.sum()))
    raise NoSolution("The ordinal model did not settle", "Leave out a column and fit again.")


def _slopes(
    table: Floats, columns: Floats, offset: Floats, point: Floats
) -> tuple[float, Floats, Floats]:
    """Log-likelihood, its first and its second derivatives at thresholds and effects."""
    borders = table.shape[1] - 1
    if (np.diff(point[:borders]) <= 0).any():
        return -np.inf, point, np.eye(len(point))
    moved = point[:borders] - (columns @ point[borders:] + offset)[:, None]
    below = edges(moved)
    density = below * (1 - below)
    bend = density * (1 - 2 * below)
    chance = np.maximum(np.diff(below), SMALLEST)
    share = table / chance
    arms = _arms(columns, borders)
    first = density[:, 1:, None] * arms[:, 1:] - density[:, :-1, None] * arms[:, :-1]
    slope = np.einsum("rc,rcp->p", share, first)
    towards = -np.diff(share, axis=1, prepend=0, append=0)
    curve = np.einsum("rb,rbp,rbq->pq", towards * bend, arms, arms, optimize=True)
    curve -= np.einsum("rc,rcp,rcq->pq", share / chance, first, first, optimize=True)
    return float((table * np.log(chance)).sum()), slope, curve


def _arms(columns: Floats, borders: int) -> Floats:
    """Derivative of each border's log odds by thresholds and effects, (rows, borders + 2, ...)."""
    arms = np.zeros((len(columns), borders + 2, borders + columns.shape[1]))
    arms[:, np.arange(1, borders + 1), np.arange(borders)] = 1
    arms[:, 1:-1, borders:] = -columns[:, None, :]
    return arms
