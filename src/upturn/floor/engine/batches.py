"""Replications in batches, on threads here or on whatever has `submit`.

A batch is a floor, policies, a seed and a range of replications: all that is needed to run it
anywhere, with the same result to the last bit.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from os import cpu_count
from queue import SimpleQueue
from typing import Any, NamedTuple, Protocol

from upturn.floor.engine.errors import FloorError
from upturn.floor.engine.laid import lay_out
from upturn.floor.engine.needs import needs_expected
from upturn.floor.engine.policy import Policy
from upturn.floor.engine.runs import Done
from upturn.floor.engine.shapes import Floor

NEEDS_A_BATCH = 200_000
"""Some tenths of a second of work: long beside the sending, short beside the waiting."""
NEEDS_TO_SHARE = 50_000
"""With fewer, a batch is not worth a thread of its own."""
SHARES = 6
"""Batches for each of several threads, so that all of them end at about the same time."""

Progress = Callable[[int, int], object]
"""Told how many replications are done, and of how many."""


class Future(Protocol):
    """What `submit` gives: `concurrent.futures.Future`, or Dask's."""

    def result(self) -> Any:
        """Wait for the result."""

    def add_done_callback(self, call: Callable[[Any], object], /) -> object:
        """Have it called when there is a result."""


class Executor(Protocol):
    """Anything with `submit`: an executor of `concurrent.futures`, a Dask client."""

    def submit(self, call: Callable[..., Any], /, *arguments: Any) -> Any:
        """Have a function run somewhere."""


class Batch(NamedTuple):
    """Replications `first` to `first + reps` of policies on one floor."""

    floor: Floor
    policies: tuple[Policy, ...]
    hours: float
    closes_s: float
    seed: int
    first: int
    reps: int


def batches_of(whole: Batch, *, threads: int = 1) -> list[Batch]:
    """Cut replications into batches of a good size, to be shared by so many threads."""
    needs = max(needs_expected(whole.floor, hours=whole.hours) * len(whole.policies), 1)
    size = max(1, min(whole.reps, NEEDS_A_BATCH // needs))
    if threads > 1:
        fair = ceil(whole.reps / (SHARES * threads))
        size = min(size, max(fair, NEEDS_TO_SHARE // needs, 1))
    return [
        whole._replace(first=first, reps=min(size, whole.first + whole.reps - first))
        for first in range(whole.first, whole.first + whole.reps, size)
    ]


def run_batch(batch: Batch) -> tuple[Done, ...]:
    """Draw the needs of a batch once, and run every policy on them."""
    from upturn.floor.engine.drawing import draw_many  # noqa: PLC0415 - numba
    from upturn.floor.engine.running import run_needs  # noqa: PLC0415 - numba

    laid = lay_out(batch.floor)
    needs, bounds = draw_many(
        batch.floor, hours=batch.hours, seed=batch.seed, first=batch.first, reps=batch.reps
    )
    return tuple(
        run_needs(laid, policy, needs, bounds=bounds, closes_s=batch.closes_s, first=batch.first)
        for policy in batch.policies
    )


def run_batches(
    batches: Sequence[Batch],
    *,
    threads: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> list[tuple[Done, ...]]:
    """Run batches anywhere; give what they left, in their order.

    Parameters
    ----------
    batches : sequence of Batch
    threads : int, optional
        How many at a time on this machine; as many as it has processors.
    executor : Executor, optional
        Instead of threads here.
    progress : callable, optional

    Notes
    -----
    A batch that a worker did not bring back is given out once more, and run here if it fails
    again, so that an error of its own shows itself.
    """
    if executor is not None:
        return _gather(batches, executor, progress)
    threads = min(threads or cpu_count() or 1, len(batches))
    if threads == 1:
        return _one_by_one(batches, progress)
    with ThreadPoolExecutor(threads) as own:
        return _gather(batches, own, progress)


def _one_by_one(batches: Sequence[Batch], progress: Progress | None) -> list[tuple[Done, ...]]:
    """Here: a thread of its own has memory of its own, which costs half as much again."""
    results, reps = [], sum(batch.reps for batch in batches)
    for batch in batches:
        results.append(run_batch(batch))
        if progress is not None:
            progress(batch.first + batch.reps - batches[0].first, reps)
    return results


def _gather(
    batches: Sequence[Batch], executor: Executor, progress: Progress | None
) -> list[tuple[Done, ...]]:
    came: SimpleQueue[int] = SimpleQueue()
    futures = [_give_out(executor, batch, at, came) for at, batch in enumerate(batches)]
    again, done, reps = set[int](), 0, sum(batch.reps for batch in batches)
    results: list[tuple[Done, ...]] = [()] * len(batches)
    while done < reps:
        at = came.get()
        try:
            results[at] = futures[at].result()
        except FloorError:
            raise
        except Exception:  # noqa: BLE001 - workers die in as many ways as there are executors
            if at not in again:
                again.add(at)
                futures[at] = _give_out(executor, batches[at], at, came)
                continue
            results[at] = run_batch(batches[at])
        done += batches[at].reps
        if progress is not None:
            progress(done, reps)
    return results


def _give_out(executor: Executor, batch: Batch, at: int, came: SimpleQueue[int]) -> Future:
    future: Future = executor.submit(run_batch, batch)
    future.add_done_callback(lambda _future: came.put(at))
    return future
