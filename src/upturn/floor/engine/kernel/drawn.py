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
def _draw_stream(which, spent, into, first, clock):
    """Draw all that comes at one place of one kind into rows from `first` on.

    Gives where the rows end, -1: no room; `clock` is where the moments of the clock go.
    """
    stream, day = which
    at, slot, k, row, room = 0.0, 0, FIRST, first, len(into.created_s)
    arrives = what_for(stream.node, stream.kind, ARRIVES)
    waits = stream.patience.law != NEVER or stream.asks.law != NEVER
    while True:
        gap, serves = uniforms((day.seed, day.replication, arrives, k), FIRST)
        at -= math.log(gap) / stream.per_s
        if at >= spent[-1]:
            return row
        if row >= room:
            return NO_ROOM
        while at >= spent[slot + 1]:
            slot += 1
        lasts = min(day.slot_s, day.horizon_s - slot * day.slot_s)
        share = (at - spent[slot]) / (spent[slot + 1] - spent[slot])
        created_s = slot * day.slot_s + share * lasts
        into.created_s[row], into.node[row], into.kind[row] = created_s, stream.node, stream.kind
        into.service_s[row] = _drawn(stream.service, serves, (stream, day, k), SERVICE)
        into.patience_s[row], into.asks_s[row] = math.inf, created_s
        if waits:
            into.patience_s[row], later_s = _draw_waits(stream, day, k)
            into.asks_s[row] += later_s
        if len(clock) > 0:
            clock[row] = at
        row += 1
        k += 1


@compiled
def _draw_waits(stream, day, k):
    """How long the guest stays, and how much later the guest asks."""
    waits = what_for(stream.node, stream.kind, WAITS)
    stays, asks = uniforms((day.seed, day.replication, waits, k), FIRST)
    patience_s, later_s = _drawn(stream.patience, stays, (stream, day, k), PATIENCE), 0.0
    if stream.asks.law != NEVER:
        later_s = _drawn(stream.asks, asks, (stream, day, k), ASKS)
    return patience_s, later_s


@compiled
def _drawn(law, uniform, which, purpose):
    if law.law == EXPONENTIAL:
        return -law.mean_s * math.log(uniform)
    stream, day, k = which
    place = what_for(stream.node, stream.kind, purpose)
    draw = (day.seed, day.replication, place, k)
    return duration(law.law, law.mean_s, law.cv, uniform, draw)


@compiled
def _is_after(drawn, one, other):
    """In the order of time, place, kind."""
    if drawn.created_s[one] != drawn.created_s[other]:
        return drawn.created_s[one] > drawn.created_s[other]
    if drawn.node[one] != drawn.node[other]:
        return drawn.node[one] > drawn.node[other]
    return drawn.kind[one] > drawn.kind[other]


@compiled
def _sort(room, many, end):
    """Sort by as many shelves as there are needs, then by hand what lies on one shelf."""
    clock, order, counts = room.clock, room.order, room.counts
    counts[: many + 1] = 0
    for at in range(many):
        counts[int(clock[at] / end * many) + 1] += 1
    for shelf in range(many):
        counts[shelf + 1] += counts[shelf]
    for at in range(many):
        shelf = int(clock[at] / end * many)
        order[counts[shelf]] = at
        counts[shelf] += 1
    for place in range(1, many):
        moved, at = order[place], place
        while at > 0 and _is_after(room.drawn, order[at - 1], moved):
            order[at] = order[at - 1]
            at -= 1
        order[at] = moved


@kept
def draw_all(plan, room, needs, bounds):
    """Draw replication after replication; give how many needs there are, -1 if no room is left.

    Needs of one stream come in order: they are drawn where they stay.
    """
    day, spent, total = plan.days[0], room.spent, FIRST
    for at in range(len(bounds) - 1):
        _spend(day, plan.profile, spent)
        many = FIRST
        for stream in range(len(plan.streams)):
            which = (plan.streams[stream], day)
            if len(plan.streams) == 1:
                many = _draw_stream(which, spent, needs, total, room.clock) - total
            else:
                many = _draw_stream(which, spent, room.drawn, many, room.clock)
            if many < 0:
                return NO_ROOM
        if total + many > len(needs.created_s):
            return NO_ROOM
        if len(plan.streams) > 1 and many > 0:
            _sort(room, many, spent[-1])
            for row in range(many):
                _lay_down(room.drawn, room.order[row], needs, total + row)
        total += many
        bounds[at + 1] = total
        day.replication += 1
    return total


@compiled
def _lay_down(drawn, at, needs, row):
    needs.created_s[row], needs.node[row] = drawn.created_s[at], drawn.node[at]
    needs.kind[row], needs.service_s[row] = drawn.kind[at], drawn.service_s[at]
    needs.patience_s[row], needs.asks_s[row] = drawn.patience_s[at], drawn.asks_s[at]
