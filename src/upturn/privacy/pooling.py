"""Pool what is too small so that as much as possible keeps a figure of its own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Place = tuple[int, str]  # an item and the parent it is pooled under


@dataclass(frozen=True, slots=True)
class Pooled:
    """Which items stand together.

    Parameters
    ----------
    groups : tuple of tuple of int
        Items of each group; an item alone has at least k.
    left_out : tuple of tuple of int
        Items that reach no k even together, by the last parent they share.
    """

    groups: tuple[tuple[int, ...], ...]
    left_out: tuple[tuple[int, ...], ...]


def pool(
    sizes: Sequence[int], parents: Sequence[tuple[str, ...]], worth: Sequence[int], *, k: int
) -> Pooled:
    """Say which items must stand together so that every group reaches k.

    In this order: as few answers as possible are left out, as much worth as possible stays alone,
    and what is pooled is pooled under as near a parent as possible.

    Parameters
    ----------
    sizes : sequence of int, (items,)
        People or answers of each; an item of size 0 joins the nearest group that is pooled anyway.
    parents : sequence of tuple of str, (items,)
        The nearest first. Only items that share a parent may stand together.
    worth : sequence of int, (items,)
        What it is worth that an item of at least k stays alone; positive.
    k : int

    Returns
    -------
    Pooled

    Notes
    -----
    An integer programme solved by HiGHS, exactly: an item below k chooses one of its parents, one
    of at least k may be given up to one of them, and the pool of a parent reaches k or is not used.
    A pool that holds several k is cut again, neighbours together.

    Examples
    --------
    >>> pool([2, 3, 9], [("a", "all"), ("a", "all"), ("a", "all")], [1, 1, 1], k=5).groups
    ((0, 1), (2,))
    """
    places = _places(sizes, parents, k=k)
    chosen = _solve(places, sizes, parents, worth, k=k) if places else set()
    pools: dict[str, list[int]] = defaultdict(list)
    for item, parent in chosen:
        pools[parent].append(item)
    _seat_the_empty(sizes, parents, pools)
    seated = {item for items in pools.values() for item in items}
    groups: list[tuple[int, ...]] = [
        (item,) for item, size in enumerate(sizes) if size >= k and item not in seated
    ]
    for items in pools.values():
        groups += _cut(items, sizes, parents, k=k)
    taken = {item for group in groups for item in group}
    left: dict[str, list[int]] = defaultdict(list)
    for item in range(len(sizes)):
        if item not in taken:
            left[parents[item][-1]].append(item)
    return Pooled(tuple(sorted(groups)), tuple(tuple(items) for items in left.values()))


def _places(sizes: Sequence[int], parents: Sequence[tuple[str, ...]], *, k: int) -> list[Place]:
    """Every parent under which an item with answers may be pooled, where anything must be."""
    needed = {parent for item, size in enumerate(sizes) if 0 < size < k for parent in parents[item]}
    return [
        (item, parent)
        for item, size in enumerate(sizes)
        if size > 0
        for parent in parents[item]
        if parent in needed
    ]


def _costs(
    places: Sequence[Place],
    sizes: Sequence[int],
    parents: Sequence[tuple[str, ...]],
    worth: Sequence[int],
    *,
    k: int,
) -> tuple[list[float], float]:
    """Price of each place, and of each answer left out: three aims in one sum, none mixed."""
    far = [
        sizes[item] * (parents[item].index(parent) + (sizes[item] >= k)) for item, parent in places
    ]
    farthest = {item: 0 for item, _ in places}
    for (item, _), price in zip(places, far, strict=True):
        farthest[item] = max(farthest[item], price)
    alone = 1 + sum(farthest.values())
    out = alone * (1 + sum(worth[item] for item in farthest))
    return [
        price + (alone * worth[item] if sizes[item] >= k else 0)
        for (item, _), price in zip(places, far, strict=True)
    ], float(out)


def _solve(
    places: Sequence[Place],
    sizes: Sequence[int],
    parents: Sequence[tuple[str, ...]],
    worth: Sequence[int],
    *,
    k: int,
) -> set[Place]:
    """Choose places at the least price."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - slow to load
    from scipy.sparse import coo_array  # noqa: PLC0415

    prices, out = _costs(places, sizes, parents, worth, k=k)
    nodes = {parent: n for n, parent in enumerate(dict.fromkeys(p for _, p in places))}
    items = {item: n for n, item in enumerate(dict.fromkeys(i for i, _ in places))}
    small = [item for item in items if sizes[item] < k]
    wide = len(places) + len(nodes)  # places, pools in use, then small items left out
    rows, columns, values = [], [], []

    def write(row: int, column: int, value: float) -> None:
        rows.append(row)
        columns.append(column)
        values.append(value)

    for column, (item, parent) in enumerate(places):
        write(items[item], column, 1)
        write(len(items) + nodes[parent], column, sizes[item])
        write(len(items) + len(nodes) + column, column, -1)
        write(len(items) + len(nodes) + column, len(places) + nodes[parent], 1)
    for node in range(len(nodes)):
        write(len(items) + node, len(places) + node, -k)
    for n, item in enumerate(small):
        write(items[item], wide + n, 1)
    height, width = len(items) + len(nodes) + len(places), wide + len(small)
    matrix = coo_array((values, (rows, columns)), shape=(height, width)).tocsr()
    low = np.zeros(height)
    low[[items[item] for item in small]] = 1
    high = np.full(height, np.inf)
    high[: len(items)] = 1
    found = milp(
        np.array([*prices, *(0.0 for _ in nodes), *(out * sizes[item] for item in small)]),
        constraints=LinearConstraint(matrix, low, high),
        integrality=np.ones(width),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    return {place for place, used in zip(places, found.x, strict=False) if used > 0.5}


def _seat_the_empty(
    sizes: Sequence[int], parents: Sequence[tuple[str, ...]], pools: dict[str, list[int]]
) -> None:
    """Let items without answers join the nearest pool, so that none shows that it had none."""
    for item, size in enumerate(sizes):
        near = next((parent for parent in parents[item] if parent in pools), None)
        if size == 0 and near is not None:
            pools[near].append(item)


def _cut(
    items: Sequence[int], sizes: Sequence[int], parents: Sequence[tuple[str, ...]], *, k: int
) -> list[tuple[int, ...]]:
    """Cut a pool into groups of at least k, neighbours together; the rest joins the last."""
    groups: list[list[int]] = [[]]
    for item in sorted(items, key=lambda item: (parents[item][::-1], item)):
        if sum(sizes[one] for one in groups[-1]) >= k:
            groups.append([])
        groups[-1].append(item)
    if len(groups) > 1 and sum(sizes[one] for one in groups[-1]) < k:
        last = groups.pop()
        groups[-1] = groups[-1] + last
    return [tuple(sorted(group)) for group in groups]
