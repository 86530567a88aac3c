"""A snapshot as arrays for the search, once it has been found sound."""

from math import inf
from typing import NamedTuple

import numpy as np

from upturn.floor.engine.laid import Flags, Floats, Ints
from upturn.floor.engine.rounds.shapes import Open, Seat, Snapshot

CANNOT, OWN, HELP = 0, 1, 2


class Prices(NamedTuple):
    """What is weighed against a second of waiting.

    `own_first_s` for help, `late_s` for a start after it was due, `step` for a second of walking;
    `detour_s` is no price but the most help may cost on the way; with `when_free` it may cost any
    walk where no own need comes after it.
    """

    own_first_s: float = 15.0
    detour_s: float = 6.0
    late_s: float = 600.0
    step: float = 0.0
    when_free: bool = True


class Board(NamedTuple):
    """Places are needs (n), then stations (t), then where the seats (m) stand.

    `walk_s` (n+t+m, n+t+m) between them, `slow` (m,) how many times as long a seat walks;
    `stay_s` (n+t+m,) from arriving at one to leaving; `weight`, `released_s`, `due_s`, `item` (n,);
    `relation` (m, n) CANNOT, OWN or HELP; `home_s` (m, n+t+m) from each place home, nan without
    one; `left`, `capacity` (m, j); `offers` (t, j); `free_s` (m,); `checked` whether more than
    waiting decides.
    """

    walk_s: Floats
    stay_s: Floats
    slow: Floats
    weight: Floats
    released_s: Floats
    due_s: Floats
    item: Ints
    relation: Ints
    home_s: Floats
    left: Ints
    capacity: Ints
    offers: Flags
    free_s: Floats
    checked: bool
    own_first_s: float
    detour_s: float
    late_s: float
    step: float
    when_free: bool


def lay_board(snapshot: Snapshot, prices: Prices, relation: Ints) -> Board:
    """Lay a sound snapshot (`check_snapshot`) out as arrays, `relation` (m, n) being its own."""
    needs, seats, stations = snapshot.needs, snapshot.servers, snapshot.stations
    nodes = [
        *(need.node for need in needs),
        *(station.node for station in stations),
        *(seat.position for seat in seats),
    ]
    stays_s = np.array(
        [n.service_s for n in needs] + [s.fetch_s for s in stations] + [0.0] * len(seats)
    )
    items = list(dict.fromkeys(need.item for need in needs if need.item))
    item = np.array([items.index(n.item) if n.item else -1 for n in needs], np.int64)
    due_s = np.array([n.released_s + n.due_s for n in needs], np.float64)
    shape = len(seats), len(items)
    limited = prices.detour_s < inf and bool((relation == HELP).any())
    return Board(
        walk_s=np.ascontiguousarray(snapshot.walk_s[np.ix_(nodes, nodes)], np.float64),
        stay_s=stays_s,
        slow=np.array([seat.slow for seat in seats], np.float64),
        weight=np.array([n.weight for n in needs], np.float64),
        released_s=np.array([n.released_s for n in needs], np.float64),
        due_s=due_s,
        item=item,
        relation=relation,
        home_s=_walks_home(snapshot, nodes),
        left=np.array([[_left(snapshot, s, i) for i in items] for s in seats], np.int64).reshape(
            shape
        ),
        capacity=np.array([[_most(s, i) for i in items] for s in seats], np.int64).reshape(shape),
        offers=np.array(
            [[not s.items or i in s.items for i in items] for s in stations], np.bool_
        ).reshape(len(stations), len(items)),
        free_s=np.array([max(s.busy_until_s, snapshot.now_s) for s in seats], np.float64),
        checked=limited or bool(items) or bool((due_s < inf).any()),
        own_first_s=float(prices.own_first_s),
        detour_s=float(prices.detour_s),
        late_s=float(prices.late_s),
        step=float(prices.step),
        when_free=prices.when_free,
    )


def relations(snapshot: Snapshot) -> Ints:
    """Give (m, n): OWN at the own section, HELP elsewhere, CANNOT without skill, item or way.

    A need in no section, or in one where nobody who can meet it serves, is everybody's own.
    """
    able = _able(snapshot)
    sections = np.array([seat.section for seat in snapshot.servers], object)
    owned = np.array([need.section or None for need in snapshot.needs], object)
    own = able & (sections[:, None] == owned[None, :])
    has_owner = own.any(axis=0)
    owner_only = np.array([need.owner_only and bool(need.section) for need in snapshot.needs], bool)
    found = np.where(own | ~has_owner, OWN, HELP)
    found[~able | (owner_only & ~own)] = CANNOT
    return found.astype(np.int64)


def _able(snapshot: Snapshot) -> Flags:
    seats, needs = snapshot.servers, snapshot.needs
    kinds: dict[tuple[str, str], Flags] = {}
    for need in needs:
        key = need.kind, need.item
        if key not in kinds:
            kinds[key] = np.array([_can(snapshot, seat, need) for seat in seats], np.bool_)
    able = np.array([kinds[need.kind, need.item] for need in needs], np.bool_)
    at, to = [seat.position for seat in seats], [need.node for need in needs]
    reach: Flags = np.isfinite(snapshot.walk_s[np.ix_(at, to)])
    return able.reshape(len(needs), len(seats)).T & reach


def _can(snapshot: Snapshot, seat: Seat, need: Open) -> bool:
    if seat.skills and need.kind not in seat.skills:
        return False
    return not need.item or (
        _most(seat, need.item) > 0
        and any(
            (not station.items or need.item in station.items)
            and np.isfinite(snapshot.walk_s[seat.position, station.node])
            for station in snapshot.stations
        )
    )


def _left(snapshot: Snapshot, seat: Seat, item: str) -> int:
    if item not in seat.hands:
        return 0
    at_hand = any(
        station.node == seat.position
        and not station.fetch_s
        and (not station.items or item in station.items)
        for station in snapshot.stations
    )
    return seat.hands[item].capacity if at_hand else seat.hands[item].left


def _most(seat: Seat, item: str) -> int:
    return seat.hands[item].capacity if item in seat.hands else 0


def _walks_home(snapshot: Snapshot, nodes: list[int]) -> Floats:
    to_s = snapshot.walk_s[nodes]
    home = np.full((len(snapshot.servers), len(nodes)), np.nan)
    for at, seat in enumerate(snapshot.servers):
        if seat.home is not None:
            home[at] = to_s[:, seat.home]
    return home
