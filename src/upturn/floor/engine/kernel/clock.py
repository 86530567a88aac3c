"""Two heaps: what each server does next, and what needs do later."""

from upturn.floor.engine.kernel.compiling import compiled
from upturn.floor.engine.kernel.reading import order_at, server_at, timer_at
from upturn.floor.engine.kernel.records import NUMBER_BITS, TOP


@compiled
def _is_before(state, a, b):
    """At the same moment by kind of event, then by number."""
    one, other = server_at(state, a), server_at(state, b)
    if one.when != other.when:
        return one.when < other.when
    if one.what != other.what:
        return one.what < other.what
    return a < b


@compiled
def schedule(state, server, when, what):
    """Say what this server does next, and when; inf: nothing."""
    seat = server_at(state, server)
    seat.when, seat.what = when, what
    place = seat.place
    while place > 0:
        above = (place - 1) >> 1
        other = order_at(state, above).value
        if not _is_before(state, server, other):
            break
        order_at(state, place).value = other
        server_at(state, other).place = place
        place = above
    while True:
        below = 2 * place + 1
        if below >= state.servers:
            break
        other = order_at(state, below).value
        if below + 1 < state.servers:
            beside = order_at(state, below + 1).value
            if _is_before(state, beside, other):
                below, other = below + 1, beside
        if not _is_before(state, other, server):
            break
        order_at(state, place).value = other
        server_at(state, other).place = place
        place = below
    order_at(state, place).value = server
    seat.place = place


@compiled
def _is_sooner(when, what, timer):
    return when < timer.when or (when == timer.when and what < timer.what)


@compiled
def _put(state, place, when, what):
    timer = timer_at(state, place)
    timer.when, timer.what = when, what


@compiled
def set_timer(state, when, what, need):
    """Remember that a need will ask, be offered, or give up."""
    code = (what << NUMBER_BITS) + need
    place = state.timers
    state.timers += 1
    while place > 0:
        above = (place - 1) >> 1
        timer = timer_at(state, above)
        if not _is_sooner(when, code, timer):
            break
        _put(state, place, timer.when, timer.what)
        place = above
    _put(state, place, when, code)


@compiled
def drop_timer(state):
    """Take the first timer off the heap."""
    state.timers -= 1
    last = timer_at(state, state.timers)
    when, what, place = last.when, last.what, TOP
    while True:
        below = 2 * place + 1
        if below >= state.timers:
            break
        timer = timer_at(state, below)
        if below + 1 < state.timers:
            beside = timer_at(state, below + 1)
            if _is_sooner(beside.when, beside.what, timer):
                below, timer = below + 1, beside
        if _is_sooner(when, what, timer):
            break
        _put(state, place, timer.when, timer.what)
        place = below
    _put(state, place, when, what)
