"""What was answered stays, through kill -9 and a full disk; the long forms are in benchmarks/."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

PROGRAMS = Path(__file__).parents[2] / "benchmarks"


def run(program: str, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, str(PROGRAMS / program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def address(folder: Path) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{folder}/kills.sqlite3"
    given = connection.settings_dict
    who = f"{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}"
    return f"postgresql://{who}/{given['NAME']}"


@pytest.mark.django_db(transaction=True)
def test_twenty_kills_lose_nothing_that_was_answered_and_double_nothing(tmp_path: Path) -> None:
    found = run("kills.py", "--kills", "20", "--database", address(tmp_path))
    assert found["kills"] == 20
    assert found["answered"] > 20
    assert (found["lost"], found["doubled"], found["damaged"]) == (0, 0, [])


def test_a_full_disk_refuses_keeps_what_it_answered_and_recovers(tmp_path: Path) -> None:
    found = run("disk_full.py", str(tmp_path), "--pages", "40")
    assert found["answered"] > 100
    assert found["refused"] > 0
    assert (found["lost"], found["stored though refused"]) == (0, 0)
    assert (found["afterwards"], found["integrity"]) == (True, "ok")
