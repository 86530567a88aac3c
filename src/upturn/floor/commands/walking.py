"""Needs that somebody walked by: counted for the floor, and kept under nobody's name (S0.11)."""

from upturn.floor.engine.live import Board, BoardNeed, BoardSeat, walked_by
from upturn.floor.models import NeedState, memory
from upturn.floor.queries import SeatHolder, floor_of, laid_out, waiting_needs
from upturn.floor.queries.standing import SOMEBODY


def walk(holder: SeatHolder, place: str, *, met: str = "") -> None:
    """Remember that somebody stands at a place now, and count what was walked by on the way.

    The count goes to the shift with somebody's next tap that is stored.
    """
    known = memory.of(holder.shift_ref)
    with known.lock:
        mine = known.seat(holder.seat)
        start, mine.at = mine.at, place
        seat = BoardSeat(holder.seat, start, 0.0, dict(mine.hands), frozenset(mine.declined))
    if start in ("", place):
        return
    needs = tuple(
        BoardNeed(
            row.ref,
            row.place,
            row.kind,
            row.asked,
            row.count,
            row.raised_s,
            SOMEBODY if row.state == NeedState.TAKEN else "",
        )
        for row in waiting_needs(holder.shift)
        if not row.is_call
    )
    board = Board(floor_of(holder.version), laid_out(holder.version), {}, {}, (seat,), needs)
    passed = walked_by(board, seat, start=start, end=place, taken={met})
    with known.lock:
        known.walked_by += passed
