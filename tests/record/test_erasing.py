"""What was deleted is not found by a search of the bytes of the database and its log."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction

from upturn.record import erasing, outbox
from upturn.record.erasing import erase_for_good
from upturn.record.models import OutboxEvent

# Its own in each process: the log of a server is one for all its databases.
CANARY = f"canary{os.getpid()}"
FILES = """
SELECT count(*) FROM pg_class WHERE pg_relation_filepath(oid) IS NOT NULL AND
position(%s::bytea IN pg_read_binary_file(pg_relation_filepath(oid), 0, 1000000000, true)) > 0"""
# A file that is used again holds older bytes behind the place it is written up to.
LOG = """
SELECT count(*) FROM pg_ls_waldir() files, pg_control_checkpoint(),
pg_walfile_name_offset(pg_current_wal_lsn()) written
WHERE name BETWEEN pg_walfile_name(redo_lsn) AND file_name AND
position(%s::bytea IN pg_read_binary_file('pg_wal/' || name, 0,
CASE name WHEN file_name THEN file_offset ELSE 1000000000 END, true)) > 0"""


def found(mark: bytes) -> int:
    """In how many files of the database, or of the log that it still would read, a mark stands."""
    if connection.vendor != "sqlite":
        return found_on_the_server(mark)
    path = str(connection.settings_dict["NAME"])
    files = [Path(path), Path(path + "-wal")]
    return sum(mark in file.read_bytes() for file in files if file.exists())


def found_on_the_server(mark: bytes) -> int:
    """The same on PostgreSQL, asked of the server; the role of the tests may do that."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute(FILES, [mark])
        (files,) = cursor.fetchone()
        cursor.execute(LOG, [mark])
        (logs,) = cursor.fetchone()
    return int(files + logs)


def told(*words: str) -> None:
    """Rows that grow where they lie, so that pages are split and their rows moved."""
    rows = [
        outbox.event(f"shift:{word[0]}", kind="need", ref="1", data={"said": word * (1 + n % 7)})
        for n in range(600)
        for word in words
    ]
    for row in OutboxEvent.objects.bulk_create(rows)[::-7]:
        OutboxEvent.objects.filter(pk=row.pk).update(data=row.data + " " * (row.pk * 7 % 331))


def delete_canaries() -> None:
    with transaction.atomic():
        outbox.publish("shift:c", kind="closed", ref="1")
        OutboxEvent.objects.filter(topic="shift:c", kind="need").delete()


@pytest.mark.django_db(transaction=True)
def test_deleted_rows_are_in_no_file() -> None:
    with transaction.atomic():
        told(CANARY, "robin")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE record_outboxevent")  # PostgreSQL does by itself, now and then
    before = list(OutboxEvent.objects.filter(topic="shift:r").values_list().order_by("pk"))
    assert found(CANARY.encode())
    delete_canaries()
    erase_for_good()
    assert found(CANARY.encode()) == 0
    after = OutboxEvent.objects.filter(topic="shift:r").values_list().order_by("pk")
    assert list(after) == before
    newest = outbox.position()
    told("wren")
    assert outbox.position() > newest


@contextmanager
def somebody(*statements: str) -> Iterator[None]:
    """Have somebody else ask something of PostgreSQL, and not end the transaction yet."""
    with psycopg.connect(**connection.get_connection_params()) as other:
        for statement in statements:
            other.execute(statement.encode())
        yield
        other.rollback()


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_that_somebody_holds_does_not_keep_what_was_deleted() -> None:
    if connection.vendor == "sqlite":
        return  # secure_delete overwrites, whoever reads
    told(CANARY)
    snapshot = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
    with somebody(snapshot, "SELECT count(*) FROM record_journalentry"):
        delete_canaries()
        erase_for_good()
        assert found(CANARY.encode()) == 0


@pytest.mark.django_db(transaction=True)
def test_a_table_in_use_is_said_to_be_and_erased_the_next_time(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if connection.vendor == "sqlite":
        return  # readers of SQLite hold no table
    monkeypatch.setattr(erasing, "PATIENCE_S", 0.0)
    monkeypatch.setattr(erasing, "LOCK_MS", 20)
    told(CANARY)
    delete_canaries()
    with somebody("LOCK TABLE record_outboxevent IN ACCESS SHARE MODE"):
        erase_for_good()
        assert '"record_outboxevent" is in use' in caplog.text
        assert OutboxEvent.objects.filter(topic="shift:c").count() == 1
    erase_for_good()
    assert found(CANARY.encode()) == 0


@pytest.mark.django_db(transaction=True)
def test_a_role_that_may_not_end_the_log_is_told_so(caplog: pytest.LogCaptureFixture) -> None:
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain_role")
        try:
            cursor.execute("SET ROLE plain_role")
            assert not erasing.end_log()
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP ROLE plain_role")
    assert "keeps what was deleted" in caplog.text
    assert erasing.end_log()
