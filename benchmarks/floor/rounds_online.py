"""Planning anew at every event, beside hindsight that may not set off before a need exists.

30 sections of 7 tables, 400 needs, services of 20 s on average (unknown to the planner), seats
that cannot be called back from a walk. Run with `python benchmarks/floor/rounds_online.py`.
"""

import argparse
from heapq import heappop, heappush
from math import inf
from statistics import median

import numpy as np
from hindsight import Day, search

from upturn.floor.engine.rounds import Open, Seat, Snapshot, Why, plan_round
from upturn.stats.draws import generator

SECTIONS, NEEDS, MOST = 30, 400, {0.0: 1.5, 15.0: 1.65}


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201


def walks() -> np.ndarray:
    """Seconds between the tables of five rows of six sections."""
    places = np.array(
        [
            ((s % 6) * 8.0 + (t % 4) * 2, (s // 6) * 6.0 + (t // 4) * 3)
            for s in range(SECTIONS)
            for t in range(7)
        ]
    )
    return np.abs(places[:, None] - places[None, :]).sum(axis=2) / 1.2


def draw_day(rate: float, *, seed: int) -> Day:
    """Draw when and where needs arise, how heavy they are and how long they take."""
    numbers = generator(seed, f"online {rate}")
    return Day(
        arises=np.cumsum(numbers.exponential(1 / rate, NEEDS)),
        node=numbers.integers(0, 7 * SECTIONS, NEEDS),
        weight=numbers.choice([1.0, 1.0, 2.0, 4.0], NEEDS),
        stays=numbers.exponential(20.0, NEEDS),
        walk=walks(),
        at=numbers.integers(0, 7, SECTIONS) + 7 * np.arange(SECTIONS),
    )


def serve(day: Day, *, own_first_s: float, detour_s: float, budget_ms: float):
    """Plan anew at every event; give weighted waiting, the share helped, and who met what."""
    walk, at, free_s, now, waiting = day.walk, day.at.copy(), np.zeros(SECTIONS), 0.0, []
    events = [(float(t), need) for need, t in enumerate(day.arises)]
    rows, cost, helped = [[] for _ in range(SECTIONS)], 0.0, 0
    while events:
        now, need = heappop(events)
        if need >= 0:
            waiting.append(need)
        if not waiting or (free_s > now).all():
            continue
        seats = tuple(
            Seat(f"section {s}", int(at[s]), max(now, float(free_s[s]))) for s in range(SECTIONS)
        )
        needs = tuple(
            Open(
                int(day.node[n]), "request", f"section {day.node[n] // 7}",
                float(day.arises[n]), inf, float(day.weight[n]), service_s=20.0,
            )
            for n in waiting
        )  # fmt: skip
        plan = plan_round(
            Snapshot(walk, seats, needs, now_s=now),
            own_first_s=own_first_s, detour_s=detour_s, budget_ms=budget_ms,
        )  # fmt: skip
        for seat, round_ in enumerate(plan.rounds):
            if round_.first is None or free_s[seat] > now:
                continue
            need = waiting[round_.first.need]
            starts = now + walk[at[seat], day.node[need]]
            cost += day.weight[need] * (starts - day.arises[need])
            helped += round_.first.why in {Why.ON_THE_WAY, Why.DETOUR}
            at[seat], free_s[seat] = day.node[need], starts + day.stays[need]
            rows[seat].append(need)
            heappush(events, (float(free_s[seat]), -1))
        met = {need for row in rows for need in row}
        waiting = [need for need in waiting if need not in met]
    return cost, helped / NEEDS, rows


def best_in_hindsight(day: Day, plan: list[list[int]], *, repairs: int) -> float:
    """Search from a plan that came about."""
    rows = np.zeros((SECTIONS, NEEDS + 1), np.int64)
    for seat, row in enumerate(plan):
        rows[seat, : len(row)] = row
    lengths = np.array([len(row) for row in plan])
    return float(search(day, rows, lengths, repairs, generator(1, "hindsight")))


def main() -> int:
    """Print the ratios; give 1 if a bar is missed."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--seeds", type=int, default=3)
    reader.add_argument("--repairs", type=int, default=60_000)
    reader.add_argument("--budget-ms", type=float, default=1.0)
    reader.add_argument("--rates", type=float, nargs="+", default=[0.7, 0.95, 1.15])
    asked = reader.parse_args()
    missed = False
    for rate in asked.rates:
        ratios: dict[tuple[float, float], list[tuple[float, float]]] = {}
        for seed in range(asked.seeds):
            day = draw_day(rate, seed=seed)
            served = {
                (price, far_s): serve(
                    day, own_first_s=price, detour_s=far_s, budget_ms=asked.budget_ms
                )
                for price, far_s in ((0.0, inf), (15.0, 6.0))
            }
            least = best_in_hindsight(day, served[0.0, inf][2], repairs=asked.repairs)
            for key, (cost, share, _rows) in served.items():
                ratios.setdefault(key, []).append((cost / least, share))
        for (price, detour_s), found in ratios.items():
            each = [ratio for ratio, _share in found]
            over = median(each) > MOST[price]
            missed = missed or over
            say(
                f"rate {rate}, own_first_s {price:g}, detour_s {detour_s:g}: {median(each):.2f} "
                f"times hindsight ({min(each):.2f}-{max(each):.2f}, n {len(each)}), helped "
                f"{median(share for _ratio, share in found):.2f}{', missed' if over else ''}"
            )
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
