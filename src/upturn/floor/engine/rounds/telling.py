"""Rounds as rows of numbers, told as stops with their seconds and reasons."""

from collections import Counter

from upturn.floor.engine.rounds.board import HELP, Board
from upturn.floor.engine.rounds.shapes import Round, Snapshot, Stop, Why

URGENT_S = 60.0
"""An own need is urgent when it is late, or will be within a minute of now."""

SAME_S = 1e-9


def tell(snapshot: Snapshot, board: Board, rows: tuple[tuple[int, ...], ...]) -> tuple[Round, ...]:
    """Tell each round, seat by seat."""
    return tuple(Round(seat, _stops(snapshot, board, seat, row)) for seat, row in enumerate(rows))


def _stops(snapshot: Snapshot, board: Board, seat: int, row: tuple[int, ...]) -> tuple[Stop, ...]:
    needs = len(snapshot.needs)
    stops: list[Stop] = []
    at, t = needs + len(snapshot.stations) + seat, float(board.free_s[seat])
    for k, x in enumerate(row):
        t += float(board.go_s[at, x])
        walk_s, extra_s = float(board.walk_s[at, x]), _extra_s(board, seat, at, row[k:])
        if x >= needs:
            station = snapshot.stations[x - needs]
            stops.append(
                Stop(None, station.node, t, walk_s, extra_s, Why.FETCH,
                     take=_take(snapshot, row[k + 1 :]))
            )  # fmt: skip
        else:
            need = snapshot.needs[x]
            why = _why(snapshot, board, seat, x, extra_s)
            stops.append(Stop(x, need.node, t, walk_s, extra_s, why, need.kind, need.item))
        at = x
    return tuple(stops)


def _extra_s(board: Board, seat: int, at: int, rest: tuple[int, ...]) -> float:
    """The walk to the first of the rest, beside going straight to the next that is no help."""
    needs, x = len(board.weight), rest[0]
    onward = (y for y in rest[1:] if y >= needs or board.relation[seat, y] != HELP)
    y = next(onward, -1)
    walk_s, home_s = board.walk_s, board.home_s[seat]
    if y >= 0:
        return float(walk_s[at, x] + walk_s[x, y] - walk_s[at, y])
    if home_s[x] == home_s[x]:
        return float(walk_s[at, x] + home_s[x] - home_s[at])
    return float(walk_s[at, x])


def _why(snapshot: Snapshot, board: Board, seat: int, x: int, extra_s: float) -> Why:
    if board.relation[seat, x] == HELP:
        return Why.ON_THE_WAY if extra_s <= SAME_S else Why.DETOUR
    if snapshot.needs[x].section != snapshot.servers[seat].section:
        return Why.ANYBODYS
    return Why.OWN_URGENT if board.due_s[x] <= snapshot.now_s + URGENT_S else Why.OWN


def _take(snapshot: Snapshot, rest: tuple[int, ...]) -> dict[str, int]:
    """What the stops until the next fetch use."""
    used: Counter[str] = Counter()
    for x in rest:
        if x >= len(snapshot.needs):
            break
        if snapshot.needs[x].item:
            used[snapshot.needs[x].item] += 1
    return dict(used)
