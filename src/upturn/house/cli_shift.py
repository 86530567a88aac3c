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
from upturn.floor.engine.lab.film import FILM_S
from upturn.floor.engine.live import Spread
from upturn.floor.engine.shapes import Floor, Kind
from upturn.house import demo
from upturn.house.cli_ready import bring_up_to_date
from upturn.house.floor_shell import text_of
from upturn.house.sealed import BackupRefused
from upturn.house.shift_phones import Way
from upturn.people import queries as people
from upturn.stats.figures import Figure, Withheld

if TYPE_CHECKING:
    from upturn.floor.models import Shift
    from upturn.people.models import Person

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
    from upturn.house.shift_replay import Replay, set_up  # noqa: PLC0415

    # The first hour of an evening begins with an empty floor; the second is played.
    with Console().status("Recording an hour of the lab …"):
        hour = record(floor, seed=seed, from_s=FILM_S, seconds=minutes * 60)
        stage = set_up(floor)
    click.echo(
        f"{floor.name}: {minutes:g} minutes, {len(hour.arisings)} needs, {speed:g} times as fast. "
        "Ctrl-C ends it."
    )
    base = f"http://{host}:{port}"
    stays = sys.stdout.isatty()
    playing = Replay(stage, hour, way=Way(way), speed=speed, base=base, stays=stays, say=click.echo)
    playing.start()
    serve(host=host, port=port)
    playing.end()
    if playing.shift is not None:
        _say_totals(stage.lead, playing.shift)
    if playing.error:
        raise click.ClickException(playing.error)


def _floor(file: Path | None) -> Floor:
    try:
        floor = check_floor(floor_from_toml(text_of(file)) if file else queries.example())
    except FloorError as error:
        raise click.ClickException(str(error)) from None
    if not any(node.kind is Kind.TABLE for node in floor.nodes):
        msg = (
            f"{floor.name} is a contact centre, and a replay is of guests at tables. "
            "Name a floor with tables."
        )
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


def _say_totals(lead: "Person", shift: "Shift") -> None:
    """Say what stays of the shift: totals of the floor."""
    found = queries.totals_of(lead, shift)
    if isinstance(found, Withheld):
        click.echo(f"The shift is closed. {found.got} seats were held; totals take {found.needed}.")
        return
    click.echo("The shift is closed. What stays of it, for the floor as a whole:")
    rows = {
        "needs met": f"{found.met} of {found.needs}",
        "met before anybody asked": _share(found.before_asked),
        "met before it was late": _share(found.within_due),
        "time to notice": _spread(found.to_notice),
        "time until it was met": _spread(found.to_meet),
        "walked by": str(found.walk_bys),
    }
    for name, value in rows.items():
        click.echo(f"  {name:<26}{value}")


def _share(found: Figure | Withheld) -> str:
    if isinstance(found, Withheld):
        return f"too few to say ({found.got} of {found.needed})"
    return f"{found.value:.0%} ({found.low:.0%} to {found.high:.0%}, n = {found.n})"


def _spread(found: Spread | Withheld) -> str:
    if isinstance(found, Withheld):
        return f"too few to say ({found.got} of {found.needed})"
    return f"half within {found.median_s:.0f} s, nine of ten within {found.p90_s:.0f} s"
