"""Comparisons of units that have started with units that have not, as weights of their weeks."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upturn.stats.errors import ImpossibleSeries
from upturn.stats.tables import Floats, Integers

Controls = Literal["not_yet", "never"]

NEVER = int(np.iinfo(np.int64).max)  # start of a unit that never starts


@dataclass(frozen=True, slots=True)
class Contrasts:
    """Comparisons, each of one group that started together in one week.

    Parameters
    ----------
    starts, weeks : int array, (cells,)
        When the group started, and the week it is compared in.
    treated : int array, (cells,)
        Units of the group with figures.
    sides : float array, (cells, units)
        What each unit's change counts: sums to 1 over the group, to -1 over the compared.
    group : int array, (cells,)
        Which of the bases.
    bases : float array, (groups, units, weeks)
        What each week counts in a unit's base; sums to 1, or to 0 without a figure.
    """

    starts: Integers
    weeks: Integers
    treated: Integers
    sides: Floats
    group: Integers
    bases: Floats


def contrasts(
    seen: NDArray[np.bool_], starts: Integers, *, base_weeks: int = 1, controls: Controls
) -> Contrasts:
    """Compare each group that started together with those not yet started, week by week.

    Parameters
    ----------
    seen : bool array, (units, weeks)
        Where there is a figure.
    starts : int array, (units,)
        Week each unit starts.
    base_weeks : int
        Weeks before the start whose mean is the base.
    controls : {"not_yet", "never"}
        Compared with units that have not started by that week, or with those that never start.

    Returns
    -------
    Contrasts
        Of the cells where both sides have figures in the week and in the base.
    """
    units, weeks = seen.shape
    begun = [int(start) for start in np.unique(starts) if 0 < start < weeks]
    bases = np.zeros((len(begun), units, weeks))
    cells: list[tuple[int, int, int, int]] = []
    sides: list[Floats] = []
    for group, start in enumerate(begun):
        base = slice(max(0, start - base_weeks), start)
        bases[group, :, base] = seen[:, base] / np.maximum(seen[:, base].sum(1), 1)[:, None]
        based = seen[:, base].any(1)
        for week in range(weeks):
            there = seen[:, week] & based
            later = starts >= weeks if controls == "never" else starts > max(start, week)
            ours, others = there & (starts == start), there & later
            if ours.any() and others.any():
                cells.append((start, week, int(ours.sum()), group))
                sides.append(ours / ours.sum() - others / others.sum())
    begins, at, treated, which = np.array(cells, dtype=np.int64).reshape(-1, 4).T
    return Contrasts(begins, at, treated, np.array(sides).reshape(-1, units), which, bases)


def changes(found: Contrasts, table: Floats) -> Floats:
    """Give what each unit adds to each comparison, (cells, units).

    Parameters
    ----------
    found : Contrasts
    table : float array, (units, weeks)
        0 where missing.
    """
    based = (found.bases * table).sum(-1)
    return np.asarray(found.sides * (table[:, found.weeks].T - based[found.group]))


def exchanged(found: Contrasts, table: Floats) -> Floats:
    """Give what each unit would add in the place of each other, (cells, units, places).

    Parameters
    ----------
    found : Contrasts
    table : float array, (units, weeks)
        0 where missing.
    """
    based = table @ np.swapaxes(found.bases, 1, 2)
    moved = table[:, found.weeks].T[:, :, None] - based[found.group]
    return np.asarray(moved * found.sides[:, None, :])


def weights_of(found: Contrasts, parts: Floats) -> Floats:
    """Give what each figure counts in a sum of comparisons, (units, weeks).

    Parameters
    ----------
    found : Contrasts
    parts : float array, (cells,)
        What each comparison counts in the sum.
    """
    shares = parts[:, None] * found.sides
    weights = np.zeros(found.bases.shape[1:])
    np.add.at(weights.T, found.weeks, shares)
    by_group = np.zeros(found.bases.shape[:2])
    np.add.at(by_group, found.group, shares)
    return np.asarray(weights - (by_group[:, :, None] * found.bases).sum(0))


def pooled_error(reach: Floats, freedom: int) -> tuple[Floats, Floats]:
    """Give the standard error of a sum over units that all swing alike, and its freedom.

    Parameters
    ----------
    reach : float array, (..., units, vectors)
        Each unit's distance from its group, weighed by each vector of weights that occurs.
    freedom : int
        Units less groups.

    Returns
    -------
    error, freedom : float array, (...)
        Degrees of freedom are Satterthwaite's, of a sum of correlated squares.
    """
    inner = np.swapaxes(reach, -1, -2) @ reach / freedom
    variance = np.trace(inner, axis1=-2, axis2=-1)
    spread = (inner * inner).sum((-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = freedom * variance**2 / spread
    return np.sqrt(variance), np.where(spread > 0, effective, float(freedom))


def grouped_error(sums: Floats, groups: Integers) -> tuple[Floats, Floats]:
    """Give the standard error of a sum over units whose groups swing each in its own way.

    Parameters
    ----------
    sums : float array, (..., units)
        Each unit's distance from its group, weighed by its own weights.
    groups : int array, (units,)
        0, 1, 2 ...; two units or more in each.

    Returns
    -------
    error, freedom : float array, (...)
        Degrees of freedom as of Welch's comparison of means.
    """
    member = np.eye(int(groups.max()) + 1)[groups]
    sizes = member.sum(0)
    each = (sums**2) @ member * sizes / (sizes - 1)
    variance = each.sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = variance**2 / (each**2 / (sizes - 1)).sum(-1)
    return np.sqrt(variance), np.where(variance > 0, effective, float(len(groups) - len(sizes)))


def as_weekly(outcomes: ArrayLike, starts: ArrayLike) -> tuple[Floats, Integers]:
    """Check weekly figures of units and when each starts.

    Returns
    -------
    float array, (units, weeks), nan where missing; int array, (units,)

    Raises
    ------
    ImpossibleSeries
        If a figure is endless, a start is no whole week, or there is not one for each unit.
    """
    table, when = as_panel(outcomes), np.asarray(starts)
    if when.shape != table.shape[:1] or not np.issubdtype(when.dtype, np.integer):
        advice = "Give the week each unit starts, counted from 0, and NEVER for one that does not."
        raise ImpossibleSeries(
            f"{len(table)} units need as many whole weeks", when.tolist(), advice
        )
    return table, when.astype(np.int64)


def as_panel(outcomes: ArrayLike) -> Floats:
    """Check weekly figures of units, (units, weeks); nan where missing."""
    table = np.asarray(outcomes, dtype=np.float64)
    if table.ndim != 2:
        advice = "Give a row for each unit and a column for each week."
        raise ImpossibleSeries("Weekly figures are a table", f"{table.ndim} axes", advice)
    if np.isinf(table).any():
        unit, week = (int(place) for place in np.argwhere(np.isinf(table))[0])
        advice = f"Look at unit {unit}, week {week}; leave a missing week empty (nan)."
        raise ImpossibleSeries("Weekly figures are numbers", table[unit, week], advice)
    return table
