"""A contact centre: to who prefers it most and has been idle longest."""

from upturn.floor.engine.kernel.compiling import compiled
from upturn.floor.engine.kernel.reaching import is_able, is_locked, may_go
from upturn.floor.engine.kernel.reading import cell_at, filled_at, need_at, rank_of, server_at
from upturn.floor.engine.kernel.records import NONE


@compiled
def choose(state, server):
    """The oldest need, of the most preferred kind when the policy says so, or -1."""
    found, first_rank = NONE, 0
    for at in range(state.cells):
        need = cell_at(state, filled_at(state, at).value).first
        kind = need_at(state, need).kind
        if is_locked(state, need_at(state, need).node) or not is_able(state, server, kind):
            continue
        rank = rank_of(state, server, kind) if state.by_preference > 0 else 0
        if found < 0 or rank < first_rank or (rank == first_rank and need < found):
            found, first_rank = need, rank
    return found


@compiled
def who_goes(state, need):
    """Of the idle, who prefers this kind most, then who has been idle longest."""
    found, first_rank, longest, kind = NONE, 0, 0.0, need_at(state, need).kind
    for server in range(state.servers):
        if may_go(state, server) and is_able(state, server, kind):
            rank, since = rank_of(state, server, kind), server_at(state, server).idle_since
            if found < 0 or rank < first_rank or (rank == first_rank and since < longest):
                found, first_rank, longest = server, rank, since
    return found
