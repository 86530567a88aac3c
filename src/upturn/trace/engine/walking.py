"""Walk down the serves-edges to a fall that those below do not explain.

It looks along edges only, one party and its own servers at a time, and assumes nothing about how
much an edge passes on. `signature` looks at everything at once and assumes much.
"""

from dataclasses import dataclass

import numpy as np

from upturn.trace.engine.errors import UnknownNode
from upturn.trace.engine.ready import Ready, ranked, ready_for
from upturn.trace.engine.shapes import (
    Alarm,
    Bools,
    Floats,
    Ints,
    Measures,
    Ranking,
    ServiceGraph,
)

STRENGTH_UNMEASURED, OWN_UNMEASURED = 0.3, 0.3
STRENGTH_LEAST, OWN_LEAST = 0.02, 0.05
STRENGTH_PAST_WHOLE = 0.5  # of an edge to a node that did not fall itself
LEADS_WEEKS = 4  # by which a cause may come before the alarm
RIDGE_LEVEL, RIDGE_STEP, RIDGE_SERVERS = 1e-3, 0.5, 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """How closely those served move together with their servers, (server, served).

    Parameters
    ----------
    strength : float array
        0..1; 0 where there is no edge.
    lag : int array
        Weeks after which it is closest.
    """

    strength: Floats
    lag: Ints


def walk_upstream(
    measures: Measures, *, graph: ServiceGraph, alarm: Alarm, lag_weeks_max: int = 2
) -> Ranking:
    """Rank what serves the touchpoint by its own fall and the closeness of the path to it.

    Parameters
    ----------
    measures : Measures
        At least twelve weeks.
    graph : ServiceGraph
    alarm : Alarm
    lag_weeks_max : int
        Weeks that one edge may take.

    Returns
    -------
    Ranking
        Scores are shares of all scores.

    Notes
    -----
    Closeness of an edge: the largest over the lags of the partial correlation of the served with
    the server, given the served's own week before and its other servers. Own fall: -t of a step
    near the onset in a ridge regression on the party's servers at all lags. Score: own fall times
    the square root of the product along the closest path. A movement common to most is removed
    first. A party without a measure stays possible, with a small fixed score.

    References
    ----------
    After Li et al. (2022), doi:10.1145/3534678.3539041 (regression on the parents, CIRCA), and
    Meng et al. (2020), doi:10.1109/IWQoS49365.2020.9213058 (partial-correlation walk, MicroCause).
    """
    ready = ready_for(measures, graph=graph, alarm=alarm)
    edges = edge_strengths(ready, lag_weeks_max=lag_weeks_max)
    return walk_ranking(ready, edges, own_shifts(ready, lag_weeks_max=lag_weeks_max))


def walk_ranking(ready: Ready, edges: Edges, own: Floats) -> Ranking:
    """Rank from what `ready_for`, `edge_strengths` and `own_shifts` gave."""
    region = ready.region
    reach, _ = closest_paths(edges.strength, region.start)
    return _walked(region.node, np.where(region.upstream, own, 0), reach, region.upstream)


def walk_falls(fall: Floats, *, graph: ServiceGraph, touchpoint: int) -> Ranking:
    """Walk where falls add up: seconds lost, errors made, in the touchpoint's unit.

    Parameters
    ----------
    fall : float array (nodes,)
        How much was lost at each node beyond what is normal, servers' share included; 0 if none.
    graph : ServiceGraph
    touchpoint : int
        Where the walk begins.

    Returns
    -------
    Ranking
        Parties by what is lost at them and not at their own servers.

    Raises
    ------
    UnknownNode
        If the graph has no such node.

    Examples
    --------
    >>> serves = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], dtype=bool)  # 2 serves 1 serves 0
    >>> graph = ServiceGraph(("shop", "search", "table"), serves, np.array([True, False, False]))
    >>> walk_falls(np.array([9.0, 8.0, 1.0]), graph=graph, touchpoint=0).node
    (1, 2)
    """
    if not 0 <= touchpoint < len(graph.keys):
        raise UnknownNode(touchpoint)
    fell = np.maximum(fall, 0)
    own = np.maximum(0, fell - fell @ graph.serves)
    passes = (fell > 0) | (np.arange(len(fell)) == touchpoint)
    strength = np.where(graph.serves, np.where(passes, 1.0, STRENGTH_PAST_WHOLE), 0.0)
    reach, _ = closest_paths(strength, touchpoint)
    suspects = (reach > 0) & ~graph.touchpoint & (own > 0)
    return _walked(np.arange(len(fell)), own, reach, suspects)


def _walked(node: Ints, own: Floats, reach: Floats, suspects: Bools) -> Ranking:
    score = np.where(suspects, np.sqrt(reach) * np.maximum(OWN_LEAST, own), 0)
    return ranked("walk", node, score / (score.sum() or 1.0))


def closest_paths(strength: Floats, start: int) -> tuple[Floats, Ints]:
    """Largest product of strengths from every node up to the start, and the node above on it.

    Rings do no harm: a path is only replaced by a better one, and going round improves nothing.
    """
    nodes = np.arange(len(strength))
    reach, above = np.zeros(len(nodes)), np.full(len(nodes), -1)
    reach[start] = 1
    for _ in nodes:
        through = strength * reach
        best = through.argmax(axis=1)
        better = through[nodes, best] > reach * (1 + 1e-12)
        if not better.any():
            break
        above[better] = best[better]
        reach[better] = through[nodes, best][better]
    return reach, above


def edge_strengths(ready: Ready, *, lag_weeks_max: int = 2) -> Edges:
    """Measure how closely each served party moves together with each of its servers."""
    serves, usable = ready.region.serves, ready.usable
    on_paths = ready.region.depth >= 0
    strength = np.where(serves, STRENGTH_UNMEASURED, 0.0)
    lag = np.zeros(serves.shape, dtype=np.int64)
    for served in np.flatnonzero(usable & on_paths & serves.any(axis=0)):
        servers = np.flatnonzero(serves[:, served] & usable)
        for server in servers:
            others = servers[servers != server]
            found = _partial(ready.alone, int(server), int(served), others, lag_weeks_max)
            lag[server, served] = found.argmax()
            strength[server, served] = max(STRENGTH_LEAST, float(found.max()))
    return Edges(np.minimum(strength, 1), lag)


def _partial(value: Floats, server: int, served: int, others: Ints, lags: int) -> Floats:
    """Partial correlations at lags 0 to `lags`."""
    weeks = len(value)
    before = value[lags - 1 : weeks - 1, served] if lags else np.zeros(weeks)
    given = np.column_stack([np.ones(weeks - lags), before, value[lags:][:, others]])
    moved = [value[lags - lag : weeks - lag, server] for lag in range(lags + 1)]
    both = np.column_stack([value[lags:, served], *moved])
    turned, _ = np.linalg.qr(given)
    left = both - turned @ (turned.T @ both)
    size = np.sqrt((left**2).sum(axis=0)) + 1e-9
    return np.asarray((left[:, 1:].T @ left[:, 0]) / (size[1:] * size[0]))


def own_shifts(ready: Ready, *, lag_weeks_max: int = 2) -> Floats:
    """How far each party fell by itself, given its servers, in standard errors, (region,)."""
    weeks = len(ready.alone)
    starts = np.arange(max(3, ready.onset - LEADS_WEEKS), min(ready.onset + 2, weeks - 2))
    steps = np.asarray(np.arange(weeks)[:, None] >= starts, dtype=np.float64)
    own = np.full(len(ready.usable), OWN_UNMEASURED)
    for node in np.flatnonzero(ready.usable & ready.region.upstream):
        servers = np.flatnonzero(ready.region.serves[:, node] & ready.usable)
        given = _lagged(ready.alone[:, servers], lag_weeks_max)
        own[node] = _own_shift(ready.alone[:, node], given, steps)
    return own


def _lagged(value: Floats, lags: int) -> Floats:
    """Put a constant and the servers' figures of this week and the weeks before side by side."""
    weeks = np.arange(len(value))
    moved = [value[np.maximum(weeks - lag, 0)] for lag in range(lags + 1)]
    return np.hstack([np.ones((len(value), 1)), *moved])


def _own_shift(series: Floats, given: Floats, steps: Floats) -> float:
    """Largest -t over the steps of a ridge regression on the step and what is given."""
    ridge = np.full(given.shape[1], RIDGE_SERVERS)
    ridge[0] = RIDGE_LEVEL
    both = np.column_stack([series, steps])
    left = both - given @ np.linalg.solve(given.T @ given + np.diag(ridge), given.T @ both)
    energy = (left[:, 1:] * steps).sum(axis=0) + RIDGE_STEP
    slope = steps.T @ left[:, 0] / energy
    freedom = max(3.0, len(series) - 4 - given.shape[1] / 2)
    rest = ((left[:, :1] - left[:, 1:] * slope) ** 2).sum(axis=0) / freedom
    return float((-slope / np.sqrt(np.maximum(rest, 1e-12) / energy)).max())
