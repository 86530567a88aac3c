"""On small boards, rounds are the best there are of all that the rules allow."""

from itertools import permutations, product
from math import inf

import pytest

from tests.floor.engine.live_drawn import cut_of
from upturn.floor.engine.grid import grid
from upturn.floor.engine.laid import lay_out
from upturn.floor.engine.live import Board, BoardNeed, BoardSeat, LiveRound, rounds_of
from upturn.floor.engine.shapes import Durations, NeedType
from upturn.stats.draws import generator

OWN_FIRST_S, DETOUR_S, POT = 15.0, 6.0, 2
KINDS = (
    NeedType("request", 2.0, Durations(20.0)),
    NeedType("coffee", 2.0, Durations(10.0), weight=2.0, item="pot"),
    NeedType("bill", 2.0, Durations(30.0), weight=2.0, owner_only=True),
)
BY_NAME = {kind.name: kind for kind in KINDS}


def small_board(seed: int) -> Board:
    """Two seats on shift, three needs, a pot each with none, one or two left in it."""
    numbers = generator(seed, "small live board")
    floor = grid(sections=2, tables=4, need_types=KINDS, hands={"pot": POT})
    tables, owners = cut_of(floor)
    spots = [(place, kind) for place in tables for kind in BY_NAME]
    chosen = numbers.choice(len(spots), 3, replace=False)
    return Board(
        floor,
        lay_out(floor),
        tables,
        owners,
        tuple(
            BoardSeat(
                server.id, str(numbers.choice([*tables])), 300.0 + float(numbers.uniform(0, 200)),
                {"pot": int(numbers.integers(0, POT + 1))},
            )
            for server in floor.servers
        ),
        tuple(
            BoardNeed(str(n), *spots[at], raised_s=300.0 - float(numbers.uniform(0, 90)))
            for n, at in enumerate(chosen)
        ),
        300.0,
    )  # fmt: skip


def cost_of(board: Board, seat: BoardSeat, stops: list[BoardNeed | None]) -> float:
    """Weighted waiting and the price of help; inf where a rule is broken. None is a fetch."""
    walk = board.laid.walk_s
    place = {node.id: at for at, node in enumerate(board.floor.nodes)}
    where = [seat.at, *("station" if stop is None else stop.place for stop in stops)]
    own = [stop is None or board.owner_of(stop.place) == seat.name for stop in stops]
    t, cost, left = max(seat.busy_until_s, board.now_s), 0.0, seat.hands["pot"]

    def between(a: int, b: int) -> float:
        return float(walk[place[where[a]], place[where[b]]])

    for k, stop in enumerate(stops):
        t += between(k, k + 1)
        if stop is None:
            if not is_missed(board, seat, stops, k):
                return inf
            left = POT
            continue
        kind = BY_NAME[stop.kind]
        left -= bool(kind.item)
        cost += kind.weight * (t - stop.raised_s) + (0.0 if own[k] else OWN_FIRST_S)
        onward = next((later for later in range(k + 1, len(stops)) if own[later]), None)
        extra_s = 0.0
        if not own[k] and onward is not None:
            extra_s = between(k, k + 1) + between(k + 1, onward + 1) - between(k, onward + 1)
        if left < 0 or extra_s > DETOUR_S + 1e-9 or (kind.owner_only and not own[k]):
            return inf
        t += kind.service.mean_s
    return cost


def is_missed(board: Board, seat: BoardSeat, stops: list[BoardNeed | None], fetch: int) -> bool:
    """Whether own coffee would run out without this fetch: help never fetches."""
    left = seat.hands["pot"]
    for k, stop in enumerate(stops):
        if stop is None:
            left = left if k == fetch else POT
        elif BY_NAME[stop.kind].item and board.owner_of(stop.place) == seat.name:
            left -= 1
            if left < 0:
                return True
    return False


def best_alone(board: Board, seat: BoardSeat, needs: tuple[BoardNeed, ...]) -> float:
    best = inf if needs else 0.0
    for order in permutations(needs):
        for fetches in product((False, True), repeat=len(order)):
            stops: list[BoardNeed | None] = []
            for need, fetch in zip(order, fetches, strict=True):
                stops += [None, need] if fetch else [need]
            best = min(best, cost_of(board, seat, stops))
    return best


def best_of_all(board: Board) -> float:
    return min(
        sum(
            best_alone(
                board, seat, tuple(n for n, to in zip(board.needs, given, strict=True) if to == at)
            )
            for at, seat in enumerate(board.seats)
        )
        for given in product(range(len(board.seats)), repeat=len(board.needs))
    )


def cost_found(board: Board, rounds: dict[str, LiveRound]) -> float:
    by_ref = {need.ref: need for need in board.needs}
    return sum(
        cost_of(board, seat, [by_ref.get(stop.need) for stop in rounds[seat.name].stops])
        for seat in board.seats
    )


@pytest.mark.parametrize("first", range(0, 120, 20))
def test_rounds_of_small_boards_are_the_best_that_the_rules_allow(first: int) -> None:
    helped = 0
    for seed in range(first, first + 20):
        board = small_board(seed)
        rounds = rounds_of(board, budget_ms=2, seed=seed)
        assert cost_found(board, rounds) == pytest.approx(best_of_all(board), rel=1e-9)
        helped += sum(s.owner != name for name, r in rounds.items() for s in r.stops if s.need)
    assert helped > 0
