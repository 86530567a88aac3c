"""Taking everything out, and putting it back."""

from pathlib import Path

import click
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from upturn.house import ballots
from upturn.house.backup import back_up, put_back
from upturn.house.cli_ready import need_database
from upturn.house.export import write_everything
from upturn.house.sealed import BackupRefused


def _in_data(what: str) -> Path:
    now = timezone.localtime().strftime("%Y-%m-%d-%H%M%S")
    return Path(settings.DATA) / f"{what}-{now}.upturn"


@click.command("backup")
@click.argument("target", required=False, type=click.Path(dir_okay=False, path_type=Path))
def backup_(target: Path | None) -> None:
    """Copy the whole database to TARGET, also while it is in use."""
    need_database()
    try:
        written = back_up(target or _in_data("backup"))
    except BackupRefused as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Backed up to {written} ({written.stat().st_size:,} bytes).")


@click.command("restore")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore_(source: Path) -> None:
    """Put the backup SOURCE in the place of the database; what was there is kept beside it."""
    try:
        kept = put_back(source, kept=_in_data("before-restore"))
    except BackupRefused as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Restored from {source}." + (f" What was there is kept in {kept}." if kept else ""))
    for wave in _lost():
        click.echo(
            f"Wave {wave} runs in this backup, but its answers are not here: no backup holds them. "
            "Cancel it, and open it anew."
        )


def _lost() -> tuple[str, ...]:
    """Waves that cannot be counted; a backup of an older version may know of none."""
    try:
        return ballots.lost()
    except DatabaseError:
        return ()


@click.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export_(folder: Path) -> None:
    """Write everything that is kept as CSV files into FOLDER; formulas are escaped."""
    need_database()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, rows in write_everything(folder):
            click.echo(f"{name}: {rows:,} rows")
    except OSError as error:
        msg = f"{folder} cannot be written: {error.strerror}. Name a folder elsewhere."
        raise click.ClickException(msg) from None
