"""A board laid out for the planner of rounds, which knows sections, skills and nobody's name.

Each seat is a section of its own there: what it owns is its own, and so is what it took, which
stays with it. What some seats may not be sent to gets a kind of its own, which only others can.
"""

from math import inf
from typing import NamedTuple

import numpy as np

from upturn.floor.engine.laid import Flags, items_of
from upturn.floor.engine.live.abilities import Abilities, abilities
from upturn.floor.engine.live.seating import NO_KIND, comes_later, seat_of, skills_of
from upturn.floor.engine.live.shapes import Board
from upturn.floor.engine.rounds.shapes import Open, Snapshot, Station

GRACE_S, UNASKED = 60.0, 0.25
"""What nobody asked for goes along for a minute, then is worth a walk; a second of it weighs less.

Nobody knows that it is late, so it never is.
"""


class Layout(NamedTuple):
    """A snapshot whose first seats are those of the board, and whose needs are `able.needs`."""

    snapshot: Snapshot
    able: Abilities


def lay_for_rounds(board: Board) -> Layout:
    """Lay a board out for `plan_round`.

    Parameters
    ----------
    board : Board

    Returns
    -------
    Layout
        Without the needs that nobody can be sent to. An owner who declined a need, or cannot meet
        it, has a second seat that comes only later: so the need stays the owner's, and help.
    """
    able = abilities(board)
    alone = _alone(able)
    needs = tuple(_open(board, able, at, special=bool(alone[at])) for at in range(len(able.needs)))
    items = items_of(board.floor)
    seats = [
        seat_of(board, able, row, items=items, skills=skills)
        for row, skills in enumerate(skills_of(able, needs))
    ]
    away = _owners_away(able)
    seats += [comes_later(seats[row], needs, lent, board.now_s) for row, lent in away.items()]
    snapshot = Snapshot(
        walk_s=board.laid.walk_s,
        servers=tuple(seats),
        needs=needs,
        stations=tuple(Station(int(node)) for node in board.laid.stations),
        now_s=board.now_s,
    )
    return Layout(snapshot, able)


def _alone(able: Abilities) -> Flags:
    """Needs that want a kind of their own: skills and hands do not say who can be sent."""
    columns = np.arange(len(able.needs))
    lent = (able.owner >= 0) & ~able.able[able.owner, columns] & (able.taker < 0)
    strange = (able.taker >= 0) & ~able.plainly[able.taker, columns]
    declined = (able.plainly & ~able.able).any(axis=0) & (able.taker < 0)
    kept = np.array([kind.owner_only for kind in able.kinds], np.bool_) & (able.owner >= 0)
    found: Flags = lent | strange | (declined & ~kept)
    return found


def _owners_away(able: Abilities) -> dict[int, list[int]]:
    """Needs whose owner is on shift and not to be sent there, owner by owner."""
    found: dict[int, list[int]] = {}
    for at, owner in enumerate(able.owner.tolist()):
        if owner >= 0 and able.taker[at] < 0 and not able.able[owner, at]:
            found.setdefault(owner, []).append(at)
    return found


def _open(board: Board, able: Abilities, at: int, *, special: bool) -> Open:
    need, kind = able.needs[at], able.kinds[at]
    taker, owner = int(able.taker[at]), int(able.owner[at])
    raised_s = min(need.raised_s, board.now_s)
    is_known = need.asked or taker >= 0
    keeper = taker if taker >= 0 else owner
    carried = len(board.laid.stations) and (taker < 0 or able.plainly[taker, at])
    return Open(
        node=int(able.node[at]),
        kind=f"{NO_KIND}{need.ref}" if special else kind.name,
        section=board.seats[keeper].name if keeper >= 0 else "",
        released_s=raised_s,
        due_s=kind.due_s if is_known else inf,
        weight=kind.weight * (1.0 if is_known else UNASKED),
        item=kind.item if carried else "",
        service_s=kind.service.mean_s,
        owner_only=taker >= 0 or kind.owner_only,
        must_go=is_known or board.now_s > raised_s + GRACE_S,
    )
