"""Erlang A's service level beside pyworkforce's, in one run, in turns.

pyworkforce 0.5.4 has Erlang A and wants Python 3.12 or later, so it answers from a process of its
own: `python3.13 -m venv peer && peer/bin/pip install pyworkforce==0.5.4`, then
`python benchmarks/floor/erlang.py --peer peer/bin/python`. Each side takes its own processor time,
without its start. The answer is 1 if the bar is missed.
"""

import argparse
import json
import os
import subprocess
import sys
from statistics import median
from time import process_time

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")

import numpy as np

from upturn.floor.engine.erlang import erlang_a, service_levels

Setting = tuple[int, float, float, float]
"""Agents, calls an hour, handling time and patience in seconds; 20 seconds to answer."""

BAR, AGREEMENT, SETTINGS, TURNS, TIMES = 10.0, 1e-9, 40, 7, 20
PEER = """
import json, sys
from time import process_time
from pyworkforce.queuing import ErlangA
for line in sys.stdin:
    levels, start = [], process_time()
    for agents, per_hour, aht_s, patience_s in json.loads(line):
        queue = ErlangA(transactions=per_hour, aht=aht_s / 60, asa=20 / 60, interval=60,
                        patience=patience_s / 60)
        levels.append(queue.service_level(agents))
    print(json.dumps([levels, process_time() - start]), flush=True)
"""


def settings() -> list[Setting]:
    """The published queue, and others of 5 to 200 agents at loads from 0.7 to 1.1."""
    random = np.random.default_rng(2026)
    found: list[Setting] = [(50, 2880.0, 60.0, 120.0)]
    while len(found) < SETTINGS:
        agents, aht_s = int(random.integers(5, 201)), float(random.uniform(60, 600))
        rate = random.uniform(0.7, 1.1) * agents * 3600 / aht_s
        found.append((agents, float(rate), aht_s, float(random.uniform(30, 600))))
    return found


def one_by_one(asked: list[Setting]) -> tuple[list[float], float]:
    """All figures of each queue, one call a queue; seconds for one round."""
    start = process_time()
    for _ in range(TIMES):
        levels = [
            erlang_a(agents, per_hour=rate, aht_s=aht_s, patience_s=patience_s).service_level
            for agents, rate, aht_s, patience_s in asked
        ]
    return levels, (process_time() - start) / TIMES


def together(asked: list[Setting]) -> tuple[list[float], float]:
    """The service level alone, one call for all queues; seconds for one round."""
    agents, rate, aht_s, patience_s = (np.array(part) for part in zip(*asked, strict=True))
    start = process_time()
    for _ in range(TIMES):
        levels = service_levels(agents, per_hour=rate, aht_s=aht_s, patience_s=patience_s)
    return levels.tolist(), (process_time() - start) / TIMES


def spread(found: list[float], digits: int) -> str:
    """Smallest, largest and how many."""
    return f"{min(found):.{digits}f}-{max(found):.{digits}f}, n {len(found)}"


def main() -> int:
    """Print milliseconds, ratios and agreement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", required=True, help="a Python that has pyworkforce 0.5.4")
    command = [parser.parse_args().peer, "-c", PEER]
    asked = settings()
    one_by_one(asked), together(asked)
    ratios: dict[str, list[float]] = {"one by one": [], "together": []}
    apart, each_ms = 0.0, []
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as peer:
        if not (peer.stdin and peer.stdout):
            return 1
        for _ in range(TURNS):
            peer.stdin.write(json.dumps(asked) + "\n")
            peer.stdin.flush()
            theirs, their_s = json.loads(peer.stdout.readline())
            each_ms.append(1e3 * their_s / len(asked))
            for name, run in (("one by one", one_by_one), ("together", together)):
                ours, our_s = run(asked)
                ratios[name].append(their_s / our_s)
                apart = max(apart, float(np.abs(np.array(ours) - theirs).max()))
        peer.stdin.close()
    lines = [f"pyworkforce: {median(each_ms):.1f} ms a queue ({spread(each_ms, 1)})"]
    lines += [f"{name}: {median(x):.0f} times ({spread(x, 0)})" for name, x in ratios.items()]
    lines += [f"largest difference over {len(asked)} queues: {apart:.1e}", ""]
    sys.stdout.write("\n".join(lines))
    return int(min(map(median, ratios.values())) < BAR or apart > AGREEMENT)


if __name__ == "__main__":
    sys.exit(main())
