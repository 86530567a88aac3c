"""The last touch on a plan: what holds between rounds, and the needs that may wait."""

from math import inf

import numpy as np

from upturn.floor.engine.laid import Ints
from upturn.floor.engine.rounds.board import CANNOT, HELP, OWN, Board
from upturn.floor.engine.rounds.compiled import entry, inner
from upturn.floor.engine.rounds.desk import (
    AT,
    FOUND,
    GIVEN,
    GIVER,
    LEAST,
    OWNER,
    SEAT,
    Desk,
    keep_trial,
    lay_trial,
)
from upturn.floor.engine.rounds.routes import FITS, SAME_S, Routes, price, set_route


def ask_back(b: Board, r: Routes, desk: Desk) -> bool:
    """Note a late need met by a seat beside its own, which goes helping before; false if none is.

    Nobody is to help while an own late need waits for somebody else.
    """
    seats, stops = np.nonzero(np.arange(r.places.shape[1])[None, :] < r.length[:, None])
    places = r.places[seats, stops]
    needs = places < len(b.weight)
    seats, stops, places = seats[needs], stops[needs], places[needs]
    helps = b.relation[seats, places] == HELP
    seats, stops, places = seats[helps], stops[helps], places[helps]
    starts_s, helps_s = r.starts_s[seats, stops], np.full(len(b.free_s), inf)
    np.minimum.at(helps_s, seats, starts_s)
    for late in np.flatnonzero(starts_s > b.due_s[places] + SAME_S):
        own = b.relation[:, places[late]] == OWN
        before = np.flatnonzero(own & (helps_s < starts_s[late] - SAME_S))
        if len(before):
            desk.counts[[GIVEN, GIVER, AT]] = places[late], seats[late], stops[late]
            desk.counts[OWNER] = before[0]
            return True
    return False


@entry
def fit_in(b: Board, r: Routes, desk: Desk, optional: Ints) -> None:
    """Put in needs that may wait, where they make nobody wait too long.

    Nobody on the round is late with it, it walks no more than help may, and a neighbour takes it
    only when nobody else is late at the neighbour's own tables.
    """
    for need in optional:
        desk.numbers[LEAST], desk.counts[FOUND] = np.inf, 0
        for seat in range(b.free_s.shape[0]):
            relation = b.relation[seat, need]
            if relation == CANNOT or (relation == HELP and leaves_late(b, r, seat)):
                continue
            for k in range(r.length[seat] + 1):
                fit_in_at(b, r, desk, seat, k, need)
        if desk.counts[FOUND]:
            set_route(b, r, desk.counts[SEAT], desk.found, desk.counts[FOUND])


@inner
def fit_in_at(b: Board, r: Routes, desk: Desk, seat: int, k: int, need: int) -> None:
    """Keep a round with the need before stop k if all is well on it, and it costs least."""
    at = r.places[seat, k - 1] if k else b.weight.shape[0] + b.offers.shape[0] + seat
    further = b.walk_s[at, need]
    if k < r.length[seat]:
        then = r.places[seat, k]
        further += b.walk_s[need, then] - b.walk_s[at, then]
    if further > b.detour_s + SAME_S:
        return
    starts_s = b.free_s[seat]
    if k:
        starts_s = r.starts_s[seat, k - 1] + b.stay_s[at]
    starts_s += b.slow[seat] * b.walk_s[at, need]
    delay_s = b.slow[seat] * further + b.stay_s[need]
    if starts_s > b.due_s[need] + SAME_S or delay_s > r.room_s[seat, k] or has_late(b, r, seat):
        return
    length = lay_trial(r, desk, seat, k, need)
    is_fine, cost = price(b, r, seat, desk.trial, (length - length, length), np.inf)
    if is_fine == FITS and cost - r.cost[seat] < desk.numbers[LEAST]:
        keep_trial(desk, seat, length, cost - r.cost[seat])


@inner
def has_late(b: Board, r: Routes, seat: int) -> bool:
    """Whether something on the round is late already."""
    for k in range(r.length[seat]):
        x = r.places[seat, k]
        if x < b.weight.shape[0] and r.starts_s[seat, k] > b.due_s[x] + SAME_S:
            return True
    return False


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
