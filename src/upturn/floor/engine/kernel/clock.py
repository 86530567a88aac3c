"""Two heaps: what each server does next, and what needs do later."""

from numba import njit

from upturn.floor.engine.kernel.state import NUMBER_BITS


@njit
def _is_before(servers, a, b):
    """At the same moment by kind of event, then by number."""
    if servers[a].when != servers[b].when:
        return servers[a].when < servers[b].when
    if servers[a].what != servers[b].what:
        return servers[a].what < servers[b].what
    return a < b


@njit
def schedule(servers, order, server, when, what):
    """Say what this server does next, and when; inf: nothing."""
    servers[server].when, servers[server].what = when, what
    place = servers[server].place
    while place > 0:
        above = (place - 1) // 2
        other = order[above]
        if not _is_before(servers, server, other):
            break
        order[place], servers[other].place = other, place
        place = above
    while True:
        below = 2 * place + 1
        if below >= len(order):
            break
        if below + 1 < len(order) and _is_before(servers, order[below + 1], order[below]):
            below += 1
        other = order[below]
        if not _is_before(servers, other, server):
            break
        order[place], servers[other].place = other, place
        place = below
    order[place], servers[server].place = server, place


@njit
def _is_sooner(when, what, timer):
    return when < timer.when or (when == timer.when and what < timer.what)


@njit
def set_timer(floor, timers, when, what, need):
    """Remember that a need will ask, be offered, or give up."""
    code = (what << NUMBER_BITS) + need
    place = floor[0].timers
    floor[0].timers += 1
    while place > 0:
        above = (place - 1) // 2
        if not _is_sooner(when, code, timers[above]):
            break
        timers[place].when, timers[place].what = timers[above].when, timers[above].what
        place = above
    timers[place].when, timers[place].what = when, code


@njit
def drop_timer(floor, timers):
    """Take the first timer off the heap."""
    floor[0].timers -= 1
    many = floor[0].timers
    when, code = timers[many].when, timers[many].what
    place = 0
    while True:
        below = 2 * place + 1
        if below >= many:
            break
        if below + 1 < many and _is_sooner(
            timers[below + 1].when, timers[below + 1].what, timers[below]
        ):
            below += 1
        if _is_sooner(when, code, timers[below]):
            break
        timers[place].when, timers[place].what = timers[below].when, timers[below].what
        place = below
    timers[place].when, timers[place].what = when, code
