"""Where pooling stops paying, and what is published about it, on floors without walking."""

from math import inf

import numpy as np
import pytest

from upturn.floor.engine.erlang import erlang_c
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.grid import grid
from upturn.floor.engine.lab.measures import Measure
from upturn.floor.engine.lab.pooling import Pays, pooling_stops_paying
from upturn.floor.engine.policy import OwnTheWhole, Policy, Pooled, ScanSection
from upturn.floor.engine.runs import Runs
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


def at_one_place(load: float, *, sections: int, behaviour: Behaviour | None = None) -> Floor:
    """A table a section, no walks, services of one second, every need due at once."""
    names = [str(k) for k in range(sections)]
    return Floor(
        nodes=tuple(Node(f"table {k}", Kind.TABLE, section=k) for k in names),
        need_types=(NeedType("need", 3600.0 * load, Durations(1.0), due_s=0.0),),
        servers=tuple(Server(f"server {k}", k) for k in names),
        sections=tuple(Section(k, f"server {k}") for k in names),
        behaviour=behaviour or Behaviour(loafing_share=0.0),
        table_lock=False,
    )


def run(floor: Floor, policy: Policy, *, needs: int) -> Runs:
    per_hour = floor.need_types[0].per_hour * len(floor.sections)
    return simulate(floor, policy=policy, hours=needs / 8 / per_hour, reps=8, seed=4)


def time_in_system(runs: Runs) -> tuple[float, float]:
    records = runs.records
    counted = records.created_s >= runs.warm_up_s
    took, of = (records.ended_s - records.created_s)[counted], records.replication[counted]
    means = np.bincount(of, took) / np.bincount(of)
    return float(means.mean()), float(means.std(ddof=1) / np.sqrt(len(means)))


def pooled_s(load: float, slower: float, *, servers: int) -> float:
    offered = load * servers * slower
    return slower * (1 + erlang_c(servers, offered=offered) / (servers - offered))


@pytest.mark.parametrize(("help_cost", "published"), [(0.1, 0.396), (0.25, 0.469), (0.5, 0.593)])
def test_own_first_with_help_is_good_even_where_help_is_slow(
    help_cost: float, published: float
) -> None:
    # Mean time in the system over that of strict sections, four sections, load .8: recomputed
    # with 24 million needs, standard error .002.
    behaviour = Behaviour(loafing_share=0.0, help_cost_share=help_cost)
    floor = at_one_place(0.8, sections=4, behaviour=behaviour)
    mean, error = time_in_system(
        run(floor, OwnTheWhole(own_first_s=0, cadence_s=inf), needs=160_000)
    )
    assert error / 5 < 0.02
    assert abs(mean / 5 - published) < 4 * (error / 5 + 0.002)


@pytest.mark.parametrize(("load", "pays"), [(0.70, True), (0.88, False)])
def test_in_the_supermarket_pooling_pays_at_low_loads_alone(load: float, *, pays: bool) -> None:
    # Wang & Zhou 2018: 10.7 % slower in a shared queue; two servers: pays from .110 to .793.
    floor = at_one_place(load, sections=2, behaviour=Behaviour(loafing_share=0.107))
    pooled, error = time_in_system(run(floor, Pooled(inf), needs=160_000))
    assert abs(pooled - pooled_s(load, 1.107, servers=2)) < 4 * error
    strict, strict_error = time_in_system(run(floor, ScanSection(inf), needs=160_000))
    assert abs(strict - 1 / (1 - load)) < 4 * strict_error
    assert (pooled < strict) is pays


def test_people_work_slower_and_then_faster_as_the_load_rises() -> None:
    # Tan & Netessine 2014: an inverted U; its coefficients are not published in the abstract.
    curve = Behaviour(loafing_share=0.0, at_load=((0.0, 1.0), (1.0, 1.15), (3.0, 0.8)))
    took = []
    for load in (0.2, 0.6, 1.05):
        floor = at_one_place(load, sections=4, behaviour=curve)
        records = run(floor, Pooled(inf), needs=80_000).records
        took.append(float((records.ended_s - records.started_s).mean()))
    assert took[0] < took[1] > took[2]


def test_the_crossing_lies_where_the_formula_says() -> None:
    # Two servers at load .8: waiting of M/M/2 with services f times as long, against 4 of M/M/1.
    low, high = 1.0, 1.2
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if pooled_s(0.8, middle, servers=2) - middle < 4 else (low, middle)
        )
    floor = at_one_place(0.8, sections=2)
    found = pooling_stops_paying(
        floor, against=ScanSection(inf), hours=1, reps=24, measure=Measure.WAIT_MEAN
    )
    assert found.pays is Pays.UP_TO
    assert found.loafing_share.low < middle - 1 < found.loafing_share.high
    assert found.loafing_share.high - found.loafing_share.low < 0.12
    shares = [point.loafing_share for point in found.points]
    assert shares == sorted(shares)
    values = [point.difference.value for point in found.points]
    assert values == sorted(values)


def test_on_a_quiet_floor_pooling_pays_throughout_and_beside_own_first_nowhere() -> None:
    quiet = pooling_stops_paying(grid(), hours=1, reps=4)
    assert (quiet.pays, quiet.loafing_share.reason) == (Pays.THROUGHOUT, "no_crossing")
    told: list[tuple[int, int]] = []
    many = tuple(NeedType(name, 15.0, Durations(15.0), 240.0) for name in ("coffee", "clearing"))
    busy = pooling_stops_paying(
        grid(need_types=many), against=OwnTheWhole(), hours=2, reps=4,
        progress=lambda done, of: told.append((done, of)),
    )  # fmt: skip
    assert [point.ratio.value < 1 for point in busy.points] == [False] * 6
    assert busy.pays is Pays.NOWHERE
    assert told == [(done, 8) for done in range(1, 7)]


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(BadSetting, match="choose one of waiting"):
        pooling_stops_paying(grid(), measure=Measure.WALK_A_NEED)
    with pytest.raises(BadSetting, match="at least 2 replications"):
        pooling_stops_paying(grid(), reps=1)
