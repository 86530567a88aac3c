"""What lasts as long as a shift has no place in a copy that lasts longer.

Left out are the rows of shifts that are open; of a backup also what pages were told in the last
days. Whoever restores it finds no shift open, and pages that come back load anew.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model, QuerySet


def passing_tables() -> tuple[str, ...]:
    """Tables of which no copy holds a row: each that hangs on a shift, and the outbox."""
    shift = apps.get_model("floor", "Shift")
    hanging = sorted(each.related_model._meta.db_table for each in shift._meta.related_objects)  # noqa: SLF001 - Django's documented API
    return (*hanging, "record_outboxevent")


def lasting(model: type[Model]) -> QuerySet[Any]:
    """Give the rows of a table that do not end with a shift."""
    rows: QuerySet[Any] = model._default_manager.all()  # noqa: SLF001 - its documented name
    if model._meta.db_table == "floor_shift":  # noqa: SLF001
        return rows.exclude(state="open")
    if model._meta.db_table == "record_outboxevent":  # noqa: SLF001
        return rows.exclude(topic__startswith="shift:")
    return rows.none() if model._meta.db_table in passing_tables() else rows  # noqa: SLF001


def clear(execute: Callable[[str], object], *, there: Collection[str]) -> None:
    """Delete what passes, so far as the database knows of it; it may be of an older version."""
    for table in passing_tables():
        if table in there:
            execute(f"DELETE FROM {table}")  # noqa: S608 - a table of our own
    if "floor_shift" in there:
        execute("DELETE FROM floor_shift WHERE state = 'open'")


def clear_restored() -> None:
    """Let a restored database have no open shift, also where the copy was made in another way."""
    with connection.cursor() as cursor:
        clear(cursor.execute, there=connection.introspection.table_names(cursor))
