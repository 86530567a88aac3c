"""Tear some neighbouring stretches out of a plan, put their needs back better, again and again.

Slack induction by string removals, on weighted waiting instead of distance, with the acceptance
of simulated annealing (Christiaens & Vanden Berghe, Transportation Science 54(2), 2020).
"""

from math import log

from upturn.floor.engine.rounds.board import Board
from upturn.floor.engine.rounds.compiled import entry, inner
from upturn.floor.engine.rounds.desk import AT, GIVEN, GIVER, LOOKS, OWNER, WAITING, Desk, draw
from upturn.floor.engine.rounds.inserting import insert_waiting, take_out
from upturn.floor.engine.rounds.routes import SAME_S, Routes, copy_route

FAR_S = 1e30
TORN, LONGEST = 10.0, 10.0
"""How many needs a repair takes out on average, and the longest stretch of one round."""

SKIPPED = 0.01
"""How often a place is passed over when a plan is repaired, so that repairs differ."""


OVERHEAD = 20
"""What a repair takes beside looking at places, counted as so many of them."""


@inner
def tear(b: Board, r: Routes, desk: Desk) -> None:
    """Take stretches out of the rounds nearest to a need drawn at random."""
    seats = b.free_s.shape[0]
    centre = int(draw(desk.counts) * b.weight.shape[0])
    longest = measure(b, r, desk, centre)
    wanted = int(draw(desk.counts) * (4.0 * TORN / (1.0 + longest) - 1.0) + 1.0)
    for _ in range(wanted):
        seat = seats - 1
        for other in range(seats - 1):
            if desk.near_s[other] < desk.near_s[seat]:
                seat = other
        if desk.near_s[seat] == FAR_S:
            break
        desk.near_s[seat] = FAR_S
        length = r.length[seat]
        size = min(length, int(draw(desk.counts) * min(longest, length) + 1.0))
        first = max(0, desk.where[seat] - int(draw(desk.counts) * size))
        take_out(b, r, desk, seat, min(first, length - size), size)


@inner
def measure(b: Board, r: Routes, desk: Desk, centre: int) -> float:
    """Note where each round comes nearest to a need; give how long a stretch may be."""
    planned, working = 0, 0
    for seat in range(b.free_s.shape[0]):
        planned += r.length[seat]
        working += r.length[seat] > 0
        desk.near_s[seat] = FAR_S
        for k in range(r.length[seat]):
            x = r.places[seat, k]
            away = -1.0 if x == centre else b.walk_s[centre, x]
            if x < b.weight.shape[0] and away < desk.near_s[seat]:
                desk.near_s[seat], desk.where[seat] = away, k
    return min(LONGEST, max(1.0, planned / max(1, working)))


@inner
def put_in_order(b: Board, desk: Desk, centre: int) -> None:
    """Order what waits, the last to be put in first: by chance, weight, due date or nearness."""
    how = draw(desk.counts)
    for at in range(desk.counts[WAITING]):
        need = desk.waiting[at]
        key = draw(desk.counts)
        if 0.4 <= how < 0.7:
            key = b.weight[need] + key * 0.01
        elif 0.7 <= how < 0.85:
            key = -min(b.due_s[need], 1e9 + b.released_s[need])
        elif how >= 0.85:
            key = b.walk_s[centre, need]
        k = at
        while k > 0 and desk.keys[k - 1] > key:
            desk.keys[k], desk.waiting[k] = desk.keys[k - 1], desk.waiting[k - 1]
            k -= 1
        desk.keys[k], desk.waiting[k] = key, need


@inner
def total(r: Routes) -> float:
    """What all rounds cost together."""
    cost = 0.0
    for seat in range(r.length.shape[0]):
        cost += r.cost[seat]
    return cost


@inner
def copy_all(source: Routes, target: Routes) -> None:
    """Make all rounds of the target what they are in the source."""
    for seat in range(source.length.shape[0]):
        copy_route(source, target, seat)


@inner
def undo(r: Routes, desk: Desk) -> None:
    """Take the last repair back."""
    for seat in range(r.length.shape[0]):
        if desk.touched[seat]:
            copy_route(desk.saved, r, seat)


@inner
def give_back(b: Board, r: Routes, desk: Desk) -> None:
    """Let the owner of a need help nobody, and put that need in first, at own seats alone."""
    counts = desk.counts
    take_out(b, r, desk, counts[OWNER], counts[AT], counts[AT] - counts[AT])
    take_out(b, r, desk, counts[GIVER], counts[AT], counts[AT] - counts[AT] + 1)
    last = counts[WAITING] - 1
    for at in range(last):
        if desk.waiting[at] == counts[GIVEN]:
            desk.waiting[at], desk.waiting[last] = desk.waiting[last], counts[GIVEN]


@entry
def search(b: Board, r: Routes, best: Routes, desk: Desk, pace: tuple[float, float, int]) -> None:
    """Put in what waits, or is given back, then repair; the best plan is kept.

    `pace` is the heat at the beginning and at the end, and how many places to look at. Heat is a
    share of what a need costs on average: a plan worse by that much is accepted about once in
    three times.
    """
    hottest, coldest, looks = pace
    begun, now, least = desk.counts[LOOKS], total(r), total(best)
    while desk.counts[LOOKS] < begun + looks:
        desk.touched[:] = 0
        if desk.counts[GIVEN] >= 0:
            give_back(b, r, desk)
        is_new = desk.counts[WAITING] > 0
        if not is_new:
            tear(b, r, desk)
            put_in_order(b, desk, desk.waiting[0])
        is_whole = insert_waiting(b, r, desk, 0.0 if is_new else SKIPPED)
        desk.counts[LOOKS] += OVERHEAD + b.free_s.shape[0]
        share = (desk.counts[LOOKS] - begun) / looks
        hot = abs(least) / b.weight.shape[0] * hottest * (coldest / hottest) ** share
        then = total(r)
        if is_new or (is_whole and then < now - hot * log(draw(desk.counts) + 1e-300)):
            now = then
            if is_new or then < least - SAME_S:
                least = then
                copy_all(r, best)
        else:
            undo(r, desk)
