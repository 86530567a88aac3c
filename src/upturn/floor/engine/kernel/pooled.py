"""No sections: the best of all needs for everybody."""

from math import inf

from upturn.floor.engine.kernel.compiling import compiled
from upturn.floor.engine.kernel.reaching import cost, is_able, is_locked, may_go, reach_s
from upturn.floor.engine.kernel.reading import cell_at, filled_at, need_at
from upturn.floor.engine.kernel.records import NONE


@compiled
def choose(state, server):
    """The need that costs least, the oldest of those alike, or -1."""
    found, least = NONE, inf
    for at in range(state.cells):
        need = cell_at(state, filled_at(state, at).value).first
        if is_locked(state, need_at(state, need).node):
            continue
        if is_able(state, server, need_at(state, need).kind):
            costs = cost(state, server, need)
            if costs < least or (costs == least and need < found):
                found, least = need, costs
    return found


@compiled
def who_goes(state, need):
    """The idle server who could begin first."""
    found, least, kind = NONE, inf, need_at(state, need).kind
    for server in range(state.servers):
        if may_go(state, server) and is_able(state, server, kind):
            reach = reach_s(state, server, need)
            if reach < least:
                found, least = server, reach
    return found
