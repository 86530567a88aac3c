"""Erlang's formulas: what a stationary queue of calls does, exactly.

A: callers give up after an exponential patience (M/M/c+M). C: they never do. B: they never wait.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
from numpy.typing import ArrayLike

from upturn.floor.engine.erlang_integrals import Masses, masses
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.laid import Floats

PRECISION = 1e-14


@dataclass(frozen=True, slots=True)
class Waits:
    """What callers meet.

    Parameters
    ----------
    service_level : float
        Share of all callers answered within the time asked for; who gives up is not answered.
    abandoned : float
        Share who give up.
    delayed : float
        Share who wait at all.
    wait_s : float
        Mean over all callers, those who give up included; inf when the queue grows for ever.
    answered_wait_s : float
        Mean over those who are answered (average speed of answer).
    waiting : float
        Mean number in the queue.
    occupancy : float
        Share of their time that agents talk.
    """

    service_level: float
    abandoned: float
    delayed: float
    wait_s: float
    answered_wait_s: float
    waiting: float
    occupancy: float


def erlang_b(agents: int, *, offered: float) -> float:
    """Give the share of callers who find all agents busy when nobody may wait.

    Parameters
    ----------
    agents : int
    offered : float
        Load in erlangs: arrival rate times mean handling time.

    References
    ----------
    Erlang (1917). Holds for any law of handling times with that mean.

    Examples
    --------
    >>> round(erlang_b(10, offered=8), 12)
    0.121661064253
    """
    _check_agents(agents)
    _check("offered", offered, least=0.0)
    blocked = 1.0
    for k in range(1, agents + 1):
        blocked = offered * blocked / (k + offered * blocked)
    return blocked


def erlang_c(agents: int, *, offered: float) -> float:
    """Give the share of callers who wait when nobody ever gives up.

    Returns
    -------
    float
        1 when the load reaches the number of agents: in the end everybody waits.

    Examples
    --------
    >>> round(erlang_c(8, offered=7.2), 12)
    0.701532990146
    """
    blocked = erlang_b(agents, offered=offered)
    if offered >= agents:
        return 1.0
    return blocked / (1 - offered / agents * (1 - blocked))


def erlang_a(
    agents: int,
    *,
    per_hour: float,
    aht_s: float,
    patience_s: float = inf,
    within_s: float = 20.0,
) -> Waits:
    """Say what callers meet when each gives up after an exponential patience.

    Parameters
    ----------
    agents : int
    per_hour : float
        Calls, Poisson.
    aht_s : float
        Mean handling time, exponential, seconds.
    patience_s : float
        Mean patience, seconds; inf gives Erlang C.
    within_s : float
        The T of "80 % within T seconds".

    Raises
    ------
    BadSetting

    Notes
    -----
    Exact to about 1e-13, at the same cost whatever the size (see `erlang_integrals`).

    References
    ----------
    Palm (1957); Gans, Koole & Mandelbaum (2003), doi:10.1287/msom.5.2.79.16071.

    Examples
    --------
    >>> found = erlang_a(50, per_hour=48 * 60, aht_s=60, patience_s=120)
    >>> round(found.service_level, 10), round(found.abandoned, 10), round(found.wait_s, 5)
    (0.9430189547, 0.0309122492, 3.70947)
    """
    _check_agents(agents)
    _check_queue(per_hour, aht_s, patience_s, within_s)
    comes, done, quits = per_hour / 3600, 1 / aht_s, 1 / patience_s
    if per_hour == 0:
        return Waits(1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    if agents == 0 or (quits == 0 and per_hour * aht_s >= 3600 * agents):
        return _never_answered(agents, comes, patience_s)
    found = _masses(agents, per_hour, aht_s, patience_s, within_s, with_waits=True)
    total = found.total.item()
    delayed, wait_s, answered_s, ever = (
        float(part.item() / total)
        for part in (found.delayed, found.wait_s, found.answered_wait_s, found.ever)
    )
    answered = ever + (found.at_once.item() / total if total < inf else 1.0)
    return Waits(
        service_level=float(_level(found).item()),
        abandoned=quits * wait_s,
        delayed=delayed,
        wait_s=wait_s,
        answered_wait_s=answered_s / answered,
        waiting=comes * wait_s,
        occupancy=comes * answered / (agents * done),
    )


def service_levels(
    agents: ArrayLike,
    *,
    per_hour: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike = inf,
    within_s: ArrayLike = 20.0,
) -> Floats:
    """Give the service level of many queues at once; all parts broadcast.

    Returns
    -------
    float array
        As `erlang_a(...).service_level` gives one by one.

    Examples
    --------
    >>> service_levels([12, 13], per_hour=200, aht_s=180, patience_s=300).round(4)
    array([0.7723, 0.8582])
    """
    parts = np.broadcast_arrays(agents, per_hour, aht_s, patience_s, within_s)
    flat = [np.ravel(part).astype(float) for part in parts]
    level = np.where(flat[1] > 0, 0.0, 1.0)
    settles = np.isfinite(flat[3]) | (flat[1] * flat[2] < 3600 * flat[0])
    runs = (flat[1] > 0) & (flat[0] > 0) & settles
    if runs.any():
        level[runs] = _level(_masses(*(part[runs] for part in flat)))
    return level.reshape(parts[0].shape)


def wait_quantile_s(
    agents: int, *, share: float, per_hour: float, aht_s: float, patience_s: float = inf
) -> float:
    """Give the seconds within which `share` of all callers have left the queue, either way.

    Examples
    --------
    >>> round(wait_quantile_s(50, share=.9, per_hour=2880, aht_s=60), 3)
    58.139
    """
    if not 0 <= share < 1:
        raise BadSetting("share", share, "give a share from 0 to below 1")
    whole = erlang_a(agents, per_hour=per_hour, aht_s=aht_s, patience_s=patience_s)
    if whole.delayed <= 1 - share:
        return 0.0
    if whole.wait_s == inf:
        return inf

    def still_there(t: float) -> float:
        stays = float(np.exp(-t / patience_s))
        if agents == 0:
            return stays
        found = _masses(agents, per_hour, aht_s, patience_s, t)
        return stays * float(found.longer.item() / found.total.item())

    return _falls_to(1 - share, still_there, near=max(whole.wait_s, 1e-9))


def _falls_to(level: float, falling: Callable[[float], float], *, near: float) -> float:
    low, high = 0.0, near
    while falling(high) > level:
        low, high = high, 2 * high
    if falling(low) <= level:
        return low
    from scipy.optimize import brentq  # noqa: PLC0415 - SciPy is slow to load

    return float(brentq(lambda t: falling(t) - level, low, high, xtol=high * PRECISION))


def _masses(*parts: ArrayLike, with_waits: bool = False) -> Masses:
    """Masses for agents, per_hour, aht_s, patience_s and within_s."""
    agents, per_hour, aht_s, patience_s, within_s = (
        np.atleast_1d(np.asarray(part, float)) for part in parts
    )
    return masses(
        agents,
        comes=per_hour / 3600,
        done=1 / aht_s,
        quits=1 / patience_s,
        within_s=within_s,
        with_waits=with_waits,
    )


def _level(found: Masses) -> Floats:
    """Rounding may leave the range by a unit in the last place, and nothing more."""
    with np.errstate(invalid="ignore"):
        share = (found.at_once + found.answered) / found.total
    return np.clip(np.where(np.isinf(found.total), 1.0, share), 0.0, 1.0)


def _never_answered(agents: int, comes: float, patience_s: float) -> Waits:
    """Nobody serves, or the queue grows for ever."""
    gone = 1.0 if patience_s < inf else 0.0
    return Waits(0.0, gone, 1.0, patience_s, inf, comes * patience_s, float(agents > 0))


def _check_agents(agents: int) -> None:
    if agents < 0 or agents != int(agents):
        raise BadSetting("agents", agents, "give a whole number, 0 or more")


def _check_queue(per_hour: float, aht_s: float, patience_s: float, within_s: float) -> None:
    _check("per_hour", per_hour, least=0.0)
    _check("within_s", within_s, least=0.0)
    for name, value in (("aht_s", aht_s), ("patience_s", patience_s)):
        if not value > 0 or (name == "aht_s" and not isfinite(value)):
            raise BadSetting(name, value, "give seconds above 0")


def _check(name: str, value: float, *, least: float) -> None:
    if not (isfinite(value) and value >= least):
        raise BadSetting(name, value, f"give a number, {least:g} or more")
