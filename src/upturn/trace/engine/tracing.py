"""From a touchpoint that fell to what inside moved together with it, with the doubt."""

from dataclasses import replace

import numpy as np

from upturn.trace.engine.against import also_fell, ask_next, counter_evidence
from upturn.trace.engine.errors import GraphRefused, UnknownNode
from upturn.trace.engine.keeping import inputs_hash
from upturn.trace.engine.ready import Ready, ready_for
from upturn.trace.engine.region import on_rings
from upturn.trace.engine.series import WEEKS_LEAST, tidy
from upturn.trace.engine.shapes import (
    Alarm,
    Confidence,
    CounterEvidence,
    Measures,
    Noticed,
    Ranking,
    Reason,
    Remark,
    ServiceGraph,
    Step,
    Trace,
    Wanted,
)
from upturn.trace.engine.signature import signature_ranking
from upturn.trace.engine.walking import (
    LEADS_WEEKS,
    Edges,
    closest_paths,
    edge_strengths,
    own_shifts,
    walk_ranking,
)
from upturn.trace.engine.weighing import (
    CHANCE_MOST,
    Facts,
    common_share,
    judge,
    moved,
    share_on_path,
)

VERSION = "2"
RANKED_MOST = 10
BELOW_BEST = 7.35  # Hansen (2000), doi:10.1111/1468-0262.00124: 95 % for the place of a break


def trace(measures: Measures, *, graph: ServiceGraph, alarm: Alarm) -> Trace:
    """Trace a touchpoint's fall down the serves-edges.

    Parameters
    ----------
    measures : Measures
        One column a node of the graph, in its order.
    graph : ServiceGraph
        Given by the organisation, never discovered. Rings, islands and missing measures are fine.
    alarm : Alarm
        From `screen_alarms`, or from `alarm_at` for a touchpoint somebody asks about.

    Returns
    -------
    Trace
        Two unlike methods, and the class their agreement allows. It names no suspect rather than a
        guess, and says why. An association along a path, not proof.

    Raises
    ------
    GraphRefused
        If measures and graph differ in size.
    UnknownNode
        If the alarm is at no touchpoint, or outside the weeks given.
    """
    _check(measures, graph, alarm)
    nothing = _nothing(measures, graph, alarm)
    if reason := _cannot_begin(measures, graph, alarm):
        noticed = _remarks_on(measures, alarm.touchpoint)
        return replace(_ask_for_scores(nothing, graph), reasons=(reason,), noticed=noticed)
    ready = ready_for(measures, graph=graph, alarm=alarm)
    found = replace(nothing, noticed=_noticed(ready), onset_window=_onset_window(ready))
    if alarm.adjusted_p > CHANCE_MOST or alarm.z >= 0:
        return replace(_ask_for_scores(found, graph), reasons=(Reason.NO_FALL,))
    if not (ready.region.upstream & ready.usable).any():
        blank = _asking(CounterEvidence(), *ask_next(ready, measures, ()))
        return replace(found, reasons=(Reason.NOTHING_MEASURED,), against=blank)
    return _traced(found, ready, measures)


def _check(measures: Measures, graph: ServiceGraph, alarm: Alarm) -> None:
    nodes = measures.value.shape[1]
    if nodes != len(graph.keys):
        raise GraphRefused(f"{nodes} columns of figures, nodes", len(graph.keys))
    known = 0 <= alarm.touchpoint < nodes and bool(graph.touchpoint[alarm.touchpoint])
    if not known:
        raise UnknownNode(alarm.touchpoint)
    if not 0 <= alarm.onset < len(measures.weeks):
        raise UnknownNode(f"known in week {alarm.onset}")


def _nothing(measures: Measures, graph: ServiceGraph, alarm: Alarm) -> Trace:
    return Trace(
        alarm=alarm,
        suspect=None,
        path=(),
        rankings=(),
        confidence=Confidence.CANNOT_TELL,
        reasons=(),
        against=CounterEvidence(),
        noticed=(),
        share_on_path=None,
        onset_window=(alarm.onset, alarm.onset),
        first_week=measures.weeks[0],
        n_weeks=len(measures.weeks),
        inputs_hash=inputs_hash(measures, graph),
        version=VERSION,
    )


def _remarks_on(measures: Measures, node: int) -> tuple[Noticed, ...]:
    return tuple(one for one in tidy(measures).noticed if one.node == node)


def _cannot_begin(measures: Measures, graph: ServiceGraph, alarm: Alarm) -> Reason | None:
    """Say why the touchpoint's own figures allow no trace."""
    point = alarm.touchpoint
    if np.isnan(measures.value[:, point]).all():
        return Reason.TOUCHPOINT_UNMEASURED
    if len(measures.weeks) < WEEKS_LEAST:
        return Reason.TOO_FEW_WEEKS
    remarks = {one.remark for one in _remarks_on(measures, point)}
    for remark, reason in (
        (Remark.GAPS, Reason.TOO_FEW_WEEKS),
        (Remark.CONSTANT, Reason.CONSTANT),
        (Remark.UNIT_CHANGED, Reason.UNIT_CHANGED),
    ):
        if remark in remarks:
            return reason
    return None if _served(graph, point) else Reason.NOBODY_SERVES


def _asking(against: CounterEvidence, node: int | None, wanted: Wanted | None) -> CounterEvidence:
    return replace(against, ask_next=node, ask_for=wanted)


def _ask_for_scores(found: Trace, graph: ServiceGraph) -> Trace:
    """Where the touchpoint's own figures do not suffice, more of these would help most."""
    point = found.alarm.touchpoint
    if not _served(graph, point):
        return found
    return replace(found, against=_asking(found.against, point, Wanted.SCORES))


def _served(graph: ServiceGraph, point: int) -> bool:
    others = np.arange(len(graph.keys)) != point
    return bool(graph.serves[others, point].any())


def _noticed(ready: Ready) -> tuple[Noticed, ...]:
    node = ready.region.node
    rings = (Noticed(int(node[at]), Remark.RING) for at in on_rings(ready.region.serves))
    return (*ready.noticed, *rings)


def _onset_window(ready: Ready) -> tuple[int, int]:
    profile = ready.breaks.profile[:, ready.region.start]
    likely = np.flatnonzero(profile >= np.nanmax(profile) - BELOW_BEST)
    return int(likely[0]) + ready.skipped, int(likely[-1]) + ready.skipped


def _traced(found: Trace, ready: Ready, measures: Measures) -> Trace:
    edges = edge_strengths(ready)
    own = own_shifts(ready)
    walk = walk_ranking(ready, edges, own)
    signature, allowed = signature_ranking(ready)
    serving = _among(signature, set(ready.region.node[ready.region.upstream].tolist()))
    likeliest = walk.first if serving.first is None else serving.first
    at = int(np.flatnonzero(ready.region.node == likeliest)[0])
    fell, wider = also_fell(ready, at)
    facts = Facts(
        walk,
        signature,
        serving,
        own=float(own[at]),
        measured=bool(ready.usable[at]),
        common=common_share(ready, at),
        few=ready.factor is None,
        wider=wider,
    )
    confidence, reasons = judge(facts)
    named = confidence is not Confidence.CANNOT_TELL
    path = _path(ready, edges, at, measures, found.onset_window) if named else ()
    suspect = serving.first if named else None
    lag = sum(step.lag_weeks for step in path)
    against = counter_evidence(ready, facts, path=path, suspect=suspect, fell=fell)
    asked = ask_next(ready, measures, (walk, serving), path=path)
    return replace(
        found,
        suspect=suspect,
        path=path,
        rankings=tuple(_top(ranking) for ranking in (walk, signature)),
        confidence=confidence,
        reasons=reasons,
        against=_asking(replace(against, allowed_for=allowed), *asked),
        share_on_path=share_on_path(ready, at, lag) if named else None,
    )


def _among(ranking: Ranking, wanted: set[int]) -> Ranking:
    pairs = zip(ranking.node, ranking.score, strict=True)
    kept = [(node, score) for node, score in pairs if node in wanted]
    return Ranking(ranking.method, tuple(n for n, _ in kept), tuple(s for _, s in kept))


def _top(ranking: Ranking) -> Ranking:
    return Ranking(ranking.method, ranking.node[:RANKED_MOST], ranking.score[:RANKED_MOST])


def _own_onset(ready: Ready, node: int, window: tuple[int, int]) -> int:
    """Likeliest break of a party from some weeks before the fall may have begun until it had."""
    first = max(window[0] - ready.skipped - LEADS_WEEKS, 0)
    profile = ready.breaks.profile[first : window[1] - ready.skipped + 1, node]
    return ready.onset if np.isnan(profile).all() else first + int(np.nanargmax(profile))


def _path(
    ready: Ready, edges: Edges, suspect: int, measures: Measures, window: tuple[int, int]
) -> tuple[Step, ...]:
    """Follow the closest path from the touchpoint down to the suspect."""
    _, above = closest_paths(edges.strength, ready.region.start)
    down = [suspect]
    while down[-1] != ready.region.start:
        down.append(int(above[down[-1]]))
    steps: list[Step] = []
    for served, node in zip([-1, *down[::-1]], down[::-1], strict=False):
        first = served < 0
        number = int(ready.region.node[node])
        series = measures.value[ready.skipped :, number]
        onset = ready.onset if first else _own_onset(ready, node, window)
        shown = moved(series, onset) if ready.usable[node] else None
        lag = 0 if first else int(edges.lag[node, served])
        strength = 1.0 if first else float(edges.strength[node, served])
        steps.append(Step(number, lag, strength, shown))
    return tuple(steps)
