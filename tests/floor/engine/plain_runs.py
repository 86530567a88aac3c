"""Runs of the reference engine on needs drawn here, for tests of what comes after a run."""

from math import inf

import numpy as np

from upturn.floor.engine.grid import grid
from upturn.floor.engine.laid import places_of
from upturn.floor.engine.needs import Needs
from upturn.floor.engine.plain import run_plainly
from upturn.floor.engine.policy import Policy
from upturn.floor.engine.runs import Records, Runs, Work
from upturn.floor.engine.shapes import Durations, Floor, NeedType
from upturn.stats.draws import generator

KINDS = (
    NeedType("request", 6.0, Durations(20.0), due_s=60.0),
    NeedType("coffee", 6.0, Durations(15.0), due_s=120.0, item="pot", asks_after=Durations(240.0)),
    NeedType("bill", 2.0, Durations(30.0), due_s=90.0, owner_only=True),
    NeedType("dessert", 1.0, Durations(25.0), patience=Durations(90.0)),
)


def busy_floor(*, sections: int = 3, tables: int = 6) -> Floor:
    return grid(sections=sections, tables=tables, need_types=KINDS, hands={"pot": 4})


def needs_of(floor: Floor, *, hours: float, seed: int) -> Needs:
    rng = generator(seed, "needs")
    rows = []
    for kind, need in enumerate(floor.need_types):
        for node in places_of(need, floor):
            count = rng.poisson(need.per_hour * hours)
            rows += [(at, node, kind) for at in rng.uniform(0, hours * 3600, count)]
    rows.sort()
    created = np.array([row[0] for row in rows])
    kinds = np.array([row[2] for row in rows], np.int64)
    types = [floor.need_types[kind] for kind in kinds]

    def drawn(which: list[Durations | None], otherwise: float) -> np.ndarray:
        return np.array([rng.exponential(d.mean_s) if d else otherwise for d in which])

    return Needs(
        created,
        np.array([row[1] for row in rows], np.int64),
        kinds,
        drawn([need.service for need in types], 0.0),
        drawn([need.patience for need in types], inf),
        created + drawn([need.asks_after for need in types], 0.0),
    )


def plain_runs(
    floor: Floor, policy: Policy, *, hours: float = 1.0, reps: int = 4, warm_up_s: float = 0.0
) -> Runs:
    """Replications one after the other, as the fast engine leaves them."""
    closes_s = hours * 3600 + 3600
    told = [
        run_plainly(
            floor, needs=needs_of(floor, hours=hours, seed=rep), policy=policy, closes_s=closes_s
        )
        for rep in range(reps)
    ]
    columns = [np.concatenate(parts) for parts in zip(*(one.records for one in told), strict=True)]
    columns[0] = np.repeat(np.arange(reps), [len(one.records.kind) for one in told])
    work = Work(*(np.concatenate(parts) for parts in zip(*(one.work for one in told), strict=True)))
    return Runs(floor, policy, 1, hours, reps, warm_up_s, closes_s, Records(*columns), work)
