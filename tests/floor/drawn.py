"""Small floors of the lab, stored and run; the slow engine plays, so that nothing is compiled."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any
from unittest.mock import patch

from tests import factories as f
from tests.floor.engine.plain_runs import plain_runs
from upturn.floor import commands, queries
from upturn.floor.engine.described.toml_floor import floor_from_toml
from upturn.floor.engine.grid import grid
from upturn.floor.engine.lab import carrying_out
from upturn.floor.engine.shapes import Durations, Floor, NeedType
from upturn.floor.models import LabFloor, LabRun
from upturn.people.models import Person

TODAY = date(2026, 11, 23)
_codes = count(1)


def body(answer: Any) -> str:
    return str(answer.content.decode())


def small(**how: Any) -> Floor:
    """Two sections of three tables, with coffee, a bill, and crumbs that nobody asks about."""
    kinds = (
        NeedType("coffee", 6.0, Durations(20.0), due_s=240.0, item="pot"),
        NeedType("bill", 2.0, Durations(40.0), due_s=180.0, owner_only=True),
        NeedType("crumbs", 4.0, Durations(15.0), asks_after=Durations(400.0)),
    )
    made = grid(sections=2, tables=3, need_types=kinds, hands={"pot": 4})
    return with_name(made, **how)


def with_name(floor: Floor, name: str = "Small floor") -> Floor:
    return replace(floor, name=name)


def leader() -> Person:
    return f.person(role="leader")


def stored(viewer: Person | None = None, floor: Floor | None = None) -> LabFloor:
    code = f"floor {next(_codes)}"
    return commands.draw_floor(viewer or leader(), floor or small(), code=code, today=TODAY)


def ordered(lab_floor: LabFloor, viewer: Person | None = None, **how: Any) -> LabRun:
    version = lab_floor.versions.latest("number")
    given: Mapping[str, Any] = {
        "policies": ("scan", "own-the-whole", "pooled"),
        "hours": 1.0,
        "reps": 6,
        "code": f"run {next(_codes)}",
    }
    order = commands.Order(**{**given, **how})
    floor = floor_from_toml(version.toml)
    return commands.order_run(viewer or leader(), version, floor, order, today=TODAY)


def found(run: LabRun) -> dict[str, Any]:
    """What a run finds, by the slow engine."""

    def played(floor: Floor, *, policy: Any, hours: float, reps: int, seed: int) -> Any:
        return plain_runs(floor, policy, hours=hours, reps=reps)

    with patch.object(carrying_out, "simulate", played):
        return carrying_out.carry_out(queries.trial_of(run))


def done(lab_floor: LabFloor | None = None, **how: Any) -> LabRun:
    """A run with what it found."""
    run = ordered(lab_floor or stored(), **how)
    assert commands.begin(run)
    commands.finish(run, found(run))
    run.refresh_from_db()
    return run
