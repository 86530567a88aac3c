"""Taking everything out, and putting it back."""

from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone
from rich.console import Console

from upturn.house.backup import BackupRefused, back_up, put_back
from upturn.house.export import write_everything

console = Console()


@click.command("backup")
@click.argument("target", required=False, type=click.Path(dir_okay=False, path_type=Path))
def backup_(target: Path | None) -> None:
    """Copy the whole database to TARGET, also while it is in use."""
    now = timezone.localtime().strftime("%Y-%m-%d-%H%M%S")
    try:
        written = back_up(target or settings.DATA / f"backup-{now}.upturn")
    except BackupRefused as error:
        raise click.ClickException(str(error)) from None
    console.print(f"Backed up to {written} ({written.stat().st_size:,} bytes).")


@click.command("restore")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore_(source: Path) -> None:
    """Put the backup SOURCE in the place of the database; what was there is kept beside it."""
    try:
        kept = put_back(source)
    except BackupRefused as error:
        raise click.ClickException(str(error)) from None
    console.print(f"Restored from {source}." + (f" Before: {kept}" if kept else ""))


@click.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export_(folder: Path) -> None:
    """Write everything that is kept as CSV files into FOLDER; formulas are escaped."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in write_everything(folder):
        console.print(f"{name}: {rows:,} rows")
