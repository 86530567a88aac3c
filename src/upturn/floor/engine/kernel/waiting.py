"""Who waits: open needs by node and kind, the oldest first; and those nobody has seen yet."""

from upturn.floor.engine.kernel.compiling import compiled
from upturn.floor.engine.kernel.reading import cell_at, filled_at, need_at


@compiled
def open_up(state, need):
    """Put a need among the open ones, where its number belongs."""
    at = need_at(state, need).node * state.kinds + need_at(state, need).kind
    cell = cell_at(state, at)
    if cell.first < 0:
        cell.place = state.cells
        filled_at(state, cell.place).value = at
        state.cells += 1
    after, before = cell.last, -1
    while after > need:
        after, before = need_at(state, after).previous, after
    need_at(state, need).previous, need_at(state, need).next, need_at(state, need).open = (
        after,
        before,
        1,
    )
    if after < 0:
        cell.first = need
    else:
        need_at(state, after).next = need
    if before < 0:
        cell.last = need
    else:
        need_at(state, before).previous = need


@compiled
def close(state, need):
    """Take a need out of the open ones, if it is there."""
    if need_at(state, need).open == 0:
        return
    need_at(state, need).open = 0
    after, before = need_at(state, need).previous, need_at(state, need).next
    cell = cell_at(state, need_at(state, need).node * state.kinds + need_at(state, need).kind)
    if after < 0:
        cell.first = before
    else:
        need_at(state, after).next = before
    if before < 0:
        cell.last = after
    else:
        need_at(state, before).previous = after
    if cell.first < 0:
        state.cells -= 1
        moved = filled_at(state, state.cells).value
        filled_at(state, cell.place).value = moved
        cell_at(state, moved).place = cell.place


@compiled
def hide(state, need):
    """Remember a need that has arisen and that nobody knows of."""
    need_at(state, need).previous, need_at(state, need).next = state.last_unseen, -1
    if state.last_unseen < 0:
        state.first_unseen = need
    else:
        need_at(state, state.last_unseen).next = need
    state.last_unseen = need


@compiled
def unhide(state, need):
    """Forget that nobody knows of it."""
    after, before = need_at(state, need).previous, need_at(state, need).next
    if after < 0:
        state.first_unseen = before
    else:
        need_at(state, after).next = before
    if before < 0:
        state.last_unseen = after
    else:
        need_at(state, before).previous = after
