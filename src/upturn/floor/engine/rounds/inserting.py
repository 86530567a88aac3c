"""Put needs in where they cost least: the first plan, and every repair of one."""

import numpy as np

from upturn.floor.engine.rounds.board import CANNOT, HELP, OWN, Board
from upturn.floor.engine.rounds.compiled import entry, inner
from upturn.floor.engine.rounds.desk import (
    FOUND,
    LEAST,
    LOOKS,
    SEAT,
    SKIPS,
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
    price,
    set_route,
    tidy,
)


@inner
def with_fetch(b: Board, r: Routes, desk: Desk, seat: int, k: int, need: int) -> None:
    """Find the best fetch anywhere on the round that has the need at stop k."""
    needs = b.weight.shape[0]
    for station in range(b.offers.shape[0]):
        if not b.offers[station, b.item[need]]:
            continue
        for at in range(r.length[seat] + 2):
            length = lay_trial(r, desk, seat, k, need)
            for later in range(length, at, -1):
                desk.trial[later] = desk.trial[later - 1]
            desk.trial[at] = needs + station
            length = tidy(b, seat, desk.trial, length + 1, desk.levels)
            desk.counts[LOOKS] += length
            is_fine, cost, _late, _walked = price(b, seat, desk.trial, length, desk.levels)
            if is_fine == FITS and cost - r.cost[seat] < desk.numbers[LEAST]:
                keep_trial(desk, seat, length, cost - r.cost[seat])


@inner
def try_checked(b: Board, r: Routes, desk: Desk, seat: int, k: int, need: int) -> None:
    """Price the round with the need at stop k, all rules counted; keep it if it costs least."""
    length = lay_trial(r, desk, seat, k, need)
    desk.counts[LOOKS] += length
    is_fine, cost, _late, _walked = price(b, seat, desk.trial, length, desk.levels)
    if is_fine == FITS and cost - r.cost[seat] < desk.numbers[LEAST]:
        keep_trial(desk, seat, length, cost - r.cost[seat])
    elif is_fine == LACKS and b.relation[seat, need] == OWN and b.item[need] >= 0:
        with_fetch(b, r, desk, seat, k, need)


@inner
def look_at(b: Board, r: Routes, desk: Desk, seat: int, need: int) -> None:
    """Find where a need costs least on one round.

    Waiting alone decides in one step (delay times the weight behind); it is the least a place can
    cost, so only places that promise to be the best are checked against the rules.
    """
    at = b.weight.shape[0] + b.offers.shape[0] + seat
    t, length = b.free_s[seat], r.length[seat]
    help_costs = b.own_first_s if b.relation[seat, need] == HELP else 0.0
    desk.counts[LOOKS] += length + 1
    for k in range(length + 1):
        there = b.go_s[at, need]
        costs = b.weight[need] * (t + there - b.released_s[need])
        costs += help_costs + b.step * b.walk_s[at, need]
        then = r.places[seat, k]
        if k < length:
            costs += (there + b.go_s[need, then] - b.go_s[at, then]) * r.behind[seat, k]
            costs += b.step * (b.walk_s[need, then] - b.walk_s[at, then])
        if costs < desk.numbers[LEAST] and draw(desk) >= desk.numbers[SKIPS]:
            if b.checked:
                try_checked(b, r, desk, seat, k, need)
            else:
                keep_trial(desk, seat, lay_trial(r, desk, seat, k, need), costs)
        at, t = then, r.starts_s[seat, k]


@inner
def insert(b: Board, r: Routes, desk: Desk, need: int, skips: float) -> bool:
    """Put one need in where it costs least; false where no round takes it."""
    desk.numbers[LEAST], desk.numbers[SKIPS], desk.counts[FOUND] = np.inf, skips, 0
    for seat in range(b.free_s.shape[0]):
        relation = b.relation[seat, need]
        if relation == OWN or (relation == HELP and not r.closed[seat]):
            look_at(b, r, desk, seat, need)
    if desk.counts[FOUND] == 0:
        return False
    save(r, desk, desk.counts[SEAT])
    set_route(b, r, desk.counts[SEAT], desk.found, desk.counts[FOUND], desk.levels)
    return True


@inner
def take_out(b: Board, r: Routes, desk: Desk, seat: int, first: int, size: int) -> None:
    """Take a stretch out of a round; with size 0, or where the rest breaks a rule, all help."""
    save(r, desk, seat)
    needs, all_help = b.weight.shape[0], size == 0
    while True:
        length = 0
        for k in range(r.length[seat]):
            x = r.places[seat, k]
            helps = all_help and x < needs and b.relation[seat, x] == HELP
            if helps or (x < needs and first <= k < first + size):
                wait(desk, x)
            else:
                desk.trial[length] = x
                length += 1
        length = tidy(b, seat, desk.trial, length, desk.levels)
        is_fine = set_route(b, r, seat, desk.trial, length, desk.levels)
        if is_fine == FITS or all_help:
            return
        all_help, size = True, 0


@inner
def insert_waiting(b: Board, r: Routes, desk: Desk, skips: float) -> None:
    """Put in all that wait, last first; where one finds no place, its own seats stop helping."""
    while desk.counts[WAITING]:
        desk.counts[WAITING] -= 1
        need, share = desk.waiting[desk.counts[WAITING]], skips
        while not insert(b, r, desk, need, share):
            if share == 0.0:
                for seat in range(b.free_s.shape[0]):
                    if b.relation[seat, need] == OWN:
                        r.closed[seat] = True
                        take_out(b, r, desk, seat, 0, 0)
            share = 0.0
    for seat in range(b.free_s.shape[0]):
        r.closed[seat] = False


@entry
def insert_optional(b: Board, r: Routes, desk: Desk, need: int) -> bool:
    """Put in a need that may wait, if nobody gets late and the walk is that of help at most."""
    desk.numbers[LEAST], desk.counts[FOUND] = np.inf, 0
    for seat in range(b.free_s.shape[0]):
        if b.relation[seat, need] == CANNOT:
            continue
        length = r.length[seat]
        _fine, before, late, walked = price(b, seat, r.places[seat], length, desk.levels)
        for k in range(length + 1):
            longer = lay_trial(r, desk, seat, k, need)
            is_fine, cost, later, further = price(b, seat, desk.trial, longer, desk.levels)
            fits = is_fine == FITS and later <= late and further <= walked + b.detour_s + SAME_S
            if fits and cost - before < desk.numbers[LEAST]:
                keep_trial(desk, seat, longer, cost - before)
    if desk.counts[FOUND]:
        set_route(b, r, desk.counts[SEAT], desk.found, desk.counts[FOUND], desk.levels)
    return bool(desk.counts[FOUND])
