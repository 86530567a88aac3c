"""A floor laid out as arrays, once, for everything that runs on it."""

from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from upturn.floor.engine.shapes import NORMAL_PACE_M_S, Edge, Floor, Kind, NeedType, Node

FLOYD_MOST = 300
"""Places; above, looking from each place in turn is faster."""
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Laid(NamedTuple):
    """Arrays over nodes (n), kinds of need (q), servers (m), items (j), sections (c).

    `walk_s` (n, n) seconds at the normal pace; `section` (n,) or -1; `owner` (n,) the server who
    owns the table or -1; `stations` indices of nodes; `home` (m,); `slow` (m,) factor on walking
    seconds; `work_rate` (m,); `capacity` (m, j); `rank` (m, q) preference, 0 first, -1 cannot;
    `starts_s`, `ends_s` (m,); `item` (q,) or -1; `due_s`, `weight`, `mean_s` (q,); `together`
    (q,); `owner_only` (q,); `adjacent` (m, n) own section or one of its neighbours; `tours` lists
    the tables of section c in walking order at `tours[tour_at[c]:tour_at[c + 1]]`; `load_x`,
    `load_y` the points of speed at load; then numbers of the whole floor.
    """

    walk_s: Floats
    section: Ints
    owner: Ints
    stations: Ints
    home: Ints
    own_section: Ints
    slow: Floats
    work_rate: Floats
    capacity: Ints
    rank: Ints
    starts_s: Floats
    ends_s: Floats
    item: Ints
    due_s: Floats
    weight: Floats
    mean_s: Floats
    together: Ints
    owner_only: Flags
    adjacent: Flags
    tours: Ints
    tour_at: Ints
    load_x: Floats
    load_y: Floats
    look_s: float
    loafing_share: float
    help_cost_share: float
    table_lock: bool


def lay_out(floor: Floor) -> Laid:
    """Lay a sound floor out as arrays (see `check_floor` for one that may not be sound).

    Parameters
    ----------
    floor : Floor

    Returns
    -------
    Laid
        Without edges one walks along x, then along y.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> laid = lay_out(grid(sections=4, tables=7))
    >>> laid.walk_s.shape, laid.owner[:8].tolist()
    ((29, 29), [0, 0, 0, 0, 0, 0, 0, 1])
    """
    place = {node.id: at for at, node in enumerate(floor.nodes)}
    seat = {server.id: at for at, server in enumerate(floor.servers)}
    sections = [section.id for section in floor.sections]
    owner = {section.id: seat[section.owner] for section in floor.sections}
    items = items_of(floor)
    walk_s = walking_seconds(floor)
    section = [sections.index(node.section) if node.section else -1 for node in floor.nodes]
    stations = [place[n.id] for n in floor.nodes if n.kind in (Kind.STATION, Kind.QUEUE)]
    home = [_home(place, s.home, stations, walk_s) for s in floor.servers]
    tours = [_tour(at, section, walk_s) for at in range(len(sections))]
    kinds, people = floor.need_types, floor.servers
    return Laid(
        walk_s=walk_s,
        section=np.array(section, np.int64),
        owner=np.array([owner.get(n.section, -1) for n in floor.nodes], np.int64),
        stations=np.array(stations, np.int64),
        home=np.array(home, np.int64),
        own_section=np.array(
            [sections.index(s.section) if s.section else -1 for s in people], np.int64
        ),
        slow=np.array([NORMAL_PACE_M_S / s.speed_m_s for s in people]),
        work_rate=np.array([s.work_rate for s in people]),
        capacity=np.array(
            [[s.hands.get(item, 0) for item in items] for s in people], np.int64
        ).reshape(len(people), len(items)),
        rank=np.array([_ranks(s.skills, kinds) for s in people], np.int64),
        starts_s=np.array([s.starts_s for s in people]),
        ends_s=np.array([s.ends_s for s in people]),
        item=np.array([items.index(k.item) if k.item else -1 for k in kinds], np.int64),
        due_s=np.array([k.due_s for k in kinds]),
        weight=np.array([k.weight for k in kinds]),
        mean_s=np.array([k.service.mean_s for k in kinds]),
        together=np.array([k.together for k in kinds], np.int64),
        owner_only=np.array([k.owner_only for k in kinds], np.bool_),
        adjacent=_adjacent(floor, section),
        tours=np.array([node for tour in tours for node in tour], np.int64),
        tour_at=np.cumsum([0, *map(len, tours)]).astype(np.int64),
        load_x=np.array([x for x, _ in floor.behaviour.at_load]),
        load_y=np.array([y for _, y in floor.behaviour.at_load]),
        look_s=floor.behaviour.look_s,
        loafing_share=floor.behaviour.loafing_share,
        help_cost_share=floor.behaviour.help_cost_share,
        table_lock=floor.table_lock,
    )


def items_of(floor: Floor) -> list[str]:
    """What is carried on this floor, in the order of the kinds of need."""
    return list(dict.fromkeys(kind.item for kind in floor.need_types if kind.item))


def places_of(kind: NeedType, floor: Floor) -> list[int]:
    """Where this kind of need comes: indices of nodes, in the floor's order."""
    if kind.at:
        return [at for at, node in enumerate(floor.nodes) if node.id in kind.at]
    tables = [at for at, node in enumerate(floor.nodes) if node.kind is Kind.TABLE]
    return tables or [at for at, node in enumerate(floor.nodes) if node.kind is Kind.QUEUE]


def walking_seconds(floor: Floor) -> Floats:
    """Seconds from each node to each at the normal pace; inf where no walk leads."""
    if floor.edges:
        return _shortest(floor.nodes, floor.edges)
    x, y = np.array([(n.x_m, n.y_m) for n in floor.nodes], float).reshape(-1, 2).T
    metres: Floats = abs(x[:, None] - x) + abs(y[:, None] - y)
    return metres / NORMAL_PACE_M_S


def _shortest(nodes: tuple[Node, ...], edges: tuple[Edge, ...]) -> Floats:
    """All-pairs shortest walks, Floyd and Warshall's, or on a large floor Dijkstra's."""
    place = {node.id: at for at, node in enumerate(nodes)}
    walk = np.full((len(nodes), len(nodes)), inf)
    np.fill_diagonal(walk, 0.0)
    for edge in edges:
        a, b = place[edge.a], place[edge.b]
        walk[a, b] = walk[b, a] = min(walk[a, b], edge.seconds)
    if len(nodes) > FLOYD_MOST:
        return _from_each(walk)
    for via in range(len(nodes)):
        np.minimum(walk, walk[:, via, None] + walk[None, via], out=walk)
    return walk


def _from_each(walk: Floats) -> Floats:
    """Shortest walks from each place where few places have a walk between them."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - slow to load
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415

    a, b = np.nonzero(np.isfinite(walk))
    found: Floats = dijkstra(csr_matrix((walk[a, b], (a, b)), walk.shape))
    return np.minimum(found, found.T)


def _home(place: dict[str, int], named: str, stations: list[int], walk_s: Floats) -> int:
    if named:
        return place[named]
    return stations[0] if stations else int(walk_s.sum(axis=1).argmin())


def _ranks(skills: tuple[str, ...], kinds: tuple[NeedType, ...]) -> list[int]:
    if not skills:
        return [0] * len(kinds)
    return [skills.index(kind.name) if kind.name in skills else -1 for kind in kinds]


def _tour(section: int, sections: list[int], walk_s: Floats) -> list[int]:
    """Nearest next, from the first table on."""
    left = [at for at, of in enumerate(sections) if of == section]
    tour = left[:1]
    while len(tour) < len(left):
        tour.append(min(set(left) - set(tour), key=lambda at: (walk_s[tour[-1], at], at)))
    return tour


def _adjacent(floor: Floor, section: list[int]) -> Flags:
    neighbours = {s.id: {s.id, *s.neighbours} for s in floor.sections}
    number = {s.id: at for at, s in enumerate(floor.sections)}
    near = [{number[i] for i in neighbours.get(s.section, ())} for s in floor.servers]
    return np.array([[of in reach for of in section] for reach in near], np.bool_).reshape(
        len(floor.servers), len(section)
    )
