"""The address of the database decides, and only a SQLite that keeps its word is let in."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from upturn.house.database import check_version, database_config


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 51, 1), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_a_sqlite_that_can_lose_commits_stops_the_start(
    version: tuple[int, ...], safe: bool
) -> None:
    if safe:
        check_version(version)
        return
    with pytest.raises(ImproperlyConfigured, match=r"SQLite 3\.\d+\.\d can lose .* 3\.51\.3"):
        check_version(version)


def test_the_sqlite_in_use_is_the_bundled_one() -> None:
    import sqlite3  # noqa: PLC0415 - after the settings have put another in its place

    assert sqlite3.sqlite_version_info >= (3, 51, 3)


def test_it_cannot_be_put_in_place_too_late() -> None:
    code = (
        "import django.db.backends.sqlite3.base\n"
        "from upturn.house.database import swap_in\n"
        "swap_in()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "import upturn's settings first" in done.stderr


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:////data/upturn.sqlite3", "/data/upturn.sqlite3"),
        ("sqlite:///beside.sqlite3", "beside.sqlite3"),
        ("sqlite:////a b/100%/c#d?.sqlite3", "/a b/100%/c#d?.sqlite3"),
    ],
)
def test_a_sqlite_address_is_a_path(url: str, name: str) -> None:
    config = database_config(url)
    assert (config["ENGINE"], config["NAME"]) == ("django.db.backends.sqlite3", name)


def test_a_postgresql_address_is_taken_apart() -> None:
    config = database_config("postgresql://ann:s%40f%2Fe@[::1]:5433/up%20turn?sslmode=require")
    wanted = {
        "NAME": "up turn",
        "USER": "ann",
        "PASSWORD": "s@f/e",
        "HOST": "::1",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }
    assert {key: config[key] for key in wanted} == wanted


@pytest.mark.parametrize(
    "url", ["", "mysql://root@localhost/upturn", "sqlite://upturn.sqlite3", "sqlite:///", "/a.db"]
)
def test_another_address_is_refused_with_what_to_write(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"Write sqlite:///path.* or postgresql://"):
        database_config(url)


def test_a_postgresql_address_without_a_name_is_refused_without_its_password() -> None:
    with pytest.raises(ImproperlyConfigured, match="names no database") as refusal:
        database_config("postgresql://ann:secret@host/")
    assert "secret" not in str(refusal.value)


@pytest.mark.django_db
def test_a_commit_waits_for_the_disk() -> None:
    def ask(question: str) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0]

    if connection.vendor == "sqlite":
        asked = [ask(f"PRAGMA {name}") for name in ("journal_mode", "synchronous", "foreign_keys")]
        assert asked == ["wal", 2, 1]
    else:
        assert [ask("SHOW fsync"), ask("SHOW synchronous_commit")] == ["on", "on"]


def test_django_6_finds_the_limits_it_asks_for(tmp_path: Path) -> None:
    options = database_config("sqlite:///x")["OPTIONS"]
    import sqlite3  # noqa: PLC0415

    opened: Any = sqlite3.connect(tmp_path / "limits.sqlite3", factory=options["factory"])
    limits: Any = sqlite3
    assert opened.getlimit(limits.SQLITE_LIMIT_VARIABLE_NUMBER) == 32_766
    assert opened.getlimit(limits.SQLITE_LIMIT_COLUMN) == 2_000
    marks = ",".join("?" * 32_766)
    assert opened.execute(f"SELECT 5 IN ({marks})", range(32_766)).fetchone() == (1,)
    opened.close()
