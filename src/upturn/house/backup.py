"""A copy of everything in one file, made while the house is in use, and the way back."""

from pathlib import Path

from django.db import connection

from upturn.house import backup_postgresql, backup_sqlite
from upturn.house.laid_out import lay_out
from upturn.house.passing import clear_restored
from upturn.house.sealed import BackupRefused, check_seal


def back_up(target: Path) -> Path:
    """Write a whole copy to ``target``; a file of that name is replaced once the copy is whole."""
    if not target.parent.is_dir():
        msg = f"The folder {target.parent} does not exist. Make it, or name another file."
        raise BackupRefused(msg)
    if connection.vendor == "sqlite":
        backup_sqlite.copy_to(target)
    else:
        lay_out()
        backup_postgresql.copy_to(target)
    return target


def put_back(source: Path, *, kept: Path) -> Path | None:
    """Restore ``source``; what was there is written to ``kept`` first, which is returned then."""
    if not source.is_file():
        msg = f"There is no file {source}."
        raise BackupRefused(msg)
    try:
        check_seal(source)
    except OSError as error:
        msg = f"{source} cannot be read: {error.strerror}."
        raise BackupRefused(msg) from error
    if connection.vendor == "sqlite":
        before = backup_sqlite.put_in_place(source, kept=kept)
    else:
        before = backup_postgresql.put_in_place(source, kept=kept)
    clear_restored()
    return before
