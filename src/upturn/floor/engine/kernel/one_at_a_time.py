"""See, go, do, return to the station: a trip for every need (S0.4)."""

from numba import njit

from upturn.floor.engine.kernel.reaching import is_able, is_locked, is_own, may_go


@njit
def choose(state, server):
    """At home: the oldest need of the own section; elsewhere none."""
    found = -1
    if state.servers[server].at != state.servers[server].home:
        return found
    for at in range(state.floor[0].cells):
        need = state.cells[state.filled[at]].first
        node, kind = state.needs[need].node, state.needs[need].kind
        if found >= 0 and need > found:
            continue
        if is_own(state, server, node) and is_able(state, server, kind):
            if not is_locked(state, node):
                found = need
    return found


@njit
def who_goes(state, need):
    """The owner, when idle."""
    owner = state.nodes[state.needs[need].node].owner
    if owner >= 0 and may_go(state, owner) and is_able(state, owner, state.needs[need].kind):
        return owner
    return -1
