"""How fast the engine is, beside C, SimPy and Ciw, on the same models in the same run.

Contenders run in turn, one thread, processor time; a ratio is taken within a turn, and its median,
range and n over turns are printed. Everybody draws the needs, unless they are given. Threads and
starting are taken by the clock on the wall: let the machine be idle for these. Run
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
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from unittest.mock import patch

import ciw_queue
import numpy as np
from compiled import FloorInC, QueueInC
from floors import queue, restaurant
from simpy_floor import FloorInSimPy
from simpy_queue import QueueInSimPy

from upturn.floor.engine.drawing import draw_many
from upturn.floor.engine.laid import lay_out
from upturn.floor.engine.needs import Needs
from upturn.floor.engine.policy import (
    OneAtATime,
    OwnTheWhole,
    Policy,
    Pooled,
    ScanSection,
    SkillRouting,
)
from upturn.floor.engine.running import run_needs
from upturn.floor.engine.simulating import simulate

SERVERS, LOAD = 8, 0.9
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
        spread = f"({min(of):,.0f}-{max(of):,.0f}, n {rounds})"
        say(f"| {title} | {name} | {median(of):,.0f} {spread} needs/s |  |")
    for bar in bars:
        ratios = [a / b for a, b in zip(speeds[bar.ours], speeds[bar.peer], strict=True)]
        least = "" if bar.least is None else f">= {bar.least:g}"
        say(
            f"| {title} | {bar.ours} / {bar.peer} | {median(ratios):.2f} "
            f"({min(ratios):.2f}-{max(ratios):.2f}, n {rounds}) | {least} |"
        )


def race_queue(*, rounds: int) -> None:
    """M/M/8 at load .9, the longest idle first."""
    floor, until_s = queue(SERVERS, LOAD), 10_000 / (SERVERS * LOAD)
    hours, in_simpy = until_s / 3600.0, QueueInSimPy(servers=SERVERS)
    in_c = QueueInC(servers=SERVERS, load=LOAD, until_s=until_s)
    run = partial(simulate, floor, policy=SkillRouting(), hours=hours, reps=20, seed=1, threads=1)

    def by_events() -> None:
        with patch("upturn.floor.engine.running.recursion_applies", return_value=False):
            run()

    def c(how: str) -> None:
        for replication in range(20):
            in_c.serve(in_c.draw(1, replication), how)

    contenders: Contenders = {
        "simulate": (200_000, run),
        "simulate, event loop": (200_000, by_events),
        "C, event loop": (200_000, partial(c, "event_loop")),
        "C, recursion": (200_000, partial(c, "recursion")),
        "SimPy": (10_000, partial(in_simpy.draw_and_run, load=LOAD, until_s=until_s, seed=1)),
        "Ciw": (
            10_000,
            partial(ciw_queue.run_queue, servers=SERVERS, load=LOAD, until_s=until_s, seed=1),
        ),
    }
    bars = [
        Bar("simulate", "SimPy", 80),
        Bar("simulate, event loop", "SimPy"),
        Bar("simulate", "Ciw", 120),
        Bar("simulate, event loop", "Ciw"),
        Bar("simulate", "C, event loop", 0.7),
        Bar("simulate", "C, recursion"),
        Bar("simulate, event loop", "C, event loop"),
    ]
    race("M/M/8", contenders, bars, rounds=rounds)


def race_floor(policy: Policy, *, rounds: int) -> None:
    """Four sections of seven tables, five kinds of need, a record each."""
    floor, hours, reps = restaurant(), 4.0, 80
    laid, closes_s = lay_out(floor), (hours + 1) * 3600.0
    needs, bounds = draw_many(floor, hours=hours, seed=1, first=0, reps=reps)
    many = int(bounds[-1])
    parts = [
        Needs(*(np.ascontiguousarray(column[a:b]) for column in needs)) for a, b in pairwise(bounds)
    ]
    in_c = FloorInC(laid, policy)
    contenders: dict[str, tuple[int, Callable[[], object]]] = {
        "simulate": (
            many,
            partial(simulate, floor, policy=policy, hours=hours, reps=reps, seed=1, threads=1),
        ),
        "simulate, needs given": (
            many,
            partial(run_needs, laid, policy, needs, bounds=bounds, closes_s=closes_s),
        ),
        "C, needs given": (many, lambda: [in_c(part, closes_s=closes_s) for part in parts]),
    }
    bars = [Bar("simulate", "C, needs given"), Bar("simulate, needs given", "C, needs given", 0.5)]
    if isinstance(policy, OneAtATime | ScanSection):
        in_simpy, first = FloorInSimPy(laid, policy), range(8)
        contenders |= {
            "SimPy": (
                int(bounds[8]),
                lambda: [
                    in_simpy.draw_and_run(floor, hours=hours, closes_s=closes_s, seed=k)
                    for k in first
                ],
            ),
            "SimPy, needs given": (
                int(bounds[8]),
                lambda: [in_simpy(parts[k], closes_s=closes_s) for k in first],
            ),
        }
        bars += [
            Bar("simulate", "SimPy", 40),
            Bar("simulate, needs given", "SimPy, needs given", 40),
        ]
    race(f"floor, {type(policy).__name__}", contenders, bars, rounds=rounds)


def race_threads(*, rounds: int) -> None:
    """Two threads against one, by the clock on the wall."""
    run = partial(simulate, restaurant(), policy=OwnTheWhole(), hours=4.0, reps=800, seed=1)
    ratios = []
    for turn in range(rounds + 1):
        took = []
        for threads in (1, 2):
            begun = perf_counter()
            run(threads=threads)
            took.append(perf_counter() - begun)
        if turn:
            ratios.append(took[0] / took[1])
    spread = f"({min(ratios):.2f}-{max(ratios):.2f}, n {rounds})"
    say(f"| threads | two / one | {median(ratios):.2f} {spread} | >= 1.7 |")


def start(*, rounds: int) -> None:
    """From the command to its first result, with what is compiled at hand and without."""
    example = Path(__file__).parents[2] / "examples" / "floors" / "restaurant.toml"
    program = Path(sys.executable).with_name("upturn")
    command = [str(program), "lab", str(example), "--reps", "2", "--hours", "1"]

    def seconds(cache: str) -> float:
        begun = perf_counter()
        subprocess.run(
            command, check=True, env=os.environ | {"NUMBA_CACHE_DIR": cache}, capture_output=True
        )
        return perf_counter() - begun

    cold, warm = [], []
    for _ in range(max(1, rounds // 3)):
        with TemporaryDirectory() as cache:
            cold.append(seconds(cache))
            warm += [seconds(cache) for _ in range(3)]
    for name, of, most in (("cold", cold, 20), ("warm", warm, 1)):
        spread = f"({min(of):.2f}-{max(of):.2f}, n {len(of)})"
        say(f"| start | first result, {name} | {median(of):.2f} {spread} s | <= {most} s |")


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
