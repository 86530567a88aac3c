"""What is written down beside a trace, so that its page shows later what it showed at first."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np

from upturn.graph import queries as graph
from upturn.stats import Figure, Withheld, mean_interval
from upturn.trace.engine import ServiceGraph, Trace
from upturn.trace.queries.assembling import PARTY, TOUCHPOINT, Assembled, Column
from upturn.voice.engine import Change, compare
from upturn.voice.queries import MeasureWeeks, WeekSums

COMMON_WEEKS = 6
MEASURES = 4


def shown_beside(assembled: Assembled, trace: Trace, *, named: Iterable[str]) -> dict[str, Any]:
    """Names, scores, comparison and the measures of each step, as plain JSON."""
    other = comparison(assembled, trace)
    at = assembled.scores.get
    return {
        "names": _names(named),
        "scores": _plain(at(trace.alarm.touchpoint, ())),
        "comparison": _bare(assembled.graph.keys[other]) if other is not None else "",
        "comparison_scores": _plain(at(other, ())) if other is not None else [],
        "measures": dict(_of_steps(assembled, trace)),
    }


def _plain(rows: Iterable[WeekSums]) -> list[list[Any]]:
    return [[f"{row.week:%Y-%m-%d}", row.n, row.total, row.squares] for row in rows]


def sums_of(plain: Iterable[Iterable[Any]]) -> tuple[WeekSums, ...]:
    """Weekly sums as they were written down."""
    return tuple(WeekSums(date.fromisoformat(week), *rest) for week, *rest in plain)


def _bare(key: str) -> str:
    return key.removeprefix(PARTY).removeprefix(TOUCHPOINT)


def _names(keys: Iterable[str]) -> dict[str, list[str]]:
    now = graph.snapshot()
    point_of = {TOUCHPOINT + row.key: row for row in now.points.values()}
    found = {}
    for key in sorted(keys):
        if point := point_of.get(key):
            found[key] = [point.name, "touchpoint", point.place]
        else:
            party = now.by_key[_bare(key)]
            found[key] = [party.name, party.kind, party.place]
    return found


def _of_steps(assembled: Assembled, trace: Trace) -> Iterable[tuple[str, dict[str, Any]]]:
    """Per step its own measures and how well the step above says it is served; others counted."""
    onset, above = trace.alarm.onset, ""
    for step in trace.path:
        onset -= step.lag_weeks
        key = assembled.graph.keys[step.node]
        rows = [
            {"name": measure.name, "to": _served(measure), "better": str(measure.better), **moved}
            for measure, column in assembled.figures.get(step.node, ())
            if (moved := _moved(column, onset))
        ]
        own = [row for row in rows if row["to"] in {"", _bare(above)}]
        others = [row for row in rows if row not in own]
        yield (
            key,
            {
                "own": sorted(own, key=lambda row: (not row["to"], row["name"]))[:MEASURES],
                "others": len(others),
                "others_worse": sum(_is_worse(row) for row in others),
            },
        )
        above = key


def _served(measure: MeasureWeeks) -> str:
    """Key of the party on whose edge a measure was taken; empty for a party's own."""
    now = graph.snapshot()
    edge = now.edge.get(measure.edge_id or 0)
    return now.party[edge.served_id].key if edge else ""


def _is_worse(row: dict[str, Any]) -> bool:
    """Whether the whole range of the difference lies on the bad side."""
    return bool(row["low"] > 0 if row["better"] == "less" else row["high"] < 0)


def _moved(column: Column, onset: int) -> dict[str, float | int]:
    """Means before and after; nothing where either side has too few weeks."""
    before, after = _mean(column[:onset]), _mean(column[onset:])
    change = compare(before, after)
    if isinstance(before, Withheld) or isinstance(after, Withheld) or change.figure is None:
        return {}
    return {
        "before": before.value,
        "after": after.value,
        "low": change.figure.low,
        "high": change.figure.high,
        "weeks_before": before.n,
        "weeks_after": after.n,
    }


def _mean(column: Column) -> Figure | Withheld:
    known = column[~np.isnan(column)]
    return mean_interval(len(known), float(known.sum()), float((known * known).sum()))


def parted(rows: Iterable[WeekSums], onset: date) -> tuple[Figure | Withheld, Figure | Withheld]:
    """Mean score of all scores before a week, and from it on."""
    halves: dict[bool, list[WeekSums]] = {False: [], True: []}
    for row in rows:
        halves[row.week >= onset].append(row)
    return _pooled(halves[False]), _pooled(halves[True])


def _pooled(rows: list[WeekSums]) -> Figure | Withheld:
    n = sum(row.n for row in rows)
    return mean_interval(n, sum(row.total for row in rows), sum(row.squares for row in rows))


def moved(rows: Iterable[WeekSums], onset: date) -> Change:
    """What may be said of the difference between the scores before a week and from it on."""
    return compare(*parted(rows, onset))


def comparison(assembled: Assembled, trace: Trace) -> int | None:
    """A touchpoint that the suspect does not reach: of the same name elsewhere, else the likest.

    Alike is what moved together in the weeks before the fall.
    """
    own, onset = trace.alarm.touchpoint, trace.alarm.onset
    value, names = assembled.measures.value, _point_names(assembled.graph)
    out = reached(assembled.graph, own if trace.suspect is None else trace.suspect) | {own}
    best: tuple[bool, float] = (False, 0.0)
    found = None
    for node in np.flatnonzero(assembled.graph.touchpoint & assembled.measures.observed).tolist():
        likeness = _likeness(value[:onset, own], value[:onset, node])
        if node in out or likeness is None:
            continue
        here = (names.get(node) == names.get(own), likeness)
        if found is None or here > best:
            best, found = here, node
    return found


def _point_names(chain: ServiceGraph) -> dict[int, str]:
    name_of = {TOUCHPOINT + row.key: row.name for row in graph.snapshot().points.values()}
    return {node: name_of[key] for node, key in enumerate(chain.keys) if key in name_of}


def _likeness(one: Column, other: Column) -> float | None:
    known = ~np.isnan(one) & ~np.isnan(other)
    if known.sum() < COMMON_WEEKS:
        return None
    a, b = one[known] - one[known].mean(), other[known] - other[known].mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size else 0.0


def reached(chain: ServiceGraph, start: int) -> set[int]:
    """Everybody that a node serves, directly or through others."""
    seen: set[int] = set()
    ring = {start}
    while ring:
        ring = set(np.flatnonzero(chain.serves[sorted(ring)].any(axis=0)).tolist()) - seen
        seen |= ring
    return seen
