"""Own tables first, then help on the way (S0.10, S0.12)."""

from math import inf

from numba import njit

from upturn.floor.engine.kernel.reaching import (
    EPSILON_S,
    cost,
    first_stop,
    in_hand,
    is_able,
    is_locked,
    is_own,
    may_go,
    reach_s,
    walking,
)
from upturn.floor.engine.kernel.scan_section import best_of_own


@njit
def choose(state, server):
    """Help that fits on the way to the best own need, else that own need, or -1."""
    target = best_of_own(state, server)
    helped = _best_help(state, server, target)
    return helped if helped >= 0 else target


@njit
def _best_help(state, server, target):
    """The neighbour's need that fits on the way, on the path before by a detour, or -1."""
    found, found_off, least = -1, True, inf
    for at in range(state.floor[0].cells):
        need = state.cells[state.filled[at]].first
        node, kind = state.needs[need].node, state.needs[need].kind
        if is_locked(state, node) or not is_able(state, server, kind):
            continue
        if not _may_help(state, server, node, kind):
            continue
        off = _extra_s(state, server, node, target) > EPSILON_S
        if off:
            need = _offered(state, need)
        if need < 0 or (off and not found_off):
            continue
        if not _fits(state, server, need, target):
            continue
        costs = cost(state, server, need)
        if off != found_off or costs < least or (costs == least and need < found):
            found, found_off, least = need, off, costs
    return found


@njit
def _offered(state, need):
    """The oldest of this kind here whose owner has had the seconds of the own first, or -1."""
    while need >= 0:
        if state.floor[0].now >= state.needs[need].known_s + state.floor[0].own_first_s:
            return need
        need = state.needs[need].next
    return -1


@njit
def _may_help(state, server, node, kind):
    """A neighbour's, for anyone, within reach of this section, with the item in hand."""
    if is_own(state, server, node) or state.kinds[kind].owner_only > 0:
        return False
    if state.floor[0].adjacent > 0 and not state.adjacent[server, node]:
        return False
    item = state.kinds[kind].item
    return item < 0 or in_hand(state, server, item)


@njit
def _extra_s(state, server, node, target):
    """Extra walking seconds at the normal pace: on the way to the own need, or on the way home."""
    start, goal = state.servers[server].at, state.servers[server].home
    if target >= 0:
        goal = state.needs[target].node
        first = first_stop(state, server, goal, state.kinds[state.needs[target].kind].item)
        if first != start:
            goal = first
    return state.walk_s[start, node] + state.walk_s[node, goal] - state.walk_s[start, goal]


@njit
def _fits(state, server, need, target):
    """On the path, or a detour that has become due; and the own need stays in time."""
    floor, extra = state.floor[0], _extra_s(state, server, state.needs[need].node, target)
    if extra > EPSILON_S:
        had_its_time = floor.now >= state.needs[need].known_s + floor.own_first_s
        is_free = floor.when_free > 0 and target < 0
        if not (had_its_time and (is_free or extra <= floor.detour_s + EPSILON_S)):
            return False
    return target < 0 or (extra < inf and _stays_in_time(state, server, need, target))


@njit
def _stays_in_time(state, server, need, target):
    """Whether the own next need would still begin before it is due, after this help."""
    start, node, goal = state.servers[server].at, state.needs[need].node, state.needs[target].node
    kind = state.kinds[state.needs[target].kind]
    via = first_stop(state, server, goal, kind.item)
    onward = walking(state.walk_s, node, node if via == start else via, goal)
    walks = (state.walk_s[start, node] + onward) * state.servers[server].slow
    begins = state.floor[0].now + walks + state.kinds[state.needs[need].kind].mean_s
    return begins <= state.needs[target].created_s + kind.due_s


@njit
def who_goes(state, need):
    """The owner when idle; else the nearest idle server who may help."""
    node, kind = state.needs[need].node, state.needs[need].kind
    owner = state.nodes[node].owner
    if owner >= 0 and may_go(state, owner) and is_able(state, owner, kind):
        return owner
    found, least = -1, inf
    for server in range(len(state.servers)):
        if not may_go(state, server) or not is_able(state, server, kind):
            continue
        if _may_help(state, server, node, kind) and _fits(state, server, need, -1):
            reach = reach_s(state, server, need)
            if reach < least:
                found, least = server, reach
    return found
