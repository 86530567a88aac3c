"""What speaks against a suspect, and which one measure would help most."""

from collections.abc import Sequence

import numpy as np

from upturn.trace.engine.ready import Ready
from upturn.trace.engine.region import reached_from
from upturn.trace.engine.series import WEEKS_AFTER, WEEKS_BEFORE, find_breaks
from upturn.trace.engine.shapes import (
    Bools,
    CounterEvidence,
    Floats,
    Measures,
    Ranking,
    RunnerUp,
    Step,
    Wanted,
)
from upturn.trace.engine.weighing import Facts

SPARED_FALL, SPARED_MOST = 0.25, 10
NEAR_STEPS = 3, 4  # to a moment of those who serve, or are served by, those who serve here; further
SAME_WEEKS = 2
FELL_Z, FELL_CHANCE = -2.5, 0.05  # of 26 quiet weeks carried over by .3, .04 to .05 look like this
WIDER_CHANCE = 0.01  # in each neighbourhood
THIN = 0.4  # share of weeks missing from which a fuller series helps more than a second one


def counter_evidence(
    ready: Ready, facts: Facts, *, path: tuple[Step, ...], suspect: int | None, fell: Sequence[int]
) -> CounterEvidence:
    """Collect what speaks against a suspect.

    Parameters
    ----------
    ready : Ready
    facts : Facts
    path : tuple of Step
    suspect : int or None
        A node of the whole graph.
    fell : sequence of int
        What `also_fell` gave.

    Returns
    -------
    CounterEvidence
        Without what is to be asked next.
    """
    others = [
        RunnerUp(node, score)
        for node, score in zip(facts.signature.node, facts.signature.score, strict=True)
        if node != suspect
    ]
    walked, fitted = facts.walk.first, facts.signature.first
    differ = walked is not None and fitted is not None and walked != fitted
    return CounterEvidence(
        spared=_spared(ready, suspect),
        runner_up=others[0] if others else None,
        unmeasured=tuple(step.node for step in path if step.moved is None),
        common_factor=facts.common,
        disagree=(walked, fitted) if differ else None,  # type: ignore[arg-type] # both are there
        also_fell=tuple(int(ready.region.node[at]) for at in fell)[:SPARED_MOST],
    )


def _spared(ready: Ready, suspect: int | None) -> tuple[int, ...]:
    """Find touchpoints below which the suspect also stands and that did not fall."""
    region = ready.region
    if suspect is None:
        return ()
    at = int(np.flatnonzero(region.node == suspect)[0])
    reached = reached_from(region.serves, at, steps=int(region.depth[at]))
    change = ready.scaled[ready.onset :].mean(axis=0) - ready.scaled[: ready.onset].mean(axis=0)
    kept = change > -SPARED_FALL * abs(change[region.start])
    found = np.flatnonzero(reached & region.touchpoint & ready.usable & kept)
    return tuple(int(region.node[at]) for at in found if at != region.start)[:SPARED_MOST]


def also_fell(ready: Ready, suspect: int) -> tuple[list[int], bool]:
    """Find touchpoints nearby that fell in the same weeks though the suspect does not reach them.

    A trouble of one house looks like this: no party of it reaches all that fell.

    Parameters
    ----------
    ready : Ready
    suspect : int
        A node of the region.

    Returns
    -------
    list of int
        Nodes of the region, the furthest fallen first: on average one in twenty of those looked
        at, where nothing happened.
    bool
        Whether they are more than chance makes: in about 2 of 100 quiet neighbourhoods.
    """
    z, reached = _fell_by(ready), _below(ready, suspect)
    found: list[list[int]] = []
    for steps in NEAR_STEPS:
        looked_at = np.flatnonzero(_near(ready, steps) & ~reached)
        fell = [int(at) for at in looked_at[np.argsort(z[looked_at], kind="stable")]]
        found.append([at for at in fell if z[at] <= FELL_Z])
        if _more_than_chance(len(found[-1]), len(looked_at)):
            return found[-1], True
    return found[0], False


def _more_than_chance(fell: int, looked_at: int) -> bool:
    from scipy.special import bdtrc  # noqa: PLC0415 - half a second at the start

    return fell > 1 and bool(bdtrc(fell - 1, looked_at, FELL_CHANCE) <= WIDER_CHANCE)


def _below(ready: Ready, suspect: int) -> Bools:
    return reached_from(ready.region.serves, suspect, steps=len(ready.usable))


def _near(ready: Ready, steps: int) -> Bools:
    """Measured touchpoints few edges away, in whichever direction; not the one that is traced."""
    region = ready.region
    either = np.asarray(region.serves | region.serves.T)
    near = reached_from(either, region.start, steps=steps) & region.touchpoint & ready.usable
    near[region.start] = False
    return np.asarray(near)


def _fell_by(ready: Ready) -> Floats:
    """Lowest z of a break within two weeks of the alarm's, the common factor left out."""
    first = max(WEEKS_BEFORE, ready.onset - SAME_WEEKS)
    last = min(len(ready.alone) - WEEKS_AFTER, ready.onset + SAME_WEEKS)
    weeks = range(min(first, last), last + 1)
    return np.asarray(np.min([find_breaks(ready.alone, onset=at).z for at in weeks], axis=0))


def ask_next(
    ready: Ready, measures: Measures, rankings: Sequence[Ranking], *, path: tuple[Step, ...] = ()
) -> tuple[int | None, Wanted | None]:
    """Find the party whose measure would help most, and which measure.

    On the path first, the furthest down; then of all that serve the touchpoint: those without a
    measure before those with gaps before the others, in each the likeliest by both rankings, then
    the nearest.
    """
    region = ready.region
    missing = np.isnan(measures.value[ready.skipped :, region.node]).mean(axis=0)
    wanted = {
        int(node): _wanted(float(share), usable=bool(usable))
        for node, share, usable in zip(region.node, missing, ready.usable, strict=True)
    }
    blank = [step.node for step in path if step.moved is None]
    if blank:
        return blank[-1], wanted[blank[-1]]
    order = list(Wanted)
    likely = _likely(rankings)
    found = [
        (order.index(wanted[node]), -likely.get(node, 0.0), depth, node)
        for node, depth, up in zip(region.node.tolist(), region.depth, region.upstream, strict=True)
        if up
    ]
    node = min(found, key=lambda each: each[:3])[-1] if found else None
    return node, None if node is None else wanted[node]


def _wanted(missing: float, *, usable: bool) -> Wanted:
    if missing == 1:
        return Wanted.FIRST
    return Wanted.FULLER if missing > THIN or not usable else Wanted.ANOTHER


def _likely(rankings: Sequence[Ranking]) -> dict[int, float]:
    likely: dict[int, float] = {}
    for ranking in rankings:
        for node, score in zip(ranking.node, ranking.score, strict=True):
            likely[node] = likely.get(node, 0.0) + round(score, 9)
    return likely
