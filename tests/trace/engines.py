"""Small organisations for the tests of the engine, and the first alarm of a synthetic world."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from upturn.stats.draws import generator
from upturn.trace.engine import Alarm, Measures, ServiceGraph, ServiceWorld, alarm_at

MONDAY = date(2026, 1, 5)
EDGES = (
    ("desk", "check-in"), ("desk", "check-out"), ("rooms", "stay"), ("rooms", "desk"),
    ("laundry", "rooms"), ("repairs", "rooms"), ("booking", "desk"), ("kitchen", "breakfast"),
    ("laundry", "kitchen"), ("store", "kitchen"),
)  # fmt: skip
POINTS = ("check-in", "check-out", "stay", "breakfast")


def weeks(n: int) -> tuple[date, ...]:
    return tuple(MONDAY + timedelta(weeks=at) for at in range(n))


def graph_of(
    edges: tuple[tuple[str, str], ...] = EDGES, *, points: tuple[str, ...] = POINTS
) -> ServiceGraph:
    keys = tuple(dict.fromkeys([*points, *(name for pair in edges for name in pair)]))
    serves = np.zeros((len(keys), len(keys)), dtype=bool)
    for server, served in edges:
        serves[keys.index(server), keys.index(served)] = True
    return ServiceGraph(keys, serves, np.array([key in points for key in keys]))


def hotel(*, fell: str | None = "laundry", size: float = 5.0, n: int = 26, seed: int = 1):
    """Weekly figures in which one party falls in week 14 and its change is passed on."""
    graph = graph_of()
    depth_first = ["laundry", "repairs", "booking", "store", "rooms", "kitchen", "desk", *POINTS]
    value = np.zeros((n, len(graph.keys)))
    for key in depth_first:
        at = graph.keys.index(key)
        value[:, at] = generator(seed, key).normal(size=n)
        if key == fell:
            value[14:, at] -= size
        value[:, at] += 0.7 * value[:, graph.serves[:, at]].sum(axis=1)
    return Measures(value, weeks(n)), graph


def alarm_of(measures: Measures, graph: ServiceGraph, key: str = "check-in") -> Alarm:
    found = alarm_at(measures, graph=graph, touchpoint=graph.keys.index(key))
    assert found is not None
    return found


def loudest(world: ServiceWorld) -> Alarm:
    points = np.flatnonzero(world.graph.touchpoint).tolist()
    found = [alarm_at(world.measures, graph=world.graph, touchpoint=at) for at in points]
    return min((alarm for alarm in found if alarm), key=lambda alarm: alarm.z)


def with_column(measures: Measures, node: int, column) -> Measures:
    value = measures.value.copy()
    value[:, node] = column
    return replace(measures, value=value)
