"""Small floors drawn at random, with needs at round moments, so that many things happen at once."""

from math import inf

import numpy as np
from hypothesis import strategies as st

from upturn.floor.engine.laid import lay_out, places_of
from upturn.floor.engine.needs import Needs
from upturn.floor.engine.policy import (
    OneAtATime,
    OwnTheWhole,
    Policy,
    Pooled,
    ScanSection,
    Serves,
    SkillRouting,
)
from upturn.floor.engine.running import run_needs
from upturn.floor.engine.runs import Done
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

SECONDS = st.sampled_from([0.0, 1.0, 5.0, 20.0, inf])
CLOSES_S = 900.0
CADENCES = st.sampled_from([30.0, 120.0, inf])


@st.composite
def floors(draw: st.DrawFn) -> Floor:
    sections = draw(st.integers(1, 3))
    at = st.integers(0, 12).map(lambda half: half * 0.6)
    tables = [
        Node(f"{s}-{t}", Kind.TABLE, draw(at), draw(at), f"section {s}")
        for s in range(sections)
        for t in range(draw(st.integers(1, 3)))
    ]
    stations = [Node(f"station {k}", Kind.STATION, draw(at), draw(at)) for k in range(1, 3)]
    return Floor(
        nodes=(*tables, *stations[: draw(st.integers(1, 2))]),
        need_types=tuple(draw(_need_types(k)) for k in range(draw(st.integers(1, 3)))),
        servers=tuple(
            draw(_servers(k, sections)) for k in range(sections + draw(st.integers(0, 2)))
        ),
        sections=tuple(
            Section(f"section {s}", f"server {s}", tuple(f"section {s - 1}" for _ in range(s > 0)))
            for s in range(sections)
        ),
        behaviour=Behaviour(
            loafing_share=draw(st.sampled_from([0.0, 0.069])),
            help_cost_share=draw(st.sampled_from([0.0, 0.25])),
            at_load=draw(st.sampled_from([((0.0, 1.0),), ((0.5, 1.2), (1.0, 0.8), (3.0, 1.5))])),
            look_s=draw(st.sampled_from([0.0, 3.0])),
        ),
        table_lock=draw(st.booleans()),
    )


@st.composite
def _need_types(draw: st.DrawFn, number: int) -> NeedType:
    return NeedType(
        f"kind {number}",
        60.0,
        Durations(draw(st.sampled_from([0.0, 10.0, 30.0]))),
        due_s=draw(st.sampled_from([0.0, 30.0, 120.0, inf])),
        weight=draw(st.sampled_from([0.5, 1.0, 4.0])),
        item=draw(st.sampled_from(["", "pot", "tray"])),
        together=draw(st.integers(1, 3)),
        patience=draw(st.sampled_from([None, Durations(0.0), Durations(60.0)])),
        owner_only=draw(st.booleans()),
        asks_after=draw(st.sampled_from([None, Durations(60.0)])),
    )


@st.composite
def _servers(draw: st.DrawFn, number: int, sections: int) -> Server:
    owns = number < sections
    return Server(
        f"server {number}",
        f"section {number}" if owns else "",
        speed_m_s=draw(st.sampled_from([0.6, 1.2])),
        hands={"pot": draw(st.integers(0, 3)), "tray": draw(st.integers(1, 2))},
        skills=draw(st.sampled_from([(), ("kind 1", "kind 0"), ("kind 0",)])),
        work_rate=draw(st.sampled_from([1.0, 2.0])),
        starts_s=draw(st.sampled_from([0.0, 0.0, 100.0])),
        ends_s=draw(st.sampled_from([inf, inf, 400.0])),
    )


def policies() -> st.SearchStrategy[Policy]:
    return st.one_of(
        st.just(OneAtATime()),
        st.builds(ScanSection, CADENCES, st.sampled_from(Serves)),
        st.builds(OwnTheWhole, SECONDS, SECONDS, CADENCES, st.booleans(), st.booleans()),
        st.builds(Pooled, CADENCES),
        st.builds(SkillRouting, st.booleans()),
    )


def round_needs(floor: Floor, *, seed: int, many: int) -> Needs:
    """Needs at whole seconds, some of them at the same one."""
    draws = np.random.default_rng(seed)
    rows = []
    for _ in range(many):
        number = int(draws.integers(len(floor.need_types)))
        kind, created = floor.need_types[number], float(draws.integers(600))
        places = places_of(kind, floor)
        rows.append((
            created, places[draws.integers(len(places))], number,
            kind.service.mean_s * draws.integers(3),
            kind.patience.mean_s * draws.integers(1, 3) if kind.patience else inf,
            created + (kind.asks_after.mean_s * draws.integers(4) if kind.asks_after else 0.0),
        ))  # fmt: skip
    columns = np.array(sorted(rows), float).reshape(-1, 6).T
    created, node, number, service, patience, asks = np.ascontiguousarray(columns)
    return Needs(created, node.astype(np.int64), number.astype(np.int64), service, patience, asks)


def run(floor: Floor, policy: Policy, needs: Needs, *, closes_s: float = CLOSES_S) -> Done:
    bounds = np.array([0, len(needs.created_s)])
    return run_needs(lay_out(floor), policy, needs, bounds=bounds, closes_s=closes_s)
