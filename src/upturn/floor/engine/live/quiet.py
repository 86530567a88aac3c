"""Who may be offered two minutes of coaching now, because nothing waits."""

from collections.abc import Set
from math import ceil

from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.live.shapes import Board

IDLE_LEAST, MOST, OF_SEATS = 4, 12, 50
"""The rule found best for fifty agents (`coaching.bites.Rule`), scaled to the seats there are."""

ALONE = 2
"""Whatever the scale: besides who is coached somebody is free for what comes."""


def quiet_seats(
    board: Board,
    *,
    turn: int,
    coached: Set[str] = frozenset(),
    spared: Set[str] = frozenset(),
    idle_least: int | None = None,
) -> tuple[str, ...]:
    """Name the seats to offer a bite of two minutes to, to be declined freely.

    Parameters
    ----------
    board : Board
    turn : int
        Whose turn it is first, going round the seats; give the next number each time, so that
        offers go round without anybody counting them.
    coached : set of str
        Seats that are in a bite, or have an offer before them.
    spared : set of str
        Seats not to be asked now; they are idle for the others all the same.
    idle_least : int, optional
        So many seats must be idle, the one to be coached among them; by default 4 of 50, in
        proportion, and at least 2.

    Returns
    -------
    tuple of str
        Empty while anything waits that was asked for. An idle seat is free and took nothing.

    Raises
    ------
    BadSetting
        If fewer than one seat were to be idle.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> from upturn.floor.engine.laid import lay_out
    >>> from upturn.floor.engine.live import Board, BoardSeat
    >>> seats = tuple(BoardSeat(f"server {n}") for n in (1, 2, 3, 4))
    >>> board = Board(grid(), lay_out(grid()), {}, {}, seats, ())
    >>> quiet_seats(board, turn=6)
    ('server 3',)
    """
    least = max(ALONE, scaled(IDLE_LEAST, board)) if idle_least is None else idle_least
    if least < 1:
        raise BadSetting("idle_least", least, "give at least 1")
    if any(need.asked and not need.taker for need in board.needs):
        return ()
    takers = {need.taker for need in board.needs}
    idle = [
        seat.name
        for seat in board.seats
        if seat.name not in takers | coached and seat.busy_until_s <= board.now_s
    ]
    offers = min(len(idle) - least + 1, scaled(MOST, board) - len(coached))
    begin = turn % max(1, len(board.seats))
    rank = {seat.name: (at - begin) % len(board.seats) for at, seat in enumerate(board.seats)}
    return tuple(
        sorted((name for name in idle if name not in spared), key=lambda name: rank[name])
    )[: max(0, offers)]


def scaled(of_fifty: int, board: Board) -> int:
    """So many of fifty seats, for the seats of a board, rounded up."""
    return ceil(of_fifty * len(board.seats) / OF_SEATS)
