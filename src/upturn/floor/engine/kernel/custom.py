"""What a custom policy can ask: who waits, may this server meet it, how far is it.

`reach_s(state, server, need)` and `cost(state, server, need)` of `kernel.reaching` serve it too.
"""

from typing import Any

from numba import njit

from upturn.floor.engine.kernel.reaching import is_able, is_locked


@njit
def next_open(state, need):
    """The oldest open need after this one, -1 to begin with; -1 when there is none.

    Costs as much as there are kinds of need at places with somebody waiting.
    """
    found = -1
    for at in range(state.floor[0].cells):
        other = state.cells[state.filled[at]].first
        while 0 <= other <= need:
            other = state.needs[other].next
        if other >= 0 and (found < 0 or other < found):
            found = other
    return found


@njit
def may_meet(state, server, need):
    """Whether skills and hands allow it and nobody else is at, or on the way to, the table."""
    able = is_able(state, server, state.needs[need].kind)
    return able and not is_locked(state, state.needs[need].node)


@njit
def nobody(state, server):
    """The policy of those who have none of their own."""
    return -1
