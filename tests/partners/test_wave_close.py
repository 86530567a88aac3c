"""Waves end by themselves: the worker starts a process that counts them."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from tests.factories import TODAY
from tests.partners.waves_scene import CLOSES, cast_all, house, opened
from upturn.house import cli_wave, closing
from upturn.house.cli_wave import close_
from upturn.partners import commands, jobs, queries
from upturn.partners.engine import counting
from upturn.partners.models import State, Wave
from upturn.record import ballot_box, ballot_seal
from upturn.record.proofs import hash_of

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


def told(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(close_, words)
    return done.exit_code, done.output.strip()


def test_the_command_closes_what_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = house(floor=6)
    wave = opened(scene)
    cast_all(wave, rng=np.random.default_rng(1))
    assert told() == (0, "Nothing is over.")
    assert told(wave.ref) == (1, f"Error: Wave {wave.ref} takes answers until 2026-12-07.")
    assert told("nothing") == (1, "Error: There is no wave nothing.")
    after = CLOSES + timedelta(days=1)
    monkeypatch.setattr(cli_wave.timezone, "localdate", lambda *_: after)
    assert told() == (0, f"Wave {wave.ref} is closed; its ballots are erased.")
    assert Wave.objects.get().state == State.CLOSED


def test_the_worker_starts_a_process_for_each_and_gives_up_for_the_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = house(floor=6)
    wave = opened(scene)
    started: list[list[str]] = []

    def run(command: list[str], **_how: object) -> subprocess.CompletedProcess[str]:
        started.append(command)
        if wave.ref in broken:
            return subprocess.CompletedProcess(command, 1, "", "Error: its key is gone")
        commands.close_wave(None, command[-1], today=TODAY)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(closing.subprocess, "run", run)
    monkeypatch.setattr(closing, "_failed", {})
    broken = {wave.ref}
    assert not closing.close_one(TODAY)
    commands.end_wave(scene.boss, wave.ref)
    for _turn in range(5):
        assert not closing.close_one(TODAY)
    assert len(started) == 3
    assert started[0][-3:] == ["upturn.house.cli", "close", wave.ref]
    broken.clear()
    assert closing.close_one(TODAY + timedelta(days=1))
    assert jobs.due(TODAY) == ()


def test_one_wave_that_cannot_be_counted_is_named() -> None:
    scene = house(floor=6)
    wave = opened(scene)
    commands.end_wave(scene.boss, wave.ref)
    ballot_seal.destroy_key(wave.ref)
    code, said = told()
    assert code == 1
    assert f"The key of wave {wave.ref} is not in" in said
    commands.cancel_wave(scene.boss, wave.ref)
    assert told() == (0, f"Wave {wave.ref} is closed; its ballots are erased.")
    assert Wave.objects.get().state == State.CANCELLED


def test_what_a_broken_opening_left_is_swept_out() -> None:
    scene = house(floor=6)
    wave = opened(scene)
    ballot_box.lay_out("broken", [ballot_box.Laid(0, [hash_of("card")], hash_of("code"))], size=99)
    assert told() == (0, "Nothing is over.")
    assert ballot_box.states() == {wave.ref: True}


def test_a_wave_cancelled_while_it_is_counted_publishes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = house(floor=6)
    wave = opened(scene)
    cast_all(wave, rng=np.random.default_rng(1))
    count = counting.count_wave

    def cancelled(*args: Any, **given: Any) -> Any:
        commands.cancel_wave(scene.boss, wave.ref)
        return count(*args, **given)

    monkeypatch.setattr("upturn.partners.commands.closing.count_wave", cancelled)
    commands.close_wave(scene.boss, wave.ref, today=TODAY)
    assert queries.published(scene.boss, wave.ref) is None
    commands.close_wave(None, wave.ref, today=TODAY)
    assert Wave.objects.get().state == State.CANCELLED


def test_a_small_crowd_through_a_real_server_loses_and_doubles_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UPTURN_DATABASE_URL", raising=False)
    command = [sys.executable, str(ROOT / "benchmarks" / "wave.py")]
    small = ["--people", "60", "--phones", "15", "--seconds", "3"]
    done = subprocess.run(
        [*command, *small], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
