"""Ballots and their keys are in no backup, and what is lost with them is said."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.house.installed import Place, upturn
from tests.partners.waves_scene import house, opened
from upturn.house.cli_doctor import CHECKS, Finding
from upturn.partners import queries
from upturn.record import ballot_box, ballot_seal
from upturn.record.writer import writer

OPENING = """
import sys, django
django.setup()
from tests.partners.waves_scene import house, opened
made = house(floor=6, kitchen=5)
wave = opened(made, made.edges["kitchen", "floor"])
sys.stdout.write(wave.ref)
"""
THROWING = """
import django
django.setup()
from upturn.house.demo import throw_away
throw_away()
"""


def ran(place: Place, script: str) -> str:
    environment = place.environment | {"DJANGO_SETTINGS_MODULE": "upturn.house.settings"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def asking(place: Place) -> tuple[Place, str]:
    """A place in which a wave takes answers, and the wave."""
    return place, ran(place, OPENING)


def test_a_backup_holds_neither_box_nor_key_and_restoring_says_what_is_lost(
    asking: tuple[Place, str], empty: Place
) -> None:
    place, wave = asking
    target = place.data / "while-asking.upturn"
    assert upturn(place, "backup", target).returncode == 0
    key = (place.data / "ballot-keys" / f"{wave}.key").read_bytes()
    assert len(key) == 32
    assert key not in target.read_bytes()
    assert b"CREATE TABLE place" in (place.data / "ballots.sqlite3").read_bytes()
    assert b"CREATE TABLE place" not in target.read_bytes()

    again = upturn(place, "restore", target)
    assert "its answers are not here" not in again.stdout

    elsewhere = upturn(empty, "restore", target)
    assert f"Wave {wave} runs in this backup, but its answers are not here" in elsewhere.stdout


@pytest.fixture
def beside(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.DATA = tmp_path
    yield tmp_path
    writer.stop()


@pytest.mark.django_db
def test_the_doctor_sees_a_box_that_others_may_read_and_a_key_that_is_gone(beside: Path) -> None:
    check = CHECKS["ballots"]
    assert check() == Finding("waves that take answers, with box and key in place: 0")
    made = house(floor=6, kitchen=5)
    wave = opened(made, made.edges["kitchen", "floor"]).ref
    assert check() == Finding("waves that take answers, with box and key in place: 1")
    box, key = beside / "ballots.sqlite3", beside / "ballot-keys" / f"{wave}.key"
    for path in (box, key):
        path.chmod(0o640)
        assert check().what == f"others may read {path}"
        path.chmod(0o600)
    ballot_seal.destroy_key(wave)
    assert check().what == f"wave {wave}: its box or its key is gone"
    assert not check().fine


@pytest.mark.django_db
def test_the_doctor_misses_a_key_with_which_a_seat_is_signed_for(
    beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upturn.partners.queries.seating.strong_mode_lacks", str)
    made = house(floor=6, kitchen=5)
    wave = opened(made, made.edges["kitchen", "floor"], mode="blind").ref
    assert CHECKS["ballots"]().fine
    seat = queries.seats_signed_for(wave)[-1]
    (beside / "ballot-keys" / f"{wave}.{seat}.key").unlink()
    assert CHECKS["ballots"]().what == f"wave {wave}: its box or its key is gone"


@pytest.mark.django_db
def test_a_lost_box_and_ballots_that_the_database_does_not_know_are_named(beside: Path) -> None:
    ballot_seal.make_key("before")
    ballot_box.lay_out("before", [], size=100)
    assert CHECKS["ballots"]().what == "wave before has ballots and is not known here"
    made = house(floor=6, kitchen=5)
    wave = opened(made, made.edges["kitchen", "floor"]).ref
    ballot_box.path().unlink()
    assert CHECKS["ballots"]().what == f"wave {wave}: its box or its key is gone"


def test_throwing_the_demo_away_leaves_no_ballot_and_no_key(asking: tuple[Place, str]) -> None:
    place, _wave = asking
    if place.is_sqlite:  # elsewhere the demo is not a file, and --fresh refuses
        ran(place, THROWING)
        left = {path.name for path in place.data.iterdir()}
        assert not {name for name in left if name.startswith(("upturn.sqlite3", "ballot"))}
