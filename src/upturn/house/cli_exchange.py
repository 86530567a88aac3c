"""Hosting an exchange: the same program, for companies that compete and serve one client."""

from pathlib import Path

import click
from django.conf import settings
from django.db import connection

from upturn.exchange.engine.errors import BadKit
from upturn.exchange.engine.kit import BYTES_MOST, kit_from
from upturn.exchange.queries.fences import fences_fall, is_host
from upturn.exchange.queries.kits import laid_at
from upturn.house.cli_ready import STRONG_ROLE, bring_up_to_date
from upturn.house.cli_start import set_up
from upturn.people.commands import invite_facilitator
from upturn.people.queries import by_username, is_administrator, owner_exists

LINK_DAYS = 14
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("init")
@click.option("--organisation", envvar="UPTURN_ORGANISATION", help="Who hosts; asked for if new.")
@click.option("--owner", envvar="UPTURN_OWNER", help="User name of who administers it.")
@click.option("--kit", type=FILE, help="What another exchange gave to begin with.")
def init_(organisation: str | None, owner: str | None, kit: Path | None) -> None:
    """Set up a host: its database, its owner, and the link for who keeps the exchange."""
    content = _checked(kit) if kit else b""
    bring_up_to_date()
    if fences_fall():
        raise click.ClickException(STRONG_ROLE)
    _one_a_file()
    if not owner_exists():
        set_up(
            organisation or click.prompt("Name of the body that hosts"),
            owner or click.prompt("User name of its owner"),
        )
    first = min(filter(is_administrator, by_username().values()), key=lambda each: each.pk)
    if content:
        laid_at().write_bytes(content)
        click.echo("The kit lies ready: Prepare an exchange, Begin from a kit.")
    click.echo(_next_steps(invite_facilitator(first, days=LINK_DAYS)))


def _checked(kit: Path) -> bytes:
    """Read a kit before anything is set up, so that nothing stays of one that does not hold."""
    with kit.open("rb") as file:
        content = file.read(BYTES_MOST + 1)
    try:
        kit_from(content)
    except BadKit as error:
        raise click.ClickException(f"{kit}:\n{error}") from None
    return content


def _one_a_file() -> None:
    if connection.vendor == "sqlite" and is_host():
        msg = (
            f"{settings.DATA} keeps an exchange already, and in SQLite each has a file of its own. "
            "Set UPTURN_DATA to another folder and run it again, or use PostgreSQL, which holds "
            "several apart."
        )
        raise click.ClickException(msg)


def _next_steps(token: str) -> str:
    return f"""The host is set up in {settings.DATA}.
1. Start it:                upturn serve
2. Who keeps the exchange opens this link within {LINK_DAYS} days, once:
                            /join/{token}/
3. There: More, Exchanges, Prepare an exchange. The page says what is still open.
4. Give each leader a code on the phone; nobody needs an account.
A neutral host is best. If the client hosts, tell suppliers to seal with: upturn seal
The guide: docs/guides/exchange.md"""
