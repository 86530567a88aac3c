"""Live shifts from the shell: a recorded hour played into one."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from django.conf import settings
from django.db import connection
from rich.console import Console

from upturn.floor import queries
from upturn.floor.engine.described.checked import check_floor
from upturn.floor.engine.described.toml_floor import floor_from_toml
from upturn.floor.engine.errors import FloorError
from upturn.floor.engine.lab.film import hour_of
from upturn.floor.engine.shapes import Floor, Kind
from upturn.house import demo
from upturn.house.cli_ready import bring_up_to_date
from upturn.house.floor_shell import text_of
from upturn.house.sealed import BackupRefused
from upturn.house.shift_phones import Way
from upturn.people import queries as people

if TYPE_CHECKING:
    from upturn.house.shift_replay import Opened

file_argument = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("shift", context_settings={"help_option_names": ["-h", "--help"]})
def shift_() -> None:
    """Live shifts on the servers' own phones."""


@shift_.command("replay")
@click.argument("file", type=file_argument, required=False)
@click.option("--minutes", type=click.FloatRange(1, 240), default=60.0, show_default=True)
@click.option("--speed", type=click.FloatRange(1, 60), default=6.0, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option("--way", type=click.Choice([way.value for way in Way]), default="own-the-whole")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def replay(  # noqa: PLR0913, PLR0917 - an option each
    file: Path | None, minutes: float, speed: float, seed: int, way: str, host: str, port: int
) -> None:
    """Play an hour of the lab into a live shift, on the floor of FILE (TOML) or the example's.

    Guests ask, synthetic phones take the rounds their board proposes, and one seat is free for
    your own phone. The shift lives in a folder of its own, which is emptied first.
    """
    floor = _floor(file)
    _empty_the_folder()
    from upturn.floor.engine.lab.recorded import record  # noqa: PLC0415 - after the refusals
    from upturn.house.server import serve  # noqa: PLC0415
    from upturn.house.shift_replay import Replay, close, open_replay  # noqa: PLC0415

    with Console().status("Recording an hour of the lab …"):
        from_s, _ = hour_of(minutes / 60 + 1)
        hour = record(floor, seed=seed, from_s=from_s, seconds=minutes * 60)
        opened = open_replay(floor, speed=speed)
    click.echo(
        f"{floor.name}: {minutes:g} minutes, {len(hour.arisings)} needs, {speed:g} times as fast. "
        "Ctrl-C ends it."
    )
    base = f"http://{host}:{port}"
    stays = sys.stdout.isatty()
    playing = Replay(opened, hour, Way(way), base=base, stays=stays, say=click.echo)
    playing.start()
    serve(host=host, port=port)
    playing.end()
    close(opened)
    _say_totals(opened)
    if playing.error:
        raise click.ClickException(playing.error)


def _floor(file: Path | None) -> Floor:
    try:
        floor = check_floor(floor_from_toml(text_of(file)) if file else queries.example())
    except FloorError as error:
        raise click.ClickException(str(error)) from None
    if not any(node.kind is Kind.TABLE for node in floor.nodes):
        msg = "Guests ask at tables, and this floor has none. Name a floor with tables."
        raise click.ClickException(msg)
    return floor


def _empty_the_folder() -> None:
    """Begin anew; nothing but what an earlier replay left is thrown away."""
    from upturn.house.shift_replay import NAME  # noqa: PLC0415

    bring_up_to_date()
    if not people.anybody():
        return
    if connection.vendor != "sqlite" or people.organisation_name() != NAME:
        msg = (
            f"Another organisation lives in {settings.DATA}, and a replay begins with an empty "
            "folder. Unset UPTURN_DATA and UPTURN_DATABASE_URL."
        )
        raise click.ClickException(msg)
    try:
        demo.throw_away()
    except BackupRefused as error:
        raise click.ClickException(str(error)) from None
    bring_up_to_date()


def _say_totals(opened: "Opened") -> None:
    """Say what stays of the shift: totals of the floor."""
    click.echo(opened.shift.summary)
