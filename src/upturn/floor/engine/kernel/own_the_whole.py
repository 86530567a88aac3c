"""Own tables first, then help on the way (S0.10, S0.12)."""

from math import inf

from upturn.floor.engine.kernel import one_at_a_time
from upturn.floor.engine.kernel.compiling import compiled
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
from upturn.floor.engine.kernel.reading import (
    cell_at,
    filled_at,
    is_adjacent,
    kind_at,
    need_at,
    server_at,
    walk_s,
)
from upturn.floor.engine.kernel.records import NONE
from upturn.floor.engine.kernel.scan_section import best_of_own


@compiled
def choose(state, server):
    """Help that fits on the way to the best own need, else that own need, or -1."""
    target = best_of_own(state, server)
    helped = _best_help(state, server, target)
    return helped if helped >= 0 else target


@compiled
def _best_help(state, server, target):
    """The neighbour's need that fits on the way, on the path before by a detour, or -1."""
    found, found_off, least = NONE, True, inf
    for at in range(state.cells):
        need = cell_at(state, filled_at(state, at).value).first
        node, kind = need_at(state, need).node, need_at(state, need).kind
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


@compiled
def _offered(state, need):
    """The oldest of this kind here whose owner has had the seconds of the own first, or -1."""
    while need >= 0:
        if state.now >= need_at(state, need).known_s + state.own_first_s:
            return need
        need = need_at(state, need).next
    return NONE


@compiled
def _may_help(state, server, node, kind):
    """A neighbour's, for anyone, within reach of this section, with the item in hand."""
    if is_own(state, server, node) or kind_at(state, kind).owner_only > 0:
        return False
    if state.adjacent > 0 and not is_adjacent(state, server, node):
        return False
    item = kind_at(state, kind).item
    return item < 0 or in_hand(state, server, item)


@compiled
def _goal(state, server, target):
    """Where the server goes anyhow: for the own need, to its first stop; without one, home."""
    start = server_at(state, server).at
    if target < 0:
        return server_at(state, server).home
    goal = need_at(state, target).node
    first = first_stop(state, server, goal, kind_at(state, need_at(state, target).kind).item)
    return goal if first == start else first


@compiled
def _extra_s(state, server, node, target):
    """Extra walking seconds at the normal pace: on the way to the own need, or on the way home."""
    start, goal = server_at(state, server).at, _goal(state, server, target)
    return walk_s(state, start, node) + walk_s(state, node, goal) - walk_s(state, start, goal)


@compiled
def _fits(state, server, need, target):
    """On the path, or a detour that has become due; and the own need stays in time."""
    extra = _extra_s(state, server, need_at(state, need).node, target)
    if extra > EPSILON_S:
        had_its_time = state.now >= need_at(state, need).known_s + state.own_first_s
        is_free = state.when_free > 0 and target < 0
        if not (had_its_time and (is_free or extra <= state.detour_s + EPSILON_S)):
            return False
    if target < 0:
        return True
    start, goal = server_at(state, server).at, _goal(state, server, target)
    comes_first = walk_s(state, start, need_at(state, need).node) < walk_s(state, start, goal)
    return comes_first and extra < inf and _stays_in_time(state, server, need, target)


@compiled
def _stays_in_time(state, server, need, target):
    """Whether the own next need would still begin before it is due, after this help."""
    start, node, goal = (
        server_at(state, server).at,
        need_at(state, need).node,
        need_at(state, target).node,
    )
    kind = kind_at(state, need_at(state, target).kind)
    via = first_stop(state, server, goal, kind.item)
    onward = walking(state, node, node if via == start else via, goal)
    walks = (walk_s(state, start, node) + onward) * server_at(state, server).slow
    begins = state.now + walks + kind_at(state, need_at(state, need).kind).mean_s
    return begins <= need_at(state, target).created_s + kind.due_s


@compiled
def who_goes(state, need):
    """The owner when idle; else the nearest idle server who may help."""
    node, kind = need_at(state, need).node, need_at(state, need).kind
    owner = one_at_a_time.who_goes(state, need)
    if owner >= 0:
        return owner
    found, least = NONE, inf
    for server in range(state.servers):
        if not may_go(state, server) or not is_able(state, server, kind):
            continue
        if _may_help(state, server, node, kind) and _fits(state, server, need, NONE):
            reach = reach_s(state, server, need)
            if reach < least:
                found, least = server, reach
    return found
