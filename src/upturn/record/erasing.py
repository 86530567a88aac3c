"""Deleting for good: what was deleted is to be found neither in the database nor in its log.

SQLite overwrites rows as it deletes them (`secure_delete`, see house/database.py). What it moved
from page to page before leaves copies in the gaps, so the tables are written anew here; then its
write-ahead log is emptied. PostgreSQL keeps deleted rows until a table is written anew; its own
log ends with the archives of whoever keeps it.
"""

import logging

from django.db import connection, models, transaction

from upturn.record.models import OutboxEvent

log = logging.getLogger(__name__)


def erase_for_good(*tables: type[models.Model]) -> None:
    """See that rows deleted from these tables, and from the outbox, are gone once it commits.

    No other table may point at these.
    """
    emptied: list[type[models.Model]] = [*tables, OutboxEvent]
    names = [table._meta.db_table for table in emptied]  # noqa: SLF001 - Django's documented API
    write_anew = _on_sqlite if connection.vendor == "sqlite" else _on_postgresql
    transaction.on_commit(lambda: write_anew(names))


def _on_sqlite(tables: list[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'CREATE TEMP TABLE kept AS SELECT * FROM "{table}"')  # noqa: S608
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608
            cursor.execute(f'INSERT INTO "{table}" SELECT * FROM kept')  # noqa: S608
            cursor.execute("DROP TABLE kept")
    empty_log()


def _on_postgresql(tables: list[str]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'VACUUM (FULL) "{table}"')


def empty_log() -> bool:
    """Write SQLite's log into the database and empty it; say whether no reader was in the way."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy: int = cursor.fetchone()[0]
    if busy:
        log.warning("The log of the database is in use, and is emptied when the house stops.")
    return not busy
