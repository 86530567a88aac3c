"""The needs of a floor, drawn before anybody serves."""

from math import ceil, sqrt

import numpy as np

from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.kernel.plans import (
    CONSTANT,
    DAY_LAW,
    EXPONENTIAL,
    GAMMA,
    LOGNORMAL,
    NEVER,
    STREAM,
    Plan,
    Room,
)
from upturn.floor.engine.laid import Ints, places_of
from upturn.floor.engine.needs import Needs
from upturn.floor.engine.shapes import Day, Durations, Floor, Law

_LAWS = {
    Law.EXPONENTIAL: EXPONENTIAL,
    Law.CONSTANT: CONSTANT,
    Law.LOGNORMAL: LOGNORMAL,
    Law.GAMMA: GAMMA,
}


def draw_needs(floor: Floor, *, hours: float, seed: int, replication: int = 0) -> Needs:
    """Draw all needs of one replication.

    Parameters
    ----------
    floor : Floor
        A sound one (`check_floor`).
    hours : float
        Needs come from 0 to `hours`.
    seed, replication : int
        Seed from 0 and below 2**63, replication from 0 and below 2**32; else BadSetting.

    Returns
    -------
    Needs
        In the order (created, node, kind). The same whatever else is drawn, in any order.

    Notes
    -----
    At each place each kind comes as a Poisson process, thinned by nothing: gaps of a unit process
    are read through the cumulative intensity of the day, which is a gamma day factor, the profile
    and slow noise (lognormal, autoregressive from slot to slot) multiplied, all of mean one.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> needs = draw_needs(grid(), hours=4, seed=1, replication=7)
    >>> len(needs.created_s), needs.created_s[:2].round(3).tolist()
    (829, [4.403, 9.682])
    """
    needs, _bounds = draw_many(floor, hours=hours, seed=seed, first=replication, reps=1)
    return needs


def draw_many(
    floor: Floor, *, hours: float, seed: int, first: int, reps: int
) -> tuple[Needs, Ints]:
    """Draw the needs of replications from `first` on, one after the other, and their bounds."""
    from upturn.floor.engine.kernel.drawn import draw_all  # noqa: PLC0415 - numba

    last = first + reps - 1
    for name, value, bits in (("seed", seed, 63), ("replication", first, 32), ("reps", last, 32)):
        if not 0 <= value < 2**bits:  # beyond, it would be another day over again
            raise BadSetting(name, value, f"give a whole number from 0 to 2**{bits} - 1")
    slots = ceil(hours * 3600.0 / floor.day.slot_s)
    bounds, streams = np.zeros(reps + 1, np.int64), _streams(floor)
    room = _room(floor.day, streams, slots)
    while True:
        days = np.array([_day(floor.day, hours=hours, seed=seed, first=first)], DAY_LAW)
        plan = Plan(days, np.array(floor.day.profile, float), streams)
        aside = room if len(streams) > 1 else 0
        where = Room(
            np.zeros(slots + 1), _empty(aside), np.empty(aside), np.empty(aside, np.int64),
            np.empty(aside + 1, np.int64),
        )  # fmt: skip
        needs = _empty(room * reps)
        rows = draw_all(plan, where, needs, bounds)
        if rows >= 0:
            return first_of(needs, rows), bounds
        room *= 2


def first_of(needs: Needs, rows: int) -> Needs:
    """Give the first so many needs."""
    return Needs(
        needs.created_s[:rows], needs.node[:rows], needs.kind[:rows], needs.service_s[:rows],
        needs.patience_s[:rows], needs.asks_s[:rows],
    )  # fmt: skip


def _empty(rows: int) -> Needs:
    """Empty columns to be filled, in one block of memory: megabytes at once come faster."""
    block = np.empty((6, rows))
    times, numbers = block[:4], block[4:].view(np.int64)
    return Needs(times[0], numbers[0], numbers[1], times[1], times[2], times[3])


def _room(day: Day, streams: np.ndarray, slots: int) -> int:
    """Room for nearly every replication; where it is not enough, it is doubled."""
    shape = [day.profile[min(slot, len(day.profile) - 1)] for slot in range(slots)]
    mean = float(streams["per_s"].sum()) * sum(shape) * day.slot_s
    return int(mean * (1.0 + 3.0 * day.day_cv + day.noise_cv) + 6.0 * sqrt(mean)) + 64


def _day(day: Day, *, hours: float, seed: int, first: int) -> tuple[float, ...]:
    horizon_s, noise = hours * 3600.0, (day.noise_cv, day.noise_correlation)
    return seed, first, horizon_s, day.slot_s, day.day_cv, *noise


def _streams(floor: Floor) -> np.ndarray:
    rows = [
        (
            node, number, kind.per_hour / 3600.0, _law(kind.service), _law(kind.patience),
            _law(kind.asks_after),
        )
        for number, kind in enumerate(floor.need_types)
        for node in places_of(kind, floor)
        if kind.per_hour > 0
    ]  # fmt: skip
    return np.array(rows, STREAM)


def _law(durations: Durations | None) -> tuple[int, float, float]:
    if durations is None:
        return int(NEVER), 0.0, 0.0
    return int(_LAWS[durations.law]), durations.mean_s, durations.cv
