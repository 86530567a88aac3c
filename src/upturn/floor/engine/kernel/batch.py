"""Many replications in one go, without the interpreter: what threads and workers call."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from upturn.floor.engine.kernel.compiling import at_once, compiled, kept, written_out
from upturn.floor.engine.kernel.loop import reset, run
from upturn.floor.engine.kernel.reading import need_at, server_at
from upturn.floor.engine.kernel.records import ENDED
from upturn.floor.engine.laid import Floats, Ints


class Left(NamedTuple):
    """What runs leave: one row a need; work of shape (replications, servers)."""

    known_s: Floats
    started_s: Floats
    ended_s: Floats
    server: Ints
    trip: Ints
    outcome: Ints
    walk_s: Floats
    busy_s: Floats
    trips: Ints
    in_vain: Ints


def room_for(rows: int, reps: int, servers: int) -> Left:
    """Empty columns to be filled, in one block of memory: megabytes at once come faster."""
    block = np.empty((6, rows))
    times, numbers = block[:3], block[3:].view(np.int64)
    seconds, counts = np.empty((2, reps, servers)), np.empty((2, reps, servers), np.int64)
    return Left(
        *(times[0], times[1], times[2]), *(numbers[0], numbers[1], numbers[2]),
        *(seconds[0], seconds[1]), *(counts[0], counts[1]),
    )  # fmt: skip


@compiled
def _lay_in(state, needs, first, rows):
    for row in range(rows):
        record, at = need_at(state, row), first + row
        record.created_s, record.asks_s = needs.created_s[at], needs.asks_s[at]
        record.patience_s, record.service_s = needs.patience_s[at], needs.service_s[at]
        record.node, record.kind = needs.node[at], needs.kind[at]
        record.known_s = record.started_s = record.ended_s = np.inf
        record.server = record.trip = record.next = record.previous = record.met = -1
        record.outcome, record.open = 2, 0


@compiled
def _take_out(state, left, replication, first, rows):
    for row in range(rows):
        record, at = need_at(state, row), first + row
        left.known_s[at], left.started_s[at] = record.known_s, record.started_s
        left.ended_s[at], left.server[at] = record.ended_s, record.server
        left.trip[at], left.outcome[at] = record.trip, record.outcome
    for server in range(state.servers):
        seat = server_at(state, server)
        left.walk_s[replication, server], left.busy_s[replication, server] = (
            seat.walk_s,
            seat.busy_s,
        )
        left.trips[replication, server], left.in_vain[replication, server] = (
            seat.trips,
            seat.in_vain,
        )


@written_out
def _all(state, needs, bounds, left, custom):
    for replication in range(len(bounds) - 1):
        first, rows = bounds[replication], bounds[replication + 1] - bounds[replication]
        _lay_in(state, needs, first, rows)
        reset(state, rows)
        ended = run(state, custom)
        if ended != ENDED:
            return ended
        _take_out(state, left, replication, first, rows)
    return ENDED


@kept
def run_all(states, needs, bounds, left):
    """Run the replications whose needs lie between these bounds; say how the last one ended."""
    return _all(states[0], needs, bounds, left, None)


@cache
def run_custom(choose: Callable[..., int]) -> Callable[..., int]:
    """Compile the loop with a custom policy in it: a function like `run_all`."""

    @at_once
    def run_all_custom(states, needs, bounds, left):
        return _all(states[0], needs, bounds, left, choose)

    made: Callable[..., int] = run_all_custom
    return made
