"""Replicating, estimating and judging, the same way for every check."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from math import sqrt
from typing import NamedTuple, Protocol

import numpy as np

from upturn.floor.engine.laid import Flags, Floats, places_of
from upturn.floor.engine.policy import Policy
from upturn.floor.engine.runs import Outcome, Records, Runs
from upturn.floor.engine.shapes import Floor

Z_MOST = 4.0
ROUNDING = 1e-12
AT_ONCE = 4
"""Replications held in memory at a time."""
SETTLED, BEFORE_THE_END = 0.1, 0.95
"""Needs that came between these shares of a run are measured: its start and end are not typical."""


class CheckKind(StrEnum):
    """Against what a figure is held."""

    FORMULA = "formula"
    """A formula of the engine against a figure that stands in print."""
    SIMULATED = "simulated"
    """Replications against a formula: passes with |z| < 4."""
    IDENTITY = "identity"
    """Two figures that are one and the same."""


class Check(NamedTuple):
    """One figure and what it should be; `standard_error` and `z` for simulated ones."""

    number: str
    name: str
    expected: float
    measured: float
    standard_error: float | None
    z: float | None
    passed: bool
    kind: CheckKind


class Estimate(NamedTuple):
    """A mean over replications with its standard error."""

    mean: float
    standard_error: float


class Simulates(Protocol):
    """How the engine is called."""

    def __call__(
        self,
        floor: Floor,
        *,
        policy: Policy,
        hours: float,
        reps: int,
        seed: int,
        threads: int | None = None,
    ) -> Runs:
        """Run replications."""
        ...


class Ground(NamedTuple):
    """The engine that is checked, and how often."""

    simulate: Simulates
    seed: int
    reps: int


Reading = Callable[[Records], tuple[Floats, Flags]]
"""A value for each need, and which needs count."""


def waited(records: Records) -> tuple[Floats, Flags]:
    """Seconds until service began or the guest gave up."""
    left = np.where(records.outcome == Outcome.GAVE_UP, records.ended_s, records.started_s)
    return left - records.created_s, np.ones(len(left), np.bool_)


def in_system(records: Records) -> tuple[Floats, Flags]:
    """Seconds until service ended."""
    return records.ended_s - records.created_s, np.ones(len(records.kind), np.bool_)


def gave_up(records: Records) -> tuple[Floats, Flags]:
    """Whether nobody came in time."""
    return (records.outcome == Outcome.GAVE_UP).astype(float), np.ones(len(records.kind), np.bool_)


def had_to_wait(records: Records) -> tuple[Floats, Flags]:
    """Whether service did not begin at once."""
    waits = records.started_s > records.created_s
    return waits.astype(float), np.ones(len(waits), np.bool_)


def answered_within(seconds: float) -> Reading:
    """Make a reading of the share served within so many seconds."""

    def reading(records: Records) -> tuple[Floats, Flags]:
        in_time = records.started_s - records.created_s <= seconds
        return in_time.astype(float), np.ones(len(in_time), np.bool_)

    return reading


def of_kind(kind: int, reading: Reading) -> Reading:
    """Make a reading of one kind of need alone."""

    def alone(records: Records) -> tuple[Floats, Flags]:
        values, counted = reading(records)
        return values, counted & (records.kind == kind)

    return alone


def needs_per_hour(floor: Floor) -> float:
    """All needs of a floor whose day is flat."""
    return sum(kind.per_hour * len(places_of(kind, floor)) for kind in floor.need_types)


def measure(
    ground: Ground,
    floor: Floor,
    policy: Policy,
    readings: Mapping[str, Reading],
    *,
    needs: int = 60_000,
) -> dict[str, Estimate]:
    """Run replications of about so many needs each and estimate every reading."""
    hours = needs / needs_per_hour(floor)
    totals: dict[str, list[tuple[float, float]]] = {label: [] for label in readings}
    for first in range(0, ground.reps, AT_ONCE):
        reps = min(AT_ONCE, ground.reps - first)
        runs = ground.simulate(
            floor, policy=policy, hours=hours, reps=reps, seed=ground.seed * 1000 + first
        )
        for label, reading in readings.items():
            totals[label] += _totals(runs.records, reading, hours=hours, reps=reps)
    return {label: _estimate(np.array(found)) for label, found in totals.items()}


def _totals(
    records: Records, reading: Reading, *, hours: float, reps: int
) -> list[tuple[float, float]]:
    """Sum and number for each replication."""
    values, counted = reading(records)
    share = records.created_s / (3600 * hours)
    inside = counted & (share >= SETTLED) & (share < BEFORE_THE_END)
    of = records.replication[inside] - records.replication.min()
    sums = np.bincount(of, weights=values[inside], minlength=reps)
    return list(zip(sums.tolist(), np.bincount(of, minlength=reps).tolist(), strict=True))


def _estimate(totals: Floats) -> Estimate:
    """Ratio of sums; replications are independent, the needs in them are not."""
    sums, counts = totals.T
    mean = sums.sum() / counts.sum()
    reps = len(sums)
    rest = sums - mean * counts
    return Estimate(
        float(mean), sqrt(float(rest @ rest) * reps / max(reps - 1, 1)) / float(counts.sum())
    )


def simulated(number: str, name: str, *, expected: float, found: Estimate) -> Check:
    """Judge an estimate by its standard error."""
    z = (found.mean - expected) / found.standard_error if found.standard_error > 0 else None
    passed = abs(z) < Z_MOST if z is not None else found.mean == expected
    return Check(
        number, name, expected, found.mean, found.standard_error, z, passed, CheckKind.SIMULATED
    )


def formula(number: str, name: str, *, printed: str, found: float) -> Check:
    """Judge a formula by a printed figure: equal to within one unit of its last place.

    Examples
    --------
    >>> formula("12", "lost calls", printed="0.121661", found=0.1216610642).passed
    True
    """
    decimals = len(printed.partition(".")[2])
    passed = abs(found - float(printed)) <= max(10.0**-decimals, ROUNDING)
    return Check(number, name, float(printed), found, None, None, passed, CheckKind.FORMULA)


def identity(
    number: str, name: str, *, expected: float, measured: float, within: float = 0.0
) -> Check:
    """Judge two figures that are one and the same, but for rounding."""
    passed = abs(measured - expected) <= within * max(1.0, abs(expected))
    return Check(number, name, expected, measured, None, None, passed, CheckKind.IDENTITY)
