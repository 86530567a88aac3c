"""A copy of everything in one file, made while the house is in use, and the way back."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections


class BackupRefused(Exception):
    """A backup cannot be made or put back; the message says what helps."""


def _database() -> dict[str, Any]:
    return dict(settings.DATABASES["default"])


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def back_up(target: Path) -> Path:
    """Write a whole copy to ``target``; it appears only once it is complete."""
    if not target.parent.is_dir():
        msg = f"The folder {target.parent} does not exist. Make it, or name another file."
        raise BackupRefused(msg)
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    if _is_sqlite():
        _copy_sqlite(partial)
    else:
        _run_postgresql("pg_dump", "--format=custom", f"--file={partial}")
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    partial.replace(target)
    return target


def _copy_sqlite(target: Path) -> None:
    connection.ensure_connection()
    database: Any = connection.Database  # type: ignore[attr-defined]
    copy = database.connect(str(target))
    try:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()


def _run_postgresql(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own tools; the password never is an argument."""
    database = _database()
    if shutil.which(program) is None:
        msg = f"{program} is not installed. Install the PostgreSQL client tools of your server."
        raise BackupRefused(msg)
    where = {
        "PGHOST": database["HOST"],
        "PGPORT": database["PORT"],
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
    }
    command = [program, *arguments, f"--dbname={database['NAME']}"]
    given = {name: value for name, value in where.items() if value}
    done = subprocess.run(  # noqa: S603 - fixed program, arguments of our own
        command, env=os.environ | given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupRefused(f"{program} failed: {done.stderr.strip().splitlines()[-1]}")


def put_back(source: Path) -> Path | None:
    """Restore ``source``; what was there before is kept beside it, and its path returned."""
    if not source.is_file():
        msg = f"There is no file {source}."
        raise BackupRefused(msg)
    if not _is_sqlite():
        _run_postgresql("pg_restore", "--clean", "--if-exists", "--single-transaction", str(source))
        return None
    _check_sqlite(source)
    return _swap_sqlite(source)


def _check_sqlite(source: Path) -> None:
    database: Any = connection.Database  # type: ignore[attr-defined]
    try:
        copy = database.connect(f"file:{source}?mode=ro", uri=True)
        (answer,) = copy.execute("PRAGMA integrity_check").fetchone()
        copy.execute("SELECT count(*) FROM people_person").fetchone()
        copy.close()
    except database.Error as error:
        msg = f"{source} is not a backup of Upturn: {error}."
        raise BackupRefused(msg) from error
    if answer != "ok":
        msg = f"{source} is damaged: {answer}. Take an older backup."
        raise BackupRefused(msg)


def _swap_sqlite(source: Path) -> Path | None:
    live = Path(_database()["NAME"])
    if live.exists():
        _refuse_if_in_use(live)
    connections.close_all()
    kept = live.with_name(f"{live.name}.before-restore") if live.exists() else None
    if kept:
        live.replace(kept)
    for tail in ("-wal", "-shm"):
        live.with_name(live.name + tail).unlink(missing_ok=True)
    live.parent.mkdir(parents=True, exist_ok=True)
    partial = live.with_name(f"{live.name}.partial")
    shutil.copyfile(source, partial)
    partial.replace(live)
    return kept


def _refuse_if_in_use(live: Path) -> None:
    """Checkpoint everything into the file, which works only when nobody else has it open."""
    database: Any = connection.Database  # type: ignore[attr-defined]
    connections.close_all()
    alone = database.connect(str(live), timeout=1)
    try:
        alone.execute("PRAGMA locking_mode=EXCLUSIVE")
        alone.execute("BEGIN EXCLUSIVE")
        alone.execute("COMMIT")
        alone.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except database.OperationalError as error:
        msg = "The database is in use. Stop upturn serve, then restore."
        raise BackupRefused(msg) from error
    finally:
        alone.close()
