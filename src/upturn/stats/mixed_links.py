"""Ordinal regression with units that differ: the gap left when their levels are set aside."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upturn.stats.errors import ImpossibleCounts, NoSolution
from upturn.stats.figures import Figure, Withheld
from upturn.stats.links import (
    BEYOND,
    SMALLEST,
    Link,
    cumulative_link,
    edges,
    superiority_of_effect,
    usable,
)
from upturn.stats.placements import two_sides
from upturn.stats.quantiles import normal_quantile
from upturn.stats.tables import Floats

TURNS = 60  # of Newton's method at the most; it needs 5 to 12
INNER = 40  # the same for the units' own effects
STILL = 1e-9  # gain in log-likelihood at which it has ended
CLOSE = 1e-8  # step of a unit's effect at which the next one would be lost in rounding
NEAR, WIDE = 1e-4, 1e-3  # steps of the differences that stand for slopes and for curves
START = 0.5  # spread between units at which the search begins
LONGEST = 2.0  # step in any one term, so that a flat start does not throw it far off


@dataclass(frozen=True, slots=True)
class MixedLink:
    """A fitted cumulative-link model with a random effect of units.

    Parameters
    ----------
    thresholds : float array, (used categories - 1,)
        Log odds of an answer up to each category in a unit in the middle, where the design is 0.
    effects, errors : float array, (columns,)
        Log odds by which a unit of the column moves answers up, and their standard errors.
    spread : float
        Standard deviation of the units' effects, in log odds; 0 where they do not differ.
    units : float array, (units,)
        Each unit's effect, pulled to 0 by how little it answers.
    log_likelihood : float
    n : int
        Answers.
    """

    thresholds: Floats
    effects: Floats
    errors: Floats
    spread: float
    units: Floats
    log_likelihood: float
    n: int


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows in the order of their units: where each unit's begin, and how many it has."""

    table: Floats
    columns: Floats
    first: NDArray[np.int64]
    many: NDArray[np.int64]
    nodes: int

    def spread_out(self, values: Floats) -> Floats:
        """Give every row its unit's value, (points, units) to (points, rows)."""
        return np.repeat(values, self.many, axis=-1)

    def summed(self, values: Floats) -> Floats:
        """Add up rows by unit, (points, rows) to (points, units)."""
        return np.asarray(np.add.reduceat(values, self.first, axis=-1))


def cumulative_link_mixed(
    counts: ArrayLike, design: ArrayLike, unit: ArrayLike, *, nodes: int = 1
) -> MixedLink | Withheld:
    """What moves answers up the scale, when units differ in level? Random intercepts.

    Parameters
    ----------
    counts : int array, (rows, categories)
        Answers of people of one unit with the same row of the design.
    design : float array, (rows, columns)
        Without a constant.
    unit : int array, (rows,)
        0, 1, 2 ...: which unit a row belongs to.
    nodes : int
        1 for Laplace's approximation; more for adaptive Gauss-Hermite quadrature, 10 is plenty.

    Returns
    -------
    MixedLink or Withheld
        As `cumulative_link`; also ``Withheld("too_few_units", 2, units)``.

    Raises
    ------
    ImpossibleCounts
        If shapes do not fit together.
    NoSolution
        If the search does not settle.

    Notes
    -----
    log odds of an answer up to j = threshold_j - x effect - spread * b, b standard normal. Newton's
    method on the marginal likelihood with differences for slopes, all of them in one pass over
    the rows. Standard errors take the spread as estimated, not as known.

    References
    ----------
    Pinheiro and Bates (1995), doi:10.1080/10618600.1995.10474663; R package ordinal, `clmm`.

    Examples
    --------
    >>> counts = [[5, 3, 1], [2, 3, 4], [3, 4, 2], [1, 3, 5], [7, 2, 0], [4, 3, 2]]
    >>> fitted = cumulative_link_mixed(counts, [[0], [1]] * 3, [0, 0, 1, 1, 2, 2])
    >>> print(f"{fitted.effects[0]:.2f}, between units {fitted.spread:.2f}")
    1.51, between units 0.56
    """
    table, columns = usable(counts, design)
    groups = np.asarray(unit, dtype=np.int64)
    if groups.shape != (len(table),) or groups.min(initial=0) < 0:
        raise ImpossibleCounts("Each row needs its unit, 0 or more", groups.shape)
    alone = cumulative_link(table, columns)
    if isinstance(alone, Withheld):
        return alone
    if (filled := len(np.unique(groups[table.sum(1) > 0]))) < 2:
        return Withheld("too_few_units", needed=2, got=filled)
    order = np.argsort(groups, kind="stable")
    present, first = np.unique(groups[order], return_index=True)
    table = table[order][:, table.sum(0) > 0]
    rows = _Rows(table, columns[order], first, np.diff(first, append=len(order)), nodes)
    fitted = _fit(rows, alone)
    if isinstance(fitted, Withheld):
        return fitted
    units = np.zeros(int(groups.max()) + 1)
    units[present] = fitted.units
    return replace(fitted, units=units)


def modelled_gap(a: ArrayLike, b: ArrayLike, *, coverage: float = 0.95) -> Figure | Withheld:
    """How far are two sides apart, the units' own levels set aside? Superiority, modelled.

    Parameters
    ----------
    a, b : int array, (units, categories)
        Answers of both sides in each unit; a unit may lack a side.
    coverage : float
        0..1.

    Returns
    -------
    Figure or Withheld
        Probability of superiority of side a within a unit in the middle, 0..1, n of both sides;
        withheld as `cumulative_link_mixed`.

    Raises
    ------
    ImpossibleCounts
        If the sides do not fit together.

    Notes
    -----
    Laplace's approximation; the effect's normal interval, turned into superiority with the fitted
    thresholds held.
    """
    reach = normal_quantile(coverage)
    one, other = two_sides(a, b)
    if one.ndim != 2:
        raise ImpossibleCounts("Both sides need units and categories", one.shape)
    units = np.arange(len(one))
    side = np.repeat([1.0, 0.0], len(one))[:, None]
    fitted = cumulative_link_mixed(np.concatenate([one, other]), side, np.tile(units, 2))
    if isinstance(fitted, Withheld):
        return fitted
    effect, error = float(fitted.effects[0]), float(fitted.errors[0])
    value, low, high = (
        superiority_of_effect(fitted.thresholds, effect + by * error) for by in (0, -reach, reach)
    )
    return Figure(value, low, high, fitted.n)


def _fit(rows: _Rows, alone: Link) -> MixedLink | Withheld:
    borders = len(alone.thresholds)
    point = np.concatenate([alone.thresholds, alone.effects, [START]])
    modes = np.zeros((1, len(rows.first)))
    value, slope, curve = _slopes(rows, point, modes)
    for _ in range(TURNS):
        step = _uphill(slope, curve)
        while (after := float(_marginal(rows, point + step, modes)[0])) < value - STILL:
            step = step / 2
        gain, point = after - value, point + step
        if np.abs(point[borders:]).max() > BEYOND:
            return Withheld("separated", needed=1, got=0)
        modes = _marginal(rows, point, modes)[1]
        value, slope, curve = _slopes(rows, point, modes)
        if gain < STILL:
            return _found(rows, point, curve)
    raise NoSolution("The ordinal model did not settle", "Leave out a column and fit again.")


def _uphill(slope: Floats, curve: Floats) -> Floats:
    """Newton's step, turned uphill wherever the likelihood is not yet hollow."""
    values, vectors = np.linalg.eigh(-curve)
    step = vectors @ (vectors.T @ slope / np.maximum(np.abs(values), 1e-3))
    return np.asarray(step * min(1.0, LONGEST / float(np.abs(step).max(initial=1e-12))))


def _found(rows: _Rows, point: Floats, curve: Floats) -> MixedLink:
    borders = rows.table.shape[1] - 1
    spread = abs(float(point[-1]))
    likelihood, modes = _marginal(rows, point, np.zeros((1, len(rows.first))))
    fixed = slice(None) if spread > WIDE else slice(None, -1)
    errors = np.sqrt(np.diagonal(np.linalg.inv(-curve[fixed, fixed])))
    return MixedLink(
        thresholds=point[:borders],
        effects=point[borders:-1],
        errors=errors[borders : len(point) - 1],
        spread=spread if spread > WIDE else 0.0,
        units=modes[0] * point[-1],
        log_likelihood=float(likelihood),
        n=int(rows.table.sum()),
    )


def _slopes(rows: _Rows, point: Floats, start: Floats) -> tuple[float, Floats, Floats]:
    """Marginal log-likelihood with its first and second differences, all points in one pass."""
    size = len(point)
    one, two = np.triu_indices(size)
    unit = np.eye(size)
    near = [side * NEAR * unit for side in (1, -1)]
    corners = [
        WIDE * (first * unit[one] + second * unit[two])
        for first, second in ((1, 1), (1, -1), (-1, 1), (-1, -1))
    ]
    points = np.concatenate([np.zeros((1, size)), *near, *corners]) + point
    values = _marginal(rows, points, start)[0]
    slope = (values[1 : size + 1] - values[size + 1 : 2 * size + 1]) / (2 * NEAR)
    parts = values[2 * size + 1 :].reshape(4, -1)
    curve = np.zeros((size, size))
    curve[one, two] = (parts[0] - parts[1] - parts[2] + parts[3]) / (4 * WIDE**2)
    return float(values[0]), slope, np.triu(curve) + np.triu(curve, 1).T


def _marginal(rows: _Rows, points: Floats, start: Floats) -> tuple[Floats, Floats]:
    """Log-likelihood with the units' effects integrated out, and their modes, for many points."""
    borders = rows.table.shape[1] - 1
    fixed = points[..., borders:-1] @ rows.columns.T
    base = points[..., None, :borders] - fixed[..., None]
    base = base.reshape(-1, len(rows.table), borders)
    spread = points[..., -1].reshape(-1, 1)
    modes, curve = _modes(rows, base, spread, start)
    nodes, weights = np.polynomial.hermite.hermgauss(rows.nodes)
    width = np.sqrt(2 / curve)
    terms = [
        _log_of_unit(rows, base, spread, modes + width * node) + node**2 + np.log(weight)
        for node, weight in zip(nodes, weights, strict=True)
    ]
    units = np.logaddexp.reduce(terms, axis=0) + np.log(width / np.sqrt(2 * np.pi))
    whole = np.where((np.diff(base[:, 0], axis=-1) > 0).all(-1), units.sum(-1), -np.inf)
    return whole.reshape(points.shape[:-1]), modes


def _log_of_unit(rows: _Rows, base: Floats, spread: Floats, b: Floats) -> Floats:
    """Log of a unit's likelihood times the density of its effect, without the constant."""
    moved = base - rows.spread_out(spread * b)[..., None]
    chance = np.maximum(np.diff(edges(moved)), SMALLEST)
    return np.asarray(rows.summed((rows.table * np.log(chance)).sum(-1)) - b**2 / 2)


def _modes(rows: _Rows, base: Floats, spread: Floats, start: Floats) -> tuple[Floats, Floats]:
    """Likeliest effect of each unit and the curvature there, by Newton's method."""
    b = np.repeat(start, len(base), axis=0)
    for _ in range(INNER):
        slope, curve = _slopes_of_units(rows, base, spread, b)
        step = np.clip(slope / curve, -2, 2)
        b = b + step
        if np.abs(step).max() < CLOSE:
            break
    return b, curve


def _slopes_of_units(rows: _Rows, base: Floats, spread: Floats, b: Floats) -> tuple[Floats, Floats]:
    """First derivative, and the second with its sign turned, of `_log_of_unit`."""
    below = edges(base - rows.spread_out(spread * b)[..., None])
    # the log of a difference of two logistic curves has short derivatives
    lean = (rows.table * (1 - below[..., 1:] - below[..., :-1])).sum(-1)
    density = below * (1 - below)
    bent = (rows.table * (density[..., 1:] + density[..., :-1])).sum(-1)
    return -spread * rows.summed(lean) - b, spread**2 * rows.summed(bent) + 1
