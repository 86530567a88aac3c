"""Who waits: open needs by node and kind, the oldest first; and those nobody has seen yet."""

from numba import njit


@njit
def open_up(state, need):
    """Put a need among the open ones, where its number belongs."""
    needs = state.needs
    at = needs[need].node * state.floor[0].kinds + needs[need].kind
    cell = state.cells[at]
    if cell.first < 0:
        cell.place = state.floor[0].cells
        state.filled[cell.place] = at
        state.floor[0].cells += 1
    after, before = cell.last, -1
    while after > need:
        after, before = needs[after].previous, after
    needs[need].previous, needs[need].next, needs[need].open = after, before, 1
    if after < 0:
        cell.first = need
    else:
        needs[after].next = need
    if before < 0:
        cell.last = need
    else:
        needs[before].previous = need


@njit
def close(state, need):
    """Take a need out of the open ones, if it is there."""
    needs = state.needs
    if needs[need].open == 0:
        return
    needs[need].open = 0
    after, before = needs[need].previous, needs[need].next
    cell = state.cells[needs[need].node * state.floor[0].kinds + needs[need].kind]
    if after < 0:
        cell.first = before
    else:
        needs[after].next = before
    if before < 0:
        cell.last = after
    else:
        needs[before].previous = after
    if cell.first < 0:
        state.floor[0].cells -= 1
        moved = state.filled[state.floor[0].cells]
        state.filled[cell.place] = moved
        state.cells[moved].place = cell.place


@njit
def hide(state, need):
    """Remember a need that has arisen and that nobody knows of."""
    floor = state.floor[0]
    state.needs[need].previous, state.needs[need].next = floor.last_unseen, -1
    if floor.last_unseen < 0:
        floor.first_unseen = need
    else:
        state.needs[floor.last_unseen].next = need
    floor.last_unseen = need


@njit
def unhide(state, need):
    """Forget that nobody knows of it."""
    floor = state.floor[0]
    after, before = state.needs[need].previous, state.needs[need].next
    if after < 0:
        floor.first_unseen = before
    else:
        state.needs[after].next = before
    if before < 0:
        floor.last_unseen = after
    else:
        state.needs[before].previous = after
