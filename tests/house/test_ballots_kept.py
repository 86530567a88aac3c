"""Ballots and their keys are in no backup, and what is lost with them is said."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.installed import Place, upturn

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


def ballots_line(place: Place) -> str:
    lines = upturn(place, "doctor").stdout.splitlines()
    (found,) = (line for line in lines if " ballots: " in line)
    return found


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
    assert ballots_line(place).startswith("fine")

    elsewhere = upturn(empty, "restore", target)
    assert f"Wave {wave} runs in this backup, but its answers are not here" in elsewhere.stdout
    assert ballots_line(empty).startswith("NEEDS YOU")


def test_the_doctor_sees_a_box_that_others_may_read_and_a_key_that_is_gone(
    asking: tuple[Place, str],
) -> None:
    place, wave = asking
    assert ballots_line(place).startswith("fine")
    assert ballots_line(place).endswith("with box and key in place: 1")
    box = place.data / "ballots.sqlite3"
    box.chmod(0o644)
    assert f"NEEDS YOU ballots: others may read {box}" in ballots_line(place)
    box.chmod(0o600)
    (place.data / "ballot-keys" / f"{wave}.key").unlink()
    assert f"NEEDS YOU ballots: wave {wave}: its box or its key is gone" in ballots_line(place)


def test_ballots_of_a_wave_that_a_restored_backup_does_not_know_are_named(place: Place) -> None:
    before = place.data / "before.upturn"
    assert upturn(place, "backup", before).returncode == 0
    wave = ran(place, OPENING)
    assert upturn(place, "restore", before).returncode == 0
    assert f"NEEDS YOU ballots: wave {wave} has ballots and is not known" in ballots_line(place)


def test_throwing_the_demo_away_leaves_no_ballot_and_no_key(asking: tuple[Place, str]) -> None:
    place, _wave = asking
    if place.is_sqlite:  # elsewhere the demo is not a file, and --fresh refuses
        ran(place, THROWING)
        left = {path.name for path in place.data.iterdir()}
        assert not {name for name in left if name.startswith(("upturn.sqlite3", "ballot"))}
