"""The needs of many replications, drawn and put in order."""

import math

import numpy as np

from upturn.floor.engine.draws import (
    ARRIVES,
    ASKS,
    DAY,
    GAMMA,
    NEVER,
    NOISE,
    PATIENCE,
    SERVICE,
    duration,
    normal,
    place_of,
    uniforms,
)
from upturn.floor.engine.kernel.compiling import compiled, entry

LAW = np.dtype([("law", "i8"), ("mean_s", "f8"), ("cv", "f8")])
STREAM = np.dtype([
    ("node", "i8"), ("kind", "i8"), ("per_s", "f8"), ("service", LAW), ("patience", LAW),
    ("asks", LAW),
])  # fmt: skip
DRAWN = np.dtype([
    ("created_s", "f8"), ("spent", "f8"), ("service_s", "f8"), ("patience_s", "f8"),
    ("asks_s", "f8"), ("node", "i8"), ("kind", "i8"),
])  # fmt: skip
"""`spent` is the time of a clock that runs as fast as needs come, over the whole floor."""
DAY_LAW = np.dtype([
    ("seed", "i8"), ("horizon_s", "f8"), ("slot_s", "f8"), ("day_cv", "f8"), ("noise_cv", "f8"),
    ("noise_correlation", "f8"),
])  # fmt: skip


@compiled
def _pace(day, profile, replication, pace, spent):
    """How fast needs come slot by slot in this replication, and what is spent at each end."""
    factor = duration(GAMMA, 1.0, day.day_cv, 0.5, (day.seed, replication, 0, 0, DAY, 0))
    spread = math.sqrt(math.log(1.0 + day.noise_cv * day.noise_cv))
    slow = 0.0
    for slot in range(len(pace)):
        fresh = normal((day.seed, replication, 0, 0, NOISE, slot), 0)
        keeps = day.noise_correlation if slot > 0 else 0.0
        slow = keeps * slow + math.sqrt(1.0 - keeps * keeps) * fresh
        noise = math.exp(spread * slow - spread * spread / 2.0)
        pace[slot] = factor * profile[min(slot, len(profile) - 1)] * noise
        lasts = min(day.slot_s, day.horizon_s - slot * day.slot_s)
        spent[slot + 1] = spent[slot] + pace[slot] * lasts


@compiled
def _drawn(law, uniform, day, replication, node, kind, purpose, k):
    stream = (day.seed, replication, node, kind, purpose, k)
    return duration(law.law, law.mean_s, law.cv, uniform, stream)


@compiled
def _draw_stream(stream, day, replication, pace, spent, drawn, many):
    """Draw all that comes at one place of one kind; give how many there are now, -1: no room."""
    node, kind, end = stream.node, stream.kind, spent[-1]
    at, slot, k = 0.0, 0, 0
    while True:
        place = place_of(node, kind, ARRIVES, 0)
        gap, serves = uniforms(day.seed, replication, place, k)
        at -= math.log(gap) / stream.per_s
        if at >= end:
            return many
        if many >= len(drawn):
            return -1
        while at >= spent[slot + 1]:
            slot += 1
        need = drawn[many]
        need.node, need.kind, need.spent = node, kind, at
        need.created_s = slot * day.slot_s + (at - spent[slot]) / pace[slot]
        need.service_s = _drawn(stream.service, serves, day, replication, node, kind, SERVICE, k)
        need.patience_s, need.asks_s = math.inf, need.created_s
        if stream.patience.law != NEVER or stream.asks.law != NEVER:
            _draw_waits(stream, day, replication, need, k)
        many += 1
        k += 1


@compiled
def _draw_waits(stream, day, replication, need, k):
    node, kind = stream.node, stream.kind
    place = place_of(node, kind, PATIENCE, 0)
    stays, asks = uniforms(day.seed, replication, place, k)
    need.patience_s = _drawn(stream.patience, stays, day, replication, node, kind, PATIENCE, k)
    if stream.asks.law != NEVER:
        need.asks_s += _drawn(stream.asks, asks, day, replication, node, kind, ASKS, k)


@compiled
def _is_after(one, other):
    """In the order of time, place, kind."""
    if one.created_s != other.created_s:
        return one.created_s > other.created_s
    if one.node != other.node:
        return one.node > other.node
    return one.kind > other.kind


@compiled
def _sort(drawn, many, end, order, counts):
    """Sort by as many shelves as there are needs, then by hand what lies on one shelf."""
    counts[: many + 1] = 0
    for at in range(many):
        counts[int(drawn[at].spent / end * many) + 1] += 1
    for shelf in range(many):
        counts[shelf + 1] += counts[shelf]
    for at in range(many):
        shelf = int(drawn[at].spent / end * many)
        order[counts[shelf]] = at
        counts[shelf] += 1
    for place in range(1, many):
        moved, at = order[place], place
        while at > 0 and _is_after(drawn[order[at - 1]], drawn[moved]):
            order[at] = order[at - 1]
            at -= 1
        order[at] = moved


@entry
def draw_all(days, profile, streams, first, pace, spent, scratch, needs, bounds):
    """Draw replications from `first` on; give how many needs there are, -1 if there is no room."""
    day, total = days[0], 0
    drawn, order, counts = scratch
    for replication in range(len(bounds) - 1):
        _pace(day, profile, first + replication, pace, spent)
        many = 0
        for at in range(len(streams)):
            many = _draw_stream(streams[at], day, first + replication, pace, spent, drawn, many)
            if many < 0:
                return -1
        if total + many > len(needs.created_s):
            return -1
        if many > 0:
            _sort(drawn, many, spent[-1], order, counts)
        for row in range(many):
            need, at = drawn[order[row]], total + row
            needs.created_s[at], needs.node[at], needs.kind[at] = (
                need.created_s, need.node, need.kind,
            )  # fmt: skip
            needs.service_s[at], needs.patience_s[at] = need.service_s, need.patience_s
            needs.asks_s[at] = need.asks_s
        total += many
        bounds[replication + 1] = total
    return total
