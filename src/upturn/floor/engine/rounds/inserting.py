"""Put needs in where they cost least: the first plan, and every repair of one."""

import numpy as np

from upturn.floor.engine.rounds.board import CANNOT, HELP, OWN, Board
from upturn.floor.engine.rounds.compiled import inner
from upturn.floor.engine.rounds.desk import (
    FOUND,
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
    price,
    set_route,
    tidy,
)


@inner
def detour_costs(b: Board, desk: Desk, seat: int, length: int, at: int, station: int) -> float:
    """What the need promised to cost, and the way by a station before stop `at` of the trial."""
    behind, needs = 0.0, b.weight.shape[0]
    for k in range(at, length):
        behind += b.weight[desk.trial[k]] if desk.trial[k] < needs else 0.0
    before = desk.trial[at - 1] if at else needs + b.offers.shape[0] + seat
    longer = b.go_s[before, station]
    if at < length:
        longer += b.go_s[station, desk.trial[at]] - b.go_s[before, desk.trial[at]]
    return float(desk.numbers[PROMISED] + behind * longer)


@inner
def with_fetch(b: Board, r: Routes, desk: Desk, seat: int, k: int, need: int) -> None:
    """Find the best fetch anywhere on the round that has the need at stop k."""
    needs = b.weight.shape[0]
    for station in range(b.offers.shape[0]):
        if not b.offers[station, b.item[need]]:
            continue
        for at in range(r.length[seat] + 2):
            length = lay_trial(r, desk, seat, k, need)
            if detour_costs(b, desk, seat, length, at, needs + station) >= desk.numbers[LEAST]:
                continue
            for later in range(length, at, -1):
                desk.trial[later] = desk.trial[later - 1]
            desk.trial[at] = needs + station
            length = tidy(b, seat, desk.trial, length + 1, desk.levels)
            desk.counts[LOOKS] += length
            is_fine, cost, _late, _walked = price(b, seat, desk.trial, length, desk.levels)
            if is_fine == FITS and cost - r.cost[seat] < desk.numbers[LEAST]:
                keep_trial(desk, seat, length, cost - r.cost[seat])


@inner
def try_at(b: Board, r: Routes, desk: Desk, seat: int, k: int, need: int) -> None:
    """Price the round with the need at stop k, all rules counted; keep it if it costs least."""
    length = lay_trial(r, desk, seat, k, need)
    if not b.checked:
        keep_trial(desk, seat, length, desk.numbers[PROMISED])
        return
    desk.counts[LOOKS] += length
    is_fine, cost, _late, _walked = price(b, seat, desk.trial, length, desk.levels)
    if is_fine == FITS and cost - r.cost[seat] < desk.numbers[LEAST]:
        keep_trial(desk, seat, length, cost - r.cost[seat])
    elif is_fine == LACKS and b.relation[seat, need] == OWN and b.item[need] >= 0:
        with_fetch(b, r, desk, seat, k, need)


@inner
def insert(b: Board, r: Routes, desk: Desk, need: int, skips: float) -> bool:
    """Put one need in where it costs least; false where no round takes it.

    Waiting alone decides in one step (delay times the weight behind); it is the least a place can
    cost, so only places that promise to be the best are checked against the rules.
    """
    go_s, walk_s, relation, numbers = b.go_s, b.walk_s, b.relation, desk.numbers
    all_places, starts_s, behind, lengths = r.places, r.starts_s, r.behind, r.length
    closed, counts, free_s = r.closed, desk.counts, b.free_s
    first, weight, step = b.weight.shape[0] + b.offers.shape[0], b.weight[need], b.step
    numbers[LEAST], counts[FOUND] = np.inf, 0
    for kind in (OWN, HELP):
        fixed = -weight * b.released_s[need] + (b.own_first_s if kind == HELP else 0.0)
        for seat in range(free_s.shape[0]):
            if relation[seat, need] != kind or (kind == HELP and closed[seat]):
                continue
            at, t, length = first + seat, free_s[seat], lengths[seat]
            counts[LOOKS] += length + 1
            for k in range(length + 1):
                there, then = go_s[at, need], all_places[seat, k]
                costs = fixed + weight * (t + there) + step * walk_s[at, need]
                if k < length:
                    costs += (there + go_s[need, then] - go_s[at, then]) * behind[seat, k]
                    costs += step * (walk_s[need, then] - walk_s[at, then])
                if costs < numbers[LEAST] and (skips == 0.0 or draw(counts) >= skips):
                    numbers[PROMISED] = costs
                    try_at(b, r, desk, seat, k, need)
                at, t = then, starts_s[seat, k]
    if counts[FOUND] == 0:
        return False
    save(r, desk, counts[SEAT])
    set_route(b, r, counts[SEAT], desk.found, counts[FOUND], desk.levels)
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
    """Put in all that wait, last first; where one finds no place, own seats stop helping."""
    while desk.counts[WAITING]:
        desk.counts[WAITING] -= 1
        need = desk.waiting[desk.counts[WAITING]]
        if insert(b, r, desk, need, skips) or insert(b, r, desk, need, 0.0):
            continue
        for seat in range(b.free_s.shape[0]):
            if b.relation[seat, need] == OWN:
                r.closed[seat] = True
                take_out(b, r, desk, seat, 0, 0)
        insert(b, r, desk, need, 0.0)


@inner
def leaves_late(b: Board, r: Routes, own: int) -> bool:
    """Whether somebody else is late at an own need of this seat."""
    for seat in range(b.free_s.shape[0]):
        for k in range(r.length[seat]):
            x = r.places[seat, k]
            is_lent = x < b.weight.shape[0] and b.relation[own, x] == OWN != b.relation[seat, x]
            if is_lent and r.starts_s[seat, k] > b.due_s[x] + SAME_S:
                return True
    return False


@inner
def insert_optional(b: Board, r: Routes, desk: Desk, need: int) -> bool:
    """Put in a need that may wait, where it makes nobody wait too long.

    Nobody on the round is late with it, it walks no more than help may, and a neighbour takes it
    only when nobody else is late at the neighbour's own tables.
    """
    desk.numbers[LEAST], desk.counts[FOUND] = np.inf, 0
    for seat in range(b.free_s.shape[0]):
        relation = b.relation[seat, need]
        if relation == CANNOT or (relation == HELP and leaves_late(b, r, seat)):
            continue
        length = r.length[seat]
        _fine, before, _late, walked = price(b, seat, r.places[seat], length, desk.levels)
        for k in range(length + 1):
            longer = lay_trial(r, desk, seat, k, need)
            is_fine, cost, later, further = price(b, seat, desk.trial, longer, desk.levels)
            fits = is_fine == FITS and later == 0 and further <= walked + b.detour_s + SAME_S
            if fits and cost - before < desk.numbers[LEAST]:
                keep_trial(desk, seat, longer, cost - before)
    if desk.counts[FOUND]:
        set_route(b, r, desk.counts[SEAT], desk.found, desk.counts[FOUND], desk.levels)
    return bool(desk.counts[FOUND])
