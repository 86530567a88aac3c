"""The needs of many replications, drawn and put in order."""

import math

from upturn.floor.engine.kernel.compiling import compiled, kept
from upturn.floor.engine.kernel.draws import duration, factor, normal, uniforms, what_for
from upturn.floor.engine.kernel.plans import (
    ARRIVES,
    ASKS,
    DAY,
    EXPONENTIAL,
    FIRST,
    GAMMA,
    NEVER,
    NO_ROOM,
    NOISE,
    PATIENCE,
    SERVICE,
    WAITS,
)


@compiled
def _spend(day, profile, spent):
    """How much of the clock of needs is spent at the end of each slot, in this replication."""
    for_day, for_noise = what_for(FIRST, FIRST, DAY), what_for(FIRST, FIRST, NOISE)
    of_day = (day.seed, day.replication, for_day, FIRST)
    whole = duration(GAMMA, 1.0, day.day_cv, 0.5, of_day)
    slow = 0.0
    for slot in range(len(spent) - 1):
        fresh = normal((day.seed, day.replication, for_noise, slot), FIRST)
        keeps = day.noise_correlation if slot > 0 else 0.0
        slow = keeps * slow + math.sqrt(1.0 - keeps * keeps) * fresh
        pace = whole * profile[min(slot, len(profile) - 1)] * factor(slow, day.noise_cv)
        lasts = min(day.slot_s, day.horizon_s - slot * day.slot_s)
        spent[slot + 1] = spent[slot] + pace * lasts


@compiled
def _draw_stream(stream, day, spent, drawn, many):
    """Draw all that comes at one place of one kind; give how many there are now, -1: no room."""
    at, slot, k = 0.0, 0, FIRST
    arrives = what_for(stream.node, stream.kind, ARRIVES)
    while True:
        gap, serves = uniforms((day.seed, day.replication, arrives, k), FIRST)
        at -= math.log(gap) / stream.per_s
        if at >= spent[-1]:
            return many
        if many >= len(drawn):
            return NO_ROOM
        while at >= spent[slot + 1]:
            slot += 1
        need = drawn[many]
        need.node, need.kind, need.spent = stream.node, stream.kind, at
        lasts = min(day.slot_s, day.horizon_s - slot * day.slot_s)
        share = (at - spent[slot]) / (spent[slot + 1] - spent[slot])
        need.created_s = slot * day.slot_s + share * lasts
        need.service_s = _drawn(stream.service, serves, (stream, day, k), SERVICE)
        need.patience_s, need.asks_s = math.inf, need.created_s
        if stream.patience.law != NEVER or stream.asks.law != NEVER:
            _draw_waits(stream, day, need, k)
        many += 1
        k += 1


@compiled
def _draw_waits(stream, day, need, k):
    waits = what_for(stream.node, stream.kind, WAITS)
    stays, asks = uniforms((day.seed, day.replication, waits, k), FIRST)
    need.patience_s = _drawn(stream.patience, stays, (stream, day, k), PATIENCE)
    if stream.asks.law != NEVER:
        need.asks_s += _drawn(stream.asks, asks, (stream, day, k), ASKS)


@compiled
def _drawn(law, uniform, which, purpose):
    if law.law == EXPONENTIAL:
        return -law.mean_s * math.log(uniform)
    stream, day, k = which
    place = what_for(stream.node, stream.kind, purpose)
    draw = (day.seed, day.replication, place, k)
    return duration(law.law, law.mean_s, law.cv, uniform, draw)


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


@kept
def draw_all(plan, room, needs, bounds):
    """Draw replication after replication; give how many needs there are, -1 if no room is left."""
    day, spent, total = plan.days[0], room.spent, FIRST
    for at in range(len(bounds) - 1):
        many = FIRST
        _spend(day, plan.profile, spent)
        for stream in range(len(plan.streams)):
            many = _draw_stream(plan.streams[stream], day, spent, room.drawn, many)
            if many < 0:
                return NO_ROOM
        if total + many > len(needs.created_s):
            return NO_ROOM
        if len(plan.streams) > 1 and many > 0:
            _sort(room.drawn, many, spent[-1], room.order, room.counts)
        else:
            for row in range(many):
                room.order[row] = row
        for row in range(many):
            _lay_down(room.drawn[room.order[row]], needs, total + row)
        total += many
        bounds[at + 1] = total
        day.replication += 1
    return total


@compiled
def _lay_down(need, needs, row):
    needs.created_s[row], needs.node[row], needs.kind[row] = need.created_s, need.node, need.kind
    needs.service_s[row], needs.patience_s[row] = need.service_s, need.patience_s
    needs.asks_s[row] = need.asks_s
