"""Starting: the demo, an own organisation, the server."""

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rich.console import Console

from upturn.house import demo
from upturn.house.backup import back_up
from upturn.house.server import serve
from upturn.people.commands import Refused, create_organisation_owner
from upturn.people.queries import owner_exists

console = Console()


def bring_up_to_date() -> None:
    """Run the migrations that are missing, after a copy of what is there."""
    settings.DATA.mkdir(parents=True, exist_ok=True)
    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes()
    if not executor.migration_plan(targets):
        return
    if executor.loader.applied_migrations:
        copy = back_up(settings.DATA / "before-migration.upturn")
        console.print(f"The database is copied to {copy} and brought up to date.")
    call_command("migrate", verbosity=0)


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--fresh", is_flag=True, help="Throw the demo away and draw it new.")
def demo_(host: str, port: int, *, fresh: bool) -> None:
    """Open the example organisation Four Hearths. All of it is synthetic."""
    if fresh:
        demo.throw_away()
    bring_up_to_date()
    if not demo.is_there():
        with console.status("Drawing Four Hearths: 140 people, 26 weeks, 12,000 comments …"):
            demo.load()
    console.print(f"Upturn shows Four Hearths at http://{host}:{port}/demo/ (all of it synthetic).")
    console.print("Choose a role there. Ctrl-C ends it; --fresh begins anew.")
    serve(host=host, port=port)


@click.command("init")
@click.option("--organisation", envvar="UPTURN_ORGANISATION", prompt="Name of the organisation")
@click.option("--owner", envvar="UPTURN_OWNER", prompt="User name of its owner")
@click.option(
    "--password",
    envvar="UPTURN_OWNER_PASSWORD",
    prompt="Password of the owner",
    hide_input=True,
    confirmation_prompt=True,
)
def init_(organisation: str, owner: str, password: str) -> None:
    """Set up the database, the organisation and its owner, who administers it."""
    bring_up_to_date()
    if owner_exists():
        msg = f"{settings.DATA} already has an owner. Run: upturn serve"
        raise click.ClickException(msg)
    try:
        create_organisation_owner(organisation=organisation, username=owner, password=password)
    except Refused as error:
        raise click.ClickException(str(error)) from None
    console.print(f"{organisation} is set up in {settings.DATA}. Next: upturn serve")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve_(host: str, port: int) -> None:
    """Serve the pages until Ctrl-C."""
    bring_up_to_date()
    console.print(f"Upturn answers at http://{host}:{port}/")
    serve(host=host, port=port)
