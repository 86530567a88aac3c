"""See, go, do, return to the station: a trip for every need (S0.4)."""

from upturn.floor.engine.kernel.compiling import compiled
from upturn.floor.engine.kernel.reaching import is_able, is_locked, is_own, may_go
from upturn.floor.engine.kernel.reading import cell_at, filled_at, need_at, node_at, server_at
from upturn.floor.engine.kernel.records import NONE


@compiled
def choose(state, server):
    """At home: the oldest need of the own section; elsewhere none."""
    found = NONE
    if server_at(state, server).at != server_at(state, server).home:
        return found
    for at in range(state.cells):
        need = cell_at(state, filled_at(state, at).value).first
        node, kind = need_at(state, need).node, need_at(state, need).kind
        if found >= 0 and need > found:
            continue
        may_go = is_own(state, server, node) and is_able(state, server, kind)
        if may_go and not is_locked(state, node):
            found = need
    return found


@compiled
def who_goes(state, need):
    """The owner, when idle."""
    owner = node_at(state, need_at(state, need).node).owner
    if owner >= 0 and may_go(state, owner) and is_able(state, owner, need_at(state, need).kind):
        return owner
    return NONE
