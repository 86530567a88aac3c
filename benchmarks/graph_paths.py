"""How long the bands and one party's paths take in an organisation of 2,000 parties.

The peer is a breadth-first search on dicts and a deque, as one would write it by hand, in the
same run. Run it with `python benchmarks/graph_paths.py`; it is never a timed test.
"""

import sys
from collections import defaultdict, deque
from collections.abc import Callable
from statistics import median, quantiles
from time import perf_counter

from upturn.graph.engine import (
    Graph,
    graph_of,
    layers,
    mutual_service,
    nearest,
    paths_down,
    paths_up,
    thinnest_path,
)
from upturn.stats.draws import generator

PARTIES, EDGES, CUSTOMERS, RUNS = 2_000, 10_000, 20, 30
Rows = tuple[list[tuple[int, str]], list[tuple[int, int, int]]]


def rows(*, width: int) -> Rows:
    """Draw an organisation whose parties mostly serve others up to `width` places above."""
    draw = generator(2026, "graph_paths", str(width))
    parties = [(p, "customers" if p < CUSTOMERS else "team") for p in range(PARTIES)]
    servers = draw.integers(CUSTOMERS, PARTIES, size=EDGES)
    steps = draw.integers(1, width, size=EDGES)
    upwards = draw.random(EDGES) < 0.95
    served = [
        int(s - d) if up else int(s + d) for s, d, up in zip(servers, steps, upwards, strict=True)
    ]
    edges = [
        (edge, int(server), min(max(above, 0), PARTIES - 1))
        for edge, (server, above) in enumerate(zip(servers, served, strict=True))
    ]
    return parties, [row for row in edges if row[1] != row[2]]


def by_hand(organisation: Rows, party: int) -> int | None:
    """Answer the distance of one party to a customer and nothing else."""
    parties, edges = organisation
    servers = defaultdict(list)
    for _, server, served in edges:
        servers[served].append(server)
    distance = {one: 0 for one, kind in parties if kind == "customers"}
    waiting = deque(distance)
    while waiting:
        one = waiting.popleft()
        for server in servers[one]:
            if server not in distance:
                distance[server] = distance[one] + 1
                waiting.append(server)
    return distance.get(party)


def timed(work: Callable[[], object]) -> list[float]:
    """Give the milliseconds of each run."""
    times = []
    for _ in range(RUNS):
        start = perf_counter()
        work()
        times.append((perf_counter() - start) * 1000)
    return times


def line(name: str, times: list[float], *, against: float) -> str:
    """Say median and quartiles in one line."""
    low, _, high = quantiles(times, n=4)
    middle = median(times)
    return (
        f"  {name:42} {middle:8.2f} ms  ({low:.2f} to {high:.2f}), ratio {middle / against:.1f}\n"
    )


def report(*, width: int) -> str:
    """Time every answer on one organisation."""
    organisation = rows(width=width)
    graph: Graph = graph_of(*organisation)
    bands = layers(graph).bands
    far = bands[-1][-1]
    strength = {edge: edge % 97 / 9.7 for edge in graph.edges if edge % 3}
    peer = timed(lambda: by_hand(organisation, far))
    works: dict[str, Callable[[], object]] = {
        "build the graph": lambda: graph_of(*organisation),
        "layers": lambda: layers(graph),
        "one party's paths up": lambda: paths_up(graph, far),
        "who serves a touchpoint, 6 levels": lambda: paths_down(graph, bands[1][:3], 6),
        "build, layers, paths up and down": lambda: (
            layers(built := graph_of(*organisation)),
            paths_up(built, far),
            paths_down(built, [far], 6),
        ),
        "mutual service": lambda: mutual_service(graph),
        "thinnest path": lambda: thinnest_path(graph, strength),
        "nearest of 2,000 names": lambda: nearest(
            "Kitchn 77", (f"Kitchen {party} of the house" for party in graph.kinds)
        ),
    }
    text = (
        f"{len(graph.kinds):,} parties, {len(graph.edges):,} edges, {len(bands)} bands; "
        f"{RUNS} runs: median (quartiles), ratio to the search by hand\n"
    )
    text += line("by hand: build, distance of one party", peer, against=median(peer))
    return text + "".join(
        line(name, timed(work), against=median(peer)) for name, work in works.items()
    )


if __name__ == "__main__":
    for places in (1_000, 100):
        sys.stdout.write(report(width=places) + "\n")
