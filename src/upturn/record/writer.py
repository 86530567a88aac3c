"""The group-commit writer: many requests, one transaction, each answered after the commit.

A durable commit waits for the disk. One thread per process takes whatever is waiting, writes it in
one transaction and then answers every caller, so that sixty-four callers wait for one disk write.
A caller that is told nothing, or is told ``NotStored``, may send the same again.
"""

import asyncio
import logging
import os
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import chain, groupby
from typing import Any, TypeVar

from django.db import (
    Error,
    IntegrityError,
    OperationalError,
    connection,
    models,
    transaction,
)

from upturn.record.errors import NotStored, WriterBusy

T = TypeVar("T")
R = TypeVar("R")
_ALONE = object()
logger = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Job:
    work: Callable[..., Any]
    item: Any = _ALONE
    answer: "Future[Any]" = field(default_factory=Future)
    outcome: Any = None
    error: BaseException | None = None

    @property
    def is_shared(self) -> bool:
        return self.item is not _ALONE

    def run(self) -> None:
        self.outcome = self.error = None
        try:
            with transaction.atomic():
                self.outcome = self.call()
        except BaseException as error:  # noqa: BLE001 - it is the caller's, and raised there
            self.error = error

    def call(self) -> Any:
        return self.work([self.item])[0] if self.is_shared else self.work()

    def reply(self) -> None:
        if isinstance(self.error, OperationalError):
            self.refuse(self.error)
        elif self.error is not None:
            self.answer.set_exception(self.error)
        else:
            self.answer.set_result(self.outcome)

    def refuse(self, cause: BaseException) -> None:
        refusal = NotStored(f"Nothing was stored, and the same may be sent again: {cause}")
        refusal.__cause__ = cause
        self.answer.set_exception(refusal)


_Waiting = queue.Queue[_Job | None]


class Writer:
    """One thread that writes for a process; started by the first job, again after ``stop``.

    Parameters
    ----------
    capacity
        Jobs that may wait before the next is refused.
    batch
        Jobs of one transaction at most, which bounds how long the last of them waits.
    """

    def __init__(self, *, capacity: int = 2048, batch: int = 128) -> None:
        self._capacity = capacity
        self._batch = batch
        self._door = threading.Lock()
        self._waiting: _Waiting = queue.Queue(capacity)
        self._thread: threading.Thread | None = None

    def submit(self, work: Callable[[], T]) -> T:
        """Return what ``work`` returned, once the transaction that contains it has committed.

        ``work`` only touches the database and must not wait for anything else. It may be called
        again if what else was in the transaction made it fail. An error of its own undoes its own
        writes and is raised here; the others of its transaction are kept.
        A caller with an open transaction runs ``work`` in that one: its commit is the caller's.

        Raises
        ------
        WriterBusy
            If too many jobs wait.
        NotStored
            If the database could not commit.
        """
        result: T = self._wait_for(_Job(work))
        return result

    async def submit_async(self, work: Callable[[], T]) -> T:
        """``submit`` for the event loop."""
        result: T = await asyncio.wrap_future(self._enqueue(_Job(work)))
        return result

    def together(self, work: Callable[[list[T]], Sequence[R]], item: T) -> R:
        """Like ``submit``, but call ``work`` once with the items of all who wait for the same work.

        ``work`` returns one result an item, in order. If it fails it is called again for each item
        alone, so that only the caller of a bad one hears of it.
        """
        result: R = self._wait_for(_Job(work, item))
        return result

    async def together_async(self, work: Callable[[list[T]], Sequence[R]], item: T) -> R:
        """``together`` for the event loop."""
        result: R = await asyncio.wrap_future(self._enqueue(_Job(work, item)))
        return result

    def insert(self, *rows: models.Model) -> None:
        """Store new rows, all or none; rows of callers that wait together share one statement."""
        self.together(_insert, rows)

    async def insert_async(self, *rows: models.Model) -> None:
        """``insert`` for the event loop."""
        await self.together_async(_insert, rows)

    def stop(self) -> None:
        """Write what waits, then end the thread and its connection."""
        with self._door:
            thread, self._thread = self._thread, None
            if thread is None:
                return
            self._waiting.put(None)
        thread.join()

    def forget(self) -> None:
        """Begin again in a forked process, which has the lock and the queue but not the thread."""
        self._door = threading.Lock()
        self._thread = None

    def _wait_for(self, job: _Job) -> Any:
        # A transaction holds the lock that the writer would wait for; the writer is itself.
        if connection.in_atomic_block or threading.current_thread() is self._thread:
            with transaction.atomic():
                return job.call()
        return self._enqueue(job).result()

    def _enqueue(self, job: _Job) -> "Future[Any]":
        with self._door:
            if self._thread is None:
                self._waiting = queue.Queue(self._capacity)
                self._thread = threading.Thread(
                    target=_write_until_stopped,
                    args=(self._waiting, self._batch),
                    name="writer",
                    daemon=True,
                )
                self._thread.start()
            try:
                self._waiting.put_nowait(job)
            except queue.Full:
                msg = f"{self._capacity} writes are waiting. Try again in a few seconds."
                raise WriterBusy(msg) from None
        return job.answer


writer = Writer()
os.register_at_fork(after_in_child=writer.forget)


def _write_until_stopped(waiting: _Waiting, limit: int) -> None:
    try:
        while (batch := _next_batch(waiting, limit)) is not None:
            _write(batch)
    finally:
        connection.close()


def _next_batch(waiting: _Waiting, limit: int) -> list[_Job] | None:
    """Take what waits now, in order, at least one; None, the sign to stop, stays in the queue."""
    batch: list[_Job] = []
    while len(batch) < limit:
        try:
            job = waiting.get(block=not batch)
        except queue.Empty:
            break
        if job is None:
            if not batch:
                return None
            waiting.put(None)
            break
        if job.answer.set_running_or_notify_cancel():
            batch.append(job)
    return batch


def _write(batch: list[_Job]) -> None:
    committed: list[bool] = []
    try:
        _commit(batch, committed)
    except IntegrityError as error:
        if len(batch) > 1:  # some rows are refused only at the commit, such as foreign keys
            for job in batch:
                _write([job])
            return
        batch[0].error = error
    except BaseException as error:
        connection.close()
        if not committed:
            for job in batch:
                job.refuse(error)
            return
        logger.exception("The connection broke after the commit")
    for job in batch:
        job.reply()


def _commit(batch: list[_Job], committed: list[bool]) -> None:
    connection.close_if_unusable_or_obsolete()
    with transaction.atomic():
        transaction.on_commit(lambda: committed.append(True))
        _run_all(batch)
        _keep_hooks_apart()
        if connection.needs_rollback or connection.closed_in_transaction:
            msg = "the database gave up the transaction"
            raise OperationalError(msg)


def _keep_hooks_apart() -> None:
    """Let a function that fails after the commit not keep those of other jobs from running."""
    hooks: list[Any] = connection.run_on_commit
    hooks[:] = [(savepoints, call, True) for savepoints, call, _ in hooks]


def _run_all(batch: list[_Job]) -> None:
    for _, jobs in groupby(batch, key=lambda job: job.work if job.is_shared else job):
        alike = list(jobs)
        if len(alike) == 1 or not _done_together(alike):
            for job in alike:
                job.run()


def _done_together(jobs: list[_Job]) -> bool:
    """Whether one call did for all; if not, the guilty one is found one by one."""
    try:
        with transaction.atomic():
            outcomes = jobs[0].work([job.item for job in jobs])
            for job, outcome in zip(jobs, outcomes, strict=True):
                job.outcome = outcome
    except Exception:  # noqa: BLE001 - whoever causes it is told when it runs alone
        return False
    return True


def _insert(groups: Sequence[Sequence[models.Model]]) -> list[None]:
    kinds: dict[type[models.Model], list[models.Model]] = {}
    for row in chain.from_iterable(groups):
        kinds.setdefault(type(row), []).append(row)
    fresh = [row for rows in kinds.values() for row in rows if row.pk is None]
    try:
        for model, rows in kinds.items():
            model._default_manager.bulk_create(rows)  # noqa: SLF001 - its documented name
    except Error:
        for row in fresh:
            row.pk = None
        raise
    return [None] * len(groups)
