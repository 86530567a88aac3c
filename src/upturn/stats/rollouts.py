"""What a plan changed that units started one group after another: differences in differences."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upturn.stats.contrasts import (
    NEVER,
    Contrasts,
    Controls,
    as_weekly,
    changes,
    contrasts,
    exchanged,
    grouped_error,
    pooled_error,
)
from upturn.stats.figures import Figure, Withheld
from upturn.stats.quantiles import student_quantile
from upturn.stats.swings import two_way
from upturn.stats.tables import Figures, Floats, Integers

__all__ = ["FEWEST_UNITS", "NEVER", "Rollout", "group_time_effects"]

FEWEST_UNITS = 6
OWN_SPREAD = 6  # units in the smallest group, from which each group's own spread is sure enough
SPARE_UNITS = 3  # more units than groups, so that there is a spread to take an error from
POINTS_OF_TREND = 3


@dataclass(frozen=True, slots=True)
class Rollout:
    """What a roll-out changed, all groups together and step by step.

    Parameters
    ----------
    overall : Figure
        Mean change over units and weeks since their start, in the unit of the outcome; n units.
    freedom : float
        Degrees of freedom of its interval.
    pretrend : Figure or Withheld
        How much groups moved apart a week *before* they started; where it does not hold 0 the
        comparison is in doubt. Withheld below three weeks before a start.
    since : int array, (moments,)
        Weeks since the start; below 0 before it.
    by_since : Figures, (moments,)
        Change so many weeks since the start; before it, what should be 0.
    starts, weeks : int array, (cells,)
        Group, named by its start, and week.
    cells : Figures, (cells,)
        Change of that group in that week.
    """

    overall: Figure
    freedom: float
    pretrend: Figure | Withheld
    since: Integers
    by_since: Figures
    starts: Integers
    weeks: Integers
    cells: Figures


@dataclass(frozen=True, slots=True)
class _Data:
    """Figures and their distances from the means of their groups; 0 where missing."""

    filled: Floats
    apart: Floats
    seen: NDArray[np.bool_]
    groups: Integers
    coverage: float


def group_time_effects(
    outcomes: ArrayLike,
    starts: ArrayLike,
    *,
    base_weeks: int = 1,
    controls: Controls = "not_yet",
    coverage: float = 0.95,
) -> Rollout | Withheld:
    """How did units change since they started, beyond those that had not? Staggered differences.

    Parameters
    ----------
    outcomes : float array, (units, weeks)
        A figure a unit and week; nan where missing.
    starts : int array, (units,)
        Week each unit starts, from 0; ``NEVER``, or any week beyond the data, for one that does
        not.
    base_weeks : int
        Weeks before the start whose mean is the base. 1 is the published estimator; more weeks
        give a base that swings less.
    controls : {"not_yet", "never"}
        Compare with all units that have not started by that week, or only with those that never
        start within the data.
    coverage : float
        0..1.

    Returns
    -------
    Rollout or Withheld
        ``nobody_started`` where no unit starts within the data; ``no_baseline`` where none that
        starts has a figure in its base; ``all_start_together`` where there is nobody left to
        compare with (let groups start at different weeks); ``too_few_units`` below six units with
        figures, or below three more than there are groups.

    Raises
    ------
    ImpossibleSeries
        If a figure is endless, or there is not a whole week of start for each unit.

    Notes
    -----
    Assumes that without the plan the groups would have moved alike, and that nobody changed
    before the start. The effect of group g in week t is its mean change since the base, less that
    of the compared; each is a weighted sum of figures. Units are independent, weeks of one unit
    need not be: its weighted sum counts once. The spread of these sums gives the error: of each
    group by itself where the smallest has six units or more, which is the published analytic
    error, pooled over groups otherwise, which takes units for alike in how they swing. Welch's or
    Satterthwaite's degrees of freedom of Student's t make up for few units. A missing week leaves
    its cells to the other units; what it would have added to a pooled spread is made up for by
    the unit's other weeks.

    References
    ----------
    Callaway and Sant'Anna (2021), doi:10.1016/j.jeconom.2020.12.001; Satterthwaite (1946),
    doi:10.2307/3002019.

    Examples
    --------
    >>> weeks = np.tile([5.0, 6.0, 5.0, 6.0, 5.0, 6.0], (8, 1)) + np.eye(8, 6) / 10
    >>> starts = [2, 2, 2, 4, 4, 4, NEVER, NEVER]
    >>> started = np.arange(6) >= np.array(starts)[:, None]
    >>> found = group_time_effects(weeks + started, starts, base_weeks=2)
    >>> round(found.overall.value, 2), found.overall.n
    (0.99, 8)
    """
    table, when = as_weekly(outcomes, starts)
    filled = ~np.isnan(table).all(1)
    table, when = table[filled], np.maximum(when[filled], 0)
    when = np.where(when >= table.shape[1], NEVER, when)
    seen = ~np.isnan(table)
    found = contrasts(seen, when, base_weeks=base_weeks, controls=controls)
    if (reason := withheld_rollout(seen, when, found, base_weeks=base_weeks)) is not None:
        return reason
    groups = np.unique(when, return_inverse=True)[1]
    data = _Data(np.nan_to_num(table), _apart(table, groups), seen, groups, coverage)
    return _rollout(data, found)


def withheld_rollout(
    seen: NDArray[np.bool_], when: Integers, found: Contrasts, *, base_weeks: int
) -> Withheld | None:
    """Say why there is no comparison, if there is none; see `group_time_effects`."""
    groups = np.unique(when)
    started = groups[groups != NEVER]
    if not len(started):
        return Withheld("nobody_started", needed=1, got=0)
    based = [seen[when == at, max(0, at - base_weeks) : max(0, at)].any() for at in started]
    if not any(based):
        return Withheld("no_baseline", needed=1, got=0)
    if not (found.weeks >= found.starts).any():
        return Withheld("all_start_together", needed=2, got=1)
    needed = max(FEWEST_UNITS, len(groups) + SPARE_UNITS)
    if len(seen) < needed:
        return Withheld("too_few_units", needed=needed, got=len(seen))
    return None


def _rollout(data: _Data, found: Contrasts) -> Rollout:
    """Add cells up to the figures asked for."""
    lag = found.weeks - found.starts
    since = np.unique(lag)
    moments = np.array([_share(found.treated * (lag == each)) for each in since])
    whole = _share(found.treated * (lag >= 0))[None]
    overall, freedom = _figures(data, found, whole)
    value, low, high = (float(end[0]) for end in (overall.value, overall.low, overall.high))
    return Rollout(
        overall=Figure(value, low, high, len(data.seen)),
        freedom=float(freedom[0]),
        pretrend=_pretrend(data, found, moments=moments, since=since),
        since=since,
        by_since=_figures(data, found, moments)[0],
        starts=found.starts,
        weeks=found.weeks,
        cells=_figures(data, found, np.eye(len(lag)))[0],
    )


def _pretrend(
    data: _Data, found: Contrasts, *, moments: Floats, since: Integers
) -> Figure | Withheld:
    """Fit a line through what was there before the starts; its slope is a sum of cells too."""
    before = since < 0
    if before.sum() < POINTS_OF_TREND:
        return Withheld("too_few_before", needed=POINTS_OF_TREND, got=int(before.sum()))
    steps = np.where(before, since - since[before].mean(), 0.0)
    slope = (steps / (steps**2).sum()) @ moments
    figures, _freedom = _figures(data, found, slope[None])
    return figures.at(0)


def _share(counts: Integers) -> Floats:
    return np.asarray(counts / counts.sum())


def _figures(data: _Data, found: Contrasts, sums: Floats) -> tuple[Figures, Floats]:
    """Work out sums of cells, (sums, cells), with their intervals and degrees of freedom."""
    error, freedom = _errors(data, found, sums)
    half = student_quantile(freedom, coverage=data.coverage) * error
    value = sums @ changes(found, data.filled).sum(1)
    n = np.where(sums != 0, found.treated, 0).max(1)
    return Figures(value, value - half, value + half, n=n, least=n, needed=1), freedom


def _errors(data: _Data, found: Contrasts, sums: Floats) -> tuple[Floats, Floats]:
    """Take the errors of sums from each group's own spread, or from all units together."""
    sizes = np.bincount(data.groups)
    if sizes.min() >= OWN_SPREAD:
        return grouped_error(sums @ changes(found, data.apart), data.groups)
    swollen = np.sqrt(data.seen.shape[1] / data.seen.sum(1))[:, None]
    reach = np.tensordot(sums, exchanged(found, data.apart) * swollen, axes=1)
    return pooled_error(reach, len(data.groups) - len(sizes))


def _apart(table: Floats, groups: Integers) -> Floats:
    """Take from each figure its unit's level and its group's week; 0 where missing.

    Where figures are missing, those left pull the means nearer to themselves; they are put as far
    from them again as they would be in whole weeks.
    """
    apart = np.zeros(table.shape)
    for group in range(int(groups.max()) + 1):
        rows = table[groups == group]
        units, weeks = rows.shape
        seen = ~np.isnan(rows)
        whole = seen.sum() * (1 - 1 / units) * (1 - 1 / weeks)
        free = seen.sum() - units - seen.any(0).sum() + 1
        apart[groups == group] = two_way(rows) * np.sqrt(whole / max(1, free))
    return apart
