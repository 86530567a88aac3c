"""The same bits however the work is split, wherever it runs, and whoever dies over it."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from upturn.floor.engine import batches, compare, simulate
from upturn.floor.engine.errors import BadSetting, PolicyNeverServes
from upturn.floor.engine.grid import grid
from upturn.floor.engine.policy import OneAtATime, OwnTheWhole, ScanSection
from upturn.floor.engine.runs import Runs
from upturn.floor.engine.warm_up import warm_up_of

POLICIES = (OneAtATime(), OwnTheWhole())


def run(**how: Any) -> tuple[Runs, ...]:
    return compare(grid(), policies=POLICIES, hours=1, reps=9, seed=2, **how)


def assert_same(one: tuple[Runs, ...], other: tuple[Runs, ...]) -> None:
    assert [runs.policy for runs in one] == [runs.policy for runs in other]
    for a, b in zip(one, other, strict=True):
        for column, same in zip((*a.records, *a.work), (*b.records, *b.work), strict=True):
            assert np.array_equal(column, same)
        assert a.warm_up_s == b.warm_up_s


@pytest.fixture(scope="module")
def whole() -> tuple[Runs, ...]:
    return run(threads=1)


@pytest.mark.parametrize("needs_a_batch", [1, 1000, 3000])
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_any_split_gives_the_same_bits(
    needs_a_batch: int, threads: int, whole: tuple[Runs, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "NEEDS_A_BATCH", needs_a_batch)
    assert_same(run(threads=threads), whole)


def test_policies_see_the_same_needs(whole: tuple[Runs, ...]) -> None:
    one, other = (runs.records for runs in whole)
    assert np.array_equal(one.created_s, other.created_s)
    assert np.array_equal(one.node, other.node)
    assert not np.array_equal(one.started_s, other.started_s)
    (alone,) = compare(grid(), policies=POLICIES[1:], hours=1, reps=9, seed=2)
    assert_same((alone,), whole[1:])


def test_more_replications_leave_the_first_as_they_were(whole: tuple[Runs, ...]) -> None:
    more = simulate(grid(), policy=POLICIES[0], hours=1, reps=20, seed=2).records
    rows = more.replication < 9
    assert np.array_equal(more.started_s[rows], whole[0].records.started_s)


def test_progress_is_told_batch_by_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "NEEDS_A_BATCH", 1)
    told: list[tuple[int, int]] = []
    run(progress=lambda done, of: told.append((done, of)))
    assert told == [(done, 9) for done in range(1, 10)]


class Failing:
    """An executor whose workers die over some calls before they bring something back."""

    def __init__(self, dies: Callable[[int], bool]) -> None:
        self.dies, self.given_out = dies, 0

    def submit(self, call: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        self.given_out += 1
        future: Future[Any] = Future()
        if self.dies(self.given_out):
            future.set_exception(RuntimeError("the worker died"))
        else:
            future.set_result(call(*arguments))
        return future


def test_a_batch_whose_worker_died_is_repeated(
    whole: tuple[Runs, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "NEEDS_A_BATCH", 1)
    once = Failing(lambda call: call == 3)
    assert_same(run(executor=once), whole)
    assert once.given_out == 10
    always = Failing(lambda call: True)
    assert_same(run(executor=always), whole)  # in the end it is run here
    assert always.given_out == 18


def test_an_executor_of_the_standard_library_serves(whole: tuple[Runs, ...]) -> None:
    with ThreadPoolExecutor(2) as executor:
        assert_same(run(executor=executor), whole)


def test_two_dask_workers_of_which_one_is_killed_give_the_same_bits(
    whole: tuple[Runs, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import Client, LocalCluster  # noqa: PLC0415 - a second to load

    monkeypatch.setattr(batches, "NEEDS_A_BATCH", 1)
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        workers = list(client.run(os.getpid).values())
        told: list[int] = []

        def kill_one(done: int, of: int) -> None:
            if not told:
                os.kill(workers[0], signal.SIGKILL)
            told.append(done)

        assert_same(run(executor=client, progress=kill_one), whole)
        assert told == list(range(1, 10))


@pytest.mark.parametrize(
    "how, wrong",
    [
        ({"hours": 0.0}, "hours is 0.0"),
        ({"hours": float("nan")}, "hours is nan"),
        ({"reps": 0}, "reps is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": 2**63}, "seed is 9223372036854775808"),
        ({"threads": 0}, "threads is 0"),
    ],
)
def test_a_number_out_of_range_is_named(how: dict[str, Any], wrong: str) -> None:
    with pytest.raises(BadSetting, match=wrong):
        simulate(grid(), **{"policy": ScanSection(), "hours": 1.0, "reps": 1, **how})


def test_the_start_is_left_out_where_it_still_shows() -> None:
    """Waiting that climbs for an hour and then stays: the cut lies where it stays."""
    draws = np.random.default_rng(1)
    created = np.sort(draws.uniform(0, 4 * 3600, 40_000))
    waits = 20 * np.minimum(created / 3600, 1) + draws.normal(0, 1, len(created))
    records = simulate(grid(), policy=OneAtATime(), hours=1, reps=1).records
    made = records._replace(created_s=created, started_s=created + waits)
    assert 3500 <= warm_up_of(made, horizon_s=4 * 3600) <= 4500


def test_the_policy_that_never_serves_is_an_error_of_the_floor() -> None:
    assert issubclass(PolicyNeverServes, ValueError)
