"""The part of the organisation that one trace looks at."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from upturn.trace.engine.shapes import Bools, Floats, Ints, ServiceGraph

SERVERS_MOST, NODES_MOST = 140, 200
STEPS_MOST = 6  # serves-steps from a touchpoint down; a longer path persuades nobody


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """Nodes near a touchpoint, renumbered in the order of their keys.

    Parameters
    ----------
    node : int array (region,)
        Their numbers in the whole graph.
    serves : bool array (region, region)
    touchpoint : bool array (region,)
    start : int
        The touchpoint the trace starts from.
    depth : int array (region,)
        Fewest serves-steps down from it; -1 for what does not serve it, directly or through others.
    """

    node: Ints
    serves: Bools
    touchpoint: Bools
    start: int
    depth: Ints

    @property
    def upstream(self) -> Bools:
        """What serves the touchpoint, directly or through others, (region,)."""
        found: Bools = (self.depth > 0) & ~self.touchpoint
        return found


def region_of(graph: ServiceGraph, *, touchpoint: int, z: Floats) -> Region:
    """Take what serves a touchpoint, then what else that serves, until there are 200 nodes.

    Parameters
    ----------
    graph : ServiceGraph
    touchpoint : int
    z : float array (nodes,)
        Change of each node in standard errors. Of neighbours that do not fit, those that fell
        furthest come first.

    Returns
    -------
    Region
        What is not joined to the touchpoint at all is never in it.
    """
    serves = graph.serves.copy()
    np.fill_diagonal(serves, val=False)
    order = np.lexsort((np.array(graph.keys), z))
    chosen = np.zeros(len(serves), dtype=np.bool_)
    chosen[touchpoint] = True
    for _ in range(STEPS_MOST):
        _add(chosen, np.asarray(serves[:, chosen].any(axis=1)), order, most=SERVERS_MOST)
    for _ in range(STEPS_MOST):
        near = np.asarray(serves[:, chosen].any(axis=1) | serves[chosen].any(axis=0))
        _add(chosen, near, order, most=NODES_MOST)
    node = np.array(sorted(np.flatnonzero(chosen), key=lambda at: graph.keys[at]), dtype=np.int64)
    inside = serves[np.ix_(node, node)]
    start = int(np.flatnonzero(node == touchpoint)[0])
    return Region(node, inside, graph.touchpoint[node], start, _depths(inside, start))


def _add(chosen: Bools, near: Bools, order: Ints, *, most: int) -> None:
    new = order[near[order] & ~chosen[order]]
    chosen[new[: max(0, most - int(chosen.sum()))]] = True


def _depths(serves: Bools, start: int) -> Ints:
    depth = np.full(len(serves), -1)
    depth[start] = 0
    reached = depth == 0
    for step in range(1, len(serves)):
        reached = serves[:, reached].any(axis=1) & (depth < 0)
        depth[reached] = step
    return depth


def reached_from(serves: Bools, node: int, *, steps: int) -> Bools:
    """Give a node and those it serves, directly or through others, up to so many steps."""
    reached = np.arange(len(serves)) == node
    for _ in range(steps):
        further = np.asarray(reached | serves[reached].any(axis=0))
        if (further == reached).all():
            break
        reached = further
    return np.asarray(reached)


def on_rings(serves: Bools) -> Iterator[int]:
    """Give the nodes that serve themselves by way of others."""
    reached = serves
    for _ in range(len(serves).bit_length()):
        step = reached.astype(np.float32)
        reached = reached | (step @ step > 0)
    yield from (int(node) for node in np.flatnonzero(np.diag(reached)))
