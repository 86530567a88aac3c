"""Room for the search to work in, and what it works with there."""

from typing import NamedTuple

import numpy as np

from upturn.floor.engine.laid import Floats, Ints
from upturn.floor.engine.rounds.board import Board
from upturn.floor.engine.rounds.compiled import inner
from upturn.floor.engine.rounds.routes import Routes, copy_route, no_routes

LOOKS, WAITING, DRAWS, FOUND, SEAT = 0, 1, 2, 3, 4
"""In `counts`: places looked at, needs to put in, draws made, length and seat of what is found."""

GIVEN, GIVER, AT, OWNER = 5, 6, 7, 8
"""In `counts`: a need to give back (or -1), the seat and stop it is at, the seat that gets it."""

LEAST, PROMISED = 0, 1
"""In `numbers`: what the round found adds to the cost, and what a place adds by waiting alone."""


class Desk(NamedTuple):
    """Rows to try and to keep a round in, and everything that is remembered on the way.

    `levels` in hand; `waiting` needs to put in, the last first, with `keys` to order them by;
    `touched` says whose rounds lie in `saved` as they were before a repair; `near_s` and `where`
    a round comes nearest to a need.
    """

    saved: Routes
    trial: Ints
    found: Ints
    levels: Ints
    waiting: Ints
    touched: Ints
    where: Ints
    near_s: Floats
    keys: Floats
    counts: Ints
    numbers: Floats


def clear_desk(b: Board, *, seed: int) -> Desk:
    """Give an empty desk for this board."""
    needs, seats = len(b.weight), len(b.free_s)
    return Desk(
        no_routes(b),
        np.zeros(2 * needs + 4, np.int64),
        np.zeros(2 * needs + 4, np.int64),
        np.zeros(b.offers.shape[1], np.int64),
        np.zeros(needs + 1, np.int64),
        np.zeros(seats, np.int64),
        np.zeros(seats, np.int64),
        np.zeros(seats),
        np.zeros(needs + 1),
        np.array([0, 0, seed << 32, 0, 0, -1, 0, 0, 0], np.int64),
        np.zeros(2),
    )


@inner
def draw(counts: Ints) -> float:
    """Give the next number in [0, 1): a counter, mixed (splitmix64; Steele, Lea & Flood 2014)."""
    counts[DRAWS] += 1
    z = np.uint64(counts[DRAWS]) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return float((z ^ (z >> np.uint64(31))) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@inner
def lay_trial(r: Routes, desk: Desk, seat: int, k: int, place: int) -> int:
    """Copy a round to the trial with one place put in before stop k; give its length."""
    length = int(r.length[seat])
    for at in range(k):
        desk.trial[at] = r.places[seat, at]
    desk.trial[k] = place
    for at in range(k, length):
        desk.trial[at + 1] = r.places[seat, at]
    return length + 1


@inner
def keep_trial(desk: Desk, seat: int, length: int, costs: float) -> None:
    """Keep the trial as the best found."""
    for at in range(length):
        desk.found[at] = desk.trial[at]
    desk.counts[FOUND], desk.counts[SEAT], desk.numbers[LEAST] = length, seat, costs


@inner
def wait(desk: Desk, need: int) -> None:
    """Put a need on top of those that wait."""
    desk.waiting[desk.counts[WAITING]] = need
    desk.counts[WAITING] += 1


@inner
def save(r: Routes, desk: Desk, seat: int) -> None:
    """Remember a round as it was before the first change to it."""
    if not desk.touched[seat]:
        desk.touched[seat] = 1
        copy_route(r, desk.saved, seat)
