"""A board laid out for the planner of rounds, which knows sections, skills and nobody's name.

Each seat is a section of its own there: what it owns is its own, and so is what it took, which
stays with it. What some seats may not be sent to gets a kind of its own, which only others can.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from upturn.floor.engine.laid import Flags, items_of
from upturn.floor.engine.live.abilities import Abilities, abilities
from upturn.floor.engine.live.shapes import Board, BoardSeat
from upturn.floor.engine.rounds.shapes import InHand, Open, Seat, Snapshot, Station

LATER_S = 600.0
"""When an owner who is not to be asked is taken to come for it after all."""

NO_KIND = "/"
"""The skill of a seat that can be sent nowhere; a need of its own kind begins with it too."""


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
        _seat(board, able, row, items=items, skills=skills)
        for row, skills in enumerate(_skills(able, needs))
    ]
    away = _owners_away(able)
    seats += [_comes_later(seats[row], needs, lent, board.now_s) for row, lent in away.items()]
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


def _comes_later(seat: Seat, needs: tuple[Open, ...], lent: list[int], now_s: float) -> Seat:
    hands = {item: InHand(1, 1) for item in {needs[at].item for at in lent} if item}
    return replace(
        seat,
        busy_until_s=max(seat.busy_until_s, now_s) + LATER_S,
        skills=tuple(needs[at].kind for at in lent),
        hands={item: seat.hands.get(item) or hand for item, hand in hands.items()},
    )


def _open(board: Board, able: Abilities, at: int, *, special: bool) -> Open:
    need, kind = able.needs[at], able.kinds[at]
    taker, owner = int(able.taker[at]), int(able.owner[at])
    raised_s = min(need.raised_s, board.now_s)
    keeper = taker if taker >= 0 else owner
    carried = len(board.laid.stations) and (taker < 0 or able.plainly[taker, at])
    return Open(
        node=int(able.node[at]),
        kind=f"{NO_KIND}{need.ref}" if special else kind.name,
        section=board.seats[keeper].name if keeper >= 0 else "",
        released_s=raised_s,
        due_s=kind.due_s,
        weight=kind.weight,
        item=kind.item if carried else "",
        service_s=kind.service.mean_s,
        owner_only=taker >= 0 or kind.owner_only,
        must_go=need.asked or taker >= 0 or board.now_s > raised_s + kind.due_s,
    )


def _skills(able: Abilities, needs: tuple[Open, ...]) -> list[tuple[str, ...]]:
    """Kinds each seat can be sent to, or none where it can be sent to all."""
    number: dict[str, int] = {}
    of_kind = np.zeros((len(needs), len(needs)))
    for at, need in enumerate(needs):
        of_kind[at, number.setdefault(need.kind, len(number))] = 1.0
    kinds = np.array(list(number), object)
    allowed = able.able.astype(np.float64) @ of_kind[:, : len(number)] > 0
    return [() if row.all() else tuple(kinds[row]) or (NO_KIND,) for row in allowed]


def _seat(
    board: Board, able: Abilities, row: int, *, items: list[str], skills: tuple[str, ...]
) -> Seat:
    seat, server, laid = board.seats[row], int(able.server[row]), board.laid
    known, home = server >= 0, int(laid.home[server])
    is_there = known and np.isfinite(laid.walk_s[able.at[row], home])
    return Seat(
        section=seat.name,
        position=int(able.at[row]),
        busy_until_s=seat.busy_until_s,
        hands=_hands(board, seat, server, items),
        skills=skills,
        home=home if is_there else None,
        slow=float(laid.slow[server]) if known else 1.0,
    )


def _hands(board: Board, seat: BoardSeat, server: int, items: list[str]) -> dict[str, InHand]:
    if server < 0:
        return {}
    most = zip(items, board.laid.capacity[server].tolist(), strict=True)
    return {
        item: InHand(min(max(seat.hands.get(item, 0), 0), capacity), capacity)
        for item, capacity in most
        if capacity
    }
