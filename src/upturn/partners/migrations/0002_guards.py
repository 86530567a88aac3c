"""What the database itself promises: what a closed wave published is never changed.

A migration that rebuilds one of these tables on SQLite drops its triggers: call ``guard`` again.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = (
    "publishedwave",
    "publishedrelation",
    "publishedgroup",
    "publishedcount",
    "publishedwide",
    "publishedwords",
)
SQLITE = tuple(
    f"""CREATE TRIGGER partners_{table}_no_{act} BEFORE {act.upper()} ON partners_{table}
       BEGIN SELECT RAISE(ABORT, 'a wave stays as it was counted'); END"""
    for table in TABLES
    for act in ("update", "delete")
) + tuple(
    # INSERT OR REPLACE deletes without asking the trigger above.
    f"""CREATE TRIGGER partners_{table}_no_replace BEFORE INSERT ON partners_{table}
       WHEN EXISTS (SELECT 1 FROM partners_{table} WHERE id = NEW.id)
       BEGIN SELECT RAISE(ABORT, 'a wave stays as it was counted'); END"""
    for table in TABLES
)
SQLITE_LIFT = tuple(
    f"DROP TRIGGER partners_{table}_no_{act}"
    for table in TABLES
    for act in ("update", "delete", "replace")
)
POSTGRESQL = (
    """CREATE FUNCTION partners_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       RAISE EXCEPTION 'a wave stays as it was counted'
       USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    *(
        f"""CREATE TRIGGER partners_{table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
       ON partners_{table} FOR EACH STATEMENT EXECUTE FUNCTION partners_append_only()"""
        for table in TABLES
    ),
)
POSTGRESQL_LIFT = (
    *(f"DROP TRIGGER partners_{table}_append_only ON partners_{table}" for table in TABLES),
    "DROP FUNCTION partners_append_only()",
)


def _run(
    schema_editor: BaseDatabaseSchemaEditor, sqlite: tuple[str, ...], postgresql: tuple[str, ...]
) -> None:
    for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgresql:
        schema_editor.execute(statement)


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, SQLITE, POSTGRESQL)


def lift(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, SQLITE_LIFT, POSTGRESQL_LIFT)


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]

    operations = [migrations.RunPython(guard, lift)]
