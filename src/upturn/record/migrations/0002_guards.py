"""What the database itself promises, whichever program writes to it.

The journal can only grow. On PostgreSQL, events also get their ids in the order of their commits
(a reader that resumes after an id would otherwise miss a slower transaction's smaller one), and
each commit wakes the listeners.

A migration that rebuilds the journal's table on SQLite drops its triggers: call ``guard`` again.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from upturn.record.unsampled import unsampled

SQLITE = (
    """CREATE TRIGGER journal_no_update BEFORE UPDATE ON record_journalentry
       BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TRIGGER journal_no_delete BEFORE DELETE ON record_journalentry
       BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    # INSERT OR REPLACE deletes without asking the trigger above.
    """CREATE TRIGGER journal_no_replace BEFORE INSERT ON record_journalentry
       WHEN EXISTS (SELECT 1 FROM record_journalentry
                    WHERE id = NEW.id OR previous = NEW.previous)
       BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
)
SQLITE_LIFT = (
    "DROP TRIGGER journal_no_update",
    "DROP TRIGGER journal_no_delete",
    "DROP TRIGGER journal_no_replace",
)
POSTGRESQL = (
    """CREATE FUNCTION record_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       RAISE EXCEPTION 'the journal is append-only'
       USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
       ON record_journalentry FOR EACH STATEMENT EXECUTE FUNCTION record_append_only()""",
)
POSTGRESQL_LIFT = (
    "DROP TRIGGER journal_append_only ON record_journalentry",
    "DROP FUNCTION record_append_only()",
)
OUTBOX = (
    """CREATE FUNCTION record_in_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       PERFORM pg_advisory_xact_lock(8463501); RETURN NULL; END $$""",
    """CREATE TRIGGER outbox_in_order BEFORE INSERT
       ON record_outboxevent FOR EACH STATEMENT EXECUTE FUNCTION record_in_order()""",
    """CREATE FUNCTION record_wake() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       PERFORM pg_notify('upturn_outbox', ''); RETURN NULL; END $$""",
    """CREATE TRIGGER outbox_wakes AFTER INSERT
       ON record_outboxevent FOR EACH STATEMENT EXECUTE FUNCTION record_wake()""",
)
OUTBOX_LIFT = (
    "DROP TRIGGER outbox_in_order ON record_outboxevent",
    "DROP TRIGGER outbox_wakes ON record_outboxevent",
    "DROP FUNCTION record_in_order()",
    "DROP FUNCTION record_wake()",
)


def guard(schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, SQLITE, POSTGRESQL)


def lift(schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, SQLITE_LIFT, POSTGRESQL_LIFT)


def _run(
    schema_editor: BaseDatabaseSchemaEditor, sqlite: tuple[str, ...], postgresql: tuple[str, ...]
) -> None:
    for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgresql:
        schema_editor.execute(statement)


def forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    guard(schema_editor)
    _run(schema_editor, (), OUTBOX)


def backwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    lift(schema_editor)
    _run(schema_editor, (), OUTBOX_LIFT)


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]

    operations = [
        migrations.RunPython(forwards, backwards),
        unsampled("record", {"outboxevent": ("topic", "kind", "ref", "data")}),
    ]
