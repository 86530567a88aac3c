"""What was passed on a walk and could have been met: a number to learn from, of the floor alone."""

from collections import Counter
from collections.abc import Set

from upturn.floor.engine.live.shapes import LOOK, Board, BoardSeat
from upturn.floor.engine.rounds.telling import SAME_S
from upturn.floor.engine.shapes import NeedType


def walked_by(board: Board, seat: BoardSeat, *, start: str, end: str, taken: Set[str]) -> int:
    """Count the needs a walk led past that could have been met along the way (S0.11).

    Parameters
    ----------
    board : Board
        As the walk began.
    seat : BoardSeat
        Who walked, with what was in hand.
    start, end : str
        Places the walk led from and to.
    taken : set of str
        Refs of what the seat took up on it.

    Returns
    -------
    int
        Needs somebody asked for and nobody took, that anyone may meet, in sight of the walk
        (`Behaviour.look_s`), bare-handed or with what is still in hand. What was declined does
        not count. It is to be added to the total of the floor, and kept nowhere else.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> from upturn.floor.engine.laid import lay_out
    >>> from upturn.floor.engine.live import Board, BoardNeed, BoardSeat
    >>> floor = grid(sections=2, tables=6)
    >>> seat = BoardSeat("server 1")
    >>> needs = BoardNeed("a", "1-2", "request"), BoardNeed("b", "2-6", "request")
    >>> board = Board(floor, lay_out(floor), {}, {}, (seat,), needs)
    >>> walked_by(board, seat, start="1-1", end="1-3", taken=set())
    1
    """
    place = {node.id: at for at, node in enumerate(board.floor.nodes)}
    if start == end or start not in place or end not in place:
        return 0
    walk_s, look_s = board.laid.walk_s, board.laid.look_s
    straight_s = walk_s[place[start], place[end]]
    kinds = _open_to(board, seat)
    missed: Counter[str] = Counter()
    for need in board.needs:
        is_left = need.asked and not need.taker and need.ref not in {*taken, *seat.declined}
        if not is_left or need.kind not in kinds or need.place not in place:
            continue
        at = place[need.place]
        if walk_s[place[start], at] + walk_s[at, place[end]] - straight_s <= look_s + SAME_S:
            missed[kinds[need.kind].item] += 1
    return sum(min(n, seat.hands.get(item, 0)) if item else n for item, n in missed.items())


def _open_to(board: Board, seat: BoardSeat) -> dict[str, NeedType]:
    """The kinds anyone may meet who has this seat's skills."""
    skills = {server.id: server.skills for server in board.floor.servers}.get(seat.name, ())
    return {
        kind.name: kind
        for kind in board.floor.need_types
        if not kind.owner_only and kind.name != LOOK and (not skills or kind.name in skills)
    }
