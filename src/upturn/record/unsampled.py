"""Columns of which PostgreSQL keeps no samples: those would outlive the rows they were taken from.

Its planner's statistics hold values of a column, up to a hundred of each kind, and stay as they are
when the table is emptied, whatever is vacuumed.
"""

from collections.abc import Mapping, Sequence

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def unsampled(room: str, tables: Mapping[str, Sequence[str]]) -> migrations.RunPython:
    """Make the migration that has these columns never sampled; none named: all that are no keys."""

    def run(apps: Apps, editor: BaseDatabaseSchemaEditor, target: int) -> None:
        if editor.connection.vendor == "sqlite":
            return  # it samples nothing unless it is told to
        for name, named in tables.items():
            options = apps.get_model(room, name)._meta  # noqa: SLF001 - Django's documented API
            plain = [field.name for field in options.concrete_fields if _is_plain(field)]
            table = editor.quote_name(options.db_table)
            for column in named or plain:
                editor.execute(
                    f"ALTER TABLE {table} ALTER COLUMN {editor.quote_name(column)}"
                    f" SET STATISTICS {target}"
                )

    return migrations.RunPython(
        lambda apps, editor: run(apps, editor, 0),
        lambda apps, editor: run(apps, editor, -1),
    )


def _is_plain(field: object) -> bool:
    return not (getattr(field, "primary_key", False) or getattr(field, "is_relation", False))
