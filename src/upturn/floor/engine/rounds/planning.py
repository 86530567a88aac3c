"""What each seat does next: the stops, what to take along, and why."""

from collections.abc import Callable, Collection
from math import isnan

import numpy as np

from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.laid import Ints
from upturn.floor.engine.rounds.board import Prices, lay_board, relations
from upturn.floor.engine.rounds.checking import check_snapshot, check_somebody_can
from upturn.floor.engine.rounds.shapes import Plan, Round, Snapshot
from upturn.floor.engine.rounds.telling import tell

LOOKS_A_MS = 25_000
"""How many places looked at stand for a millisecond where no clock is given."""

SEARCH_SHARE = 0.92
"""What part of a timed budget is planned with; the rest is for what nobody planned."""

ENOUGH_LOOKS = 200
"""Times the needs squared and the needs and seats together: then nothing better is left to find."""

TELLING_SHARE = 1.5
"""How long telling a plan takes, in parts of checking the snapshot and laying it out."""


def plan_round(  # noqa: PLR0913 - three rules of the policy, and how to search
    snapshot: Snapshot,
    *,
    budget_ms: float = 50.0,
    own_first_s: float = 15.0,
    detour_s: float = 6.0,
    when_free: bool = True,
    seed: int = 0,
    clock: Callable[[], float] | None = None,
    told: Collection[int] | None = None,
) -> Plan:
    """Say where each seat goes next, what it takes along, and why (S0.6, S0.9, S0.10, S0.12).

    Parameters
    ----------
    snapshot : Snapshot
    budget_ms : float
        How long to look for better rounds. Without a clock a millisecond is a fixed number of
        places looked at, so that the same snapshot, budget and seed give the same plan.
    own_first_s : float
        The price of help: how many weighted seconds of waiting it must save at least.
    detour_s : float
        The most walking a stop at a neighbour's table may cost on the way; inf: any.
    when_free : bool
        Whether help may cost any walk where no own need comes after it.
    seed : int
        Of the search.
    clock : callable, optional
        Gives seconds, such as `time.perf_counter`; then the whole call keeps to the budget.
    told : collection of int, optional
        Seats whose rounds are wanted; the others are planned too, and given without stops.

    Returns
    -------
    Plan
        In each round help comes only with the item in hand, within the detour, and after every
        own need that starts late; a fetch is for own needs. Needs for the owner alone are
        nobody else's. Whose table it is is never touched.

    Raises
    ------
    BadFloor
        Walks that are negative or not numbers, needs nobody can reach or meet, unknown items.
    BadSetting
        A budget, price, detour or seed below zero or not a number.

    Notes
    -----
    Minimises, over all needs, weight times waiting, plus a price for each start after it was due,
    plus the price of help: cheapest insertion, then ruin and recreate (Christiaens & Vanden
    Berghe 2020), on compiled code (seconds for the very first call on a machine).

    Examples
    --------
    >>> walk = np.array([[0.0, 5.0, 9.0], [5.0, 0.0, 4.0], [9.0, 4.0, 0.0]])
    >>> from upturn.floor.engine.rounds import Open, Seat
    >>> seats = Seat("window", 0), Seat("wall", 2, busy_until_s=600)
    >>> needs = Open(2, "water", "window"), Open(1, "bread", "wall")
    >>> plan = plan_round(Snapshot(walk, seats, needs), budget_ms=1)
    >>> [(stop.need, stop.why.value, stop.extra_s) for stop in plan.rounds[0].stops]
    [(1, 'on the way', 0.0), (0, 'own', 4.0)]
    """
    begun = clock() if clock else 0.0
    prices = Prices(own_first_s=own_first_s, detour_s=detour_s, when_free=when_free)
    _check_settings(budget_ms, prices, seed)
    check_snapshot(snapshot)
    if not snapshot.needs:
        return Plan(tuple(Round(seat, ()) for seat in range(len(snapshot.servers))), (), 0.0, 0)
    from upturn.floor.engine.rounds.searching import find  # noqa: PLC0415 - numba is slow to load

    enough = ENOUGH_LOOKS * len(snapshot.needs) ** 2 * (len(snapshot.needs) + len(snapshot.servers))
    looks = max(1, min(int(budget_ms * LOOKS_A_MS), enough))
    relation = relations(snapshot)
    check_somebody_can(snapshot, relation)
    board = lay_board(snapshot, prices, relation)
    laid_s = clock() - begun if clock else 0.0
    search_s = max(SEARCH_SHARE * budget_ms / 1000 - laid_s * (1 + TELLING_SHARE), 1e-9)

    def spent(looked: int) -> float:
        timed = (clock() - begun - laid_s) / search_s if clock else 0.0
        return max(timed, looked / (enough if clock else looks))

    found = find(
        board, needs=_soonest_due_first(snapshot, must_go=True),
        optional=_soonest_due_first(snapshot, must_go=False), spent=spent, looks=looks, seed=seed,
    )  # fmt: skip
    rows = [row if told is None or at in told else () for at, row in enumerate(found.rows)]
    return Plan(tell(snapshot, board, rows), found.later, found.cost, found.looks)


def _check_settings(budget_ms: float, prices: Prices, seed: int) -> None:
    settings = {
        "budget_ms": budget_ms, "own_first_s": prices.own_first_s,
        "detour_s": prices.detour_s, "seed": seed,
    }  # fmt: skip
    for name, value in settings.items():
        if isnan(value) or value < 0:
            raise BadSetting(name, value, "give a number of at least 0")


def _soonest_due_first(snapshot: Snapshot, *, must_go: bool) -> Ints:
    found = [at for at, need in enumerate(snapshot.needs) if need.must_go is must_go]
    needs = snapshot.needs
    due_s = {at: needs[at].released_s + needs[at].due_s for at in found}
    return np.array(sorted(found, key=lambda at: (due_s[at], needs[at].released_s, at)), np.int64)
