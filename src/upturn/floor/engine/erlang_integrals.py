"""The density of the virtual wait in M/M/c+M, integrated for many queues at once.

With f(t) = lam (1 - exp(-th t)) / th - c mu t, somebody who would wait t for ever meets a density
proportional to exp f(t) (Baccelli & Hebuterne 1981; Zeltyn & Mandelbaum 2005, section 5). f is
concave, so everything is measured from its peak: nothing overflows, and a patience without end is
the limit th = 0 of the same formula, not another one.
"""

from functools import lru_cache
from itertools import pairwise
from math import inf
from typing import NamedTuple

import numpy as np

from upturn.floor.engine.laid import Floats

NEGLIGIBLE = 42.0
"""Densities below exp(-42) of the peak, 6e-19, are left out."""
LAYER = 40.0
"""After so many patiences the first arrivals in a queue have all given up."""
PANELS, NODES, NEWTON = 8, 16, 60


class Masses(NamedTuple):
    """Relative masses, each of shape (queues,); their sum with `at_once` is `total`.

    `at_once` finds an agent free; `total` all callers; `delayed`; `answered` waits and is
    answered within the time asked for; `longer` would wait longer than it; where asked for, else
    0: `wait_s`, `answered_wait_s` seconds waited by all, and by those who are answered, and
    `ever` who waits and is answered at all.
    """

    at_once: Floats
    total: Floats
    delayed: Floats
    answered: Floats
    longer: Floats
    wait_s: Floats
    answered_wait_s: Floats
    ever: Floats


class _Queue(NamedTuple):
    """Arrival, whole service and giving-up rates a second; the peak of f and f there."""

    comes: Floats
    serves: Floats
    quits: Floats
    peak_s: Floats
    peak: Floats


def masses(
    agents: Floats,
    *,
    comes: Floats,
    done: Floats,
    quits: Floats,
    within_s: Floats,
    with_waits: bool = False,
) -> Masses:
    """Integrate M/M/c+M.

    Parameters
    ----------
    agents, comes, done, quits, within_s : float arrays (queues,)
        Whole agents, at least one; rates a second of arrivals (above 0), of an agent's service
        and of giving up (0 only where comes < agents * done).
    with_waits : bool
        Whether seconds waited are wanted as well.

    Notes
    -----
    Gauss and Legendre on at most 32 panels, the same for a queue of any size.
    """
    queue = _measured(comes, agents * done, quits)
    low, high = _reach(queue)
    end = within_s - queue.peak_s
    split = np.clip(end, low, high)
    layer = np.clip(LAYER / np.where(quits > 0, quits, 1e-300), low, high)
    early = _integrals(queue, (low, np.minimum(layer, split), split), with_waits=with_waits)
    late = _integrals(queue, (split, np.maximum(layer, split), high), with_waits=with_waits)
    start = np.exp(-queue.peak)
    at_once = _reached(agents, comes / done) * start
    delayed, wait_s, answered_wait_s, ever = comes * (early + late)
    return Masses(
        at_once=at_once,
        total=at_once + delayed,
        delayed=delayed,
        # d exp(f) = (lam exp(-th t) - c mu) exp(f) dt gives the answered without an integral.
        answered=np.exp(_height(queue, end)) - start + queue.serves * early[0],
        longer=comes * late[0],
        wait_s=wait_s,
        answered_wait_s=answered_wait_s,
        ever=ever,
    )


def _measured(comes: Floats, serves: Floats, quits: Floats) -> _Queue:
    over = (comes > serves) & (quits > 0)
    slow = np.where(quits > 0, quits, 1.0)
    log = np.log(np.where(over, comes / serves, 1.0))
    peak = np.where(over, (comes - serves - serves * log) / slow, 0.0)
    return _Queue(comes, serves, quits, np.where(over, log / slow, 0.0), peak)


def _height(queue: _Queue, s: Floats) -> Floats:
    """Give f at s seconds after its peak, less f at the peak."""
    return np.minimum(queue.comes, queue.serves) * _given_up(queue.quits, s) - queue.serves * s


def _given_up(quits: Floats, s: Floats) -> Floats:
    """(1 - exp(-quits s)) / quits, and its limit s."""
    slow = np.where(quits > 0, quits, 1.0)
    return np.where(quits > 0, -np.expm1(-slow * s) / slow, s)


def _reach(queue: _Queue) -> tuple[Floats, Floats]:
    """How far before and after the peak the density counts."""
    _, serves, quits, peak_s, _ = queue
    rate = np.minimum(queue.comes, serves)
    slow = np.where(quits > 0, quits, 1e-300)
    ratio = 2 * NEGLIGIBLE * slow / serves
    before = np.minimum(np.sqrt(ratio), np.maximum(2.0, np.log(ratio))) / slow
    spare = np.where(serves > rate, serves - rate, 1e-300)
    high = np.minimum((NEGLIGIBLE + rate / slow) / serves, NEGLIGIBLE / spare)
    for _ in range(NEWTON):  # f is concave: from the right this falls to its root
        slope = rate * np.exp(-quits * high) - serves
        step = (_height(queue, high) + NEGLIGIBLE) / np.where(slope < 0, slope, -1e-300)
        step = np.clip(step, 0.0, high)
        high = high - step
        if not (step > 1e-3 * high).any():
            break
    return -np.minimum(peak_s, before), high


@lru_cache(maxsize=1)
def _rule() -> tuple[Floats, Floats]:
    """Places in 0..1 and their weights, over all panels of one stretch."""
    x, weight = np.polynomial.legendre.leggauss(NODES)
    places = (np.arange(PANELS)[:, None] + (x + 1) / 2) / PANELS
    return places.ravel(), np.tile(weight / (2 * PANELS), PANELS)


def _integrals(queue: _Queue, stops: tuple[Floats, ...], *, with_waits: bool) -> Floats:
    """Density, seconds waited, seconds until answered, share answered: (4, queues)."""
    places, weight = _rule()
    found = np.zeros((4, len(stops[0])))
    for a, b in pairwise(stops):
        at = np.flatnonzero(b > a)
        wide = _Queue(*(part[at, None] for part in queue))
        width = (b - a)[at]
        s = a[at, None] + width[:, None] * places
        density = np.exp(_height(wide, s))
        found[0, at] += width * (density @ weight)
        if with_waits:
            t = np.maximum(wide.peak_s + s, 0.0)
            found[1, at] += width * ((density * _given_up(wide.quits, t)) @ weight)
            stays = density * np.exp(-wide.quits * t)
            found[2, at] += width * ((t * stays) @ weight)
            found[3, at] += width * (stays @ weight)
    return found


def _reached(agents: Floats, offered: Floats) -> Floats:
    """All states below `agents` beside the last of them: 1 / B(agents - 1, offered).

    Infinite where nobody ever waits.
    """
    if len(agents) == 1:
        return np.array([_reached_by_one(int(agents[0]), float(offered[0]))])
    reached = np.ones_like(offered)
    least = int(agents.min(initial=1))
    with np.errstate(over="ignore", divide="ignore"):  # a load may be too small for a number
        for k in range(1, int(agents.max(initial=1))):
            more = 1.0 + (k / offered) * reached
            reached = more if k < least else np.where(k < agents, more, reached)
    return reached


def _reached_by_one(agents: int, offered: float) -> float:
    if offered == 0:
        return inf if agents > 1 else 1.0
    reached = 1.0
    for k in range(1, agents):
        reached = 1.0 + k / offered * reached
    return reached
