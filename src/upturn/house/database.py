"""The database the address names, and the SQLite library that may be trusted with it.

The system's SQLite is often one whose WAL can lose commits when two connections are open (all of
3.7.0 to 3.51.2, see https://www.sqlite.org/wal.html), so a bundled one takes its place.
"""

import os
import sys
import tempfile
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pysqlite3  # type: ignore[import-untyped]
from django.core.exceptions import ImproperlyConfigured
from pysqlite3 import dbapi2

SAFE_SQLITE = (3, 51, 3)
_LIMITS = {9: 32_766, 2: 2_000}  # SQLITE_LIMIT_VARIABLE_NUMBER, SQLITE_LIMIT_COLUMN
_BACKEND = "django.db.backends.sqlite3.base"


class Connection(dbapi2.Connection):  # type: ignore[misc]
    """What Django 6 asks of a connection and pysqlite3 lacks."""

    def getlimit(self, category: int) -> int:
        return _LIMITS[category]


def check_version(version: tuple[int, ...]) -> None:
    """Refuse a SQLite whose write-ahead log can lose commits."""
    if version < SAFE_SQLITE:
        found, needed = (".".join(map(str, each)) for each in (version, SAFE_SQLITE))
        msg = (
            f"SQLite {found} can lose commits in WAL mode; {needed} or later is needed. "
            "Run: pip install --upgrade pysqlite3"
        )
        raise ImproperlyConfigured(msg)


def swap_in() -> None:
    """Put the bundled SQLite in the place of ``sqlite3``; to be called before Django's backend."""
    check_version(dbapi2.sqlite_version_info)
    backend = sys.modules.get(_BACKEND)
    if backend is not None and backend.Database is not dbapi2:
        msg = f"{_BACKEND} was imported before the bundled SQLite; import upturn's settings first."
        raise ImproperlyConfigured(msg)
    for module in (pysqlite3, dbapi2):
        module.SQLITE_LIMIT_VARIABLE_NUMBER = 9
        module.SQLITE_LIMIT_COLUMN = 2
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = dbapi2


def database_config(url: str) -> dict[str, Any]:
    """Django's entry for an address such as ``sqlite:////data/upturn.sqlite3``.

    >>> database_config("postgresql://ann:s%40fe@db.example:5433/upturn?sslmode=require")["HOST"]
    'db.example'
    """
    scheme, found, rest = url.partition("://")
    if found and scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return _sqlite(rest[1:])
    if found and scheme in {"postgresql", "postgres"}:
        return _postgresql(url)
    msg = (
        f"A database address beginning {scheme + found!r} is not known. "
        "Write sqlite:///path/to/file or postgresql://user:password@host:port/name."
    )
    raise ImproperlyConfigured(msg)


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "factory": Connection,
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            # What is deleted is overwritten: shifts promise that nothing stays, see record/erasing.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON"
            ),
        },
        "CONN_MAX_AGE": None,
        # A file, because threads that share one database in memory do not lock as files do.
        "TEST": {"NAME": f"{tempfile.gettempdir()}/upturn-test-{os.getpid()}.sqlite3"},
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        msg = "The PostgreSQL address names no database. Write postgresql://user@host/name."
        raise ImproperlyConfigured(msg)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
