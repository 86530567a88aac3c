"""Deleting for good: what was deleted is to be found neither in the database nor in its log.

SQLite overwrites rows as it deletes them (`secure_delete`, see house/database.py). What it moved
from page to page before leaves copies in the gaps, so the tables are written anew here; then its
write-ahead log is emptied.

PostgreSQL keeps deleted rows in its files until they are written anew, and its log for as long as
its keeper lets it: the log is ended and let go of where Upturn's role may do that. Samples of
columns, which the server keeps for its planner, are never taken (see record/unsampled.py).
"""

import logging
import time
from collections.abc import Callable, Sequence

from django.db import OperationalError, ProgrammingError, connection, models, transaction

from upturn.record.models import OutboxEvent

Table = type[models.Model]
LOCK_MS = 500
"""How long others wait behind us for a table that somebody else holds, a backup for example."""
PAUSE_S, PATIENCE_S = 1.0, 60.0
_HELD = {"55P03", "40P01"}  # lock_not_available, deadlock_detected
log = logging.getLogger(__name__)


def erase_for_good(*tables: Table, overwritten: Sequence[Table] = ()) -> None:
    """See that rows deleted from these tables, and from the outbox, are gone once it commits.

    No other table may point at these. `overwritten` are tables whose rows stay, and held something
    before that must not.
    """
    emptied: list[Table] = [*tables, OutboxEvent]
    if connection.vendor == "sqlite":
        transaction.on_commit(lambda: _on_sqlite(emptied))
    else:
        transaction.on_commit(lambda: _on_postgresql(emptied, overwritten))


def _on_sqlite(tables: Sequence[Table]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table in map(_name, tables):
            cursor.execute(f"CREATE TEMP TABLE kept AS SELECT * FROM {table}")  # noqa: S608
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
            cursor.execute(f"INSERT INTO {table} SELECT * FROM kept")  # noqa: S608
            cursor.execute("DROP TABLE kept")
    empty_log()


def _on_postgresql(emptied: Sequence[Table], overwritten: Sequence[Table]) -> None:
    until = time.monotonic() + PATIENCE_S
    for table in emptied:
        _when_free(_write_anew, table, until=until)
    for table in overwritten:
        _when_free(_vacuum, table, until=until)
    end_log()


def _when_free(work: Callable[[Table], None], table: Table, *, until: float) -> None:
    """Try again while somebody holds the table, and let others pass in between."""
    while True:
        try:
            work(table)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in _HELD:
                raise
        else:
            return
        if time.monotonic() >= until:
            log.warning("%s is in use; the next close erases what was deleted.", _name(table))
            return
        time.sleep(PAUSE_S)


def _write_anew(table: Table) -> None:
    """Put what is left of a table into new files; unlike VACUUM, also past an old snapshot."""
    name = _name(table)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {LOCK_MS}")
        for parent in _parents(table):  # locked first, as whoever writes does
            cursor.execute(f"LOCK TABLE {parent} IN EXCLUSIVE MODE")
        cursor.execute(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(f"CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM {name}")  # noqa: S608
        cursor.execute(f"TRUNCATE {name}")
        cursor.execute(f"INSERT INTO {name} SELECT * FROM kept")  # noqa: S608


def _vacuum(table: Table) -> None:
    """For a table that others point at, which may not be truncated."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {LOCK_MS}")
        try:
            cursor.execute(f"VACUUM (FULL) {_name(table)}")
        finally:
            cursor.execute("RESET lock_timeout")


def _parents(table: Table) -> list[str]:
    fields = table._meta.local_concrete_fields  # noqa: SLF001 - Django's documented API
    return sorted({_name(field.related_model) for field in fields if field.related_model})


def _name(table: Table) -> str:
    return connection.ops.quote_name(table._meta.db_table)  # noqa: SLF001 - documented


def empty_log() -> bool:
    """Write SQLite's log into the database and empty it; say whether no reader was in the way."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy: int = cursor.fetchone()[0]
    if busy:
        log.warning("The log of the database is in use, and is emptied when the house stops.")
    return not busy


def end_log() -> bool:
    """Have PostgreSQL begin a new file of its log and let go of those before; say if it may."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_switch_wal()")
            cursor.execute("CHECKPOINT")
    except ProgrammingError:
        log.warning(
            "The log of the PostgreSQL server keeps what was deleted until it is written over; "
            "docs/guides/live-floor.md says how its keeper lets Upturn end it."
        )
        return False
    return True
