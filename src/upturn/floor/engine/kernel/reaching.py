"""How far it is, what must be fetched on the way, and what a need costs a server."""

from numba import njit

EPSILON_S = 1e-9


@njit
def walking(walk_s, start, via, end):
    """Seconds at the normal pace, by `via` when that is another place."""
    if via == start:
        return walk_s[start, end]
    return walk_s[start, via] + walk_s[via, end]


@njit
def in_hand(state, server, item):
    """Whether the server need not fetch it: in hand, or standing where it is."""
    at = state.servers[server].at
    return state.hands[server, item].carries > 0 or state.nodes[at].is_station > 0


@njit
def fetch_at(state, start, end):
    """The station that lies best on the way, the first of those alike."""
    found, least = start, 0.0
    for at in range(len(state.stations)):
        seconds = walking(state.walk_s, start, state.stations[at], end)
        if at == 0 or seconds < least:
            found, least = state.stations[at], seconds
    return found


@njit
def first_stop(state, server, node, item):
    """Where the way leads first: the station to fetch at, or where the server stands."""
    at = state.servers[server].at
    if item < 0 or in_hand(state, server, item):
        return at
    return fetch_at(state, at, node)


@njit
def reach_s(state, server, need):
    """Seconds until the server could begin, with fetching what it takes."""
    start, node = state.servers[server].at, state.needs[need].node
    item = state.kinds[state.needs[need].kind].item
    via = first_stop(state, server, node, item)
    return walking(state.walk_s, start, via, node) * state.servers[server].slow


@njit
def cost(state, server, need):
    """Nearest first; each second of being late counts by the weight of the need."""
    reach = reach_s(state, server, need)
    kind = state.kinds[state.needs[need].kind]
    late_s = state.floor[0].now + reach - (state.needs[need].created_s + kind.due_s)
    return reach - kind.weight * max(0.0, late_s)


@njit
def is_locked(state, node):
    """Whether somebody is at, or on the way to, this table, and only one may."""
    return state.floor[0].table_lock > 0 and state.nodes[node].locks > 0


@njit
def is_able(state, server, kind):
    """Whether skills and hands allow it."""
    item = state.kinds[kind].item
    return state.rank[server, kind] >= 0 and (item < 0 or state.hands[server, item].capacity > 0)


@njit
def is_own(state, server, node):
    """Whether the table belongs to the server."""
    return state.nodes[node].owner == server


@njit
def may_go(state, server):
    """Whether the server stands idle and the shift has not ended."""
    return state.servers[server].doing == 1 and state.floor[0].now < state.servers[server].ends_s
