"""What can be wrong with a snapshot; each refusal names the place, the value and the remedy."""

from math import isfinite, isnan

import numpy as np

from upturn.floor.engine.errors import BadFloor
from upturn.floor.engine.laid import Ints
from upturn.floor.engine.rounds.board import CANNOT
from upturn.floor.engine.rounds.shapes import Open, Seat, Snapshot


def check_snapshot(snapshot: Snapshot) -> None:
    """Refuse a snapshot no round can be planned on.

    Raises
    ------
    BadFloor
    """
    if not snapshot.servers:
        raise BadFloor("the snapshot", 0, "nobody serves", "give at least one seat")
    _check_walks(snapshot)
    for number, seat in enumerate(snapshot.servers):
        _check_seat(snapshot, seat, f"seat {number} in section {seat.section!r}")
    for number, station in enumerate(snapshot.stations):
        place = f"station {number}"
        _check_node(snapshot, station.node, place)
        _check_number(station.fetch_s, place, "fetch_s", "seconds of at least 0")
    offered = {item for station in snapshot.stations for item in station.items}
    everything = any(not station.items for station in snapshot.stations)
    for number, need in enumerate(snapshot.needs):
        _check_need(snapshot, need, f"need {number} ({need.kind}) at {_name(snapshot, need.node)}")
        if need.item and not everything and need.item not in offered:
            raise BadFloor(
                f"need {number} ({need.kind}) at {_name(snapshot, need.node)}",
                need.item,
                "no station hands this item out",
                "name it among the items of a station",
            )


def _check_walks(snapshot: Snapshot) -> None:
    walk_s = snapshot.walk_s
    if walk_s.ndim != 2 or walk_s.shape[0] != walk_s.shape[1]:
        raise BadFloor(
            "walk_s", walk_s.shape, "not a square", "give seconds from each node to each node"
        )
    if snapshot.names and len(snapshot.names) != len(walk_s):
        raise BadFloor(
            "names", len(snapshot.names), f"{len(walk_s)} nodes", "name each node once, or none"
        )
    wrong = np.isnan(walk_s) | (walk_s < 0)
    one_way = np.isinf(walk_s) != np.isinf(walk_s.T)
    for bad, says, remedy in (
        (wrong, "not a time", "give seconds of at least 0, or inf where no walk leads"),
        (one_way, "a walk leads there and none back, or the other way", "give both ways"),
    ):
        if bad.any():
            a, b = np.argwhere(bad)[0]
            place = f"walk from {_name(snapshot, a)} to {_name(snapshot, b)}"
            raise BadFloor(place, float(walk_s[a, b]), says, remedy)


def _check_seat(snapshot: Snapshot, seat: Seat, place: str) -> None:
    _check_node(snapshot, seat.position, place)
    if seat.home is not None:
        _check_node(snapshot, seat.home, f"home of {place}")
    _check_number(seat.slow, place, "slow", "a number of at least 0")
    if not isfinite(seat.busy_until_s):
        raise BadFloor(place, seat.busy_until_s, "busy_until_s is no moment", "give seconds")
    for item, hand in seat.hands.items():
        if not 0 <= hand.left <= hand.capacity:
            raise BadFloor(
                f"{item} in hand at {place}",
                hand.left,
                f"not between 0 and its capacity {hand.capacity}",
                "give how many needs it is still enough for",
            )


def _check_need(snapshot: Snapshot, need: Open, place: str) -> None:
    _check_node(snapshot, need.node, place)
    _check_number(need.weight, place, "weight", "a number of at least 0")
    _check_number(need.service_s, place, "service_s", "seconds of at least 0")
    if isnan(need.due_s) or need.due_s < 0:
        raise BadFloor(place, need.due_s, "due_s is no time", "give seconds of at least 0, or inf")
    if not need.released_s <= snapshot.now_s:
        raise BadFloor(
            place,
            need.released_s,
            f"it arises after now ({snapshot.now_s:g})",
            "leave it out until it is there",
        )


def _check_number(value: float, place: str, name: str, remedy: str) -> None:
    if not isfinite(value) or value < 0:
        raise BadFloor(place, value, f"{name} is out of range", f"give {remedy}")


def _check_node(snapshot: Snapshot, node: int, place: str) -> None:
    if not 0 <= node < len(snapshot.walk_s):
        raise BadFloor(
            place, node, "no such node", f"give one from 0 to {len(snapshot.walk_s) - 1}"
        )


def check_somebody_can(snapshot: Snapshot, relation: Ints) -> None:
    """Refuse a need that nobody can meet; `relation` (m, n) as of `relations`.

    Raises
    ------
    BadFloor
    """
    nobody = (relation == CANNOT).all(axis=0)
    if not nobody.any():
        return
    number = int(np.argmax(nobody))
    need = snapshot.needs[number]
    place = f"need {number} ({need.kind}) at {_name(snapshot, need.node)}"
    at = [seat.position for seat in snapshot.servers]
    if not np.isfinite(snapshot.walk_s[at, need.node]).any():
        raise BadFloor(place, need.node, "no walk leads there from any seat", "add a walk")
    raise BadFloor(
        place,
        need.section if need.owner_only else need.item or need.kind,
        "nobody who may meet it can",
        "give a seat of its section the skill, the hands and the way to a station that it takes",
    )


def _name(snapshot: Snapshot, node: int) -> str:
    known = snapshot.names and 0 <= node < len(snapshot.names)
    return snapshot.names[node] if known else f"node {node}"
