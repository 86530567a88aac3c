"""What servers do once it is decided: walk, fetch, serve, leave."""

from math import inf

from upturn.floor.engine.kernel.clock import schedule
from upturn.floor.engine.kernel.compiling import compiled
from upturn.floor.engine.kernel.reaching import first_stop, walking
from upturn.floor.engine.kernel.reading import (
    cell_at,
    hand_at,
    kind_at,
    need_at,
    node_at,
    point_at,
    server_at,
)
from upturn.floor.engine.kernel.records import ARRIVED, DONE, IDLE, NONE, OFF, SERVING, WALKING
from upturn.floor.engine.kernel.waiting import close


@compiled
def turn_to(state, server, doing):
    """Change what a server is at, and how many are idle."""
    seat = server_at(state, server)
    state.idle += (doing == IDLE) - (seat.doing == IDLE)
    seat.doing = doing


@compiled
def set_off(state, server, need):
    """Go for an open need, by a station when something must be fetched."""
    seat, node = server_at(state, server), need_at(state, need).node
    item = kind_at(state, need_at(state, need).kind).item
    via = first_stop(state, server, node, item)
    close(state, need)
    node_at(state, node).locks += 1
    if item >= 0 and node_at(state, via).is_station > 0:
        hand_at(state, server, item).carries = hand_at(state, server, item).capacity
    seat.going_for = need
    was_there = seat.at == node
    seconds = walk(state, server, node, via)
    if seconds > 0:
        schedule(state, server, state.now + seconds, ARRIVED)
    else:
        if not was_there:
            seat.arrived_s = state.now
        seat.going_for = NONE
        begin(state, server, need)


@compiled
def stroll(state, server, node):
    """Walk to a place without a need in mind."""
    seconds = walk(state, server, node, server_at(state, server).at)
    schedule(state, server, state.now + seconds, ARRIVED)


@compiled
def walk(state, server, node, via):
    """Count the walk and, from a station, the trip; give its seconds."""
    seat = server_at(state, server)
    seconds = walking(state, seat.at, via, node) * seat.slow
    seat.walk_s += seconds
    seat.trips += 1 if via != seat.at else node_at(state, seat.at).is_station
    turn_to(state, server, WALKING)
    seat.start, seat.via, seat.at = seat.at, via, node
    return seconds


@compiled
def begin(state, server, need):
    """Serve a need, and those like it at the table that are met in the same go."""
    seat = server_at(state, server)
    seconds = _seconds_of(state, server, need)
    item = kind_at(state, need_at(state, need).kind).item
    most = kind_at(state, need_at(state, need).kind).together
    if item >= 0:
        most = min(most, hand_at(state, server, item).carries)
    many, last = 1, need
    _note_start(state, server, need)
    other = cell_at(
        state, need_at(state, need).node * state.kinds + need_at(state, need).kind
    ).first
    while many < most and other >= 0:
        after = need_at(state, other).next
        close(state, other)
        _note_start(state, server, other)
        need_at(state, last).met = other
        many, last, other = many + 1, other, after
    if item >= 0:
        hand_at(state, server, item).carries -= many
    need_at(state, last).met, seat.met = NONE, need
    state.waiting -= many
    turn_to(state, server, SERVING)
    seat.busy_s += seconds
    schedule(state, server, state.now + seconds, DONE)


@compiled
def _note_start(state, server, need):
    record, seat = need_at(state, need), server_at(state, server)
    record.started_s, record.server, record.trip = state.now, server, seat.trips


@compiled
def _seconds_of(state, server, need):
    """How long the service takes here, by this server, now."""
    owner = node_at(state, need_at(state, need).node).owner
    seconds = need_at(state, need).service_s / server_at(state, server).work_rate
    seconds *= state.service_factor
    if owner >= 0 and owner != server:
        seconds *= state.help_factor
    return seconds * _load_factor(state)


@compiled
def _load_factor(state):
    """The factor on service time at this many waiting needs per server on shift."""
    factor = point_at(state, 0).factor
    if state.points == 1:
        return factor
    on_shift = 0
    for server in range(state.servers):
        seat = server_at(state, server)
        on_shift += seat.starts_s <= state.now < seat.ends_s
    load, before = state.waiting / max(on_shift, 1), point_at(state, 0)
    for at in range(state.points):
        point = point_at(state, at)
        factor = point.factor
        if load <= point.load:
            if at > 0:
                slope = (point.factor - before.factor) / (point.load - before.load)
                factor = slope * (load - before.load) + before.factor
            break
        before = point
    return factor


@compiled
def go_off(state, server):
    """End the shift."""
    turn_to(state, server, OFF)
    schedule(state, server, inf, DONE)
