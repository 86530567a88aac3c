"""No sections: the best of all needs for everybody."""

from math import inf

from numba import njit

from upturn.floor.engine.kernel.reaching import cost, is_able, is_locked, may_go, reach_s


@njit
def choose(state, server):
    """The need that costs least, the oldest of those alike, or -1."""
    found, least = -1, inf
    for at in range(state.floor[0].cells):
        need = state.cells[state.filled[at]].first
        if is_locked(state, state.needs[need].node):
            continue
        if is_able(state, server, state.needs[need].kind):
            costs = cost(state, server, need)
            if costs < least or (costs == least and need < found):
                found, least = need, costs
    return found


@njit
def who_goes(state, need):
    """The idle server who could begin first."""
    found, least, kind = -1, inf, state.needs[need].kind
    for server in range(len(state.servers)):
        if may_go(state, server) and is_able(state, server, kind):
            reach = reach_s(state, server, need)
            if reach < least:
                found, least = server, reach
    return found
