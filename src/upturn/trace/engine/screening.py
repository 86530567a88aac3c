"""Which touchpoints fell? All are looked at, and their number is allowed for."""

from functools import lru_cache
from math import exp

import numpy as np

from upturn.stats.draws import generator
from upturn.trace.engine.errors import OnsetRefused, UnknownNode
from upturn.trace.engine.series import (
    WEEKS_AFTER,
    WEEKS_BEFORE,
    WEEKS_LEAST,
    Breaks,
    find_breaks,
    tidy,
)
from upturn.trace.engine.shapes import Alarm, Floats, Measures, ServiceGraph

QUIET_SERIES = 20_000
NEAREST = 2_000  # quiet series with a carry-over most like the one observed
TAIL = 100  # of these, the furthest fallen, from which rarer falls are extrapolated
SEED = 19


def screen_alarms(
    measures: Measures,
    *,
    graph: ServiceGraph,
    most: int = 5,
    false_discovery_rate: float = 0.1,
) -> tuple[Alarm, ...]:
    """Find the touchpoints that fell, at most a handful.

    Parameters
    ----------
    measures : Measures
    graph : ServiceGraph
        Nodes in the same order.
    most : int
    false_discovery_rate : float
        Expected share of alarms about nothing, at most; where nothing happened anywhere, the
        chance of any alarm.

    Returns
    -------
    tuple of Alarm
        The surest first. Empty below twelve weeks.

    Notes
    -----
    The p-value of a fall is the share of quiet series of the same length and a like carry-over
    whose likeliest break looks as bad: the choice of the week and the estimated carry-over are in
    it. Rarer falls than one in twenty of these are extrapolated with a tail that falls off as a
    normal law's. One side only: a rise is no alarm.

    References
    ----------
    Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x; valid for touchpoints
    that move together by Benjamini and Yekutieli (2001), doi:10.1214/aos/1013699998.
    """
    clean = tidy(measures)
    points = np.flatnonzero(graph.touchpoint & clean.usable)
    if len(clean.value) < WEEKS_LEAST or not len(points):
        return ()
    breaks = find_breaks(clean.value[:, points])
    adjusted = _benjamini_hochberg(fall_chances(breaks, weeks=len(clean.value)))
    order = sorted(range(len(points)), key=lambda at: (adjusted[at], breaks.z[at]))
    return tuple(
        Alarm(
            int(points[at]),
            int(breaks.onset[at]) + clean.skipped,
            float(breaks.z[at]),
            float(adjusted[at]),
        )
        for at in order[:most]
        if adjusted[at] <= false_discovery_rate
    )


def alarm_at(
    measures: Measures, *, graph: ServiceGraph, touchpoint: int, onset: int | None = None
) -> Alarm | None:
    """Look at one touchpoint that somebody asks about.

    Parameters
    ----------
    measures : Measures
    graph : ServiceGraph
    touchpoint : int
    onset : int, optional
        Week in which the fall is thought to have begun, as a row; else the likeliest.

    Returns
    -------
    Alarm or None
        With the chance for this touchpoint alone, since nobody looked at the others; its z is
        positive if it rose. None if its figures cannot be read or are too few.

    Raises
    ------
    UnknownNode
        If this is no touchpoint of the graph.
    OnsetRefused
        If there are fewer than six weeks before the onset or three from it on.
    """
    if not (0 <= touchpoint < len(graph.keys) and graph.touchpoint[touchpoint]):
        raise UnknownNode(touchpoint)
    clean = tidy(measures)
    if len(clean.value) < WEEKS_LEAST or not clean.usable[touchpoint]:
        return None
    row = None if onset is None else onset - clean.skipped
    if row is not None and not WEEKS_BEFORE <= row <= len(clean.value) - WEEKS_AFTER:
        raise OnsetRefused(row + clean.skipped, len(measures.weeks))
    breaks = find_breaks(clean.value[:, [touchpoint]], onset=row)
    chance = float(fall_chances(breaks, weeks=len(clean.value))[0])
    began = int(breaks.onset[0]) + clean.skipped
    return Alarm(touchpoint, began, float(breaks.z[0]), chance)


def fall_chances(breaks: Breaks, *, weeks: int) -> Floats:
    """How often does a quiet series of so many weeks seem to fall as far? One-sided, (nodes,)."""
    carried, z = _quiet(weeks)
    at = np.searchsorted(carried, breaks.carried) - NEAREST // 2
    starts = np.clip(at, 0, len(carried) - NEAREST)
    falls = zip(starts, breaks.z, strict=True)
    return np.array([_chance(z[start : start + NEAREST], float(fall)) for start, fall in falls])


def _chance(quiet: Floats, fall: float) -> float:
    ordered = np.partition(quiet, TAIL)[: TAIL + 1]
    edge = float(ordered.max())
    if fall > edge or edge >= 0:
        return float((quiet <= fall).sum() + 1) / (NEAREST + 1)
    beyond = float(np.mean(ordered**2 - edge**2))
    return (TAIL + 1) / NEAREST * exp(-(fall**2 - edge**2) / beyond)


@lru_cache(maxsize=8)
def _quiet(weeks: int) -> tuple[Floats, Floats]:
    """Draw series in which nothing happened; their carry-over in order, and their z."""
    rng = generator(SEED, "quiet series", str(weeks))
    phi, noise = rng.uniform(0, 0.75, QUIET_SERIES), rng.uniform(0, 1, QUIET_SERIES)
    value = rng.normal(size=(weeks, QUIET_SERIES))
    for at in range(1, weeks):
        value[at] = phi * value[at - 1] + np.sqrt(1 - phi**2) * value[at]
    value += noise * rng.normal(size=value.shape)
    breaks = find_breaks(value)
    order = np.argsort(breaks.carried, kind="stable")
    return breaks.carried[order], breaks.z[order]


def _benjamini_hochberg(chances: Floats) -> Floats:
    """Give the smallest false discovery rate at which each would be an alarm."""
    n = len(chances)
    order = np.argsort(chances)[::-1]
    scaled = chances[order] * n / np.arange(n, 0, -1)
    adjusted = np.empty(n)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled), 1)
    return adjusted
