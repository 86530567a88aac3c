"""Replications of policies on a floor, all on the same needs."""

from collections.abc import Sequence
from math import isfinite
from os import cpu_count

import numpy as np

from upturn.floor.engine.batches import (
    Batch,
    Executor,
    Progress,
    batches_of,
    run_batches,
)
from upturn.floor.engine.described.checked import check_floor, check_policy
from upturn.floor.engine.errors import BadSetting, PolicyNeverServes
from upturn.floor.engine.needs import needs_expected
from upturn.floor.engine.policy import Policy
from upturn.floor.engine.runs import Done, Records, Runs, Work
from upturn.floor.engine.shapes import Floor
from upturn.floor.engine.warm_up import warm_up_of

REPS_MOST, ROWS_MOST = 10_000_000, 100_000_000
"""Replications; needs of all policies that are held at the same time, about 100 bytes each."""
DRAIN_S = 3600.0
"""After the last need there is so much time left to serve what waits."""


def simulate(  # noqa: PLR0913 - where and how it is run come on top of what
    floor: Floor,
    *,
    policy: Policy,
    hours: float = 4.0,
    reps: int = 200,
    seed: int = 1,
    threads: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Runs:
    """Run a floor under a policy, again and again.

    Parameters
    ----------
    floor : Floor
    policy : Policy
    hours : float
        How long needs come; an hour more is left to serve those that wait.
    reps : int
        Replications.
    seed : int
        The same seed gives the same needs under every policy, however the work is split.
    threads : int, optional
        How many batches at a time on this machine; as many as it has processors.
    executor : Executor, optional
        Anything with `submit`, a Dask client for instance, instead of threads.
    progress : callable, optional
        Told how many replications are done, and of how many.

    Returns
    -------
    Runs

    Raises
    ------
    BadFloor, CannotKeepUp
        If the floor is not sound (`check_floor`).
    BadSetting
        If a number is out of range.
    PolicyNeverServes
        If needs came and none was ever served.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> from upturn.floor.engine.policy import OneAtATime
    >>> runs = simulate(grid(), policy=OneAtATime(), hours=1, reps=2)
    >>> len(runs.records.created_s), int(runs.work.trips.sum())
    (370, 370)
    """
    (runs,) = compare(
        floor, policies=[policy], hours=hours, reps=reps, seed=seed, threads=threads,
        executor=executor, progress=progress,
    )  # fmt: skip
    return runs


def compare(  # noqa: PLR0913 - as for `simulate`
    floor: Floor,
    *,
    policies: Sequence[Policy],
    hours: float = 4.0,
    reps: int = 200,
    seed: int = 1,
    threads: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[Runs, ...]:
    """Run several policies on the same needs; parameters and errors as for `simulate`.

    Returns
    -------
    tuple of Runs
        In the order of the policies; row for row the same needs.
    """
    _check_numbers(hours=hours, reps=reps, seed=seed, threads=threads)
    check_floor(floor, hours=hours)
    rows = needs_expected(floor, hours=hours, reps=reps) * len(policies)
    if rows > ROWS_MOST:
        fit = max(1, reps * ROWS_MOST // rows)
        raise BadSetting("reps", reps, f"about {rows:,} needs are too many to be kept; {fit} fit")
    for policy in policies:
        check_policy(policy, floor)
    whole = Batch(
        floor, tuple(policies), hours, hours * 3600.0 + DRAIN_S, seed=seed, first=0, reps=reps
    )
    threads = threads or cpu_count() or 1
    batches = batches_of(whole, threads=1 if executor else threads)
    done = run_batches(batches, threads=threads, executor=executor, progress=progress)
    return tuple(
        _runs(whole, policy, of)
        for policy, of in zip(policies, zip(*done, strict=True), strict=True)
    )


def _check_numbers(*, hours: float, reps: int, seed: int, threads: int | None) -> None:
    if not (isfinite(hours) and hours > 0):
        raise BadSetting("hours", hours, "give hours above 0")
    if not 1 <= reps <= REPS_MOST:
        raise BadSetting("reps", reps, f"give 1 to {REPS_MOST:,} replications")
    if not 0 <= seed < 2**63:
        raise BadSetting("seed", seed, "give a whole number from 0 to 2**63 - 1")
    if threads is not None and threads < 1:
        raise BadSetting("threads", threads, "give at least 1 thread")


def _runs(whole: Batch, policy: Policy, done: Sequence[Done]) -> Runs:
    records, work = done[0]
    if len(done) > 1:
        records = Records(*map(np.concatenate, zip(*(one.records for one in done), strict=True)))
        work = Work(*map(np.concatenate, zip(*(one.work for one in done), strict=True)))
    if len(records.server) and (records.server < 0).all():
        raise PolicyNeverServes(repr(policy), len(records.server))
    is_steady = len(set(whole.floor.day.profile)) == 1
    horizon_s = whole.hours * 3600.0
    return Runs(
        whole.floor, policy, whole.seed, whole.hours, whole.reps,
        warm_up_of(records, horizon_s=horizon_s) if is_steady else 0.0,
        whole.closes_s, records, work,
    )  # fmt: skip
