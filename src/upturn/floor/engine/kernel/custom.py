"""What a custom policy can ask: who waits, may this server meet it, how far is it.

`reach_s(state, server, need)` and `cost(state, server, need)` of `kernel.reaching` serve it too.
"""

from numba import types
from numba.extending import overload

from upturn.floor.engine.kernel.compiling import compiled
from upturn.floor.engine.kernel.reaching import is_able, is_locked
from upturn.floor.engine.kernel.reading import cell_at, filled_at, need_at
from upturn.floor.engine.kernel.records import NONE


@compiled
def next_open(state, need):
    """The oldest open need after this one, -1 to begin with; -1 when there is none.

    Costs as much as there are kinds of need at places with somebody waiting.
    """
    found = NONE
    for at in range(state.cells):
        other = cell_at(state, filled_at(state, at).value).first
        while 0 <= other <= need:
            other = need_at(state, other).next
        if other >= 0 and (found < 0 or other < found):
            found = other
    return found


@compiled
def may_meet(state, server, need):
    """Whether skills and hands allow it and nobody else is at, or on the way to, the table."""
    able = is_able(state, server, need_at(state, need).kind)
    return able and not is_locked(state, need_at(state, need).node)


def ask(_custom, _state, _server):
    """Ask a custom policy, if there is one."""


@overload(ask)
def _ask(_custom, _state, _server):
    if isinstance(_custom, types.NoneType):
        return lambda _custom, _state, _server: NONE
    return lambda _custom, _state, _server: _custom(_state, _server)
