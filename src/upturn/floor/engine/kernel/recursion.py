"""First come, first served, by equal servers where the customers are: no events needed.

Each customer begins with the server who is free first, of those alike the first by number. The
same records as the event loop leaves, to the last bit, in less than half the time.

Krivulin, "A recursive equations based representation for the G/G/m queue", 1994; Ebert, Wu,
Mengersen & Ruggeri, "Computationally efficient simulation of queues", 2020 (queuecomputer).
"""

import numpy as np

from upturn.floor.engine.kernel.compiling import compiled, kept
from upturn.floor.engine.kernel.records import OPEN, SERVED
from upturn.floor.engine.laid import Laid
from upturn.floor.engine.needs import Needs
from upturn.floor.engine.policy import Policy, SkillRouting

FEW = 16
"""So many servers are looked through faster than a heap of them is kept."""


def recursion_applies(laid: Laid, policy: Policy, needs: Needs) -> bool:
    """Tell whether the recursion leaves what the event loop would."""
    here = laid.home[0]
    equal_servers = (
        (laid.home == here).all()
        and not laid.rank.any()
        and not laid.starts_s.any()
        and np.isinf(laid.ends_s).all()
    )
    plain_kinds = (
        (laid.item < 0).all()
        and (laid.together == 1).all()
        and len(laid.load_x) == 1
        and not laid.table_lock
    )
    return bool(
        isinstance(policy, SkillRouting)
        and equal_servers
        and plain_kinds
        and (len(laid.owner) == 1 or (needs.node == here).all())
        and np.isinf(needs.patience_s).all()
        and (needs.asks_s <= needs.created_s).all()
    )


@compiled
def _is_before(free_s, a, b):
    return free_s[a] < free_s[b] or (free_s[a] == free_s[b] and a < b)


@compiled
def _sink(free_s, order):
    """Put the server on top of the heap where the moment of being free belongs."""
    server, place, many = order[0], 0, len(order)
    while True:
        below = 2 * place + 1
        if below >= many:
            break
        if below + 1 < many and _is_before(free_s, order[below + 1], order[below]):
            below += 1
        if _is_before(free_s, server, order[below]):
            break
        order[place] = order[below]
        place = below
    order[place] = server


@compiled
def _first_free(free_s, order):
    """Who is free first: by looking at few, from the top of the heap of many."""
    if len(order) > FEW:
        return order[0]
    first, least = np.int64(0), free_s[0]
    for server in range(1, len(order)):
        if free_s[server] < least:
            first, least = server, free_s[server]
    return first


@compiled
def _leave_open(left, need, created, closes_s):
    """Nobody began before the doors closed."""
    left.known_s[need] = created if created <= closes_s else np.inf
    left.started_s[need] = left.ended_s[need] = np.inf
    left.server[need] = left.trip[need] = -1
    left.outcome[need] = OPEN


@kept
def run_recursion(needs, bounds, left, desk, closes):
    """Run the replications whose needs lie between these bounds.

    `desk` is (free_s, order, work_rate, factor of the load), `closes` (closes_s, trips a start).
    """
    free_s, order, work_rate, factor = desk
    closes_s, trips = closes
    for replication in range(len(bounds) - 1):
        busy_s, went = left.busy_s[replication], left.trips[replication]
        for server in range(len(order)):
            free_s[server], order[server] = 0.0, server
            left.walk_s[replication, server] = busy_s[server] = 0.0
            left.in_vain[replication, server] = went[server] = 0
        for need in range(bounds[replication], bounds[replication + 1]):
            server, created = _first_free(free_s, order), needs.created_s[need]
            starts = max(created, free_s[server])
            if starts > closes_s:
                _leave_open(left, need, created, closes_s)
                continue
            seconds = needs.service_s[need] / work_rate[server] * factor
            ends = free_s[server] = starts + seconds
            busy_s[server] += seconds
            went[server] += trips
            left.known_s[need], left.started_s[need] = created, starts
            left.server[need], left.trip[need] = server, went[server]
            is_done = ends <= closes_s
            left.ended_s[need] = ends if is_done else np.inf
            left.outcome[need] = SERVED if is_done else OPEN
            if len(order) > FEW:
                _sink(free_s, order)
