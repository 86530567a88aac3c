"""The last touch on a plan: what holds between rounds, and the needs that may wait."""

from upturn.floor.engine.laid import Ints
from upturn.floor.engine.rounds.board import HELP, OWN, Board
from upturn.floor.engine.rounds.compiled import inner
from upturn.floor.engine.rounds.desk import WAITING, Desk
from upturn.floor.engine.rounds.inserting import insert, insert_optional, insert_waiting, take_out
from upturn.floor.engine.rounds.routes import SAME_S, Routes


@inner
def first_help_s(b: Board, r: Routes, seat: int) -> float:
    """When a seat first helps; far in the future when it does not."""
    for k in range(r.length[seat]):
        x = r.places[seat, k]
        if x < b.weight.shape[0] and b.relation[seat, x] == HELP:
            return float(r.starts_s[seat, k])
    return 1e300


@inner
def send_back(b: Board, r: Routes, desk: Desk, seat: int) -> bool:
    """Give a late need met here to an own seat that goes helping before; then plan that help anew.

    False when there is none.
    """
    for k in range(r.length[seat]):
        x, starts_s = r.places[seat, k], r.starts_s[seat, k]
        if x >= b.weight.shape[0] or b.relation[seat, x] != HELP or starts_s <= b.due_s[x] + SAME_S:
            continue
        for own in range(b.free_s.shape[0]):
            if b.relation[own, x] == OWN and first_help_s(b, r, own) < starts_s - SAME_S:
                take_out(b, r, desk, own, 0, 0)
                take_out(b, r, desk, seat, k, 1)
                insert_own(b, r, desk, x)
                insert_waiting(b, r, desk, 0.0)
                r.closed[:] = False
                return True
    return False


@inner
def insert_own(b: Board, r: Routes, desk: Desk, need: int) -> None:
    """Put in one of those that wait, at its own seats alone."""
    last = desk.counts[WAITING] - 1
    for at in range(last):
        if desk.waiting[at] == need:
            desk.waiting[at], desk.waiting[last] = desk.waiting[last], need
    desk.counts[WAITING] = last
    r.closed[:] = True
    insert(b, r, desk, need, 0.0)
    r.closed[:] = False


@inner
def finish(b: Board, r: Routes, desk: Desk, optional: Ints) -> None:
    """Let nobody help while an own late need waits for somebody else; then fit in what may wait.

    Each pass gives one more need back to its own seats, so there are at most as many as needs.
    """
    seat = 0
    while seat < b.free_s.shape[0]:
        seat = 0 if send_back(b, r, desk, seat) else seat + 1
    for need in optional:
        insert_optional(b, r, desk, need)
