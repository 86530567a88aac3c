"""How far it is, what must be fetched on the way, and what a need costs a server."""

from upturn.floor.engine.kernel.compiling import compiled
from upturn.floor.engine.kernel.reading import (
    hand_at,
    kind_at,
    need_at,
    node_at,
    rank_of,
    server_at,
    station_at,
    walk_s,
)

EPSILON_S = 1e-9


@compiled
def walking(state, start, via, end):
    """Seconds at the normal pace, by `via` when that is another place."""
    if via == start:
        return walk_s(state, start, end)
    return walk_s(state, start, via) + walk_s(state, via, end)


@compiled
def in_hand(state, server, item):
    """Whether the server need not fetch it: in hand, or standing where it is."""
    at = server_at(state, server).at
    return hand_at(state, server, item).carries > 0 or node_at(state, at).is_station > 0


@compiled
def fetch_at(state, start, end):
    """The station that lies best on the way, the first of those alike."""
    found, least = start, 0.0
    for at in range(state.stations):
        seconds = walking(state, start, station_at(state, at).value, end)
        if at == 0 or seconds < least:
            found, least = station_at(state, at).value, seconds
    return found


@compiled
def first_stop(state, server, node, item):
    """Where the way leads first: the station to fetch at, or where the server stands."""
    at = server_at(state, server).at
    if item < 0 or in_hand(state, server, item):
        return at
    return fetch_at(state, at, node)


@compiled
def reach_s(state, server, need):
    """Seconds until the server could begin, with fetching what it takes."""
    start, node = server_at(state, server).at, need_at(state, need).node
    item = kind_at(state, need_at(state, need).kind).item
    via = first_stop(state, server, node, item)
    return walking(state, start, via, node) * server_at(state, server).slow


@compiled
def cost(state, server, need):
    """Nearest first; each second of being late counts by the weight of the need."""
    reach = reach_s(state, server, need)
    kind = kind_at(state, need_at(state, need).kind)
    late_s = state.now + reach - (need_at(state, need).created_s + kind.due_s)
    return reach - kind.weight * max(0.0, late_s)


@compiled
def is_locked(state, node):
    """Whether somebody is at, or on the way to, this table, and only one may."""
    return state.table_lock > 0 and node_at(state, node).locks > 0


@compiled
def is_able(state, server, kind):
    """Whether skills and hands allow it."""
    item = kind_at(state, kind).item
    return rank_of(state, server, kind) >= 0 and (
        item < 0 or hand_at(state, server, item).capacity > 0
    )


@compiled
def is_own(state, server, node):
    """Whether the table belongs to the server."""
    return node_at(state, node).owner == server


@compiled
def may_go(state, server):
    """Whether the server stands idle and the shift has not ended."""
    return server_at(state, server).doing == 1 and state.now < server_at(state, server).ends_s
