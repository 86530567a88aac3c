"""On PostgreSQL the database itself holds back rows of other exchanges, whoever asks and how."""

import importlib
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.db import connection

from tests.exchange import factories as make
from tests.exchange import planting, rounds, talk, walking
from tests.exchange.pages import browser_of, convener_of
from tests.exchange.test_leaks_pages import LET_IN
from upturn.exchange.commands.closing_benchmarks import close_due
from upturn.exchange.models import Exchange, ExchangeParty, Post, Seat
from upturn.exchange.queries import fences
from upturn.house import cli_ready, export
from upturn.house.cli_start import serve_

pytestmark = pytest.mark.django_db

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no fences: one file an exchange is one"
)
MIGRATION = importlib.import_module("upturn.exchange.migrations.0002_fences")
LATER = [
    importlib.import_module(f"upturn.exchange.migrations.{name}")
    for name in ("0003_likeness", "0007_shared_chair")
]


def tables() -> dict[str, set[str]]:
    """All tables of the room with the columns of theirs that must not be empty and lead on."""
    models = apps.get_app_config("exchange").get_models(include_auto_created=True)
    return {
        model._meta.db_table: {
            field.attname for field in model._meta.concrete_fields if field.related_model
            and not field.null
        }
        for model in models
    }  # fmt: skip


def test_every_table_of_the_room_hangs_on_its_exchange() -> None:
    later = {table: way for each in LATER for table, way in each.HANGS_ON.items()}
    hangs_on = MIGRATION.HANGS_ON | later
    fenced = {f"exchange_{table}" for table in (*MIGRATION.policies(), *later)}
    assert fenced == set(tables())
    for table, (column, parent) in hangs_on.items():
        assert column in tables()[f"exchange_{table}"], table
        assert f"exchange_{parent}" in fenced


@pytest.fixture
def two() -> tuple[make.Made, make.Made]:
    here = planting.plant(make.opened("Here", names=make.NAMES[:3]), whose="Amber")
    names = ("Gale", "Hill", "Iris")
    return here, planting.plant(make.opened("Elsewhere", names=names), whose="Gale")


@pytest.fixture
def as_the_program() -> Iterator[None]:
    """Go on as a role that may do everything with the tables, and passes no fence."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE upturn_host NOLOGIN")
        cursor.execute("GRANT USAGE ON SCHEMA public TO upturn_host")
        cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO upturn_host")
        cursor.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO upturn_host")
        cursor.execute("SET LOCAL ROLE upturn_host")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - a table of the room
        (count,) = cursor.fetchone()
    return int(count)


@on_postgresql
def test_raw_sql_sees_one_exchange_and_nothing_where_none_is_named(
    two: tuple[make.Made, make.Made], as_the_program: None
) -> None:
    here, elsewhere = two
    assert {table: rows(table) for table in tables() if rows(table)} == {}
    with fences.everywhere():
        everything = {table: rows(table) for table in tables()}
    with fences.within(here.exchange.ref):
        own = {table: rows(table) for table in tables()}
        assert set(Exchange.objects.values_list("ref", flat=True)) == {here.exchange.ref}
        assert not ExchangeParty.objects.filter(exchange=elsewhere.exchange.pk).exists()
    with fences.within(elsewhere.exchange.ref):
        others = {table: rows(table) for table in tables()}
    assert everything == {table: own[table] + others[table] for table in own}
    assert all(own[table] for table in own if table != "exchange_blindlist_open_to")
    assert {table for table in own if rows(table)} == set()


@on_postgresql
def test_raw_sql_cannot_write_into_another_exchange(
    two: tuple[make.Made, make.Made], as_the_program: None
) -> None:
    here, elsewhere = two
    with fences.within(here.exchange.ref), connection.cursor() as cursor:
        cursor.execute("UPDATE exchange_topic SET name = 'x' WHERE exchange_id = %s",
                       [elsewhere.exchange.pk])  # fmt: skip
        assert cursor.rowcount == 0
        cursor.execute("SAVEPOINT before")
        with pytest.raises(Exception, match="row-level security"):
            cursor.execute(
                'INSERT INTO exchange_knock (exchange_id, ref, company, reach, need, topic, "on",'
                " invited) VALUES (%s, 'x', 'x', 'x', 'x', 'x', '2026-11-23', false)",
                [elsewhere.exchange.pk],
            )
        cursor.execute("ROLLBACK TO SAVEPOINT before")


@on_postgresql
def test_pages_and_jobs_work_behind_the_fences(as_the_program: None) -> None:
    with fences.everywhere():
        made = make.opened()
        asked = talk.asked(made)
        talk.answer(made, asked)
        asked_round = rounds.submitted(made)
    for browser in (browser_of(made["Amber"]), convener_of(made)):
        assert browser.get(f"/exchanges/{made.exchange.ref}/").status_code == 200
    assert close_due(rounds.CLOSES)
    with fences.within(made.exchange.ref):
        assert asked_round.row.state == "confirming"
        assert Post.objects.exists()
    assert not Post.objects.exists()


@on_postgresql
def test_every_page_lets_in_behind_the_fences_whom_it_lets_in_before_them(
    as_the_program: None,
) -> None:
    with fences.everywhere():
        made = make.opened()
        rounds.whole(made)
        planting.plant(made, whose="Amber")
        browsers = walking.within(made)
    came_in: dict[str, set[str]] = {}
    for read in walking.walk(browsers, made):
        if read.let_in:
            came_in.setdefault(read.name, set()).add(read.who)
    within = frozenset(browsers)
    assert came_in == {name: set(who & within) for name, who in LET_IN.items() if who & within}


@on_postgresql
def test_a_copy_of_everything_has_everything(
    two: tuple[make.Made, make.Made], as_the_program: None, tmp_path: object
) -> None:
    found = dict(export.write_everything(tmp_path))  # type: ignore[arg-type]
    with fences.everywhere():
        assert found["exchange.seat.csv"] == Seat.objects.count() > 0


@on_postgresql
def test_nothing_is_named_after_a_page_even_one_that_breaks(as_the_program: None) -> None:
    before = fences._named()
    with pytest.raises(ZeroDivisionError), fences.within("here"):
        with fences.everywhere():
            assert fences._named() == "*"
        assert fences._named() == "here"
        raise ZeroDivisionError
    assert fences._named() == before == ""


@on_postgresql
def test_the_role_of_a_program_passes_no_fence_and_a_superuser_does(as_the_program: None) -> None:
    assert not fences.fences_fall()
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = session_user")
        (strong,) = cursor.fetchone()
    assert fences.fences_fall() is strong


@pytest.mark.parametrize("falls", [True, False])
def test_a_host_whose_role_passes_every_fence_does_not_start(
    monkeypatch: pytest.MonkeyPatch, *, falls: bool
) -> None:
    """A house without exchanges starts as before: there is nothing to hold apart."""
    started: list[object] = []
    monkeypatch.setattr(cli_ready, "fences_fall", lambda: falls)
    monkeypatch.setattr("upturn.house.cli_start.serve", lambda **how: started.append(how))
    assert CliRunner().invoke(serve_).exit_code == 0
    assert len(started) == 1
    make.prepared()
    done = CliRunner().invoke(serve_)
    assert (done.exit_code, len(started)) == ((1, 1) if falls else (0, 2)), done.output
    assert ("BYPASSRLS" in done.output) is falls
    assert ("CREATE ROLE" in done.output) is falls
