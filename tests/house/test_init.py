"""Setting up: once, with a good password, from prompts or from the environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings

from tests.house.installed import PHRASE, Place, serving, tables, upturn
from upturn.house.cli_data import backup_, export_
from upturn.house.cli_import import import_
from upturn.house.cli_start import demo_, init_, serve_
from upturn.people.models import Person
from upturn.people.queries import organisation_name


def typed(*words: str) -> Result:
    return CliRunner().invoke(init_, input="\n".join([*words, ""]))


def test_the_prompts_ask_for_organisation_owner_and_a_password_twice(
    db: None, settings: Settings
) -> None:
    done = typed("Acme & Sons", "Ann", PHRASE, "mistyped once", PHRASE, PHRASE)
    assert done.exit_code == 0, done.output
    assert f"Acme & Sons is set up in {settings.DATA}. Next: upturn serve" in done.output
    assert PHRASE not in done.output
    owner = Person.objects.get()
    assert (owner.username, owner.role) == ("ann", "administrator")
    assert owner.check_password(PHRASE)
    assert organisation_name() == "Acme & Sons"


def test_the_second_time_is_refused_and_changes_nothing(db: None, settings: Settings) -> None:
    assert typed("Acme", "ann", PHRASE, PHRASE).exit_code == 0
    done = typed("Other", "bob", PHRASE, PHRASE)
    assert done.exit_code == 1
    assert f"{settings.DATA} already has an owner. Run: upturn serve" in done.output
    assert Person.objects.get().username == "ann"
    assert organisation_name() == "Acme"


@pytest.mark.parametrize(
    ("owner", "password", "told"),
    [
        ("ann", "short", "at least 10 characters"),
        ("ann", "password123", "too common"),
        ("johnathan", "johnathan1", "too similar to the"),
        ("a b/c", PHRASE, "Use 2 to 60 letters"),
    ],
)
def test_what_cannot_be_used_is_a_sentence_and_stores_nothing(
    db: None, owner: str, password: str, told: str
) -> None:
    done = typed("Acme", owner, password, password)
    assert done.exit_code == 1
    assert told in done.output
    assert not Person.objects.exists()
    assert not organisation_name()


def test_nothing_typed_ends_in_order(db: None) -> None:
    done = typed()
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)


def test_a_password_from_the_environment_is_not_asked_for(db: None, settings: Settings) -> None:
    settings.OWNER_PASSWORD = PHRASE
    done = typed("Acme", "ann")
    assert done.exit_code == 0, done.output
    assert Person.objects.get().check_password(PHRASE)


def test_an_older_database_is_copied_before_serve_brings_it_up_to_date(place: Place) -> None:
    back = [sys.executable, "-m", "django", "migrate", "record", "0001", "--verbosity=0"]
    environment = place.environment | {"DJANGO_SETTINGS_MODULE": "upturn.house.settings"}
    subprocess.run(back, env=environment, check=True)
    before = tables(place)
    with serving(place):
        told = (place.data / "printed").read_text()
    copy = place.data / "before-migration.upturn"
    assert f"The database is copied to {copy} and brought up to date." in told
    assert len(tables(place)["django_migrations"]) == len(before["django_migrations"]) + 1
    assert upturn(place, "restore", copy).returncode == 0
    assert tables(place) == before


@pytest.mark.parametrize("arguments", [[], ["--fresh"]])
def test_the_demo_with_its_open_doors_keeps_out_of_other_organisations(
    db: None, settings: Settings, arguments: list[str]
) -> None:
    assert typed("Acme", "ann", PHRASE, PHRASE).exit_code == 0
    settings.DEMO = True
    for command in (demo_, serve_):
        done = CliRunner().invoke(command, arguments if command is demo_ else [])
        assert done.exit_code == 1
        assert "Another organisation lives in this database" in done.output
    assert Person.objects.get().username == "ann"


def test_commands_that_need_a_database_say_how_to_begin(db: None, tmp_path: Path) -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("record", "0002_guards")
    commands = ((backup_, []), (export_, [str(tmp_path)]), (import_, ["measures", __file__]))
    for command, arguments in commands:
        done = CliRunner().invoke(command, arguments)
        assert (done.exit_code, "Run: upturn serve" in done.output) == (1, True)
    recorder.flush()
    for command, arguments in commands:
        done = CliRunner().invoke(command, arguments)
        assert (done.exit_code, "Run: upturn init" in done.output) == (1, True)


def test_two_that_begin_at_once_share_one_secret(tmp_path: Path) -> None:
    code = "from upturn.house import settings; print(settings.SECRET_KEY)"
    environment = os.environ | {"UPTURN_DATA": str(tmp_path / "data")}
    both = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    keys = {process.communicate()[0] for process in both}
    assert len(keys) == 1
    assert len(keys.pop().strip()) >= 32
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret.key"]
