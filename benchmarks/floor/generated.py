"""Generated floors: 3 to 6 sections of 6 to 8 tables, random places, several kinds of need."""

from dataclasses import replace

import numpy as np

from upturn.floor.engine.shapes import (
    Durations,
    Floor,
    Kind,
    Law,
    NeedType,
    Node,
    Section,
    Server,
)

WIDE_M, DEEP_M, APART_M = 7.0, 5.0, 1.3


def generated(seed: int) -> Floor:
    """Give one floor; what comes at which rate is for `busy` to set."""
    numbers = np.random.default_rng(seed)
    count, columns = int(numbers.integers(3, 7)), int(numbers.integers(2, 4))
    nodes, sections = [], []
    for at in range(count):
        name, corner = f"section {at + 1}", (WIDE_M * (at % columns), DEEP_M * (at // columns))
        for k, (x, y) in enumerate(_places(numbers, int(numbers.integers(6, 9)))):
            nodes.append(Node(f"{at + 1}-{k + 1}", Kind.TABLE, corner[0] + x, corner[1] + y, name))
        near = [
            n
            for n in range(count)
            if abs(n % columns - at % columns) + abs(n // columns - at // columns) == 1
        ]
        sections.append(Section(name, f"server {at + 1}", tuple(f"section {n + 1}" for n in near)))
    deep = DEEP_M * ((count - 1) // columns + 1)
    stations = [Node("kitchen", Kind.STATION, float(numbers.uniform(0, WIDE_M * columns)), -1.5)]
    if numbers.random() < 0.5:
        stations.append(Node("bar", Kind.STATION, -1.0, float(numbers.uniform(0, deep))))
    hands = {"pot": int(numbers.integers(4, 9)), "tray": int(numbers.integers(2, 4))}
    return Floor(
        nodes=(*nodes, *stations),
        need_types=_kinds(numbers),
        servers=tuple(
            Server(f"server {k + 1}", f"section {k + 1}", hands=hands, home="kitchen")
            for k in range(count)
        ),
        sections=tuple(sections),
        name=f"floor {seed}",
    )


def _places(numbers: np.random.Generator, tables: int) -> list[tuple[float, float]]:
    """Places in one section, none on top of another."""
    found: list[tuple[float, float]] = []
    while len(found) < tables:
        x, y = float(numbers.uniform(0.5, WIDE_M - 0.5)), float(numbers.uniform(0.5, DEEP_M - 0.5))
        if all(abs(x - a) + abs(y - b) >= APART_M for a, b in found):
            found.append((x, y))
    return found


def _kinds(numbers: np.random.Generator) -> tuple[NeedType, ...]:
    """Order, bill for the owner; plates and coffee carried; coffee and clearing seen by looking."""
    often = numbers.uniform(0.6, 1.4, 6).tolist()
    longer = numbers.uniform(0.7, 1.3, 6).tolist()

    def lasts(at: int, mean_s: float) -> Durations:
        return Durations(mean_s * longer[at], Law.GAMMA, 0.6)

    coffee = NeedType("coffee", 2.5 * often[2], lasts(2, 12.0), 300.0, 1.0, "pot")
    clearing = NeedType("clearing", 1.5 * often[3], lasts(3, 18.0), 600.0, 0.5)
    return (
        NeedType("order", 1.2 * often[0], lasts(0, 45.0), 180.0, 2.0, owner_only=True),
        NeedType("plates", 1.5 * often[1], lasts(1, 20.0), 120.0, 2.0, "tray"),
        replace(coffee, asks_after=Durations(420.0)),
        replace(clearing, asks_after=Durations(900.0)),
        NeedType("request", 2.5 * often[4], lasts(4, 18.0), 120.0),
        NeedType("bill", 1.0 * often[5], lasts(5, 30.0), 240.0, 2.0, owner_only=True),
    )


def busy(floor: Floor, factor: float, *, loafing: float = 0.069, help_cost: float = 0.0) -> Floor:
    """The same floor with so many times the needs, and what people do to the clock."""
    kinds = tuple(replace(kind, per_hour=kind.per_hour * factor) for kind in floor.need_types)
    behaviour = replace(floor.behaviour, loafing_share=loafing, help_cost_share=help_cost)
    return replace(floor, need_types=kinds, behaviour=behaviour)
