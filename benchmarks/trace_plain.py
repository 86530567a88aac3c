"""Plain methods to compare with: peers of the product, not parts of it.

A Gaussian posterior over before-and-after means, and a walk by partial correlation, each written
from its definition. Every function gives the parties of a synthetic world, best first.
"""

import numpy as np
from numpy.typing import NDArray

from upturn.trace.engine import Ranking, ServiceWorld

Floats = NDArray[np.float64]


def onset(series: Floats) -> tuple[int, float]:
    """Week of the largest change of the mean in unpooled standard errors, and its z."""
    found = []
    for at in range(6, len(series) - 5):
        before, after = series[:at], series[at:]
        error = np.sqrt(before.var(ddof=1) / len(before) + after.var(ddof=1) / len(after))
        found.append((at, (after.mean() - before.mean()) / error))
    return max(found, key=lambda pair: abs(pair[1]))


def loudest(world: ServiceWorld) -> tuple[int, int, float]:
    """Touchpoint with the most negative z, its onset and z."""
    value = world.measures.value
    points = [(int(at), *onset(value[:, at])) for at in np.flatnonzero(world.graph.touchpoint)]
    return min(points, key=lambda point: point[2])


def shifts(value: Floats, week: int) -> tuple[Floats, Floats, Floats]:
    """Change, its standard error and the spread within of every series; nan if not measured."""
    start = max(4, week - 2)
    before, after = value[:start], value[start:]
    left = np.vstack([before - before.mean(axis=0), after - after.mean(axis=0)])
    spread = np.sqrt((left**2).sum(axis=0) / (len(left) - 2))
    carried = np.clip((left[1:] * left[:-1]).sum(axis=0) / (left**2).sum(axis=0), 0, 0.7)
    parts = 1 / len(before) + 1 / len(after)
    error = spread * np.sqrt(parts * (1 + carried) / (1 - carried))
    return after.mean(axis=0) - before.mean(axis=0), error, spread


def without_factor(value: Floats) -> Floats:
    """Take the median movement of the parties away."""
    seen = ~np.isnan(value).all(axis=0)
    scaled = (value[:, seen] - value[:, seen].mean(axis=0)) / value[:, seen].std(axis=0)
    factor = np.median(scaled, axis=1)
    factor = factor - factor.mean()
    out = value.copy()
    for at in np.flatnonzero(seen):
        series = value[:, at]
        out[:, at] -= factor * ((series - series.mean()) @ factor / (factor @ factor + 2))
    return out


def posterior(world: ServiceWorld, *, remove_factor: bool = False) -> Ranking:
    """Signature posterior over all parties with fixed weights."""
    _, week, _ = loudest(world)
    value = world.measures.value
    value = without_factor(value) if remove_factor else value
    change, error, spread = shifts(value, week)
    seen = np.flatnonzero(~np.isnan(change))
    typical = float(np.nanmedian(spread))
    n = len(world.graph.keys)
    reach = np.linalg.inv(np.eye(n) - 0.5 * world.graph.serves.T)
    cov = (0.35 * typical) ** 2 * reach @ reach.T
    cov = cov + (0 if remove_factor else (0.5 * typical) ** 2)
    inverse = np.linalg.inv(cov[np.ix_(seen, seen)] + np.diag(error[seen] ** 2))
    p0, mu = 1 / (2 * typical) ** 2, -1.5 * typical
    parties = np.flatnonzero(~world.graph.touchpoint)
    score = []
    for party in parties:
        shown = reach[seen, party]
        a, b = shown @ inverse @ shown, shown @ inverse @ change[seen]
        gain = (b + p0 * mu) ** 2 / (a + p0) - p0 * mu**2
        score.append(0.5 * np.log(p0 / (a + p0)) + 0.5 * gain)
    return _ranked("plain posterior", parties, np.array(score))


def posterior_without_factor(world: ServiceWorld) -> Ranking:
    """The same after the common factor is removed."""
    return posterior(world, remove_factor=True)


def correlation_walk(world: ServiceWorld) -> Ranking:
    """Lagged partial-correlation walk from the loudest touchpoint."""
    start, week, _ = loudest(world)
    value = world.measures.value
    change, error, _ = shifts(value, week)
    fall = np.where(np.isnan(change), 1.0, np.maximum(0, -change / error))
    n = len(fall)
    links = {
        (server, served): max(0.02, _partial(world, server, served))
        for server, served in np.argwhere(world.graph.serves).tolist()
    }
    strength = np.zeros(n)
    strength[start] = 1
    for _ in range(n):
        for (server, served), link in links.items():
            strength[server] = max(strength[server], strength[served] * link)
    score = np.zeros(n)
    for party in np.flatnonzero((strength > 0) & ~world.graph.touchpoint):
        servers = np.flatnonzero(world.graph.serves[:, party])
        own = fall[party] - 0.6 * max((fall[at] for at in servers), default=0.0)
        score[party] = np.sqrt(strength[party]) * max(0.05, own)
    parties = np.flatnonzero(score > 0)
    return _ranked("plain walk", parties, score[parties])


def _partial(world: ServiceWorld, server: int, served: int) -> float:
    value = world.measures.value
    if np.isnan(value[0, server]) or np.isnan(value[0, served]):
        return 0.3
    siblings = np.flatnonzero(world.graph.serves[:, served] & ~np.isnan(value[0]))
    siblings = siblings[siblings != server]
    best = 0.0
    for lag in range(3):
        rows = np.arange(2, len(value))
        given = np.column_stack(
            [np.ones(len(rows)), value[rows - 1, served], value[np.ix_(rows, siblings)]]
        )
        pair = np.column_stack([value[rows, served], value[rows - lag, server]])
        left = pair - given @ np.linalg.lstsq(given, pair, rcond=None)[0]
        best = max(best, float(np.corrcoef(left.T)[0, 1]))
    return best


def _ranked(name: str, parties: Floats, score: Floats) -> Ranking:
    order = np.argsort(-score, kind="stable")
    return Ranking(
        name, tuple(int(parties[at]) for at in order), tuple(float(score[at]) for at in order)
    )


PLAIN = {
    "plain posterior, all parties": posterior,
    "the same, common factor removed": posterior_without_factor,
    "plain partial-correlation walk": correlation_walk,
}
