"""Copying a PostgreSQL database with its own tools, and putting a copy in its place."""

import shutil
import subprocess
from pathlib import Path

from django.db import DatabaseError, connection, connections

from upturn.exchange.queries.fences import ALL, SETTING
from upturn.house.environment import joined_with
from upturn.house.passing import passing_tables
from upturn.house.sealed import BackupRefused, appearing, begins_with

_MAGIC = b"PGDMP"


def copy_to(target: Path) -> None:
    """Write one moment of the database to ``target``."""
    with appearing(target) as partial:
        left_out = (f"--exclude-table-data={table}" for table in passing_tables())
        whole = ("--format=custom", "--enable-row-security", f"--file={partial}")
        _run("pg_dump", *whole, *left_out, _where())


def put_in_place(source: Path, *, kept: Path) -> Path | None:
    """Make the database what ``source`` is, when nobody else is connected to it."""
    if not begins_with(source, _MAGIC):
        msg = f"{source} is not a backup of Upturn on PostgreSQL."
        raise BackupRefused(msg)
    if " people_person " not in _run("pg_restore", "--list", str(source)):
        msg = f"{source} is a PostgreSQL backup, but not one of Upturn."
        raise BackupRefused(msg)
    before = kept if _look_and_refuse_if_in_use() else None
    if before:
        copy_to(before)
    whole = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
    _run("pg_restore", *whole, _where(), str(source))
    return before


def _look_and_refuse_if_in_use() -> bool:
    """Whether there is anything to keep; refuse while somebody else is connected."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            (others,) = cursor.fetchone()
        tables = connection.introspection.table_names()
    except DatabaseError as error:
        msg = f"The database does not answer: {str(error).strip()}"
        raise BackupRefused(msg) from error
    connections.close_all()
    if others:
        msg = "Nothing was changed. The database is in use. Stop upturn serve first."
        raise BackupRefused(msg)
    return bool(tables)


def _where() -> str:
    """Say which database, in the words of its tools; the password never is an argument."""
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - SQLite does without it

    given = connection.settings_dict
    address = {
        "dbname": given["NAME"],
        "host": given["HOST"],
        "port": given["PORT"],
        "user": given["USER"],
    }
    options = {name: str(value) for name, value in given["OPTIONS"].items()}
    return "--dbname=" + make_conninfo(**{n: v for n, v in (address | options).items() if v})


def _run(program: str, *arguments: str) -> str:
    if shutil.which(program) is None:
        msg = f"{program} is not installed. Install the PostgreSQL client tools of your server."
        raise BackupRefused(msg)
    password = connection.settings_dict["PASSWORD"]
    # Behind its fences a connection that names no exchange copies nothing of any.
    environment = {"PGOPTIONS": f"-c {SETTING}={ALL}"}
    done = subprocess.run(  # noqa: S603 - fixed program, arguments of our own
        [program, *arguments],
        env=joined_with(environment | ({"PGPASSWORD": password} if password else {})),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupRefused(_why(program, done.stderr))
    return done.stdout


def _why(program: str, printed: str) -> str:
    lines = [line.removeprefix(f"{program}: ") for line in printed.strip().splitlines()]
    told = " ".join(lines[-2:]) or "it gave no reason"
    if "version" in told:
        told += ". Install the client tools of your server's version"
    return f"{program} could not do it: {told}."
