"""The search for good rounds, in steps, between which somebody may say that time is up."""

from collections.abc import Callable
from typing import NamedTuple

from upturn.floor.engine.laid import Ints
from upturn.floor.engine.rounds.board import Board
from upturn.floor.engine.rounds.desk import GIVEN, LOOKS, WAITING, Desk, clear_desk
from upturn.floor.engine.rounds.finishing import ask_back, fit_in
from upturn.floor.engine.rounds.repairing import search
from upturn.floor.engine.rounds.routes import Routes, no_routes

STEPS = 50
"""In how many steps the search cools."""

HOT, COLD = 0.1, 0.001
"""How much worse a plan may get at the beginning and the end, in parts of what a need costs."""


class Found(NamedTuple):
    """The best rounds as rows of places, those left to later, the cost, the places looked at."""

    rows: tuple[tuple[int, ...], ...]
    later: tuple[int, ...]
    cost: float
    looks: int


def find(
    board: Board,
    *,
    needs: Ints,
    optional: Ints,
    spent: Callable[[int], float],
    looks: int,
    seed: int,
) -> Found:
    """Find rounds for `needs`, then fit the `optional` in; `spent(looked)` reaches 1 at the end."""
    routes, best = no_routes(board), no_routes(board)
    desk = clear_desk(board, seed=seed)
    desk.waiting[: len(needs)] = needs[::-1]
    desk.counts[WAITING] = len(needs)
    if len(needs):
        _improve(board, (routes, best), desk, spent, looks)
    while ask_back(board, best, desk):
        search(board, best, routes, desk, (HOT, COLD, 1))
        desk.counts[GIVEN] = -1
    if len(optional):
        fit_in(board, best, desk, optional)
    rows = tuple(
        tuple(row[:length].tolist()) for row, length in zip(best.places, best.length, strict=True)
    )
    later = set(range(len(board.weight))).difference(*rows)
    return Found(rows, tuple(sorted(later)), float(best.cost.sum()), int(desk.counts[LOOKS]))


def _improve(
    board: Board,
    routes: tuple[Routes, Routes],
    desk: Desk,
    spent: Callable[[int], float],
    looks: int,
) -> None:
    """Repair in steps; the last is as short as the pace so far says."""
    search(board, *routes, desk, (HOT, HOT, 1))
    began = int(desk.counts[LOOKS])
    first = share = spent(began)
    most = step = max(looks // STEPS, 1)
    while share < 1.0:
        search(board, *routes, desk, (_heat(share), _heat(share + 1 / STEPS), step))
        looked = int(desk.counts[LOOKS])
        share = spent(looked)
        pace = (looked - began) / max(share - first, 1 / looks)
        step = max(1, min(most, int(pace * (1.0 - share))))


def _heat(share: float) -> float:
    return float(HOT * (COLD / HOT) ** min(share, 1.0))
