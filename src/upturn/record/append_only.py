"""Triggers by which the database itself refuses to change what a room only ever adds."""

from collections.abc import Sequence
from typing import NamedTuple

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class Statements(NamedTuple):
    """What sets the triggers up and what lifts them, on SQLite and on PostgreSQL."""

    sqlite: tuple[str, ...]
    sqlite_lift: tuple[str, ...]
    postgresql: tuple[str, ...]
    postgresql_lift: tuple[str, ...]


def append_only(room: str, tables: Sequence[str], *, says: str) -> Statements:
    """Refuse to change, delete or replace a row of these tables of a room, with a sentence."""
    names = [f"{room}_{table}" for table in tables]
    refuses = f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
    changed = (
        f"CREATE TRIGGER {name}_no_{act} BEFORE {act.upper()} ON {name} {refuses}"
        for name in names
        for act in ("update", "delete")
    )
    # INSERT OR REPLACE deletes without asking the triggers above.
    replaced = (
        f"""CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {name}
        WHEN EXISTS (SELECT 1 FROM {name} WHERE id = NEW.id) {refuses}"""  # noqa: S608 - constants
        for name in names
    )
    function = f"""CREATE FUNCTION {room}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'; END $$"""
    kept = (
        f"""CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {name}
        FOR EACH STATEMENT EXECUTE FUNCTION {room}_append_only()"""
        for name in names
    )
    acts = ("update", "delete", "replace")
    return Statements(
        sqlite=(*changed, *replaced),
        sqlite_lift=tuple(f"DROP TRIGGER {name}_no_{act}" for name in names for act in acts),
        postgresql=(function, *kept),
        postgresql_lift=(
            *(f"DROP TRIGGER {name}_append_only ON {name}" for name in names),
            f"DROP FUNCTION {room}_append_only()",
        ),
    )


def guarding(statements: Statements) -> migrations.RunPython:
    """Set the triggers up as a step of a migration, and lift them on the way back.

    A migration that rebuilds one of the tables on SQLite drops its triggers: add this step again.
    """

    def run(editor: BaseDatabaseSchemaEditor, sqlite: Sequence[str], other: Sequence[str]) -> None:
        for statement in sqlite if editor.connection.vendor == "sqlite" else other:
            editor.execute(statement)

    def guard(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        run(editor, statements.sqlite, statements.postgresql)

    def lift(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        run(editor, statements.sqlite_lift, statements.postgresql_lift)

    return migrations.RunPython(guard, lift)
