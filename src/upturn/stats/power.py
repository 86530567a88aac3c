"""What a roll-out could find, before it starts: the same reckoning on many made-up years."""

from dataclasses import dataclass
from math import floor, sqrt

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.contrasts import NEVER, contrasts, grouped_error, pooled_error, weights_of
from upturn.stats.errors import ImpossibleSeries
from upturn.stats.figures import Figure, Withheld
from upturn.stats.quantiles import normal_quantile, student_quantile
from upturn.stats.rollouts import OWN_SPREAD, withheld_rollout
from upturn.stats.swings import Swing, autoregression
from upturn.stats.tables import Floats, Integers

SHARE = 0.8  # probability with which a change is called detectable


@dataclass(frozen=True, slots=True)
class Schedule:
    """Who starts when.

    Parameters
    ----------
    starts : int array, (units,)
        Week each unit starts, from 0; ``NEVER`` for one that does not.
    weeks : int
        Weeks of data there will be.
    base_weeks : int
        As in `group_time_effects`.
    """

    starts: Integers
    weeks: int
    base_weeks: int = 1


@dataclass(frozen=True, slots=True)
class Power:
    """What a roll-out would see.

    Parameters
    ----------
    detectable : Figure
        Smallest change it would find with a probability of .8, in the unit of the outcome; the
        ends are the error of the simulation, n its runs.
    effects, chances : float array, (effects,)
        Changes asked about, and the probability of finding each.
    false_alarms : float
        Share of runs without any change in which one is "found", 0..1; about .05.
    """

    detectable: Figure
    effects: Floats
    chances: Floats
    false_alarms: float


def stepped_starts(units: int, *, steps: int, weeks: int, baseline: int) -> Integers:
    """Let units start in even steps.

    Parameters
    ----------
    units, steps : int
        How many, and in how many groups of (nearly) the same size.
    weeks : int
        Weeks of data there will be.
    baseline : int
        Week the first group starts; the others follow at even distances.

    Returns
    -------
    int array, (units,)
        Week each unit starts; draw lots for who is which.

    Raises
    ------
    ImpossibleSeries
        If there are more steps than units, or no week is left for a step.

    Examples
    --------
    >>> stepped_starts(6, steps=3, weeks=52, baseline=12).tolist()
    [12, 12, 25, 25, 38, 38]
    """
    between = (weeks - baseline) // steps if steps > 0 else 0
    if not (0 < steps <= units and baseline > 0 and between > 0):
        advice = "Take at most as many steps as units, and leave weeks before and after each."
        raise ImpossibleSeries("Steps fit into the weeks", (units, steps, weeks, baseline), advice)
    return np.asarray(baseline + np.arange(units) * steps // units * between, dtype=np.int64)


def rollout_power(
    schedule: Schedule,
    swing: Swing,
    *,
    effects: ArrayLike = (),
    runs: int = 1000,
    rng: np.random.Generator,
) -> Power | Withheld:
    """How small a change would this roll-out find? Simulation of `group_time_effects`.

    Parameters
    ----------
    schedule : Schedule
    swing : Swing
        From the weeks before, see `swing_of`.
    effects : float array, (effects,)
        Changes to give the probability of.
    runs : int
    rng : numpy.random.Generator

    Returns
    -------
    Power or Withheld
        With the reasons of `group_time_effects`.

    Notes
    -----
    A change that is the same in all units and weeks moves the estimate by itself and leaves its
    error as it is, so one set of runs answers for all sizes. How far units lie apart, and what
    moves all of them together, cancels. Weeks follow a first-order autoregression.

    Examples
    --------
    >>> starts = stepped_starts(12, steps=3, weeks=52, baseline=12)
    >>> rng = np.random.default_rng(1)
    >>> found = rollout_power(Schedule(starts, 52, base_weeks=8), Swing(0.5), runs=400, rng=rng)
    >>> round(found.detectable.value, 1)
    0.3
    """
    when = np.asarray(schedule.starts, dtype=np.int64)
    when = np.where(when >= schedule.weeks, NEVER, np.maximum(when, 0))
    seen = np.ones((len(when), schedule.weeks), dtype=np.bool_)
    found = contrasts(seen, when, base_weeks=schedule.base_weeks, controls="not_yet")
    if (reason := withheld_rollout(seen, when, found, base_weeks=schedule.base_weeks)) is not None:
        return reason
    parts = found.treated * (found.weeks >= found.starts)
    weights = weights_of(found, parts / parts.sum())
    drawn = autoregression((runs, *seen.shape), memory=swing.autocorrelation, rng=rng)
    made = swing.within_sd * drawn
    estimate = np.tensordot(made, weights, axes=2)
    half = _half_widths(made, weights, np.unique(when, return_inverse=True)[1])
    needed, asked = half - estimate, np.asarray(effects, dtype=np.float64)
    return Power(
        detectable=_quantile(np.sort(needed)),
        effects=asked,
        chances=(np.abs(asked)[:, None] > needed).mean(1),
        false_alarms=float((np.abs(estimate) > half).mean()),
    )


def _half_widths(made: Floats, weights: Floats, groups: Integers) -> Floats:
    """Give half the width of each run's interval, (runs,)."""
    member = np.eye(int(groups.max()) + 1)[groups]
    sizes = member.sum(0)
    own = (member.T @ weights) / sizes[:, None]  # units of a group have the same weights
    reach = made @ own.T
    reach -= (member / sizes) @ (member.T @ reach)
    if sizes.min() >= OWN_SPREAD:
        error, freedom = grouped_error((reach * member).sum(-1), groups)
    else:
        error, freedom = pooled_error(reach * np.sqrt(sizes), int(len(groups) - len(sizes)))
    return np.asarray(error * student_quantile(freedom))


def _quantile(needed: Floats) -> Figure:
    """Read a quantile off sorted runs, with the ends that runs of this number allow."""
    runs = len(needed)
    wide = normal_quantile(0.95) * sqrt(SHARE * (1 - SHARE) / runs)
    places = (min(runs - 1, max(0, floor(runs * at))) for at in (SHARE, SHARE - wide, SHARE + wide))
    value, low, high = (float(needed[place]) for place in places)
    return Figure(value, low, high, runs)
