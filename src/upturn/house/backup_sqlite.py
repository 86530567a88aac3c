"""Copying a SQLite database that is in use, and putting a copy in its place.

SQLite's own online copy does both: a copy is one moment of the database, and putting back is one
transaction in the same file, so a process killed half-way leaves what was there.
"""

from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection, connections
from pysqlite3 import dbapi2  # type: ignore[import-untyped]

from upturn.house.passing import clear
from upturn.house.sealed import BackupRefused, appearing, begins_with

_MAGIC = b"SQLite format 3\0"


def copy_to(target: Path) -> None:
    """Write one moment of the database to ``target``."""
    if target.exists() and _live().exists() and target.samefile(_live()):
        msg = f"{target} is the database itself. Name another file."
        raise BackupRefused(msg)
    connection.ensure_connection()
    _copy(connection.connection, target)


def put_in_place(source: Path, *, kept: Path) -> Path | None:
    """Make the database what ``source`` is, when nobody else has it open."""
    live = _live()
    if live.exists() and live.samefile(source):
        msg = f"{source} is the database itself. Name a backup."
        raise BackupRefused(msg)
    with closing(_opened(source)) as backup:
        connections.close_all()
        live.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        before = _move_if_unreadable(live, kept)
        with closing(_alone_with(live)) as alone:
            if not before and live.stat().st_size:
                before = kept
                _copy(alone, kept)
            _attempt(live, lambda: backup.backup(alone))
    return before


def refuse_if_in_use() -> None:
    """Refuse while another process has the database open."""
    connections.close_all()
    if _live().exists():
        _alone_with(_live()).close()


def _live() -> Path:
    return Path(connection.settings_dict["NAME"])


def _copy(source: Any, target: Path) -> None:
    with appearing(target) as partial:
        _attempt(target, lambda: _write_copy(source, partial))


def _write_copy(source: Any, target: Path) -> None:
    with closing(dbapi2.connect(str(target), isolation_level=None)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=OFF")  # a journal would hold what is left out
        copy.execute("PRAGMA secure_delete=ON")
        there = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
        clear(copy.execute, there=there)
        copy.execute("VACUUM")  # pages keep the order in which rows came, see laid_out.py


def _attempt(target: Path, work: Any) -> None:
    try:
        work()
    except dbapi2.Error as error:
        msg = f"{target} cannot be written: {error}."
        raise BackupRefused(msg) from error


def _opened(source: Path) -> Any:
    """Open a backup that has our tables and no damage."""
    if not begins_with(source, _MAGIC):
        msg = f"{source} is not a backup of Upturn on SQLite."
        raise BackupRefused(msg)
    backup = dbapi2.connect(f"file:{quote(str(source.absolute()))}?mode=ro", uri=True)
    try:
        _check(backup, source)
    except BaseException:
        backup.close()
        raise
    return backup


def _check(backup: Any, source: Path) -> None:
    try:
        ours = backup.execute("SELECT 1 FROM sqlite_master WHERE name='people_person'").fetchone()
        (answer,) = backup.execute("PRAGMA integrity_check").fetchone()
    except dbapi2.Error as error:
        ours, answer = True, error
    if not ours:
        msg = f"{source} is a SQLite file, but not a backup of Upturn."
        raise BackupRefused(msg)
    if answer != "ok":
        msg = f"{source} is damaged: {answer}. Take an older backup."
        raise BackupRefused(msg)


def _move_if_unreadable(live: Path, kept: Path) -> Path | None:
    """Move away what is no database any more; nobody can be using it."""
    if not live.exists() or not live.stat().st_size or begins_with(live, _MAGIC):
        return None
    for tail in ("", "-wal", "-shm"):
        part = live.with_name(live.name + tail)
        if part.exists():
            part.replace(kept.with_name(kept.name + tail))
    return kept


def _alone_with(live: Path) -> Any:
    """Open the database so that nobody else can, from now until it is closed."""
    alone = dbapi2.connect(str(live), timeout=1, isolation_level=None)
    try:
        alone.execute("PRAGMA locking_mode=EXCLUSIVE")
        alone.execute("BEGIN EXCLUSIVE")
        alone.execute("COMMIT")
    except dbapi2.Error as error:
        alone.close()
        busy = "locked" in str(error)
        helps = "It is in use. Stop upturn serve first" if busy else f"It cannot be opened: {error}"
        msg = f"Nothing was changed in {live}. {helps}."
        raise BackupRefused(msg) from error
    return alone
