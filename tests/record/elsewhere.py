"""Looking at the database from other connections, and working in several threads."""

import importlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connection, transaction

from upturn.record.models import OutboxEvent

T = TypeVar("T")
guards = importlib.import_module("upturn.record.migrations.0002_guards")


def in_threads(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Run the calls at the same time, each with a connection of its own."""

    def run(call: Callable[[], T]) -> T:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def seen_elsewhere() -> list[str]:
    """The refs of the events that another connection sees, in order."""
    return in_threads(
        [lambda: list(OutboxEvent.objects.order_by("id").values_list("ref", flat=True))]
    )[0]


def unguarded(statement: str, values: Sequence[Any]) -> None:
    """What somebody with the database in hand could do: lift the guards, change, put them back."""
    sqlite = connection.vendor == "sqlite"
    with transaction.atomic(), connection.cursor() as cursor:
        for each in guards.SQLITE_LIFT if sqlite else guards.POSTGRESQL_LIFT:
            cursor.execute(each)
        cursor.execute(statement, values)
        for each in guards.SQLITE if sqlite else guards.POSTGRESQL:
            cursor.execute(each)
