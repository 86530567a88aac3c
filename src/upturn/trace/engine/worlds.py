"""Synthetic organisations whose cause is known, for a track record; never the only proof."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import numpy as np

from upturn.stats.draws import generator
from upturn.trace.engine.shapes import WEEK, Bools, Floats, Measures, Ranking, ServiceGraph

FIRST_WEEK = date(2026, 1, 5)
BURN_IN = 20
LAGS = 3  # an effect arrives after 0, 1 or 2 weeks
TRIES = 200  # causes tried in one organisation before another is drawn
Effect = Literal["linear", "bent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldLaw:
    """How a synthetic organisation behaves; the defaults are the family *base*.

    Parameters
    ----------
    layers : tuple of int
        Nodes a layer, touchpoints first.
    weeks : int
    onset : (int, int)
        First and last week in which the cause may begin; no method knows it.
    size : (float, float)
        Of the cause, downwards, in units of a score whose own drift has a standard deviation of .7.
    causes : int
    least_effect : float
        A cause is drawn again until it lowers some touchpoint by this much in the long run.
    noise : float
        Standard deviation of the survey's noise; each node has .5 to 1.5 of it.
    loading : (float, float)
        Mean and standard deviation of what a market-wide factor does to a party.
    hidden : float
        Chance that a party is not measured.
    missing_edges, wrong_edges : float
        Share of the true edges that the given graph lacks, and of edges it has too many.
    effect : "linear" or "bent"
        How an edge passes a change on: in proportion, or saturating on half the edges and only
        beyond a threshold on the others.
    """

    layers: tuple[int, ...] = (8, 12, 16, 14)
    weeks: int = 26
    onset: tuple[int, int] = (10, 15)
    size: tuple[float, float] = (1.5, 3.0)
    causes: int = 1
    least_effect: float = 1.0
    noise: float = 0.6
    loading: tuple[float, float] = (0.0, 0.0)
    hidden: float = 0.0
    missing_edges: float = 0.0
    wrong_edges: float = 0.0
    effect: Effect = "linear"


BASE = WorldLaw()
SMALL = WorldLaw(layers=(4, 4, 4, 3))
FACTOR = (0.5, 0.25)
FAMILIES: Mapping[str, WorldLaw] = {
    "base": BASE,
    "factor": replace(BASE, loading=FACTOR),
    "unmeasured": replace(BASE, hidden=0.3),
    "both": replace(BASE, loading=FACTOR, hidden=0.3),
    "weak": replace(BASE, size=(0.8, 1.5)),
    "two": replace(BASE, causes=2),
    "bent": replace(BASE, effect="bent"),
    "missing edges": replace(BASE, missing_edges=0.2),
    "wrong edges": replace(BASE, wrong_edges=0.2),
    "long": replace(BASE, weeks=52),
    "quiet": replace(BASE, noise=0.3),
    "small": SMALL,
    "small, factor": replace(SMALL, loading=FACTOR),
    "none": replace(BASE, causes=0),
    "none, factor": replace(BASE, causes=0, loading=FACTOR),
    "none, small": replace(SMALL, causes=0),
    "none, small, factor": replace(SMALL, causes=0, loading=FACTOR),
}


@dataclass(frozen=True, slots=True, eq=False)
class ServiceWorld:
    """What the methods are given, and what happened.

    Parameters
    ----------
    measures : Measures
    graph : ServiceGraph
        As the organisation believes it to be.
    causes : tuple of int
        Parties at which something changed; any of them counts as found.
    onset : int
    """

    measures: Measures
    graph: ServiceGraph
    causes: tuple[int, ...]
    onset: int


@dataclass(slots=True)
class _Truth:
    """An organisation as it is: who serves whom, how strongly, after how many weeks."""

    layer: Floats
    strength: Floats
    lag: Floats
    bend: Floats
    upward: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Give the long-run effect of row on column."""
        apart = np.eye(len(self.layer)) - self.strength
        self.upward = np.asarray(np.linalg.inv(apart), dtype=np.float64)


def draw_world(law: WorldLaw, *, rng: np.random.Generator) -> ServiceWorld:
    """Draw one organisation and its weeks.

    Parameters
    ----------
    law : WorldLaw
    rng : numpy.random.Generator

    Returns
    -------
    ServiceWorld

    Notes
    -----
    The methods of this package assume that effects add, and so does the family *base*: a victory
    there ranks methods and proves little. `docs/background/tracing.md` has the law in full.
    """
    truth, causes = _organisation(law, rng)
    onset = int(rng.integers(law.onset[0], law.onset[1] + 1))
    pushed = np.zeros((BURN_IN + law.weeks, len(truth.layer)))
    for cause, size in causes:
        pushed[BURN_IN:, cause] -= size * _course(law.weeks, onset, rng)
    value = _live(truth, pushed + _drift(pushed.shape, rng) + _market(law, pushed.shape, rng))
    value = value[BURN_IN:] + rng.normal(size=(law.weeks, len(truth.layer))) * law.noise * (
        rng.uniform(0.5, 1.5, len(truth.layer))
    )
    value[:, (truth.layer > 0) & (rng.random(len(truth.layer)) < law.hidden)] = np.nan
    weeks = tuple(FIRST_WEEK + WEEK * at for at in range(law.weeks))
    graph = _believed(truth, law, rng)
    return ServiceWorld(Measures(value, weeks), graph, tuple(at for at, _ in causes), onset)


def draw_worlds(family: str, n: int, *, seed: int) -> Iterator[ServiceWorld]:
    """Draw n worlds of a family; each has a stream of random numbers of its own.

    >>> [world.causes for world in draw_worlds("base", 2, seed=0)]
    [(41,), (11,)]
    """
    for at in range(n):
        rng = generator(seed, "service world", family, str(at))
        yield draw_world(FAMILIES[family], rng=rng)


def _organisation(
    law: WorldLaw, rng: np.random.Generator
) -> tuple[_Truth, list[tuple[int, float]]]:
    """Draw parties and edges until the causes wanted can be felt at a touchpoint."""
    while True:
        truth = _parties(law, rng)
        causes: list[tuple[int, float]] = []
        for _ in range(TRIES):
            if len(causes) == law.causes:
                return truth, causes
            party = int(rng.integers(law.layers[0], len(truth.layer)))
            size = float(rng.uniform(*law.size))
            felt = size * truth.upward[party, : law.layers[0]].max() >= law.least_effect
            if felt and party not in dict(causes):
                causes.append((party, size))


def _parties(law: WorldLaw, rng: np.random.Generator) -> _Truth:
    layer = np.repeat(np.arange(len(law.layers)), law.layers)
    n = len(layer)
    strength = np.zeros((n, n))
    for served in np.flatnonzero(layer < len(law.layers) - 1):
        weight = np.where(layer == layer[served] + 1, 4.0, 0) + (layer == layer[served] + 2)
        most = int(rng.integers(1, 4))
        servers = rng.choice(n, most, replace=False, p=weight / weight.sum())
        strength[servers, served] = rng.uniform(0.3, 0.8, most)
    lag = rng.integers(0, LAGS, (n, n)).astype(np.float64)
    bend = rng.integers(1, 3, (n, n)) if law.effect == "bent" else np.zeros((n, n))
    return _Truth(layer.astype(np.float64), strength, lag, bend.astype(np.float64))


def _course(weeks: int, onset: int, rng: np.random.Generator) -> Floats:
    """Draw how a cause runs: a step, a ramp over five weeks, or a pulse of seven."""
    since = np.arange(weeks) - onset + 1.0
    kind = int(rng.integers(3))
    if kind == 0:
        return np.asarray(since > 0, dtype=np.float64)
    if kind == 1:
        return np.asarray(np.clip(since / 5, 0, 1))
    return np.where((since > 0) & (since <= 7), 1.2, 0.0)


def _autoregressive(steps: Floats, phi: Floats | float) -> Floats:
    out = steps.copy()
    for at in range(1, len(out)):
        out[at] += phi * out[at - 1]
    return out


def _drift(shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    phi = rng.uniform(0.2, 0.6, shape[1])
    return _autoregressive(rng.normal(size=shape) * 0.7 * np.sqrt(1 - phi**2), phi)


def _market(law: WorldLaw, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    steps = rng.normal(size=(shape[0], 1))
    factor = _autoregressive(steps, 0.7)
    loading = rng.normal(*law.loading, shape[1])
    return np.asarray(factor * loading, dtype=np.float64)


def _live(truth: _Truth, own: Floats) -> Floats:
    """Let every change arrive at those served, from the last layer up."""
    out = own.copy()
    for served in np.argsort(-truth.layer, kind="stable"):
        for server in np.flatnonzero(truth.strength[:, served]):
            lag = int(truth.lag[server, served])
            arrives = np.roll(out[:, server], lag)
            arrives[:lag] = 0
            passed = _bent(arrives, truth.bend[server, served])
            out[:, served] += truth.strength[server, served] * passed
    return out


def _bent(change: Floats, bend: float) -> Floats:
    """Pass a change on: as it is, saturating, or only what falls beyond a threshold."""
    if bend == 1:
        return np.asarray(1.5 * np.tanh(change / 1.5))
    if bend == 2:
        return np.asarray(1.5 * np.minimum(change + 0.5, 0))
    return change


def _believed(truth: _Truth, law: WorldLaw, rng: np.random.Generator) -> ServiceGraph:
    """Give the graph with edges forgotten, and edges of which nothing is true."""
    serves: Bools = truth.strength > 0
    n = len(serves)
    forgotten = serves & (rng.random((n, n)) < law.missing_edges)
    down = truth.layer[:, None] - truth.layer[None, :]
    possible = ((down == 1) | (down == 2)) & ~serves
    wrong = possible & (rng.random((n, n)) < law.wrong_edges * serves.sum() / possible.sum())
    keys = tuple(f"node {at}" for at in range(n))
    return ServiceGraph(keys, (serves & ~forgotten) | wrong, truth.layer == 0)


Tracer = Callable[[ServiceWorld], Ranking]


@dataclass(frozen=True, slots=True)
class TracerScore:
    """How often a cause stood first, and among the first three, of n worlds."""

    first: float
    first_three: float
    n: int


def score_tracers(
    worlds: Sequence[ServiceWorld], tracers: Mapping[str, Tracer]
) -> dict[str, TracerScore]:
    """Compare methods on the same worlds.

    Parameters
    ----------
    worlds : sequence of ServiceWorld
        With a cause each.
    tracers : mapping of name to function
        Each gives a `Ranking` of a world.

    Returns
    -------
    dict of name to TracerScore
    """
    scores = {}
    for name, tracer in tracers.items():
        places = [_place(tracer(world), world.causes) for world in worlds]
        n = max(len(places), 1)
        first, three = (sum(place < most for place in places) / n for most in (1, 3))
        scores[name] = TracerScore(first, three, len(places))
    return scores


def _place(ranking: Ranking, causes: Sequence[int]) -> int:
    places = [at for at, node in enumerate(ranking.node) if node in causes]
    return min(places, default=len(ranking.node) + 3)
