"""What every test needs."""

import importlib
import os
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from upturn.record.kept import forget

# Tests count, and never time: a busy machine must not fail them.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# On another database or Python the same promises are tried again, with fewer cases.
settings.register_profile("again", settings.get_profile("house"), max_examples=25)
settings.load_profile("again" if os.environ.get("TESTS_AGAIN") == "yes" else "house")
JOURNAL = importlib.import_module("upturn.record.migrations.0002_guards")
GUARDS = [
    importlib.import_module(f"upturn.{room}.migrations.0002_guards").GUARDS
    for room in ("trace", "partners")
]


# Their names hold what changes the example organisation; the others look at it.
STORIES = ("test_story", "test_trace", "test_partners", "test_floor")


REACHING = {"db", "transactional_db", "live_server", "django_db_setup"}
NAMED = re.compile("connection|postgres|psycopg|DATABASE|Place\\b|migrate")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "database: reaches a database; marked by itself")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that share one server and one browser in one process: two of each."""
    for item in items:
        if _reaches_a_database(item):
            item.add_marker(pytest.mark.database)
        if item.get_closest_marker("browser"):
            house = "stories" if item.path.stem in STORIES else "pages"
            item.add_marker(pytest.mark.xdist_group(house))


def _reaches_a_database(item: pytest.Item) -> bool:
    made_for = getattr(item, "cls", None)
    return (
        item.get_closest_marker("django_db") is not None
        or not REACHING.isdisjoint(getattr(item, "fixturenames", ()))
        or (made_for is not None and issubclass(made_for, TransactionTestCase))
        or _names_a_database(item.path)
    )


@cache
def _names_a_database(file: Path) -> bool:
    """Whether tests of a file may reach one by a way of their own, such as a command."""
    return NAMED.search(file.read_text("utf-8")) is not None


def _statements() -> tuple[list[str], list[str]]:
    if connection.vendor == "sqlite":
        lift = (JOURNAL.SQLITE_LIFT, *(room.sqlite_lift for room in GUARDS))
        guard = (JOURNAL.SQLITE, *(room.sqlite for room in GUARDS))
    else:
        lift = (JOURNAL.POSTGRESQL_LIFT, *(room.postgresql_lift for room in GUARDS))
        guard = (JOURNAL.POSTGRESQL, *(room.postgresql for room in GUARDS))
    return list(chain(*lift)), list(chain(*guard))


@pytest.fixture(autouse=True, scope="session")
def emptying_lifts_the_guards() -> Iterator[None]:
    """Tests that commit empty the tables afterwards, which the append-only journal forbids."""
    plain = BaseDatabaseOperations.execute_sql_flush

    def flush(self: BaseDatabaseOperations, sql_list: Any) -> None:
        lift, guard = _statements()
        with connection.cursor() as cursor:
            for statement in lift:
                cursor.execute(statement)
        plain(self, sql_list)
        with connection.cursor() as cursor:
            for statement in guard:
                cursor.execute(statement)

    BaseDatabaseOperations.execute_sql_flush = flush
    yield
    BaseDatabaseOperations.execute_sql_flush = plain


@pytest.fixture(autouse=True, scope="session")
def rows_are_held_in_transactions_alone() -> Iterator[None]:
    """SQLite holds the whole file and minds no row; it refuses here what PostgreSQL refuses."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("", "_of", "_nowait", "_skip_locked"):
            patch.setattr(SQLite.features_class, f"has_select_for_update{name}", True)
        patch.setattr(SQLite.ops_class, "for_update_sql", lambda *_given, **_how: "")
        yield


@pytest.fixture(autouse=True, scope="session")
def no_sentence_model_is_packed_by_the_way() -> Iterator[None]:
    """Browsers count words alone but where a test brings the model; none is left to the next."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("upturn.exchange.commands.meaning._is_installed", lambda: False)
        patch.setattr("upturn.exchange.queries.meaning.PACKED_DIGEST", "0" * 64)
        yield


@pytest.fixture(autouse=True)
def nothing_is_kept_from_another_test() -> None:
    """Each test has a database of its own, and its rows the same keys."""
    forget()


@pytest.fixture
def address(live_server: LiveServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    """The live server as a browser reaches it: by a name under which it may sign and seal."""
    settings.DEMO, settings.WHITENOISE_AUTOREFRESH = False, True
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")  # the driver of the browser has a loop
    return live_server.url.replace("127.0.0.1", "localhost")
