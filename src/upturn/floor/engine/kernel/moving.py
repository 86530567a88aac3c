"""What servers do once it is decided: walk, fetch, serve, leave."""

from math import inf

from numba import njit

from upturn.floor.engine.kernel.clock import schedule
from upturn.floor.engine.kernel.reaching import first_stop, walking
from upturn.floor.engine.kernel.state import ARRIVED, DONE, IDLE, SERVING, WALKING
from upturn.floor.engine.kernel.waiting import close


@njit
def turn_to(state, server, doing):
    """Change what a server is at, and how many are idle."""
    seat = state.servers[server]
    state.floor[0].idle += (doing == IDLE) - (seat.doing == IDLE)
    seat.doing = doing


@njit
def set_off(state, server, need):
    """Go for an open need, by a station when something must be fetched."""
    seat, node = state.servers[server], state.needs[need].node
    item = state.kinds[state.needs[need].kind].item
    via = first_stop(state, server, node, item)
    close(state, need)
    state.nodes[node].locks += 1
    if item >= 0 and state.nodes[via].is_station > 0:
        state.hands[server, item].carries = state.hands[server, item].capacity
    seat.going_for = need
    seconds = walk(state, server, node, via)
    if seconds > 0:
        schedule(state.servers, state.order, server, state.floor[0].now + seconds, ARRIVED)
    else:
        seat.arrived_s, seat.going_for = state.floor[0].now, -1
        begin(state, server, need)


@njit
def stroll(state, server, node):
    """Walk to a place without a need in mind."""
    seconds = walk(state, server, node, state.servers[server].at)
    schedule(state.servers, state.order, server, state.floor[0].now + seconds, ARRIVED)


@njit
def walk(state, server, node, via):
    """Count the walk and, from a station, the trip; give its seconds."""
    seat = state.servers[server]
    seconds = walking(state.walk_s, seat.at, via, node) * seat.slow
    seat.walk_s += seconds
    seat.trips += 1 if via != seat.at else state.nodes[seat.at].is_station
    turn_to(state, server, WALKING)
    seat.start, seat.via, seat.at = seat.at, via, node
    return seconds


@njit
def begin(state, server, need):
    """Serve a need, and those like it at the table that are met in the same go."""
    seat, needs, floor = state.servers[server], state.needs, state.floor[0]
    seconds = _seconds_of(state, server, need)
    item = state.kinds[needs[need].kind].item
    most = state.kinds[needs[need].kind].together
    if item >= 0:
        most = min(most, state.hands[server, item].carries)
    many, last = 1, need
    _note_start(state, server, need)
    other = state.cells[needs[need].node * floor.kinds + needs[need].kind].first
    while many < most and other >= 0:
        after = needs[other].next
        close(state, other)
        _note_start(state, server, other)
        needs[last].met = other
        many, last, other = many + 1, other, after
    if item >= 0:
        state.hands[server, item].carries -= many
    needs[last].met, seat.met = -1, need
    floor.waiting -= many
    turn_to(state, server, SERVING)
    seat.busy_s += seconds
    schedule(state.servers, state.order, server, floor.now + seconds, DONE)


@njit
def _note_start(state, server, need):
    record, seat = state.needs[need], state.servers[server]
    record.started_s, record.server, record.trip = state.floor[0].now, server, seat.trips


@njit
def _seconds_of(state, server, need):
    """How long the service takes here, by this server, now."""
    floor, owner = state.floor[0], state.nodes[state.needs[need].node].owner
    seconds = state.needs[need].service_s / state.servers[server].work_rate
    seconds *= floor.service_factor
    if owner >= 0 and owner != server:
        seconds *= floor.help_factor
    return seconds * _load_factor(state)


@njit
def _load_factor(state):
    """The factor on service time at this many waiting needs per server on shift."""
    x, y, now = state.load_x, state.load_y, state.floor[0].now
    if len(x) == 1:
        return y[0]
    on_shift = 0
    for server in range(len(state.servers)):
        on_shift += state.servers[server].starts_s <= now < state.servers[server].ends_s
    load = state.floor[0].waiting / max(on_shift, 1)
    if load <= x[0]:
        return y[0]
    for at in range(1, len(x)):
        if load <= x[at]:
            slope = (y[at] - y[at - 1]) / (x[at] - x[at - 1])
            return slope * (load - x[at - 1]) + y[at - 1]
    return y[-1]


@njit
def go_off(state, server):
    """End the shift."""
    turn_to(state, server, 0)
    schedule(state.servers, state.order, server, inf, 0)
