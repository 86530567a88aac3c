"""The point where pooling stops paying: shown on this floor, not assumed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from math import inf, isfinite

from upturn.floor.engine.batches import Progress
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.lab.measures import Cell, Measure, figure_of, ratio_values
from upturn.floor.engine.lab.summary import Summary, summarise
from upturn.floor.engine.policy import Policy, Pooled, ScanSection
from upturn.floor.engine.shapes import Floor
from upturn.floor.engine.simulating import simulate
from upturn.stats import Figure, Withheld

SHARES = (0.0, 0.03, 0.069, 0.107, 0.16, 0.25)
"""Slow-downs looked at: none, half of and then what was measured, up to a quarter."""
REFINEMENTS = 2
"""Further slow-downs between the two that the crossing lies between."""


class Pays(StrEnum):
    """Where pooling is the better of the two."""

    UP_TO = "up_to"
    NOWHERE = "nowhere"
    THROUGHOUT = "throughout"


@dataclass(frozen=True, slots=True)
class PoolingPoint:
    """One slow-down; `ratio` of what is measured: pooled over the other, below 1 pooling pays."""

    loafing_share: float
    pooled: Figure | Withheld
    difference: Figure
    ratio: Figure | Withheld


@dataclass(frozen=True, slots=True)
class PoolingStops:
    """Up to which slow-down pooling pays on a floor, beside another policy.

    Parameters
    ----------
    against : Policy
    measure : Measure
    pays : Pays
    loafing_share : Figure or Withheld
        The slow-down at which both are alike; its interval are the slow-downs at which neither
        can be told to be better, with `high` inf where that goes on to the largest looked at.
        ``Withheld("no_crossing", 1, 0)`` when pooling pays nowhere or throughout.
    points : tuple of PoolingPoint
        By rising slow-down, for a picture or a table.
    """

    against: Policy
    measure: Measure
    pays: Pays
    loafing_share: Figure | Withheld
    points: tuple[PoolingPoint, ...]


def pooling_stops_paying(  # noqa: PLR0913 - what is measured comes on top of how it is run
    floor: Floor,
    *,
    against: Policy = ScanSection(),  # noqa: B008 - frozen
    hours: float = 4.0,
    reps: int = 100,
    seed: int = 1,
    measure: Measure = Measure.WAIT_P95,
    progress: Progress | None = None,
) -> PoolingStops:
    """Find the social loafing at which one queue for everybody stops being better.

    Parameters
    ----------
    floor : Floor
        A sound one; its own loafing share is not used.
    against : Policy
        What pooling is compared with, on the same needs.
    hours, reps, seed : float, int, int
        As in `simulate`; at least two replications.
    measure : Measure
        One that is better when smaller and that every floor has: waiting.
    progress : callable, optional
        Told how many simulations are done, and of how many at most.

    Returns
    -------
    PoolingStops

    Raises
    ------
    BadSetting
        When the measure is none of waiting, or with less than two replications.

    Notes
    -----
    Both run on the same needs; differences are paired by replication (for quantiles by batch of
    replications) and joined by straight lines between slow-downs. Where pooling has broken down,
    needs that were never begun are missing from its waiting, so it looks better than it is; that
    is far above the crossing.

    References
    ----------
    Wang and Zhou (2018), who measured 6.9 % net in a supermarket; interval by inversion of the
    paired test (Fieller 1954).

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> found = pooling_stops_paying(grid(), hours=1, reps=20)
    >>> found.pays
    <Pays.THROUGHOUT: 'throughout'>
    """
    if measure not in (Measure.WAIT_MEAN, Measure.WAIT_P50, Measure.WAIT_P90, Measure.WAIT_P95):
        raise BadSetting("measure", measure, "choose one of waiting")
    if reps < 2:
        raise BadSetting("reps", reps, "give at least 2 replications")
    other = summarise(simulate(floor, policy=against, hours=hours, reps=reps, seed=seed))
    points: list[PoolingPoint] = []

    def look_at(share: float) -> None:
        behaviour = replace(floor.behaviour, loafing_share=share)
        runs = simulate(
            replace(floor, behaviour=behaviour), policy=Pooled(), hours=hours, reps=reps, seed=seed
        )
        pooled = summarise(runs, warm_up_s=other.ends.warm_up_s)
        points.append(_point(share, pooled, other, measure))
        points.sort(key=lambda point: point.loafing_share)
        if progress is not None:
            progress(len(points), len(SHARES) + REFINEMENTS)

    for share in SHARES:
        look_at(share)
    for _ in range(REFINEMENTS):
        bracket = _bracket(points)
        if bracket is not None:
            look_at(_between(*bracket))
    return _stops(against, measure, tuple(points))


def _point(share: float, pooled: Summary, other: Summary, measure: Measure) -> PoolingPoint:
    cell = Cell(measure)
    theirs, others = pooled.values.get(cell), other.values.get(cell)
    if theirs is None or others is None or len(theirs) != len(others):
        found = 0 if theirs is None else len(theirs)
        raise BadSetting("needs met while pooled", found, "let more needs come, or run for longer")
    difference, mean = figure_of(theirs - others), float(others.mean())
    if isinstance(difference, Withheld):
        remedy = "let more needs come, or run more replications"
        raise BadSetting("replications with needs", difference.got, remedy)
    ratio = figure_of(ratio_values(theirs, others)) if mean > 0 else Withheld("nothing", 1, 0)
    return PoolingPoint(share, pooled.figures[cell], difference, ratio)


def _bracket(points: list[PoolingPoint]) -> tuple[PoolingPoint, PoolingPoint] | None:
    """The first two neighbours between which pooling stops being better."""
    return next(
        (p for p in pairwise(points) if p[0].difference.value < 0 <= p[1].difference.value), None
    )


def _between(low: PoolingPoint, high: PoolingPoint) -> float:
    """Where a straight line crosses, kept off the ends so that the bracket shrinks."""
    x0, x1 = low.loafing_share, high.loafing_share
    cross = _cross(x0, low.difference.value, x1, high.difference.value)
    return min(max(cross, x0 + (x1 - x0) / 5), x1 - (x1 - x0) / 5)


def _cross(x0: float, y0: float, x1: float, y1: float) -> float:
    return x0 - y0 * (x1 - x0) / (y1 - y0)


def _first_cross(values: Iterator[tuple[float, float]]) -> float:
    """Where a broken line first comes up to zero; inf when it never does."""
    x0, y0 = next(values)
    if y0 >= 0:
        return x0
    for x1, y1 in values:
        if y1 >= 0:
            return _cross(x0, y0, x1, y1)
        x0, y0 = x1, y1
    return inf


def _stops(against: Policy, measure: Measure, points: tuple[PoolingPoint, ...]) -> PoolingStops:
    value = _first_cross((p.loafing_share, p.difference.value) for p in points)
    nowhere = points[0].difference.value >= 0
    if nowhere or not isfinite(value):
        pays = Pays.NOWHERE if nowhere else Pays.THROUGHOUT
        return PoolingStops(against, measure, pays, Withheld("no_crossing", 1, 0), points)
    share = Figure(
        value,
        _first_cross((p.loafing_share, p.difference.high) for p in points),
        _first_cross((p.loafing_share, p.difference.low) for p in points),
        points[0].difference.n,
    )
    return PoolingStops(against, measure, Pays.UP_TO, share, points)
