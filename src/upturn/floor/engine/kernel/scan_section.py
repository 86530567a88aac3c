"""Look around on every trip, and walk through the own section at a cadence (S0.5)."""

from math import inf

from upturn.floor.engine.kernel import one_at_a_time
from upturn.floor.engine.kernel.compiling import compiled
from upturn.floor.engine.kernel.reaching import cost, is_able, is_locked, is_own
from upturn.floor.engine.kernel.reading import cell_at, filled_at, need_at, server_at
from upturn.floor.engine.kernel.records import GATED, NEAREST, NONE


@compiled
def choose(state, server):
    """Nearest first within the own section, or table after table."""
    if state.serves == NEAREST:
        return best_of_own(state, server)
    return at_this_table(state, server)


@compiled
def best_of_own(state, server):
    """The own need that costs least, the oldest of those alike, or -1."""
    found, least = NONE, inf
    for at in range(state.cells):
        need = cell_at(state, filled_at(state, at).value).first
        node, kind = need_at(state, need).node, need_at(state, need).kind
        if not is_own(state, server, node) or is_locked(state, node):
            continue
        if is_able(state, server, kind):
            costs = cost(state, server, need)
            if costs < least or (costs == least and need < found):
                found, least = need, costs
    return found


@compiled
def at_this_table(state, server):
    """The oldest at this table; gated: of those that were there on arrival."""
    node, found = server_at(state, server).at, NONE
    if not is_own(state, server, node) or is_locked(state, node):
        return found
    latest = server_at(state, server).arrived_s if state.serves == GATED else inf
    kinds = state.kinds
    for kind in range(kinds):
        need = cell_at(state, node * kinds + kind).first
        if need < 0 or (found >= 0 and need > found) or not is_able(state, server, kind):
            continue
        if need_at(state, need).created_s <= latest:
            found = need
    return found


@compiled
def who_goes(state, need):
    """The owner, when idle; table after table: nobody, it is met on the round."""
    if state.serves != NEAREST:
        return NONE
    return one_at_a_time.who_goes(state, need)
