"""Floors where servers walk, in settings whose waits are known exactly."""

from collections.abc import Iterator
from dataclasses import replace
from math import hypot, inf

import numpy as np

from upturn.floor.engine.checks.judging import (
    Check,
    Ground,
    Reading,
    formula,
    in_system,
    measure,
    simulated,
    waited,
)
from upturn.floor.engine.checks.oracles import (
    m_g_1_wait,
    polling_sum,
    polling_wait,
    return_to_station_wait,
)
from upturn.floor.engine.checks.repairman import UNIT_SQUARE_MEAN, UNIT_SQUARE_MOMENT
from upturn.floor.engine.erlang import erlang_a
from upturn.floor.engine.grid import grid
from upturn.floor.engine.laid import Flags, Floats, lay_out
from upturn.floor.engine.policy import OneAtATime, OwnTheWhole, ScanSection, Serves
from upturn.floor.engine.runs import Records
from upturn.floor.engine.shapes import (
    Durations,
    Edge,
    Floor,
    Kind,
    NeedType,
    Node,
    Section,
    Server,
)

SERVICE = Durations(20.0)
SIDE = 20
"""Tables along a side of the unit square."""


def section_alone(section: int, reading: Reading) -> Reading:
    """Make a reading of one section of floor F alone."""

    def alone(records: Records) -> tuple[Floats, Flags]:
        values, counted = reading(records)
        return values, counted & (records.node // 7 == section)

    return alone


def one_at_a_time(ground: Ground) -> Iterator[Check]:
    """3: floor F one at a time is one M/G/1 a section."""
    floor = grid()
    laid = lay_out(floor)
    walks = laid.walk_s[laid.stations[0], :28].reshape(4, 7)
    readings = {str(s): section_alone(s, waited) for s in range(4)}
    found = measure(ground, floor, OneAtATime(), readings, needs=120_000)
    printed = ("21.999", "31.479", "44.046", "61.499")
    for s, (walk_s, figure) in enumerate(zip(walks, printed, strict=True)):
        exact = return_to_station_wait(
            0.014,
            walk_s=float(walk_s.mean()),
            walk_moment=float((walk_s**2).mean()),
            service=SERVICE,
        )
        name = f"one at a time, section {s + 1}: response, s"
        yield formula("3", name, printed=figure, found=exact)
        yield simulated("3", name, expected=exact, found=found[str(s)])


def without_walking(*, load: float = 0.8) -> Floor:
    """Give floor F with all its places at one spot."""
    floor = grid(need_types=(NeedType("request", load * 3600 / (7 * 20), SERVICE),))
    return replace(floor, nodes=tuple(replace(n, x_m=0.0, y_m=0.0) for n in floor.nodes))


def strict_sections(ground: Ground) -> Iterator[Check]:
    """4: without walking, one M/M/1 a section."""
    exact = m_g_1_wait(0.04, mean_s=20.0, moment=800.0)
    yield formula("4", "M/M/1, load .8: mean wait, s", printed="80.0", found=exact)
    for policy, called in ((OneAtATime(), "one at a time"), (ScanSection(), "scan")):
        found = measure(ground, without_walking(), policy, {"wait": waited}, needs=120_000)
        name = f"no walking, load .8, {called}: mean wait, s"
        yield simulated("4", name, expected=exact, found=found["wait"])


def helped_sections(ground: Ground) -> Iterator[Check]:
    """5: without walking, owning the whole without limit is M/M/4."""
    exact = erlang_a(4, per_hour=0.16 * 3600, aht_s=20).wait_s
    yield formula("5", "M/M/4, load .8: mean wait, s", printed="14.911", found=exact)
    floor = replace(without_walking(), table_lock=False)
    policy = OwnTheWhole(detour_s=inf, own_first_s=0.0)
    found = measure(ground, floor, policy, {"wait": waited}, needs=120_000)
    name = "no walking, load .8, own the whole: mean wait, s"
    yield simulated("5", name, expected=exact, found=found["wait"])


def light_traffic(ground: Ground) -> Iterator[Check]:
    """6: when hardly anything comes, the walk from the station is all."""
    floor = grid(need_types=(NeedType("request", 0.002, SERVICE),))
    laid = lay_out(floor)
    exact = float(laid.walk_s[laid.stations[0], :28].mean())
    yield formula("6", "mean walk from the station, s", printed="9.107", found=exact)
    policy = OwnTheWhole(cadence_s=inf)
    found = measure(ground, floor, policy, {"wait": waited}, needs=5000)
    name = "hardly any needs, own the whole: response, s"
    yield simulated("6", name, expected=exact, found=found["wait"])


def ring(*, tables: int, leg_s: float, kinds: tuple[NeedType, ...]) -> Floor:
    """Give tables in a ring with one server, who begins at the first."""
    ids = [f"table {at}" for at in range(tables)]
    return Floor(
        nodes=tuple(Node(id_, Kind.TABLE, section="ring") for id_ in ids),
        need_types=kinds,
        servers=(Server("server", "ring", home=ids[0]),),
        sections=(Section("ring", "server"),),
        edges=tuple(Edge(a, b, leg_s) for a, b in zip(ids, [*ids[1:], ids[0]], strict=True)),
    )


def rounds(ground: Ground) -> Iterator[Check]:
    """7: walking round and round is polling."""
    cases = (
        (7, 3.0, 0.02, Serves.EXHAUSTIVE, "29.833"),
        (7, 3.0, 0.03, Serves.EXHAUSTIVE, "54.0"),
        (7, 3.0, 0.03, Serves.GATED, "58.5"),
        (28, 2.0, 0.04, Serves.GATED, "224.0"),
    )
    for tables, leg_s, rate, serves, printed in cases:
        exact = polling_wait(
            rate, tables=tables, leg_s=leg_s, service=SERVICE, gated=serves is Serves.GATED
        )
        name = f"rounds past {tables} tables, {rate:g} a second, {serves}: mean wait, s"
        yield formula("7", name, printed=printed, found=exact)
        kind = NeedType("request", rate * 3600 / tables, SERVICE)
        floor = ring(tables=tables, leg_s=leg_s, kinds=(kind,))
        policy = ScanSection(cadence_s=0.0, serves=serves)
        found = measure(ground, floor, policy, {"wait": waited}, needs=40_000)
        yield simulated("7", name, expected=exact, found=found["wait"])
    yield from _unequal_rounds(ground)


def _unequal_rounds(ground: Ground) -> Iterator[Check]:
    """Tables with unlike needs: the sum of load times wait is known."""
    rates = (0.002, 0.004, 0.006, 0.012, 0.006)
    means = (30.0, 20.0, 10.0, 25.0, 15.0)
    kinds = tuple(
        NeedType(f"kind {at}", rate * 3600, Durations(mean), at=(f"table {at}",))
        for at, (rate, mean) in enumerate(zip(rates, means, strict=True))
    )
    floor = ring(tables=5, leg_s=3.0, kinds=kinds)
    loads = np.array(rates) * np.array(means)

    def weighted(records: Records) -> tuple[Floats, Flags]:
        """Waits weighted so that their mean over all needs is the weighted sum."""
        values, counted = waited(records)
        return values * np.array(means)[records.kind] * sum(rates), counted

    for serves in (Serves.EXHAUSTIVE, Serves.GATED):
        exact = polling_sum(
            rates,
            services=tuple(map(Durations, means)),
            cycle_s=15.0,
            gated=serves is Serves.GATED,
        )
        policy = ScanSection(cadence_s=0.0, serves=serves)
        found = measure(ground, floor, policy, {"sum": weighted}, needs=40_000)
        name = f"rounds past 5 unlike tables, load {loads.sum():.2g}, {serves}: weighted wait, s"
        yield simulated("7", name, expected=exact, found=found["sum"])


def square(*, side: int, rate: float) -> Floor:
    """Give tables all over a square of side 1 second, with the station in its centre."""
    at = [(step + 0.5) / side for step in range(side)]
    tables = [Node(f"{x:.4f} {y:.4f}", Kind.TABLE, x, y, "all") for x in at for y in at]
    return Floor(
        nodes=(*tables, Node("station", Kind.STATION, 0.5, 0.5)),
        need_types=(NeedType("request", rate * 3600 / side**2, Durations(0.3)),),
        servers=(Server("server", "all"),),
        sections=(Section("all", "server"),),
        edges=tuple(
            Edge("station", table.id, hypot(table.x_m - 0.5, table.y_m - 0.5)) for table in tables
        ),
    )


def unit_square(ground: Ground) -> Iterator[Check]:
    """9: back to the centre of a square after each need."""
    service = Durations(0.3)
    smooth = return_to_station_wait(
        0.7, walk_s=UNIT_SQUARE_MEAN, walk_moment=UNIT_SQUARE_MOMENT, service=service
    )
    name = "back to the centre of the unit square: time in system, s"
    yield formula("9", name, printed="2.479339", found=smooth + 0.3)
    floor = square(side=SIDE, rate=0.7)
    walks = np.array([edge.seconds for edge in floor.edges])
    exact = return_to_station_wait(
        0.7, walk_s=float(walks.mean()), walk_moment=float((walks**2).mean()), service=service
    )
    found = measure(ground, floor, OneAtATime(), {"time": in_system})
    name = f"the same with {SIDE} x {SIDE} tables: time in system, s"
    yield simulated("9", name, expected=exact + 0.3, found=found["time"])
