"""The seats of a board as the planner of rounds takes them."""

from dataclasses import replace

import numpy as np

from upturn.floor.engine.live.abilities import Abilities
from upturn.floor.engine.live.shapes import Board, BoardSeat
from upturn.floor.engine.rounds.shapes import InHand, Open, Seat

LATER_S = 600.0
"""When an owner who is not to be asked is taken to come for it after all."""

NO_KIND = "/"
"""The skill of a seat that can be sent nowhere; a need of its own kind begins with it too."""


def comes_later(seat: Seat, needs: tuple[Open, ...], lent: list[int], now_s: float) -> Seat:
    """Give the second seat of an owner, for needs lent to others until then."""
    hands = {item: InHand(1, 1) for item in {needs[at].item for at in lent} if item}
    return replace(
        seat,
        busy_until_s=max(seat.busy_until_s, now_s) + LATER_S,
        skills=tuple(needs[at].kind for at in lent),
        hands={item: seat.hands.get(item) or hand for item, hand in hands.items()},
    )


def skills_of(able: Abilities, needs: tuple[Open, ...]) -> list[tuple[str, ...]]:
    """Kinds each seat can be sent to, or none where it can be sent to all."""
    number: dict[str, int] = {}
    of_kind = np.zeros((len(needs), len(needs)))
    for at, need in enumerate(needs):
        of_kind[at, number.setdefault(need.kind, len(number))] = 1.0
    kinds = np.array(list(number), object)
    allowed = able.able.astype(np.float64) @ of_kind[:, : len(number)] > 0
    return [() if row.all() else tuple(kinds[row]) or (NO_KIND,) for row in allowed]


def seat_of(
    board: Board, able: Abilities, row: int, *, items: list[str], skills: tuple[str, ...]
) -> Seat:
    """Give a seat of the board as the planner takes it."""
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
