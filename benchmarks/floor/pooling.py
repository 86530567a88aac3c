"""What is published about pooling, beside the lab: direction and size.

Four sections without walking, exponential service: mean time in the system over that of strict
sections (M/M/1). Pooled is exact (Erlang C); own the whole is simulated, and so are strict sections
and pooling without loafing, as checks. Then Wang & Zhou (2018), Song, Tucker & Murrell (2015) and
Tan & Netessine (2014), as far as their abstracts say. Run `python benchmarks/floor/pooling.py`.
"""

import argparse
from math import inf, sqrt

import numpy as np

from upturn.floor.engine.checks.oracles import pooling_range
from upturn.floor.engine.erlang import erlang_c
from upturn.floor.engine.policy import OneAtATime, OwnTheWhole, Policy, Pooled, ScanSection
from upturn.floor.engine.shapes import (
    Behaviour,
    Durations,
    Floor,
    Kind,
    NeedType,
    Node,
    Section,
    Server,
)
from upturn.floor.engine.simulating import simulate

LOADS, SLOWER, HELP = (0.7, 0.8, 0.85, 0.9, 0.93), (1.0, 1.069, 1.107), (0.0, 0.1, 0.25, 0.5)
PUBLISHED = {
    0.70: (0.407, 0.482, 0.536, 0.451, 0.522, 0.655),
    0.80: (0.349, 0.472, 0.589, 0.396, 0.469, 0.593),
    0.85: (0.322, 0.514, 0.779, 0.369, 0.440, 0.555),
    0.90: (0.297, 0.754, 7.53, 0.342, 0.410, 0.511),
    0.93: (0.282, 3.24, inf, 0.327, 0.389, 0.481),
}
"""Computed before, elsewhere: pooled at three slow-downs, own the whole at +10, +25, +50 %."""


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201


ALONE = Behaviour(loafing_share=0.0)


def without_walking(load: float, *, sections: int = 4, behaviour: Behaviour = ALONE) -> Floor:
    """One table a section, all at one place; a service takes a second.

    Every need is due at once: own needs come first, and help goes to who has waited longest.
    """
    return Floor(
        nodes=tuple(
            Node(f"table {k}", Kind.TABLE, section=f"section {k}") for k in range(sections)
        ),
        need_types=(NeedType("need", 3600.0 * load, Durations(1.0), due_s=0.0),),
        servers=tuple(Server(f"server {k}", f"section {k}") for k in range(sections)),
        sections=tuple(Section(f"section {k}", f"server {k}") for k in range(sections)),
        behaviour=behaviour,
        table_lock=False,
    )


def pooled_s(load: float, slower: float, *, servers: int = 4) -> float:
    """Mean time in the system of M/M/c with services `slower` times as long as one second."""
    offered = load * servers * slower
    if offered >= servers:
        return inf
    return slower * (1 + erlang_c(servers, offered=offered) / (servers - offered))


def simulated(floor: Floor, policy: Policy, *, needs: int, seed: int) -> tuple[float, float]:
    """Mean time in the system and its standard error, over 8 runs."""
    per_hour = floor.need_types[0].per_hour * len(floor.sections)
    runs = simulate(floor, policy=policy, hours=needs / 8 / per_hour, reps=8, seed=seed)
    records = runs.records
    counted = (records.created_s >= runs.warm_up_s) & np.isfinite(records.ended_s)
    took = (records.ended_s - records.created_s)[counted]
    of = records.replication[counted]
    means = np.bincount(of, took, minlength=8) / np.bincount(of, minlength=8)
    return float(means.mean()), float(means.std(ddof=1) / sqrt(8))


def table(needs: int) -> None:
    """Print the table, each figure beside the one computed before."""
    say(
        "| load | "
        + " | ".join(f"pooled x{s:g}" for s in SLOWER)
        + " | "
        + " | ".join(f"own the whole, help +{h * 100:.0f} %" for h in HELP)
        + " |"
    )
    for load in LOADS:
        strict = 1 / (1 - load)
        cells = [
            f"{pooled_s(load, s) / strict:.3f} ({PUBLISHED[load][k]:.3g})"
            for k, s in enumerate(SLOWER)
        ]
        for k, cost in enumerate(HELP):
            floor = without_walking(
                load, behaviour=Behaviour(loafing_share=0.0, help_cost_share=cost)
            )
            mean, error = simulated(
                floor, OwnTheWhole(own_first_s=0.0, cadence_s=inf), needs=needs, seed=k
            )
            known = f" ({PUBLISHED[load][2 + k]:.3f})" if cost else ""
            cells.append(f"{mean / strict:.3f} +-{error / strict:.3f}{known}")
        say(f"| {load:.2f} | " + " | ".join(cells) + " |")


def checks(needs: int) -> None:
    """Print strict sections and pooling beside their formulas."""
    pooled = Pooled(inf), pooled_s(0.8, 1.0)
    for policy, exact in ((OneAtATime(), 5.0), (ScanSection(inf), 5.0), pooled):
        mean, error = simulated(without_walking(0.8), policy, needs=needs, seed=9)
        z = (mean - exact) / error
        say(f"{policy}, load .8: {mean:.4f} +-{error:.4f}, exact {exact:.4f}, z {z:.1f}")


def supermarket(needs: int) -> None:
    """Print Wang & Zhou: two queues against one, on both sides of the load where it turns."""
    for slower in SLOWER[1:]:
        low, high = pooling_range(slower)
        for load in (high - 0.04, high + 0.04):
            floor = without_walking(load, sections=2, behaviour=Behaviour(loafing_share=slower - 1))
            mean, error = simulated(floor, Pooled(inf), needs=needs, seed=5)
            say(
                f"Wang & Zhou, two servers, x{slower:g}, pays between loads {low:.3f} and "
                f"{high:.3f}: at {load:.3f} pooled over strict {mean * (1 - load):.3f} "
                f"+-{error * (1 - load):.3f}, exact "
                f"{pooled_s(load, slower, servers=2) * (1 - load):.3f}"
            )


def slower_for(shorter: float, *, load: float, servers: int) -> float:
    """Which slow-down makes dedicated queues shorter by this share, by bisection."""
    low, high = 1.0, 1 / load
    for _ in range(60):
        middle = (low + high) / 2
        dedicated = 1 / (1 - load) / pooled_s(load, middle, servers=servers)
        low, high = (low, middle) if dedicated < 1 - shorter else (middle, high)
    return middle


def emergency() -> None:
    """Print Song, Tucker & Murrell: the slow-down that a stay shorter by 17 % takes."""
    for servers in (2, 3, 4, 6):
        cells = [
            f"load {load}: +{(slower_for(0.17, load=load, servers=servers) - 1) * 100:.1f} %"
            for load in (0.8, 0.85, 0.9, 0.95)
        ]
        say(
            f"Song et al., {servers} servers, stay 17 % shorter with dedicated queues takes "
            + ", ".join(cells)
        )


def inverted_u(needs: int) -> list[tuple[float, float]]:
    """Give and print Tan & Netessine: seconds a need by load, longer first and then shorter."""
    curve = ((0.0, 1.0), (1.0, 1.15), (3.0, 0.8))
    found = []
    for load in (0.2, 0.4, 0.6, 0.8, 0.95, 1.05):
        floor = without_walking(load, behaviour=Behaviour(loafing_share=0.0, at_load=curve))
        runs = simulate(
            floor, policy=Pooled(inf), hours=needs / 8 / (3600.0 * load * 4), reps=8, seed=3
        )
        served = np.isfinite(runs.records.ended_s)
        took = float((runs.records.ended_s - runs.records.started_s)[served].mean())
        found.append((load, took))
        say(f"Tan & Netessine, rate {load:.2f} of what normal pace serves: {took:.3f} s a need")
    return found


def main() -> None:
    """Print all."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--needs", type=int, default=2_000_000)
    needs = reader.parse_args().needs
    table(needs)
    checks(needs)
    supermarket(needs)
    emergency()
    inverted_u(needs // 4)


if __name__ == "__main__":
    main()
