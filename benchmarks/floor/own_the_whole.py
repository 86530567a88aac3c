"""Own the whole beside strict sections and pooling, on twenty generated floors.

Load is the share of their time that servers of strict sections work or walk for needs. Waiting is
from when a need arises until somebody begins to meet it; what was never begun counts until the
doors close. Every policy meets the same needs. Run `python benchmarks/floor/own_the_whole.py`,
with `--settings` also for other settings of the policy.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import exp, inf, log

import numpy as np
from generated import busy, generated

from upturn.floor.engine.errors import CannotKeepUp
from upturn.floor.engine.policy import OwnTheWhole, Policy, Pooled, ScanSection
from upturn.floor.engine.runs import Runs
from upturn.floor.engine.shapes import Floor
from upturn.floor.engine.simulating import simulate
from upturn.stats import Figure, mean_interval

LOADS, LOAFING = (0.7, 0.8, 0.9, 0.93), (0.0, 0.03, 0.069, 0.11)
HOURS, BATCHES = 4.0, 10
SETTINGS = (
    *(OwnTheWhole(detour_s, 0.0) for detour_s in (0.0, 6.0, 12.0, inf)),
    *(OwnTheWhole(detour_s, 15.0) for detour_s in (0.0, 6.0, 12.0, inf)),
    *(OwnTheWhole(detour_s, 40.0) for detour_s in (0.0, 6.0, 12.0, inf)),
    OwnTheWhole(when_free=False),
    OwnTheWhole(adjacent=True),
)


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201


class Waits:
    """How long needs waited, and whose tables they came from."""

    def __init__(self, runs: Runs) -> None:
        records = runs.records
        began = np.where(np.isfinite(records.started_s), records.started_s, runs.closes_s)
        self.seconds, self.owner = began - records.created_s, records.owner
        self.batch = records.replication * BATCHES // runs.reps
        given = (records.server >= 0) & (records.server != records.owner)
        self.helped = float(given.mean())
        self.walk_s = float(runs.work.walk_s.sum())

    def p95(self, which: np.ndarray | None = None) -> float:
        """95 of 100 waited no longer."""
        return float(np.quantile(self.seconds if which is None else self.seconds[which], 0.95))

    def ratio(self, other: "Waits") -> Figure:
        """Ratio of the p95, with an interval over batches of replications."""
        logs = [
            log(self.p95(self.batch == k) / other.p95(other.batch == k)) for k in range(BATCHES)
        ]
        spread = mean_interval(BATCHES, sum(logs), sum(one * one for one in logs))
        middle = self.p95() / other.p95()
        half = (spread.high - spread.low) / 2
        return Figure(middle, middle * exp(-half), middle * exp(half), BATCHES)

    def sections(self, other: "Waits") -> list[float]:
        """The same by owner: own tables with and without help."""
        owners = np.unique(self.owner)
        return [self.p95(self.owner == k) / other.p95(other.owner == k) for k in owners]


def run(floor: Floor, policy: Policy, *, reps: int, seed: int) -> Runs:
    """Run one policy on one thread."""
    return simulate(floor, policy=policy, hours=HOURS, reps=reps, seed=seed, threads=1)


def factor_for(floor: Floor, load: float, *, seed: int) -> float:
    """Find how many times the needs keep servers of strict sections at work so much of the time."""
    low, high = 0.2, 6.0
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (middle, high) if at_work(floor, middle, seed=seed) < load else (low, middle)
    return middle


def at_work(floor: Floor, factor: float, *, seed: int) -> float:
    """Share of their time that servers of strict sections are at work."""
    try:
        work = run(busy(floor, factor), ScanSection(inf), reps=6, seed=seed).work
    except CannotKeepUp:
        return inf
    return float(work.busy_s.sum() + work.walk_s.sum()) / (work.busy_s.size * HOURS * 3600.0)


@dataclass(slots=True)
class Table:
    """Ratios over floors, by load and by what own the whole is compared with."""

    title: str
    rows: dict[tuple[float, str], list[Figure]] = field(default_factory=dict)

    def add(self, load: float, beside: str, ratio: Figure) -> None:
        """Add one floor."""
        self.rows.setdefault((load, beside), []).append(ratio)

    def lines(self) -> Iterator[str]:
        """Median, worst, where it fails: worse on so many floors, clearly worse on so many."""
        yield f"{self.title}: p95 of own the whole over that of ..."
        yield "| load | beside | median | worst | floors where worse | clearly worse | n |"
        yield "|---|---|---|---|---|---|---|"
        for (load, beside), found in self.rows.items():
            values = [one.value for one in found]
            worse, clearly = sum(v > 1 for v in values), sum(one.low > 1 for one in found)
            yield (
                f"| {load:.2f} | {beside} | {np.median(values):.2f} | {max(values):.2f} | "
                f"{worse} | {clearly} | {len(values)} |"
            )


def for_anyone(floor: Floor) -> Floor:
    """The same floor where neighbours may take every kind of need."""
    kinds = tuple(replace(kind, owner_only=False) for kind in floor.need_types)
    return replace(floor, need_types=kinds)


@dataclass(frozen=True, slots=True)
class Variant:
    """A reading of the floors and a setting of own the whole."""

    title: str
    own_first_s: float = 15.0
    help_cost: float = 0.0
    anyone: bool = False

    def beside(
        self, floor: Floor, table: Table, *, load: float, factor: float, reps: int, seed: int
    ) -> list[float]:
        """Add one floor at one load; give the ratios of its sections."""
        floor = for_anyone(floor) if self.anyone else floor
        given = busy(floor, factor, help_cost=self.help_cost)
        own = Waits(run(given, OwnTheWhole(own_first_s=self.own_first_s), reps=reps, seed=seed))
        strict = Waits(run(given, ScanSection(), reps=reps, seed=seed))
        table.add(load, "strict sections", own.ratio(strict))
        for share in LOAFING:
            pooled = Waits(run(busy(floor, factor, loafing=share), Pooled(), reps=reps, seed=seed))
            table.add(load, f"pooled, loafing {share * 100:.3g} %", own.ratio(pooled))
        return own.sections(strict)


VARIANTS = (
    Variant("Orders and bills for the owner alone"),
    Variant("The same, help takes 25 % longer", help_cost=0.25),
    Variant("All kinds for anyone", anyone=True),
    Variant("All kinds for anyone, own_first_s 0", own_first_s=0.0, anyone=True),
)


def main() -> None:
    """Print the tables."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--floors", type=int, default=20)
    reader.add_argument("--reps", type=int, default=40)
    reader.add_argument("--settings", action="store_true")
    given = reader.parse_args()
    floors = [generated(seed) for seed in range(1, given.floors + 1)]
    factors = {
        (at, load): factor_for(floor, load, seed=at)
        for at, floor in enumerate(floors)
        for load in LOADS
    }
    for variant in VARIANTS:
        table, sections = Table(variant.title), dict.fromkeys(LOADS, ())
        for load in LOADS:
            for at, floor in enumerate(floors):
                sections[load] += tuple(
                    variant.beside(
                        floor, table, load=load, factor=factors[at, load], reps=given.reps, seed=at
                    )
                )
        say("\n".join(table.lines()))
        for load, found in sections.items():
            say(
                f"own tables' p95 with help over without, load {load:.2f}: "
                f"median {np.median(found):.2f}, worst {max(found):.2f}, more than 1.05 in "
                f"{sum(ratio > 1.05 for ratio in found)} of {len(found)} sections"
            )
    if given.settings:
        settings(floors, factors, reps=max(BATCHES, given.reps // 4))


def settings(floors: list[Floor], factors: dict[tuple[int, float], float], *, reps: int) -> None:
    """Print what other settings of the policy come to, beside strict sections and pooling."""
    columns = "load", "detour_s", "own_first_s", "when_free", "adjacent", "strict", "pooled 6.9 %"
    say("| " + " | ".join((*columns, "worst section", "helped", "walk")) + " |")
    say("|---" * 10 + "|")
    for load in LOADS:
        beside = [
            [
                Waits(run(busy(floor, factors[at, load]), policy, reps=reps, seed=at))
                for policy in (ScanSection(), Pooled())
            ]
            for at, floor in enumerate(floors)
        ]
        for policy in SETTINGS:
            found = [
                Waits(run(busy(floor, factors[at, load]), policy, reps=reps, seed=at))
                for at, floor in enumerate(floors)
            ]
            pairs = list(zip(found, beside, strict=True))
            strict, pooled = ([own.p95() / other[k].p95() for own, other in pairs] for k in (0, 1))
            worst = max(max(own.sections(other[0])) for own, other in pairs)
            walk = np.median([own.walk_s / other[0].walk_s for own, other in pairs])
            helped = np.median([own.helped for own in found])
            say(
                f"| {load:.2f} | {policy.detour_s:g} | {policy.own_first_s:g} | "
                f"{policy.when_free:d} | {policy.adjacent:d} | {np.median(strict):.2f} | "
                f"{np.median(pooled):.2f} | {worst:.2f} | {helped:.2f} | {walk:.2f} |"
            )


if __name__ == "__main__":
    main()
