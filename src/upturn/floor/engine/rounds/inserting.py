"""Put needs in where they cost least: the first plan, and every repair of one."""

import numpy as np

from upturn.floor.engine.rounds.board import HELP, OWN, Board
from upturn.floor.engine.rounds.compiled import inner
from upturn.floor.engine.rounds.desk import (
    FOUND,
    GIVEN,
    LEAST,
    LOOKS,
    PROMISED,
    SEAT,
    WAITING,
    Desk,
    draw,
    keep_trial,
    lay_trial,
    save,
    wait,
)
from upturn.floor.engine.rounds.routes import (
    FITS,
    LACKS,
    SAME_S,
    Routes,
    first_touched,
    is_too_far,
    price,
    set_route,
    tidy,
)

CLOSES = 0.3
"""How often a seat that has to stop helping takes no more help while what waits is put in."""


@inner
def detour_costs(b: Board, desk: Desk, seat: int, length: int, at: int, station: int) -> float:
    """What the need promised to cost, and the way by a station before stop `at` of the trial."""
    behind, needs = 0.0, b.weight.shape[0]
    for k in range(at, length):
        behind += b.weight[desk.trial[k]] if desk.trial[k] < needs else 0.0
    before = desk.trial[at - 1] if at else needs + b.offers.shape[0] + seat
    longer = b.walk_s[before, station]
    if at < length:
        longer += b.walk_s[station, desk.trial[at]] - b.walk_s[before, desk.trial[at]]
    return float(desk.numbers[PROMISED] + behind * (b.slow[seat] * longer + b.stay_s[station]))


@inner
def with_fetch(b: Board, r: Routes, desk: Desk, seat: int, k: int, need: int) -> None:
    """Find the best fetch anywhere on the round that has the need at stop k."""
    needs = b.weight.shape[0]
    for station in range(b.offers.shape[0]):
        if not b.offers[station, b.item[need]]:
            continue
        for at in range(k + 1):
            length = lay_trial(r, desk, seat, k, need)
            if detour_costs(b, desk, seat, length, at, needs + station) >= desk.numbers[LEAST]:
                continue
            for later in range(length, at, -1):
                desk.trial[later] = desk.trial[later - 1]
            desk.trial[at] = needs + station
            length = tidy(b, seat, desk.trial, length + 1, desk.levels)
            weigh(b, r, desk, seat, length, length - length)


@inner
def weigh(b: Board, r: Routes, desk: Desk, seat: int, length: int, first: int) -> int:
    """Price the trial, which up to `first` is the round as it was; keep it if it costs least."""
    desk.counts[LOOKS] += length - first
    most = r.cost[seat] + desk.numbers[LEAST]
    is_fine, cost = price(b, r, seat, desk.trial, (first, length), most)
    if is_fine == FITS and cost < most:
        keep_trial(desk, seat, length, cost - r.cost[seat])
    return is_fine


@inner
def try_at(b: Board, r: Routes, desk: Desk, seat: int, k: int, need: int) -> None:
    """Price the round with the need at stop k, all rules counted; keep it if it costs least."""
    if b.detour_s < np.inf and b.relation[seat, need] == HELP:
        at = r.places[seat, k - 1] if k else b.weight.shape[0] + b.offers.shape[0] + seat
        if is_too_far(b, seat, at, need, r.places[seat], (k, r.length[seat])):
            return
    length = lay_trial(r, desk, seat, k, need)
    if not b.checked:
        keep_trial(desk, seat, length, desk.numbers[PROMISED])
        return
    is_fine = weigh(b, r, desk, seat, length, first_touched(b, r, seat, k))
    if is_fine == LACKS and b.relation[seat, need] == OWN and b.item[need] >= 0:
        with_fetch(b, r, desk, seat, k, need)


@inner
def insert(b: Board, r: Routes, desk: Desk, need: int, skips: float) -> bool:
    """Put one need in where it costs least; false where no round takes it.

    Waiting alone decides in one step (delay times the weight behind); it is the least a place can
    cost, so only places that promise to be the best are checked against the rules.
    """
    walk_s, relation, numbers, counts = b.walk_s, b.relation, desk.numbers, desk.counts
    first, weight, step = b.weight.shape[0] + b.offers.shape[0], b.weight[need], b.step
    stay_s, due_s = b.stay_s[need], b.due_s[need] + SAME_S
    numbers[LEAST], counts[FOUND] = np.inf, 0
    for kind in (OWN, HELP):
        fixed = -weight * b.released_s[need] + (b.own_first_s if kind == HELP else 0.0)
        for seat in range(b.free_s.shape[0]):
            if relation[seat, need] != kind or (
                kind == HELP and (r.closed[seat] or need == counts[GIVEN])
            ):
                continue
            at, t, length, slow = first + seat, b.free_s[seat], r.length[seat], b.slow[seat]
            counts[LOOKS] += length + 1
            for k in range(length + 1):
                further, then = walk_s[at, need], r.places[seat, k]
                starts_s = t + b.stay_s[at] + slow * further
                costs = fixed + weight * starts_s + (starts_s > due_s) * b.late_s
                if k < length:
                    further += walk_s[need, then] - walk_s[at, then]
                    delay_s = slow * further + stay_s
                    costs += delay_s * r.behind[seat, k]
                    costs += (delay_s > r.room_s[seat, k]) * b.late_s
                costs += step * further
                if costs < numbers[LEAST] and (skips == 0.0 or draw(counts) >= skips):
                    numbers[PROMISED] = costs
                    try_at(b, r, desk, seat, k, need)
                at, t = then, r.starts_s[seat, k]
    if counts[FOUND] == 0:
        return False
    save(r, desk, counts[SEAT])
    set_route(b, r, counts[SEAT], desk.found, counts[FOUND])
    return True


@inner
def take_out(b: Board, r: Routes, desk: Desk, seat: int, first: int, size: int) -> None:
    """Take a stretch out of a round; with size 0, or where the rest breaks a rule, all help."""
    save(r, desk, seat)
    needs, all_help = b.weight.shape[0], size == 0
    while True:
        length = size - size
        for k in range(r.length[seat]):
            x = r.places[seat, k]
            helps = all_help and x < needs and b.relation[seat, x] == HELP
            if helps or (x < needs and not all_help and first <= k < first + size):
                wait(desk, x)
            else:
                desk.trial[length] = x
                length += 1
        length = tidy(b, seat, desk.trial, length, desk.levels)
        is_fine = set_route(b, r, seat, desk.trial, length)
        if is_fine == FITS or all_help:
            return
        all_help = True


@inner
def insert_waiting(b: Board, r: Routes, desk: Desk, skips: float) -> bool:
    """Put in all that wait, last first; false where a repair finds no place for one.

    Without `skips`, when all have to go in, its own seats stop helping then.
    """
    counts = desk.counts
    while counts[WAITING]:
        counts[WAITING] -= 1
        need = desk.waiting[counts[WAITING]]
        for turn in range(2):
            if insert(b, r, desk, need, skips):
                break
            if turn or skips > 0.0:
                counts[WAITING] = 0
                return False
            stop_helping(b, r, desk, need)
    r.closed[:] = False
    return True


@inner
def stop_helping(b: Board, r: Routes, desk: Desk, need: int) -> None:
    """Let the seats a need is own to help nobody."""
    for seat in range(b.free_s.shape[0]):
        if b.relation[seat, need] == OWN:
            r.closed[seat] = draw(desk.counts) < CLOSES
            take_out(b, r, desk, seat, need - need, need - need)
