"""What a command needs before it works: a database that answers and fits this version."""

import click
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from upturn.exchange.queries.fences import everywhere, fences_fall, is_host
from upturn.house.sealed import BackupRefused

STRONG_ROLE = (
    "The database's role is a superuser or has BYPASSRLS, so PostgreSQL could not hold the rows of "
    "one exchange back from another. Give the host a role and a database of its own: CREATE ROLE "
    "upturn_host LOGIN PASSWORD '…'; CREATE DATABASE upturn_host OWNER upturn_host; and name them "
    "in UPTURN_DATABASE_URL. To take along what is here, run upturn backup before and upturn "
    "restore after."
)


def need_database() -> None:
    """End with what to do next unless the database is set up and up to date."""
    executor = _executor()
    if not executor.loader.applied_migrations:
        msg = f"Nothing is set up in {settings.DATA} yet. Run: upturn init"
        raise click.ClickException(msg)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        msg = "The database is older than this Upturn. Run: upturn serve (it makes a copy first)"
        raise click.ClickException(msg)


def bring_up_to_date() -> None:
    """Run the migrations that are missing, after a copy of what is there."""
    settings.DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    executor = _executor()
    targets = executor.loader.graph.leaf_nodes()
    if not executor.migration_plan(targets):
        return
    if executor.loader.applied_migrations:
        copy = _copy_first()
        click.echo(f"The database is copied to {copy} and brought up to date.")
    with everywhere():
        executor.migrate(targets)


def need_fences() -> None:
    """End where the database's role would pass the fences between the exchanges kept here."""
    if is_host() and fences_fall():
        raise click.ClickException(STRONG_ROLE)


def _executor() -> MigrationExecutor:
    try:
        return MigrationExecutor(connection)
    except DatabaseError as error:
        msg = f"The database does not answer: {str(error).strip()} Run: upturn doctor"
        raise click.ClickException(msg) from None


def _copy_first() -> str:
    from upturn.house.backup import back_up  # noqa: PLC0415 - at an update alone

    try:
        return str(back_up(settings.DATA / "before-migration.upturn"))
    except BackupRefused as error:
        msg = f"The database has to be brought up to date, after a copy. {error}"
        raise click.ClickException(msg) from None
