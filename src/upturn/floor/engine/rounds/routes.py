"""The rounds of all seats as arrays, what one costs, and the rules each has to keep."""

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

    `places` (m, most), `length` (m,), when each place starts (m, most); from there to the end
    (m, most + 1) the weight, and by how many seconds all may start later without one more being
    late; what the places before cost (m, most + 1), and what is in hand then (m, most + 1, j), in
    the last of these rows while a round is priced. `help_at` (m,) the first place that is help;
    `lent_s` (m, m) when a seat last starts late at a need of another seat; `cost` of the round
    (m,), whether it takes no more help (m,).
    """

    places: Ints
    length: Ints
    starts_s: Floats
    behind: Floats
    room_s: Floats
    spent: Floats
    hands: Ints
    help_at: Ints
    lent_s: Floats
    cost: Floats
    closed: Flags


def no_routes(b: Board) -> Routes:
    """Give empty rounds with room for a fetch before every need."""
    seats, most = len(b.free_s), 2 * len(b.weight) + 2
    hands = np.zeros((seats, most + 1, b.left.shape[1]), np.int64)
    hands[:, 0] = b.left
    return Routes(
        np.zeros((seats, most), np.int64),
        np.zeros(seats, np.int64),
        np.zeros((seats, most)),
        np.zeros((seats, most + 1)),
        np.full((seats, most + 1), np.inf),
        np.zeros((seats, most + 1)),
        hands,
        np.full(seats, most),
        np.full((seats, seats), -np.inf),
        np.zeros(seats),
        np.zeros(seats, np.bool_),
    )


@inner
def is_too_far(b: Board, seat: int, at: int, x: int, places: Ints, onward: tuple[int, int]) -> bool:
    """Whether help at x, from `at`, walks more beside the way to the next stop that is none.

    `onward`: which of the places come after it.
    """
    needs, comes_own = b.weight.shape[0], False
    extra_s = b.walk_s[at, x]
    for later in range(onward[0], onward[1]):
        y = places[later]
        if y >= needs or b.relation[seat, y] != HELP:
            comes_own = True
            extra_s += b.walk_s[x, y] - b.walk_s[at, y]
            break
    if not comes_own:
        home_s = b.home_s[seat, x] - b.home_s[seat, at]
        extra_s = 0.0 if b.when_free else extra_s + (0.0 if np.isnan(home_s) else home_s)
    return bool(extra_s > b.detour_s + SAME_S)


@inner
def is_out_of_turn(b: Board, r: Routes, x: int, t: float) -> bool:
    """Whether this late help would start after an own seat has begun to help elsewhere."""
    if t > b.due_s[x] + SAME_S:
        for own in range(b.free_s.shape[0]):
            k = r.help_at[own]
            if b.relation[own, x] == OWN and k < r.length[own] and r.starts_s[own, k] < t - SAME_S:
                return True
    return False


@inner
def is_awaited(b: Board, r: Routes, seat: int, t: float) -> bool:
    """Whether a seat that begins to help leaves an own late need to somebody else until later."""
    latest_s = -np.inf
    for other in range(b.free_s.shape[0]):
        latest_s = max(latest_s, r.lent_s[other, seat])
    return bool(latest_s > t + SAME_S)


@inner
def first_touched(b: Board, r: Routes, seat: int, k: int) -> int:
    """The first stop that something put in before stop k changes: help looks at what follows."""
    needs = b.weight.shape[0]
    while k > 0:
        x = r.places[seat, k - 1]
        if x >= needs or b.relation[seat, x] != HELP:
            break
        k -= 1
    return k


@inner
def lacks(b: Board, r: Routes, seat: int, x: int) -> bool:
    """Take from the hands what a stop uses, or fill them there; true when they lack it."""
    needs = b.weight.shape[0]
    if x >= needs:
        for j in range(b.left.shape[1]):
            if b.offers[x - needs, j]:
                r.hands[seat, -1, j] = b.capacity[seat, j]
        return False
    if b.item[x] < 0:
        return False
    r.hands[seat, -1, b.item[x]] -= 1
    return bool(r.hands[seat, -1, b.item[x]] < 0)


@inner
def adds(b: Board, seat: int, x: int, t: float) -> float:
    """What a need started then costs: waiting, being late, being somebody else's."""
    late_s = b.late_s if t > b.due_s[x] + SAME_S else 0.0
    help_s = b.own_first_s if b.relation[seat, x] == HELP else 0.0
    return float(b.weight[x] * (t - b.released_s[x]) + late_s + help_s)


@inner
def price(
    b: Board, r: Routes, seat: int, places: Ints, stops: tuple[int, int], most: float
) -> tuple[int, float]:
    """Give what a round is and costs; up to the first of `stops` it is as it was.

    Against the order is help with more than the detour, before an own need that starts late, or
    while an own late need waits for somebody else. What costs more than `most` is not looked at
    to its end.
    """
    first, length = stops
    needs = b.weight.shape[0]
    at, t = needs + b.offers.shape[0] + seat, b.free_s[seat]
    if first:
        at, t = places[first - 1], r.starts_s[seat, first - 1]
    cost, helped = r.spent[seat, first], r.help_at[seat] < first
    for j in range(b.left.shape[1]):
        r.hands[seat, -1, j] = r.hands[seat, first, j]
    for k in range(first, length):
        x, before = places[k], at
        t += b.stay_s[before] + b.slow[seat] * b.walk_s[before, x]
        cost += b.step * b.walk_s[before, x]
        at = x
        if lacks(b, r, seat, x):
            return LACKS, np.inf
        if x >= needs:
            continue
        cost += adds(b, seat, x, t)
        if b.relation[seat, x] != HELP:
            is_against = helped and t > b.due_s[x] + SAME_S
        else:
            is_against = (
                is_too_far(b, seat, before, x, places, (k + 1, length))
                or is_out_of_turn(b, r, x, t)
                or (not helped and is_awaited(b, r, seat, t))
            )
            helped = True
        if is_against or cost >= most:
            return AGAINST, np.inf
    return FITS, cost


@inner
def is_missed(b: Board, seat: int, places: Ints, length: int, levels: Ints, fetch: int) -> bool:
    """Whether own needs would lack something without the fetch at this position."""
    needs = b.weight.shape[0]
    for j in range(levels.shape[0]):
        levels[j] = b.left[seat, j]
    for k in range(length):
        x = places[k]
        if x >= needs and k != fetch:
            for j in range(levels.shape[0]):
                if b.offers[x - needs, j]:
                    levels[j] = b.capacity[seat, j]
        elif x < needs and b.item[x] >= 0 and b.relation[seat, x] == OWN:
            levels[b.item[x]] -= 1
            if levels[b.item[x]] < 0:
                return True
    return False


@inner
def tidy(b: Board, seat: int, places: Ints, length: int, levels: Ints) -> int:
    """Drop fetches that own needs would not miss, for help never fetches; give the new length."""
    k = length - length
    while k < length:
        if places[k] < b.weight.shape[0] or is_missed(b, seat, places, length, levels, k):
            k += 1
            continue
        for later in range(k + 1, length):
            places[later - 1] = places[later]
        length -= 1
        k -= k
    return length


@inner
def set_route(b: Board, r: Routes, seat: int, places: Ints, length: int) -> int:
    """Write a round down with its times; give what it is."""
    needs, items = b.weight.shape[0], b.left.shape[1]
    at, t = needs + b.offers.shape[0] + seat, b.free_s[seat]
    r.length[seat], r.help_at[seat] = length, r.places.shape[1]
    r.lent_s[seat, :] = -np.inf
    for j in range(items):
        r.hands[seat, -1, j] = b.left[seat, j]
    for k in range(length):
        x = places[k]
        r.places[seat, k] = x
        t += b.stay_s[at] + b.slow[seat] * b.walk_s[at, x]
        r.starts_s[seat, k] = t
        r.spent[seat, k + 1] = r.spent[seat, k] + b.step * b.walk_s[at, x]
        at = x
        lacks(b, r, seat, x)
        for j in range(items):
            r.hands[seat, k + 1, j] = r.hands[seat, -1, j]
        if x < needs:
            r.spent[seat, k + 1] += adds(b, seat, x, t)
            note_help(b, r, seat, k)
    look_back(b, r, seat)
    r.cost[seat] = r.spent[seat, length]
    zero = length - length
    return price(b, r, seat, places, (zero, length), np.inf)[0] if b.checked else FITS


@inner
def note_help(b: Board, r: Routes, seat: int, k: int) -> None:
    """Note where a seat first helps, and when it is late at somebody else's need."""
    x, t = r.places[seat, k], r.starts_s[seat, k]
    if b.relation[seat, x] != HELP:
        return
    r.help_at[seat] = min(k, r.help_at[seat])
    if t > b.due_s[x] + SAME_S:
        for own in range(b.free_s.shape[0]):
            if b.relation[own, x] == OWN:
                r.lent_s[seat, own] = t


@inner
def look_back(b: Board, r: Routes, seat: int) -> None:
    """Note the weight and the room from each stop to the end."""
    needs, length = b.weight.shape[0], r.length[seat]
    r.behind[seat, length], r.room_s[seat, length] = 0.0, np.inf
    for k in range(length - 1, -1, -1):
        x = r.places[seat, k]
        r.behind[seat, k] = r.behind[seat, k + 1] + (b.weight[x] if x < needs else 0.0)
        room_s = b.due_s[x] + SAME_S - r.starts_s[seat, k] if x < needs else np.inf
        r.room_s[seat, k] = min(r.room_s[seat, k + 1], room_s if room_s >= 0.0 else np.inf)


@inner
def copy_route(source: Routes, target: Routes, seat: int) -> None:
    """Make one round of the target what it is in the source."""
    length = source.length[seat]
    target.length[seat] = length
    target.help_at[seat] = source.help_at[seat]
    target.cost[seat] = source.cost[seat]
    for own in range(source.lent_s.shape[1]):
        target.lent_s[seat, own] = source.lent_s[seat, own]
    for k in range(length):
        target.places[seat, k] = source.places[seat, k]
        target.starts_s[seat, k] = source.starts_s[seat, k]
        target.behind[seat, k] = source.behind[seat, k]
        target.room_s[seat, k] = source.room_s[seat, k]
        target.spent[seat, k + 1] = source.spent[seat, k + 1]
        for j in range(source.hands.shape[2]):
            target.hands[seat, k + 1, j] = source.hands[seat, k + 1, j]
    target.behind[seat, length], target.room_s[seat, length] = 0.0, np.inf
