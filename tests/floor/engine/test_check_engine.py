"""The engine against theory, by the command; and a broken engine is found out."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from upturn.floor.engine import simulating
from upturn.floor.engine.checks.checking import CHECKS, check_engine
from upturn.floor.engine.checks.floors import ring
from upturn.floor.engine.checks.judging import (
    Check,
    Estimate,
    formula,
    identity,
    simulated,
)
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.needs import Needs
from upturn.floor.engine.plain import run_plainly
from upturn.floor.engine.policy import ScanSection, Serves
from upturn.floor.engine.runs import Runs
from upturn.floor.engine.shapes import Durations, Floor, NeedType
from upturn.house.cli import main

FAST = ("6", "11", "12", "14", "15", "16")


def command(*options: str) -> Result:
    return CliRunner().invoke(main, ["check-engine", *options])


def test_the_command_finds_theory_kept() -> None:
    found = command("--json", *(word for number in FAST for word in ("--only", number)))
    assert found.exit_code == 0, found.output
    checks = json.loads(found.stdout)
    assert {check["number"] for check in checks} == set(FAST)
    assert all(check["passed"] for check in checks)
    for check in checks:
        if check["kind"] == "simulated":
            assert abs(check["z"]) < 4
            assert 0 < check["standard_error"] < 0.05 * abs(check["expected"])


def test_the_command_prints_a_table_with_z() -> None:
    found = command("--only", "11")
    assert "two priorities," in found.stdout
    assert found.stdout.count("holds") == 4
    assert "All 4 checks passed." in found.stdout


def slower(floor: Floor, *, by: float) -> Floor:
    kinds = (
        replace(kind, service=replace(kind.service, mean_s=kind.service.mean_s * by))
        for kind in floor.need_types
    )
    return replace(floor, need_types=tuple(kinds))


@pytest.mark.parametrize("number", ["11", "12"])
def test_an_engine_that_serves_three_percent_too_slowly_fails(monkeypatch, number: str) -> None:
    right = simulating.simulate

    def wrong(floor: Floor, **options: Any) -> Runs:
        return right(slower(floor, by=1.03), **options)

    monkeypatch.setattr(simulating, "simulate", wrong)
    found = command("--only", number)
    assert found.exit_code == 1
    assert "Do not trust the lab's figures." in found.stderr
    checks = check_engine(only=[number])
    assert max(abs(check.z) for check in checks if check.z is not None) > 4


def test_an_engine_that_loses_a_need_fails(monkeypatch) -> None:
    right = simulating.simulate

    def wrong(floor: Floor, **options: Any) -> Runs:
        runs = right(floor, **options)
        outcome = runs.records.outcome.copy()
        outcome[0] = 2
        return replace(runs, records=runs.records._replace(outcome=outcome))

    monkeypatch.setattr(simulating, "simulate", wrong)
    assert not all(check.passed for check in check_engine(only=["14"]))


def test_an_engine_that_moves_credit_to_who_helped_fails(monkeypatch) -> None:
    """S0.8: help never changes whose table it is."""
    right = simulating.simulate

    def wrong(floor: Floor, **options: Any) -> Runs:
        runs = right(floor, **options)
        records = runs.records
        credit = np.where(records.server < 0, records.owner, records.server)
        return replace(runs, records=records._replace(owner=credit))

    monkeypatch.setattr(simulating, "simulate", wrong)
    failed = [check.name for check in check_engine(only=["14"]) if not check.passed]
    assert failed == ["credit of owners that moved, with help"]


def test_a_gate_closes_when_the_server_arrives() -> None:
    """Found by check 7: who comes during the first service waits for the next round."""
    kind = NeedType("request", 1.0, Durations(10.0))
    floor = ring(tables=2, leg_s=3.0, kinds=(kind,))
    policy = ScanSection(cadence_s=0.0, serves=Serves.GATED)
    came = np.array([1.0, 2.0, 5.0])
    alike = np.array([1, 1, 1])
    needs = Needs(came, alike, alike - 1, came * 0 + 10, came + np.inf, came)
    records = run_plainly(floor, needs=needs, policy=policy).records
    assert records.started_s.tolist() == [3.0, 13.0, 29.0]


def test_progress_is_told_and_the_same_seed_gives_the_same_figures() -> None:
    told: list[tuple[str, int, int]] = []
    first = check_engine(only=["6", "11"], progress=lambda *step: told.append(step))
    assert told == [("6", 0, 2), ("11", 1, 2)]
    assert first == check_engine(only=["6", "11"])
    assert first != check_engine(only=["6", "11"], seed=2)


def test_a_check_nobody_knows_is_named() -> None:
    found = command("--only", "77")
    assert found.exit_code == 1
    assert "only is '77'; known are 1, 2, 2b" in found.stderr
    with pytest.raises(BadSetting, match="reps is 1"):
        check_engine(reps=1)


def test_every_check_has_its_own_number() -> None:
    assert list(CHECKS) == [*"12", "2b", *map(str, range(3, 17))]


@pytest.mark.parametrize(
    ("check", "passed"),
    [
        (simulated("1", "", expected=1.0, found=Estimate(1.039, 0.01)), True),
        (simulated("1", "", expected=1.0, found=Estimate(1.041, 0.01)), False),
        (simulated("1", "", expected=1.0, found=Estimate(0.959, 0.01)), False),
        (simulated("1", "", expected=1.0, found=Estimate(float("nan"), float("nan"))), False),
        (simulated("1", "", expected=0.0, found=Estimate(0.0, 0.0)), True),
        (formula("1", "", printed="22.0", found=22.09), True),
        (formula("1", "", printed="22.0", found=22.11), False),
        (identity("1", "", expected=3.0, measured=3.0), True),
        (identity("1", "", expected=3.0, measured=3.0 + 1e-12), False),
        (identity("1", "", expected=3.0, measured=float("nan"), within=1e-9), False),
    ],
)
def test_a_check_passes_within_four_standard_errors_or_when_equal(check, passed) -> None:
    assert isinstance(check, Check)
    assert check.passed is passed
