"""Rounds as rows of numbers: what one costs, and whether it keeps the order of the house.

A round is a row of places: a need by its number, a station by the number of needs plus its own.
"""

from typing import NamedTuple

import numpy as np

from upturn.floor.engine.laid import Flags, Floats, Ints
from upturn.floor.engine.rounds.board import HELP, OWN, Board
from upturn.floor.engine.rounds.compiled import inner

FITS, LACKS, AGAINST = 0, 1, 2
"""A round is fine; an item is not in hand where it is needed; help goes before its turn."""

SAME_S = 1e-9


class Routes(NamedTuple):
    """All rounds, one row a seat.

    `places` (m, most), `length` (m,), when each place starts (m, most), the weight from there to
    the end (m, most + 1), what the round costs (m,), whether it takes no more help (m,).
    """

    places: Ints
    length: Ints
    starts_s: Floats
    behind: Floats
    cost: Floats
    closed: Flags


def no_routes(seats: int, needs: int) -> Routes:
    """Give empty rounds with room for a fetch before every need."""
    most = 2 * needs + 2
    return Routes(
        np.zeros((seats, most), np.int64),
        np.zeros(seats, np.int64),
        np.zeros((seats, most)),
        np.zeros((seats, most + 1)),
        np.zeros(seats),
        np.zeros(seats, np.bool_),
    )


@inner
def fill(b: Board, seat: int, levels: Ints, place: int) -> None:
    """Fill the hands at a station; where the seat stands (any other place) they are as they are."""
    station = place - b.weight.shape[0]
    for j in range(levels.shape[0]):
        if station >= b.offers.shape[0]:
            levels[j] = b.left[seat, j]
        elif b.offers[station, j]:
            levels[j] = b.capacity[seat, j]


@inner
def is_too_far(b: Board, seat: int, places: Ints, length: int, k: int) -> bool:
    """Whether help at stop k walks more beside the way to the next stop that is none."""
    needs = b.weight.shape[0]
    at = places[k - 1] if k else needs + b.offers.shape[0] + seat
    x = places[k]
    extra_s = b.walk_s[at, x]
    for later in range(k + 1, length):
        y = places[later]
        if y >= needs or b.relation[seat, y] != HELP:
            return bool(extra_s + b.walk_s[x, y] - b.walk_s[at, y] > b.detour_s + SAME_S)
    home_s = b.home_s[seat, x] - b.home_s[seat, at]
    return bool(extra_s + (0.0 if np.isnan(home_s) else home_s) > b.detour_s + SAME_S)


@inner
def price(
    b: Board, seat: int, places: Ints, length: int, levels: Ints
) -> tuple[int, float, int, float]:
    """Give what a round is, what it costs, its late starts, its seconds of walking.

    Against the order is help with more than the detour, or before an own need that starts late.
    """
    needs = b.weight.shape[0]
    at = needs + b.offers.shape[0] + seat
    t, cost, walked, late, helped = b.free_s[seat], 0.0, 0.0, 0, False
    fill(b, seat, levels, at)
    for k in range(length):
        x = places[k]
        t += b.go_s[at, x]
        walked += b.walk_s[at, x]
        at = x
        if x >= needs:
            fill(b, seat, levels, x)
            continue
        if b.item[x] >= 0:
            levels[b.item[x]] -= 1
            if levels[b.item[x]] < 0:
                return LACKS, np.inf, 0, 0.0
        is_late, helps = t > b.due_s[x] + SAME_S, b.relation[seat, x] == HELP
        late += is_late
        helped = helped or helps
        cost += b.weight[x] * (t - b.released_s[x]) + is_late * b.late_s + helps * b.own_first_s
        if (is_late and helped and not helps) or (helps and is_too_far(b, seat, places, length, k)):
            return AGAINST, np.inf, 0, 0.0
    return FITS, cost + b.step * walked, late, walked


@inner
def is_missed(b: Board, seat: int, places: Ints, length: int, levels: Ints, fetch: int) -> bool:
    """Whether own needs would lack something without the fetch at this position."""
    needs = b.weight.shape[0]
    fill(b, seat, levels, needs + b.offers.shape[0])
    for k in range(length):
        x = places[k]
        if x >= needs:
            if k != fetch:
                fill(b, seat, levels, x)
        elif b.item[x] >= 0 and b.relation[seat, x] == OWN:
            levels[b.item[x]] -= 1
            if levels[b.item[x]] < 0:
                return True
    return False


@inner
def tidy(b: Board, seat: int, places: Ints, length: int, levels: Ints) -> int:
    """Drop fetches that own needs would not miss, for help never fetches; give the new length."""
    k = 0
    while k < length:
        if places[k] < b.weight.shape[0] or is_missed(b, seat, places, length, levels, k):
            k += 1
            continue
        for later in range(k + 1, length):
            places[later - 1] = places[later]
        length -= 1
        k = 0
    return length


@inner
def set_route(b: Board, r: Routes, seat: int, places: Ints, length: int, levels: Ints) -> int:
    """Write a round down with its times; give what it is."""
    needs = b.weight.shape[0]
    at, t = needs + b.offers.shape[0] + seat, b.free_s[seat]
    for k in range(length):
        x = places[k]
        r.places[seat, k] = x
        t += b.go_s[at, x]
        r.starts_s[seat, k] = t
        at = x
    r.length[seat] = length
    r.behind[seat, length] = 0.0
    for k in range(length - 1, -1, -1):
        x = places[k]
        r.behind[seat, k] = r.behind[seat, k + 1] + (b.weight[x] if x < needs else 0.0)
    is_fine, r.cost[seat], _late, _walked = price(b, seat, places, length, levels)
    return is_fine


@inner
def copy_route(source: Routes, target: Routes, seat: int) -> None:
    """Make one round of the target what it is in the source."""
    length = source.length[seat]
    target.length[seat] = length
    target.cost[seat] = source.cost[seat]
    for k in range(length):
        target.places[seat, k] = source.places[seat, k]
        target.starts_s[seat, k] = source.starts_s[seat, k]
        target.behind[seat, k] = source.behind[seat, k]
    target.behind[seat, length] = 0.0
