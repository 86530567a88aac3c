"""Look around on every trip, and walk through the own section at a cadence (S0.5)."""

from math import inf

from numba import njit

from upturn.floor.engine.kernel import one_at_a_time
from upturn.floor.engine.kernel.reaching import cost, is_able, is_locked, is_own
from upturn.floor.engine.kernel.state import GATED, NEAREST


@njit
def choose(state, server):
    """Nearest first within the own section, or table after table."""
    if state.floor[0].serves == NEAREST:
        return best_of_own(state, server)
    return at_this_table(state, server)


@njit
def best_of_own(state, server):
    """The own need that costs least, the oldest of those alike, or -1."""
    found, least = -1, inf
    for at in range(state.floor[0].cells):
        need = state.cells[state.filled[at]].first
        node, kind = state.needs[need].node, state.needs[need].kind
        if not is_own(state, server, node) or is_locked(state, node):
            continue
        if is_able(state, server, kind):
            costs = cost(state, server, need)
            if costs < least or (costs == least and need < found):
                found, least = need, costs
    return found


@njit
def at_this_table(state, server):
    """The oldest at this table; gated: of those that were there on arrival."""
    node, found = state.servers[server].at, -1
    if not is_own(state, server, node) or is_locked(state, node):
        return found
    latest = state.servers[server].arrived_s if state.floor[0].serves == GATED else inf
    kinds = state.floor[0].kinds
    for kind in range(kinds):
        need = state.cells[node * kinds + kind].first
        if need < 0 or (found >= 0 and need > found) or not is_able(state, server, kind):
            continue
        if state.needs[need].created_s <= latest:
            found = need
    return found


@njit
def who_goes(state, need):
    """The owner, when idle; table after table: nobody, it is met on the round."""
    if state.floor[0].serves != NEAREST:
        return -1
    return one_at_a_time.who_goes(state, need)
