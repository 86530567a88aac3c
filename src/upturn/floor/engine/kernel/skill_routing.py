"""A contact centre: to who prefers it most and has been idle longest."""

from numba import njit

from upturn.floor.engine.kernel.reaching import is_able, is_locked, may_go


@njit
def choose(state, server):
    """The oldest need, of the most preferred kind when the policy says so, or -1."""
    found, first_rank = -1, 0
    for at in range(state.floor[0].cells):
        need = state.cells[state.filled[at]].first
        kind = state.needs[need].kind
        if is_locked(state, state.needs[need].node) or not is_able(state, server, kind):
            continue
        rank = state.rank[server, kind] if state.floor[0].by_preference > 0 else 0
        if found < 0 or rank < first_rank or (rank == first_rank and need < found):
            found, first_rank = need, rank
    return found


@njit
def who_goes(state, need):
    """Of the idle, who prefers this kind most, then who has been idle longest."""
    found, first_rank, longest, kind = -1, 0, 0.0, state.needs[need].kind
    for server in range(len(state.servers)):
        if may_go(state, server) and is_able(state, server, kind):
            rank, since = state.rank[server, kind], state.servers[server].idle_since
            if found < 0 or rank < first_rank or (rank == first_rank and since < longest):
                found, first_rank, longest = server, rank, since
    return found
