"""A snapshot of a floor as it is laid out, for the lab and the live board alike."""

from typing import NamedTuple

from upturn.floor.engine.laid import Floats, Ints, Laid, items_of
from upturn.floor.engine.rounds.shapes import InHand, Open, Seat, Snapshot, Station
from upturn.floor.engine.shapes import Floor


class Standing(NamedTuple):
    """Where the m servers of a floor are: `at` and `busy_until_s` (m,), `left` (m, j) in hand."""

    at: Ints
    busy_until_s: Floats
    left: Ints


class Waiting(NamedTuple):
    """Needs nobody has set off for: `node`, `kind`, `created_s`, all (n,)."""

    node: Ints
    kind: Ints
    created_s: Floats


def snapshot_of(
    floor: Floor, laid: Laid, *, now_s: float, standing: Standing, waiting: Waiting
) -> Snapshot:
    """Make the snapshot of a floor at one moment.

    Parameters
    ----------
    floor : Floor
    laid : Laid
        Of that floor.
    now_s : float
    standing : Standing
        Servers in the order of the floor; only who is on shift gets a seat.
    waiting : Waiting

    Returns
    -------
    Snapshot
        Seats go home to where the floor says; services take what they take on average.

    Examples
    --------
    >>> import numpy as np
    >>> from upturn.floor.engine.grid import grid
    >>> from upturn.floor.engine.laid import lay_out
    >>> floor = grid()
    >>> laid = lay_out(floor)
    >>> here = Standing(laid.home, np.zeros(4), np.zeros((4, 0), int))
    >>> one = Waiting(np.array([3]), np.array([0]), np.array([5.0]))
    >>> snapshot = snapshot_of(floor, laid, now_s=9.0, standing=here, waiting=one)
    >>> snapshot.needs[0].section, snapshot.names[snapshot.needs[0].node]
    ('section 1', '1-4')
    """
    items = items_of(floor)
    on_shift = [
        at for at in range(len(floor.servers)) if laid.starts_s[at] <= now_s < laid.ends_s[at]
    ]
    seats = tuple(
        Seat(
            section=floor.servers[at].section,
            position=int(standing.at[at]),
            busy_until_s=float(standing.busy_until_s[at]),
            hands={
                item: InHand(int(standing.left[at, j]), int(laid.capacity[at, j]))
                for j, item in enumerate(items)
                if laid.capacity[at, j]
            },
            skills=floor.servers[at].skills,
            home=int(laid.home[at]),
            slow=float(laid.slow[at]),
        )
        for at in on_shift
    )
    needs = tuple(
        _open(floor, laid, int(node), int(kind), float(created_s))
        for node, kind, created_s in zip(*waiting, strict=True)
    )
    return Snapshot(
        walk_s=laid.walk_s,
        servers=seats,
        needs=needs,
        stations=tuple(Station(int(node)) for node in laid.stations),
        now_s=now_s,
        names=tuple(node.id for node in floor.nodes),
    )


def _open(floor: Floor, laid: Laid, node: int, kind: int, created_s: float) -> Open:
    described = floor.need_types[kind]
    return Open(
        node=node,
        kind=described.name,
        section=floor.nodes[node].section,
        released_s=created_s,
        due_s=described.due_s,
        weight=described.weight,
        item=described.item,
        service_s=float(laid.mean_s[kind]),
        owner_only=described.owner_only,
    )
