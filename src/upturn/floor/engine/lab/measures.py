"""What is measured of runs: one value a replication, whose mean is the figure.

Two runs on the same needs are compared value by value, so that what both have in common drops out.
"""

from enum import StrEnum
from typing import NamedTuple

import numpy as np

from upturn.floor.engine.laid import Flags, Floats, Ints
from upturn.stats import Figure, Withheld, mean_interval

BATCHES = 20
"""A quantile is taken in this many batches of whole replications, for its interval."""


class Measure(StrEnum):
    """What is measured; seconds, metres, shares 0..1, or counts."""

    WAIT_MEAN = "wait_mean_s"
    WAIT_P50 = "wait_p50_s"
    WAIT_P90 = "wait_p90_s"
    WAIT_P95 = "wait_p95_s"
    IN_TIME = "in_time_share"
    GAVE_UP = "gave_up_share"
    OPEN = "open_share"
    NOTICE = "notice_mean_s"
    BEFORE_ASKED = "before_asked_share"
    HELPED = "helped_share"
    WAITING = "waiting_at_once"
    WALK_A_NEED = "walk_m_per_need"
    WALK_AN_HOUR = "walk_m_per_hour"
    NEEDS_A_TRIP = "needs_per_trip"
    IDLE = "idle_share"
    CREDIT_GINI = "credit_gini"
    WORK_GINI = "work_gini"


QUANTILES = {Measure.WAIT_P50: 0.50, Measure.WAIT_P90: 0.90, Measure.WAIT_P95: 0.95}


class Scope(StrEnum):
    """Whose needs: all, of one kind, at the tables of one section, of kinds for owners alone."""

    ALL = "all"
    KIND = "kind"
    SECTION = "section"
    OWNER_ONLY = "owner_only"


class Cell(NamedTuple):
    """One figure of a summary; `name` of the kind or section, empty for the other scopes."""

    measure: Measure
    scope: Scope = Scope.ALL
    name: str = ""


class Groups(NamedTuple):
    """Rows sorted into groups: `of` (rows,) the number of the group or -1, `names` of groups."""

    of: Ints
    scope: Scope
    names: tuple[str, ...]


def ratio_values(top: Floats, bottom: Floats) -> Floats:
    """Give values, one a replication, whose mean is sum(top) / sum(bottom).

    Parameters
    ----------
    top, bottom : float array, (replications,)

    Returns
    -------
    float array, (replications,)
        Empty when there is nothing below the line.

    Notes
    -----
    The ratio, plus (top - ratio x bottom) / mean(bottom): its spread is that of the ratio to
    first order (delta method), also where a replication has none of a rare kind.

    References
    ----------
    Cochran (1977), Sampling Techniques, chapter 6.

    Examples
    --------
    >>> ratio_values(np.array([10.0, 30.0]), np.array([1.0, 2.0])).mean().round(6).item()
    13.333333
    """
    below = bottom.sum()
    if below <= 0:
        return np.empty(0)
    ratio = top.sum() / below
    return np.asarray(ratio + (top - ratio * bottom) / bottom.mean())


def quantile_values(
    waits: Floats, order: Ints, groups: Groups, *, batch: Ints, batches: int
) -> dict[tuple[Measure, str], Floats]:
    """Give values, one a batch, whose mean is the quantile of all waits of a group.

    Parameters
    ----------
    waits : float array, (rows,), seconds
    order : int array, (started rows,)
        Rows by rising wait.
    groups : Groups
    batch : int array, (rows,)
        Number of the batch of replications a row belongs to, from 0 to `batches`.
    batches : int

    Returns
    -------
    dict of (measure, name of group) to float array, (batches,)
        Nan for a batch without such a need. The quantile is the smallest wait that at least the
        share does not exceed; batches only say how far it varies (sectioning).

    References
    ----------
    Asmussen and Glynn (2007), Stochastic Simulation, section III.5; doi:10.1007/978-0-387-69033-9.
    """
    number = groups.of[order]
    if number.min(initial=0) < 0:
        order, number = order[number >= 0], number[number >= 0]
    rising = waits[order]
    whole = _quantiles(rising, number, len(groups.names))
    parts = _quantiles(rising, number * batches + batch[order], len(groups.names) * batches)
    found: dict[tuple[Measure, str], Floats] = {}
    for at, name in enumerate(groups.names):
        for measure in QUANTILES:
            part = parts[measure][at * batches : (at + 1) * batches]
            if np.isfinite(part).any():
                shift = whole[measure][at] - np.nanmean(part)
                found[measure, name] = np.asarray(part + shift)
    return found


def _quantiles(rising: Floats, number: Ints, groups: int) -> dict[Measure, Floats]:
    """Each quantile in each group, of waits that rise."""
    small = number.astype(np.int16 if groups < 2**15 else np.int64)
    rows = np.argsort(small, kind="stable")
    counts = np.bincount(small, minlength=groups)
    ends = np.cumsum(counts)
    found = {}
    for measure, share in QUANTILES.items():
        last = np.ceil(share * counts - 1e-9).astype(np.int64).clip(1) - 1
        at = np.minimum(ends - counts + last, max(len(rows) - 1, 0))
        values = rising[rows[at]] if len(rows) else np.zeros(groups)
        found[measure] = np.where(counts > 0, values, np.nan)
    return found


def gini(parts: Floats) -> Floats:
    """How unevenly is something spread? 0 when all have the same, near 1 when one has all.

    Parameters
    ----------
    parts : float array, (..., people)
        0 or more.

    Returns
    -------
    float array, (...)
        Nan where nobody has any.

    References
    ----------
    Gini (1912), as the mean absolute difference over twice the mean.

    Examples
    --------
    >>> gini(np.array([[2.0, 2.0, 2.0, 2.0], [0.0, 0.0, 0.0, 8.0]])).tolist()
    [0.0, 0.75]
    """
    people = parts.shape[-1]
    weight = 2 * np.arange(1, people + 1) - people - 1
    total = parts.sum(-1)
    with np.errstate(invalid="ignore"):
        return np.asarray((np.sort(parts, axis=-1) * weight).sum(-1) / (people * total))


def figure_of(values: Floats, *, coverage: float = 0.95) -> Figure | Withheld:
    """Give the mean of values, one a replication or batch, with Student's interval.

    Parameters
    ----------
    values : float array, (replications,) or (batches,)
        Nan is left out.
    coverage : float
        0..1.

    Returns
    -------
    Figure or Withheld
        ``Withheld("nothing", 1, 0)`` without a value, ``"too_few"`` with one alone.

    Examples
    --------
    >>> figure = figure_of(np.array([6.0, 7.0, 8.0, 7.0]))
    >>> print(f"{figure.value:.1f}, {figure.low:.1f} to {figure.high:.1f}, n {figure.n}")
    7.0, 5.7 to 8.3, n 4
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return Withheld("nothing", needed=1, got=0)
    mean = float(known.mean())
    around = known - mean
    found = mean_interval(
        len(known), float(around.sum()), float((around**2).sum()), coverage=coverage
    )
    if isinstance(found, Withheld):
        return found
    return Figure(mean, mean + found.low, mean + found.high, found.n)


def count_by(replication: Ints, reps: int, which: Flags, weights: Floats | None = None) -> Floats:
    """Count rows, or add their weights, by replication; shape (reps,)."""
    kept = None if weights is None else weights[which]
    return np.bincount(replication[which], kept, minlength=reps).astype(np.float64)
