"""Rounds as rows of numbers, told as stops with their seconds and reasons."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from upturn.floor.engine.rounds.board import HELP, Board
from upturn.floor.engine.rounds.shapes import Round, Snapshot, Stop, Why

URGENT_S = 60.0
"""An own need is urgent when it is late, or will be within a minute of now."""

SAME_S = 1e-9


def tell(snapshot: Snapshot, board: Board, rows: Sequence[tuple[int, ...]]) -> tuple[Round, ...]:
    """Tell each round, seat by seat."""
    return tuple(
        Round(seat, _stops(snapshot, board, seat, row), _taken_along(snapshot, seat, row))
        for seat, row in enumerate(rows)
    )


def _stops(snapshot: Snapshot, board: Board, seat: int, row: tuple[int, ...]) -> tuple[Stop, ...]:
    if not row:
        return ()
    needs = len(snapshot.needs)
    here = [needs + len(snapshot.stations) + seat, *row[:-1]]
    walked_s = board.walk_s[here, row] * board.slow[seat]
    starts_s = (board.free_s[seat] + (board.stay_s[here] + walked_s).cumsum()).tolist()
    walks_s, extras_s = walked_s.tolist(), _extras_s(board, seat, here, row)
    stops: list[Stop] = []
    for k, x in enumerate(row):
        seconds = starts_s[k], walks_s[k], extras_s[k]
        if x >= needs:
            take = _take(snapshot, row[k + 1 :])
            node = snapshot.stations[x - needs].node
            stops.append(Stop(None, node, *seconds, Why.FETCH, take=take))
        else:
            need = snapshot.needs[x]
            why = _why(snapshot, board, seat, x, seconds[2])
            stops.append(Stop(x, need.node, *seconds, why, need.kind, need.item))
    return tuple(stops)


def _extras_s(board: Board, seat: int, here: list[int], row: tuple[int, ...]) -> list[float]:
    """The walk of each stop beside going straight to the next that is no help, or home."""
    needs, onward = len(board.weight), [-1] * len(row)
    for k in range(len(row) - 2, -1, -1):
        y = row[k + 1]
        onward[k] = y if y >= needs or board.relation[seat, y] != HELP else onward[k + 1]
    walk_s, home_s = board.walk_s, np.nan_to_num(board.home_s[seat])
    then = [x if y < 0 else y for x, y in zip(row, onward, strict=True)]  # a walk that is there
    extras_s = np.where(
        np.array(onward) >= 0,
        walk_s[here, row] + walk_s[list(row), then] - walk_s[here, then],
        walk_s[here, row] + home_s[list(row)] - home_s[here],
    )
    found: list[float] = extras_s.tolist()
    return found


def _why(snapshot: Snapshot, board: Board, seat: int, x: int, extra_s: float) -> Why:
    if board.relation[seat, x] == HELP:
        return Why.ON_THE_WAY if extra_s <= SAME_S else Why.DETOUR
    if snapshot.needs[x].section != snapshot.servers[seat].section:
        return Why.ANYBODYS
    return Why.OWN_URGENT if board.due_s[x] <= snapshot.now_s + URGENT_S else Why.OWN


def _taken_along(snapshot: Snapshot, seat: int, row: tuple[int, ...]) -> dict[str, int]:
    """What the stops until the first fetch use beyond what is left: it lies where the seat is."""
    hands = snapshot.servers[seat].hands
    beyond = {item: used - hands[item].left for item, used in _take(snapshot, row).items()}
    return {item: number for item, number in beyond.items() if number > 0}


def _take(snapshot: Snapshot, rest: tuple[int, ...]) -> dict[str, int]:
    """What the stops until the next fetch use."""
    used: Counter[str] = Counter()
    for x in rest:
        if x >= len(snapshot.needs):
            break
        if snapshot.needs[x].item:
            used[snapshot.needs[x].item] += 1
    return dict(used)
