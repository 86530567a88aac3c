"""Starting: the demo, an own organisation, the server."""

import click
from django.conf import settings
from django.db import connection

from upturn.house.cli_ready import bring_up_to_date, need_fences
from upturn.house.local_network import EVERYWHERE, code_in_the_terminal, open_to_the_room
from upturn.house.sealed import BackupRefused
from upturn.house.server import serve
from upturn.people.commands import Refused, create_organisation_owner
from upturn.people.queries import owner_exists


def _keep_out_of_the_demo() -> None:
    if not settings.DEMO:
        return
    from upturn.house import demo  # noqa: PLC0415 - a second, which a house of its own need not take

    if demo.is_foreign():
        msg = (
            "Another organisation lives in this database, and the demo would let anybody in. "
            "Unset UPTURN_DEMO, UPTURN_DATA and UPTURN_DATABASE_URL, or run: upturn serve"
        )
        raise click.ClickException(msg)


def _throw_the_demo_away() -> None:
    if connection.vendor != "sqlite":
        msg = (
            "--fresh throws away a file, and this demo lives in PostgreSQL. Give it a new database."
        )
        raise click.ClickException(msg)
    from upturn.house import demo  # noqa: PLC0415 - see above

    try:
        demo.throw_away()
    except BackupRefused as error:
        raise click.ClickException(str(error)) from None


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--fresh", is_flag=True, help="Throw the demo away and draw it new.")
def demo_(host: str, port: int, *, fresh: bool) -> None:
    """Open the example organisation Four Hearths. All of it is synthetic."""
    from rich.console import Console  # noqa: PLC0415 - see above

    from upturn.house import demo  # noqa: PLC0415 - see above

    bring_up_to_date()
    _keep_out_of_the_demo()
    if fresh:
        _throw_the_demo_away()
        bring_up_to_date()
    if not demo.is_there():
        what = "Drawing Four Hearths: 200 people, 26 weeks, 12,000 comments …"
        with Console().status(what):
            demo.load()
    click.echo(f"Upturn shows Four Hearths at http://{host}:{port}/demo/ (all of it synthetic).")
    click.echo("Choose a role there. Ctrl-C ends it; --fresh begins anew.")
    serve(host=host, port=port)


def _password() -> str:
    """Take it from the environment, or ask; never from the command line, which others can see."""
    return settings.OWNER_PASSWORD or click.prompt(
        "Password of the owner", hide_input=True, confirmation_prompt=True
    )


def set_up(organisation: str, owner: str) -> None:
    """Name the organisation and make its owner, with a password that is asked for."""
    try:
        create_organisation_owner(organisation=organisation, username=owner, password=_password())
    except Refused as error:
        raise click.ClickException(str(error)) from None


@click.command("init")
@click.option("--organisation", envvar="UPTURN_ORGANISATION", prompt="Name of the organisation")
@click.option("--owner", envvar="UPTURN_OWNER", prompt="User name of its owner")
def init_(organisation: str, owner: str) -> None:
    """Set up the database, the organisation and its owner, who administers it."""
    bring_up_to_date()
    if owner_exists():
        msg = f"{settings.DATA} already has an owner. Run: upturn serve"
        raise click.ClickException(msg)
    set_up(organisation, owner)
    click.echo(f"{organisation} is set up in {settings.DATA}. Next: upturn serve")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--lan", is_flag=True, help="Serve the phones of this local network too.")
def serve_(host: str, port: int, *, lan: bool) -> None:
    """Serve the pages until Ctrl-C."""
    bring_up_to_date()
    need_fences()
    _keep_out_of_the_demo()
    if lan:
        address = open_to_the_room(port)
        click.echo(code_in_the_terminal(f"{address}w/"))
        click.echo(f"Phones in this network join a workshop at {address}w/")
        click.echo(f"Facilitators sign in at {address}")
        serve(host=EVERYWHERE, port=port)
        return
    click.echo(f"Upturn answers at http://{host}:{port}/")
    serve(host=host, port=port)
