"""The floors and needs of these benchmarks: a restaurant, a queue."""

from dataclasses import replace
from math import inf

import numpy as np

from upturn.floor.engine.grid import grid
from upturn.floor.engine.laid import places_of
from upturn.floor.engine.needs import Needs
from upturn.floor.engine.shapes import (
    Behaviour,
    Durations,
    Floor,
    Kind,
    Law,
    NeedType,
    Node,
    Server,
)

COFFEE = 6


def restaurant_needs(busy: float = 1.0) -> tuple[NeedType, ...]:
    """Five kinds of need: two for the owner alone, two seen by looking, one carried."""
    clears = NeedType("clearing", 2.0 * busy, Durations(15.0), 600.0, 0.5, together=2)
    coffee = NeedType("coffee", 3.0 * busy, Durations(10.0), 240.0, 1.0, "pot", 3)
    takes_long, pays = Durations(45.0, Law.LOGNORMAL, 0.5), Durations(30.0, Law.GAMMA, 0.5)
    return (
        NeedType("order", 1.5 * busy, takes_long, 180.0, 2.0, owner_only=True),
        replace(coffee, asks_after=Durations(300.0)),
        replace(clears, asks_after=Durations(900.0)),
        NeedType("request", 2.5 * busy, Durations(15.0), 120.0, patience=Durations(1800.0)),
        NeedType("bill", 1.0 * busy, pays, 240.0, 2.0, owner_only=True),
    )


def restaurant(busy: float = 1.0) -> Floor:
    """Four sections of seven tables, hands for a pot."""
    return grid(need_types=restaurant_needs(busy), hands={"pot": COFFEE})


def queue(servers: int = 8, load: float = 0.9) -> Floor:
    """M/M/c: one queue at distance zero, service of one second on average."""
    return Floor(
        nodes=(Node("queue", Kind.QUEUE),),
        need_types=(NeedType("call", 3600.0 * load * servers, Durations(1.0)),),
        servers=tuple(Server(f"agent {k + 1}", home="queue") for k in range(servers)),
        behaviour=Behaviour(loafing_share=0.0),
        table_lock=False,
        name=f"M/M/{servers}",
    )


def draw_durations(numbers: np.random.Generator, of: Durations | None, rows: int) -> np.ndarray:
    """Draw durations; inf where there is none."""
    if of is None:
        return np.full(rows, inf)
    spread = np.log1p(of.cv**2)
    match of.law:
        case Law.EXPONENTIAL:
            return numbers.exponential(of.mean_s, rows)
        case Law.CONSTANT:
            return np.full(rows, of.mean_s)
        case Law.LOGNORMAL:
            return of.mean_s * numbers.lognormal(-spread / 2, np.sqrt(spread), rows)
        case Law.GAMMA:
            return numbers.gamma(1 / of.cv**2, of.mean_s * of.cv**2, rows)


def draw(floor: Floor, *, hours: float, seed: int) -> Needs:
    """Needs of a floor without a profile, by numpy: for checks that need no kernel."""
    numbers = np.random.default_rng(seed)
    parts = []
    for at, kind in enumerate(floor.need_types):
        places = np.array(places_of(kind, floor), np.int64)
        rows = int(numbers.poisson(kind.per_hour * hours * len(places)))
        created = numbers.random(rows) * hours * 3600.0
        asks = draw_durations(numbers, kind.asks_after, rows) if kind.asks_after else 0.0
        parts.append(
            (
                created, places[numbers.integers(0, len(places), rows)],
                np.full(rows, at, np.int64), draw_durations(numbers, kind.service, rows),
                draw_durations(numbers, kind.patience, rows), created + asks,
            )
        )  # fmt: skip
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.lexsort((columns[2], columns[1], columns[0]))
    return Needs(*(column[order] for column in columns))
