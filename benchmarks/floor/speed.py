"""How fast the engine is, beside C, SimPy and Ciw, on the same models in the same run.

Contenders run in turn, one thread, processor time; a ratio is taken within a turn, and its median,
range and n over turns are printed. SimPy is given the draws; the engine and C draw them. Threads
and starting are taken by the clock on the wall: let the machine be idle for these. Run
`pip install -r benchmarks/floor/requirements.txt` and `python benchmarks/floor/speed.py`.
"""

import argparse
import os
import subprocess
import sys

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import inf
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import ciw_queue
import simpy_queue
from compiled import FloorInC, QueueInC
from floors import draw, queue, restaurant
from simpy_floor import FloorInSimPy

from upturn.floor.engine.drawing import draw_needs
from upturn.floor.engine.laid import lay_out
from upturn.floor.engine.policy import OneAtATime, OwnTheWhole, Policy, Pooled, ScanSection
from upturn.floor.engine.simulating import simulate

SERVERS, LOAD, BUSY = 8, 0.9, 1.7
Contenders = Mapping[str, tuple[int, Callable[[], object]]]
"""What each contender does, and how many needs it is through then."""


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201


@dataclass(frozen=True, slots=True)
class Bar:
    """The engine beside a peer: how many times its needs per second at least."""

    ours: str
    peer: str
    least: float | None = None


def race(title: str, contenders: Contenders, bars: list[Bar], *, rounds: int) -> None:
    """Run all in turn after one turn to warm up; print needs per second and ratios."""
    speeds: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(rounds + 1):
        for name, (needs, run) in contenders.items():
            begun = process_time()
            run()
            if turn:
                speeds[name].append(needs / (process_time() - begun))
    for name, of in speeds.items():
        say(f"| {title} | {name} | {median(of):,.0f} ({min(of):,.0f}-{max(of):,.0f}, n {rounds}) needs/s |  |")
    for bar in bars:
        ratios = [a / b for a, b in zip(speeds[bar.ours], speeds[bar.peer], strict=True)]
        least = "" if bar.least is None else f">= {bar.least:g}"
        say(
            f"| {title} | {bar.ours} / {bar.peer} | {median(ratios):.2f} "
            f"({min(ratios):.2f}-{max(ratios):.2f}, n {rounds}) | {least} |"
        )


def race_queue(*, rounds: int) -> None:
    """M/M/8 at load .9."""
    floor, per_s = queue(SERVERS, LOAD), SERVERS * LOAD
    hours = 200_000 / per_s / 3600.0
    in_c = QueueInC(servers=SERVERS, load=LOAD, until_s=hours * 3600.0)
    few = draw(floor, hours=hours / 20, seed=1)
    run = partial(simulate, floor, policy=Pooled(inf), hours=hours, reps=1, seed=1, threads=1)
    contenders: Contenders = {
        "simulate (fast path)": (200_000, run),
        "simulate (event loop)": (200_000, partial(run, fast=False)),
        "C, draws and event loop": (200_000, lambda: in_c.serve(in_c.draw(1))),
        "C, draws and recursion": (200_000, lambda: in_c.serve(in_c.draw(1), "recursion")),
        "SimPy": (len(few.created_s), partial(simpy_queue.run_queue, few, servers=SERVERS)),
        "Ciw": (
            10_000,
            partial(ciw_queue.run_queue, servers=SERVERS, load=LOAD, until_s=10_000 / per_s, seed=1),
        ),
    }
    bars = [
        Bar("simulate (fast path)", "SimPy"), Bar("simulate (event loop)", "SimPy", 80),
        Bar("simulate (fast path)", "Ciw"), Bar("simulate (event loop)", "Ciw", 120),
        Bar("simulate (event loop)", "C, draws and event loop", 0.7),
        Bar("simulate (fast path)", "C, draws and recursion"),
    ]  # fmt: skip
    race("M/M/8", contenders, bars, rounds=rounds)


def race_floor(policy: Policy, *, rounds: int) -> None:
    """Four sections of seven tables, five kinds of need, a record each."""
    floor, hours = restaurant(BUSY), 240.0
    laid = lay_out(floor)
    needs, few = draw_needs(floor, hours=hours, seed=1, replication=0), draw(floor, hours=12, seed=1)
    many = len(needs.created_s)
    run = partial(simulate, floor, policy=policy, hours=hours, reps=1, seed=1, threads=1)
    in_c = FloorInC(laid, policy)
    contenders: dict[str, tuple[int, Callable[[], object]]] = {
        "simulate": (many, run),
        "C, needs given": (many, partial(in_c, needs, closes_s=(hours + 1) * 3600.0)),
    }
    bars = [Bar("simulate", "C, needs given", 0.5)]
    if isinstance(policy, OneAtATime | ScanSection):
        in_simpy = FloorInSimPy(laid, policy)
        contenders["SimPy"] = len(few.created_s), partial(in_simpy, few, closes_s=13 * 3600.0)
        bars.append(Bar("simulate", "SimPy", 40))
    race(f"floor, {type(policy).__name__}", contenders, bars, rounds=rounds)


def race_threads(*, rounds: int) -> None:
    """Two threads against one, by the clock on the wall."""
    run = partial(simulate, restaurant(BUSY), policy=OwnTheWhole(), hours=4.0, reps=800, seed=1)
    ratios = []
    for turn in range(rounds + 1):
        took = []
        for threads in (1, 2):
            begun = perf_counter()
            run(threads=threads)
            took.append(perf_counter() - begun)
        if turn:
            ratios.append(took[0] / took[1])
    say(f"| threads | two / one | {median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f}, n {rounds}) | >= 1.7 |")


def start(*, rounds: int) -> None:
    """From the command to its first result, with what is compiled at hand and without."""
    example = Path(__file__).parents[2] / "examples" / "floors" / "restaurant.toml"
    command = [sys.executable, "-m", "upturn", "lab", str(example), "--reps", "2", "--hours", "1"]

    def seconds(cache: str) -> float:
        begun = perf_counter()
        subprocess.run(command, check=True, env=os.environ | {"NUMBA_CACHE_DIR": cache}, capture_output=True)
        return perf_counter() - begun

    cold, warm = [], []
    for _ in range(max(1, rounds // 3)):
        with TemporaryDirectory() as cache:
            cold.append(seconds(cache))
            warm += [seconds(cache) for _ in range(3)]
    for name, of, most in (("cold", cold, 20), ("warm", warm, 1)):
        say(f"| start | command to first result, {name} | {median(of):.2f} s ({min(of):.2f}-{max(of):.2f}, n {len(of)}) | <= {most} s |")


def main() -> None:
    """Print the table."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--rounds", type=int, default=7)
    reader.add_argument("--only", choices=("queue", "floor", "threads", "start"))
    given = reader.parse_args()
    say("| what | who | measured | bar |\n|---|---|---|---|")
    if given.only in (None, "queue"):
        race_queue(rounds=given.rounds)
    if given.only in (None, "floor"):
        for policy in (OneAtATime(), ScanSection(), OwnTheWhole(), Pooled()):
            race_floor(policy, rounds=given.rounds)
    if given.only in (None, "threads"):
        race_threads(rounds=given.rounds)
    if given.only in (None, "start"):
        start(rounds=given.rounds)


if __name__ == "__main__":
    main()
