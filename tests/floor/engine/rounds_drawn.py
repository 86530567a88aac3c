"""Snapshots drawn for tests of the planner, and the exact answer for short trips."""

from functools import cache
from itertools import permutations, product
from math import inf
from typing import Any

import numpy as np

from upturn.floor.engine.rounds import InHand, Open, Seat, Snapshot, Station
from upturn.stats.draws import generator


def walks(places: np.ndarray) -> np.ndarray:
    """Seconds along x, then along y."""
    return np.abs(places[:, None] - places[None, :]).sum(axis=2) / 1.2


def floor_of(seats: int, needs: int, *, seed: int, **options: Any) -> Snapshot:
    """Draw a floor of sections of seven tables, a seat each, and needs of weights 1, 1, 2, 4."""
    numbers = generator(seed, "rounds")
    tables, wide = 7 * seats, int(np.ceil(np.sqrt(seats)))
    places = [
        ((s % wide) * 8.0 + (t % 4) * 2 + 1, (s // wide) * 6.0 + (t // 4) * 3 + 1)
        for s in range(seats)
        for t in range(7)
    ]
    nodes = numbers.integers(0, tables, needs)
    items, due = options.get("items", 0.0), options.get("due", False)
    return Snapshot(
        walks(np.array([*places, (wide * 4.0, -2.0)])),
        tuple(
            Seat(
                f"section {s}",
                int(numbers.integers(0, tables + 1)),
                float(numbers.uniform(0, 30)),
                {"pot": InHand(int(numbers.integers(0, 5)), 4)} if items else {},
                slow=options.get("slow", (1.0,))[s % len(options.get("slow", (1.0,)))],
            )
            for s in range(seats)
        ),
        tuple(
            Open(
                int(node),
                "request",
                f"section {node // 7}",
                -float(numbers.uniform(0, 60)),
                float(numbers.uniform(30, 300)) if due else inf,
                float(numbers.choice([1, 1, 2, 4])),
                "pot" if numbers.random() < items else "",
                float(numbers.exponential(20)),
                owner_only=bool(numbers.random() < options.get("owner_only", 0.0)),
                must_go=bool(numbers.random() >= options.get("may_wait", 0.0)),
            )
            for node in nodes
        ),
        (Station(tables),),
    )


def trip(stops: int, *, seed: int, items: bool = False) -> Snapshot:
    """Draw one seat at the station with some own needs around."""
    numbers = generator(seed, "trip")
    places = numbers.uniform(0, 20, (stops + 1, 2))
    needs = tuple(
        Open(
            at + 1, "request", "s", weight=float(numbers.choice([1, 1, 2, 4])),
            service_s=float(numbers.uniform(2, 30)),
            item="pot" if items and numbers.random() < 0.6 else "",
        )
        for at in range(stops)
    )  # fmt: skip
    hands = {"pot": InHand(int(numbers.integers(0, 3)), 2)} if items else {}
    start = int(numbers.integers(0, stops + 1))
    return Snapshot(walks(places), (Seat("s", start, hands=hands),), needs, (Station(0),))


def exact(snapshot: Snapshot) -> float:
    """The least weighted waiting of one seat without items: each leg delays all that is left."""
    needs, walk = snapshot.needs, snapshot.walk_s
    total = sum(need.weight for need in needs)

    @cache
    def least(done: int, at: int) -> float:
        if done == (1 << len(needs)) - 1:
            return 0.0
        left = total - sum(n.weight for i, n in enumerate(needs) if done >> i & 1)
        here = snapshot.servers[0].position if at < 0 else needs[at].node
        stays = 0.0 if at < 0 else needs[at].service_s
        return min(
            left * (stays + float(walk[here, need.node])) + least(done | 1 << i, i)
            for i, need in enumerate(needs)
            if not done >> i & 1
        )

    return least(0, -1)


def nearest_first(snapshot: Snapshot) -> float:
    """What going to the nearest next costs."""
    at, t, cost, left = snapshot.servers[0].position, 0.0, 0.0, list(snapshot.needs)
    while left:
        here = at
        need = min(left, key=lambda n: float(snapshot.walk_s[here, n.node]))
        left.remove(need)
        t += float(snapshot.walk_s[at, need.node])
        cost, at, t = cost + need.weight * t, need.node, t + need.service_s
    return cost


def exact_with_items(snapshot: Snapshot) -> float:
    """The least weighted waiting of one seat: every order, with a fetch before any stop or not."""
    seat, needs, walk = snapshot.servers[0], snapshot.needs, snapshot.walk_s
    hand = seat.hands["pot"]
    best = inf
    for order in permutations(needs):
        for fetches in product((False, True), repeat=len(order)):
            at, t, cost, left = seat.position, 0.0, 0.0, hand.left
            for need, fetch in zip(order, fetches, strict=True):
                if fetch:
                    t, at, left = t + float(walk[at, 0]), 0, hand.capacity
                left -= bool(need.item)
                t += float(walk[at, need.node])
                cost = cost + need.weight * t if left >= 0 else inf
                at, t = need.node, t + need.service_s
            best = min(best, cost)
    return best
