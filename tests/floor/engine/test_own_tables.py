"""What help elsewhere does to the tables of those who help."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from upturn.floor.engine import OwnTheWhole, Runs, ScanSection, compare, floor_from_toml

EXAMPLE = Path(__file__).parents[3] / "examples" / "floors" / "restaurant.toml"
WORSE_AT_MOST = 1.05


def long_waits(runs: Runs) -> list[float]:
    """What 95 of 100 needs at the tables of each owner wait at most; open ones to the end."""
    records = runs.records
    waits = np.minimum(records.started_s, runs.closes_s) - records.created_s
    return [float(np.quantile(waits[records.owner == s], 0.95)) for s in range(4)]


@pytest.mark.parametrize("busy", [0.8, 1.0, 1.2])
def test_nobodys_own_tables_wait_longer_because_of_help(busy: float) -> None:
    """S0.12: each of the four owners, against the same evenings without help."""
    floor = floor_from_toml(EXAMPLE.read_text(encoding="utf-8"))
    kinds = tuple(replace(kind, per_hour=busy * kind.per_hour) for kind in floor.need_types)
    floor = replace(floor, need_types=kinds)
    alone, helped = compare(
        floor, policies=(ScanSection(), OwnTheWhole()), hours=4, reps=60, seed=5
    )
    with_help, without = long_waits(helped), long_waits(alone)
    assert all(a <= WORSE_AT_MOST * b for a, b in zip(with_help, without, strict=True))
    met_by_others = helped.records.server != helped.records.owner
    assert 0.1 < met_by_others.mean() < 0.5
