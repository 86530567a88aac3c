"""The writer's laws: nobody is answered before the commit, and nobody pays for another's error."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.record.elsewhere import in_threads, seen_elsewhere
from upturn.record import outbox
from upturn.record.errors import NotStored, WriterBusy
from upturn.record.models import OutboxEvent
from upturn.record.writer import Writer, _insert, _Job, writer

pytestmark = pytest.mark.django_db(transaction=True)


def event(ref: str) -> OutboxEvent:
    return outbox.event("organisation", kind="ask", ref=ref)


def bad(ref: str) -> OutboxEvent:
    made = event(ref)
    made.kind = ""
    return made


def store(ref: str) -> Callable[[], str]:
    def work() -> str:
        event(ref).save()
        return ref

    return work


def later(work: Callable[..., Any], *item: Any) -> "Future[Any]":
    """What ``submit`` and ``together`` do before they wait."""
    return writer._enqueue(_Job(work, *item))


def insert_later(*rows: OutboxEvent) -> "Future[Any]":
    return later(_insert, rows)


@contextmanager
def busy() -> Iterator[None]:
    """While the body runs, the writer is held up, so that what is handed in becomes one batch."""
    begun, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        go_on.wait()

    held = later(hold)
    begun.wait()
    try:
        yield
    finally:
        go_on.set()
        held.result()


def test_the_result_comes_back_and_the_row_is_there() -> None:
    assert writer.submit(store("1")) == "1"
    writer.insert(event("2"), event("3"))
    assert seen_elsewhere() == ["1", "2", "3"]


def test_nobody_is_answered_before_the_commit() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        go_on.wait()

    with busy():
        first, inserted, last = later(store("1")), insert_later(event("2")), later(slow)
    begun.wait()
    assert not first.done()
    assert not inserted.done()
    assert seen_elsewhere() == []
    go_on.set()
    last.result()
    assert first.result() == "1"
    assert seen_elsewhere() == ["1", "2"]


def test_jobs_are_done_in_the_order_in_which_they_came() -> None:
    refs = [str(n) for n in range(300)]
    with busy():
        answers = [
            insert_later(event(ref)) if int(ref) % 5 < 3 else later(store(ref)) for ref in refs
        ]
    for answer in answers:
        answer.result()
    assert seen_elsewhere() == refs


def test_an_error_undoes_its_own_writes_and_is_raised_to_its_own_caller() -> None:
    def fail() -> None:
        event("lost").save()
        raise ZeroDivisionError

    with busy():
        before, failed, refused, after = (
            later(store("1")),
            later(fail),
            later(lambda: bad("2").save()),
            later(store("3")),
        )
    assert (before.result(), after.result()) == ("1", "3")
    with pytest.raises(ZeroDivisionError):
        failed.result()
    with pytest.raises(IntegrityError):
        refused.result()
    assert seen_elsewhere() == ["1", "3"]


def test_a_row_that_is_refused_takes_no_other_with_it() -> None:
    with busy():
        answers = [
            insert_later(event("1")),
            insert_later(event("2"), bad("3")),
            insert_later(event("4")),
        ]
    with pytest.raises(IntegrityError):
        answers[1].result()
    answers[0].result()
    answers[2].result()
    assert seen_elsewhere() == ["1", "4"]


def test_rows_that_wait_together_share_one_statement() -> None:
    def begin() -> None:
        connection.force_debug_cursor = True
        connection.queries_log.clear()

    def statements() -> list[str]:
        connection.force_debug_cursor = False
        return [query["sql"] for query in connection.queries_log if "INSERT" in query["sql"]]

    with busy():
        later(begin)
        for n in range(60):
            insert_later(event(str(n)))
        said = later(statements)
    assert len(said.result()) == 1
    assert len(seen_elsewhere()) == 60


def test_work_of_the_same_kind_is_called_once_and_answers_each_its_own() -> None:
    calls: list[int] = []

    def store_all(refs: list[str]) -> list[str]:
        calls.append(len(refs))
        OutboxEvent.objects.bulk_create(event(ref) for ref in refs if ref != "bad")
        if "bad" in refs:
            raise ValueError("bad")
        return [f"stored {ref}" for ref in refs]

    with busy():
        good = [later(store_all, str(n)) for n in range(5)]
        other = later(store("5"))
        mixed = [later(store_all, ref) for ref in ("6", "bad", "7")]
    assert [answer.result() for answer in good] == [f"stored {n}" for n in range(5)]
    assert other.result() == "5"
    assert (mixed[0].result(), mixed[2].result()) == ("stored 6", "stored 7")
    with pytest.raises(ValueError, match="bad"):
        mixed[1].result()
    assert calls == [5, 3, 1, 1, 1]
    assert seen_elsewhere() == [str(n) for n in range(8)]
    assert writer.together(store_all, "8") == "stored 8"
    with transaction.atomic():
        assert writer.together(store_all, "9") == "stored 9"


def test_what_is_refused_only_at_the_commit_is_its_own_callers_error() -> None:
    def dangle() -> None:
        Permission.objects.create(codename="x", name="x", content_type_id=999_999_999)

    with busy():
        first, dangling, last = later(store("1")), later(dangle), later(store("2"))
    with pytest.raises(IntegrityError):
        dangling.result()
    assert (first.result(), last.result()) == ("1", "2")
    assert seen_elsewhere() == ["1", "2"]


def test_if_the_transaction_is_lost_all_of_it_is_told_so_and_the_next_one_works() -> None:
    def lose() -> None:
        connection.close()

    with busy():
        answers = [later(store("1")), later(lose), insert_later(event("2"))]
    for answer in answers:
        with pytest.raises(NotStored, match="Nothing was stored"):
            answer.result()
    assert seen_elsewhere() == []
    assert writer.submit(store("3")) == "3"
    assert seen_elsewhere() == ["3"]


def test_a_full_queue_refuses_at_once_and_keeps_what_it_took() -> None:
    small = Writer(capacity=2)
    begun, go_on = threading.Event(), threading.Event()
    held = small._enqueue(_Job(lambda: begun.set() or go_on.wait()))
    begun.wait()
    taken = [small._enqueue(_Job(store(str(n)))) for n in range(2)]
    with pytest.raises(WriterBusy, match="2 writes are waiting"):
        small.submit(store("refused"))
    with pytest.raises(WriterBusy):
        small.insert(event("refused"))
    go_on.set()
    assert [held.result(), *(answer.result() for answer in taken)] == [True, "0", "1"]
    small.stop()
    assert seen_elsewhere() == ["0", "1"]


def test_stopping_writes_what_waits_and_the_next_job_starts_anew() -> None:
    with busy():
        answers = [later(store(str(n))) for n in range(200)]
        stopping = threading.Thread(target=writer.stop)
        stopping.start()
    stopping.join()
    assert [answer.result(timeout=0) for answer in answers] == [str(n) for n in range(200)]
    assert len(seen_elsewhere()) == 200
    writer.stop()
    assert writer.submit(store("again")) == "again"


def test_inside_a_transaction_the_work_shares_its_fate() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        writer.submit(store("1"))
        writer.insert(event("2"))
        assert seen_elsewhere() == []
        raise ZeroDivisionError
    with transaction.atomic():
        writer.submit(store("3"))
        with pytest.raises(IntegrityError):
            writer.insert(bad("4"))
    assert seen_elsewhere() == ["3"]


def test_work_may_hand_in_work() -> None:
    assert writer.submit(lambda: writer.submit(store("1"))) == "1"
    assert writer.submit(lambda: transaction.on_commit(lambda: writer.insert(event("2")))) is None
    assert seen_elsewhere() == ["1", "2"]


def test_an_error_after_the_commit_does_not_unmake_it() -> None:
    ran: list[str] = []

    def work() -> None:
        event("1").save()
        transaction.on_commit(lambda: 1 / 0)

    with busy():
        answer = later(work)
        other = later(lambda: transaction.on_commit(lambda: ran.append("other")))
    answer.result()
    other.result()
    assert seen_elsewhere() == ["1"]
    assert ran == ["other"]


def test_a_caller_that_gave_up_before_its_turn_is_not_written() -> None:
    with busy():
        given_up, kept = later(store("1")), later(store("2"))
        assert given_up.cancel()
    kept.result()
    assert seen_elsewhere() == ["2"]


def test_the_event_loop_waits_without_standing_still() -> None:
    async def several() -> list[str]:
        stored = asyncio.gather(*(writer.submit_async(store(str(n))) for n in range(20)))
        await asyncio.gather(*(writer.insert_async(event(str(n))) for n in range(20, 40)))
        with pytest.raises(IntegrityError):
            await writer.insert_async(bad("40"))
        return await stored

    assert asyncio.run(several()) == [str(n) for n in range(20)]
    assert sorted(map(int, seen_elsewhere())) == list(range(40))


def test_many_threads_are_each_given_their_own_answer() -> None:
    def ask(part: int) -> list[str]:
        return [writer.submit(store(f"{part}-{n}")) for n in range(20)]

    answers = in_threads([lambda part=part: ask(part) for part in range(8)])
    assert answers == [[f"{part}-{n}" for n in range(20)] for part in range(8)]
    assert len(seen_elsewhere()) == 160


KINDS = st.lists(st.sampled_from(["work", "rows", "raises", "bad work", "bad row"]), max_size=25)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kinds=KINDS)
def test_the_table_holds_exactly_what_was_acknowledged(kinds: list[str]) -> None:
    already = len(seen_elsewhere())

    def raises(ref: str) -> None:
        store(ref)()
        raise ZeroDivisionError

    make: dict[str, Callable[[str], Future[Any]]] = {
        "work": lambda ref: later(store(ref)),
        "rows": lambda ref: insert_later(event(ref)),
        "raises": lambda ref: later(lambda: raises(ref)),
        "bad work": lambda ref: later(lambda: bad(ref).save()),
        "bad row": lambda ref: insert_later(bad(ref)),
    }
    with busy():
        answers = [make[kind](str(n)) for n, kind in enumerate(kinds)]
    acknowledged = [str(n) for n, answer in enumerate(answers) if answer.exception() is None]
    assert acknowledged == [str(n) for n, kind in enumerate(kinds) if kind in {"work", "rows"}]
    assert seen_elsewhere()[already:] == acknowledged


FORKING = """
import os, sys
from django.conf import settings
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
)
from upturn.record.writer import writer
writer.submit(lambda: None)
child = os.fork()
if child == 0:
    answer = writer.submit(lambda: "written by the child")
    writer.stop()
    os._exit(0 if answer == "written by the child" else 1)
_, status = os.waitpid(child, 0)
assert writer.submit(lambda: "still written") == "still written"
sys.exit(os.waitstatus_to_exitcode(status))
"""


def test_a_forked_process_gets_a_writer_of_its_own() -> None:
    options = ["-W", "ignore::DeprecationWarning"]  # forking beside a thread is the point here
    done = subprocess.run([sys.executable, *options, "-c", FORKING], timeout=60, check=False)
    assert done.returncode == 0
