"""How good and how punctual plans of rounds are: 30 seats, 200 needs, 210 tables.

Weighted waiting (weights 1, 1, 2, 4) beside a search of 30 seconds, and walking alone beside
PyVRP, whose objective that is. A millisecond of search is a fixed number of places looked at, so
the ratios repeat; how punctual a call is comes from processor time. Run
`pip install -r benchmarks/floor/requirements.txt` and `python benchmarks/floor/rounds.py`; the
answer is 1 if a bar is missed.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from math import inf
from statistics import median
from time import process_time

import numpy as np

from upturn.floor.engine.rounds import Open, Seat, Snapshot, Station, plan_round
from upturn.floor.engine.rounds.board import Prices, lay_board
from upturn.floor.engine.rounds.planning import LOOKS_A_MS
from upturn.floor.engine.rounds.searching import find
from upturn.stats.draws import generator

SEATS, NEEDS = 30, 200
MOST = {50.0: 1.05, 1000.0: 1.02}
WALKING_MOST, PUNCTUAL_MS = 1.03, 50.0


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201


def draw_snapshot(seed: int) -> Snapshot:
    """Draw sections of seven tables in rows of six, and what waits there."""
    numbers = generator(seed, "snapshot")
    places = [
        ((s % 6) * 8.0 + (t % 4) * 2, (s // 6) * 6.0 + (t // 4) * 3)
        for s in range(SEATS)
        for t in range(7)
    ]
    xy = np.array([*places, (24.0, -2.0)])
    return Snapshot(
        np.abs(xy[:, None] - xy[None, :]).sum(axis=2) / 1.2,
        tuple(
            Seat(f"section {s}", int(numbers.integers(0, 211)), float(numbers.uniform(0, 30)))
            for s in range(SEATS)
        ),
        tuple(
            Open(
                int(node), "request", f"section {node // 7}", -float(numbers.uniform(0, 60)),
                weight=float(numbers.choice([1, 1, 2, 4])),
                service_s=float(numbers.exponential(20)),
            )
            for node in numbers.integers(0, 210, NEEDS)
        ),
        (Station(210),),
    )  # fmt: skip


def spread(numbers: Sequence[float]) -> str:
    """Median, range and n."""
    return f"{median(numbers):.4f} ({min(numbers):.4f}-{max(numbers):.4f}, n {len(numbers)})"


def compare_with_long_search(seeds: Sequence[int], reference_ms: float) -> bool:
    """Print the ratio to a long search for each budget; true if a bar is missed."""
    ratios: dict[float, list[float]] = {budget_ms: [] for budget_ms in MOST}
    for seed in seeds:
        snapshot = draw_snapshot(seed)
        costs = {ms: plan_round(snapshot, budget_ms=ms, seed=seed).cost for ms in MOST}
        long = plan_round(snapshot, budget_ms=reference_ms, seed=seed + 1000).cost
        for budget_ms, cost in costs.items():
            ratios[budget_ms].append(cost / min(long, *costs.values()))
    for budget_ms, found in ratios.items():
        say(f"{budget_ms:g} ms: {spread(found)} times {reference_ms / 1000:g} s of search")
    return any(median(found) > MOST[ms] for ms, found in ratios.items())


def time_calls(calls: int) -> bool:
    """Print the processor time of a call with a budget of 50 ms of it; true if a bar is missed."""
    took = []
    for number in range(calls + 1):
        snapshot = draw_snapshot(number)
        begun = process_time()
        plan_round(snapshot, budget_ms=PUNCTUAL_MS, clock=process_time)
        took.append((process_time() - begun) * 1000)
    took = took[1:]
    p99 = float(np.quantile(took, 0.99))
    say(f"ms a call of 50: p50 {median(took):.1f}, p99 {p99:.1f}, most {max(took):.1f}, n {calls}")
    return p99 > PUNCTUAL_MS


def walk_least(snapshot: Snapshot, seconds: float, seed: int) -> float:
    """Search for the least walking alone, in seconds, for so much processor time."""
    still = tuple(replace(need, weight=0.0) for need in snapshot.needs)
    board = lay_board(replace(snapshot, needs=still), Prices(0.0, inf, 0.0, step=1.0))
    begun = process_time()
    found = find(
        board, needs=np.arange(NEEDS), optional=np.arange(0),
        spent=lambda _looked: (process_time() - begun) / seconds,
        looks=int(seconds * 1000 * LOOKS_A_MS), seed=seed,
    )  # fmt: skip
    return found.cost


def walk_with_pyvrp(snapshot: Snapshot, seconds: float, seed: int) -> float:
    """Let PyVRP walk: a start a seat, and an end that costs nothing."""
    from pyvrp import Model  # noqa: PLC0415 - a peer

    model = Model()
    nodes = [seat.position for seat in snapshot.servers] + [n.node for n in snapshot.needs]
    places, end = [model.add_location(0, 0) for _ in nodes], model.add_location(0, 0)
    depot = model.add_depot(end)
    for place in places[:SEATS]:
        model.add_vehicle_type(1, start_depot=model.add_depot(place), end_depot=depot)
    for place in places[SEATS:]:
        model.add_client(place)
    walk = np.rint(snapshot.walk_s[np.ix_(nodes, nodes)] * 1000).astype(int)
    for a, origin in enumerate(places):
        model.add_edge(origin, end, distance=0)
        for b, goal in enumerate(places):
            model.add_edge(origin, goal, distance=int(walk[a, b]) if a != b else 0)
    begun = process_time()
    result = model.solve(
        stop=lambda _cost: process_time() - begun > seconds, seed=seed, display=False
    )
    return float(result.cost()) / 1000


def compare_with_pyvrp(seeds: Sequence[int]) -> bool:
    """Print walking alone beside PyVRP at a second each; true if the bar is missed."""
    ratios = []
    for seed in seeds:
        snapshot = draw_snapshot(seed)
        ratios.append(walk_least(snapshot, 1.0, seed) / walk_with_pyvrp(snapshot, 1.0, seed))
    say(f"walking alone, 1 s of processor time: {spread(ratios)} times PyVRP")
    return median(ratios) > WALKING_MOST


def main() -> int:
    """Print all figures; give 1 if a bar is missed."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--first", type=int, default=0, help="the first seed")
    reader.add_argument("--seeds", type=int, default=20)
    reader.add_argument("--reference-ms", type=float, default=30_000)
    reader.add_argument("--calls", type=int, default=300)
    reader.add_argument("--only", choices=("search", "time", "pyvrp"))
    asked = reader.parse_args()
    seeds = range(asked.first, asked.first + asked.seeds)
    parts = {
        "time": lambda: time_calls(asked.calls),
        "search": lambda: compare_with_long_search(seeds, asked.reference_ms),
        "pyvrp": lambda: compare_with_pyvrp(seeds),
    }
    return int(
        any({name: run() for name, run in parts.items() if asked.only in (None, name)}.values())
    )


if __name__ == "__main__":
    raise SystemExit(main())
