"""Weekly figures and the graph as the engine takes them, and how both are packed away."""

import io
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from upturn.graph import queries as graph
from upturn.trace.engine import Measures, ServiceGraph
from upturn.voice import queries as voice
from upturn.voice.queries import MeasureWeeks, WeekSums

WEEKS = 26
"""As many as a touchpoint's page shows; with more, a short fall drowns in what was before."""
ANSWERS_NEEDED = 5
GAPS_MOST = 0.4
"""Share of weeks that may be missing of the fullest measure of a party."""
PARTY, TOUCHPOINT = "party:", "touchpoint:"
WEEK = timedelta(weeks=1)
Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Assembled:
    """What a trace is made from, and what is shown beside it.

    ``scores`` holds the weekly sums of touchpoints, ``figures`` the measures of parties with their
    values as they were given, both by node.
    """

    measures: Measures
    graph: ServiceGraph
    scores: Mapping[int, tuple[WeekSums, ...]]
    figures: Mapping[int, tuple[tuple[MeasureWeeks, Column], ...]]

    def node(self, key: str) -> int | None:
        """Number of a node; None if the graph does not have it."""
        return self.graph.keys.index(key) if key in self.graph.keys else None


def assemble(last: date, *, weeks: int = WEEKS) -> Assembled:
    """Put together all weekly figures of the weeks up to the Monday ``last``; three queries.

    A touchpoint's series is its weekly mean score, missing below five scores. A party's is the mean
    of its standardised measures and of "served well" on the edges where it serves, if one of these
    is measured week by week.
    """
    now = graph.snapshot()
    mondays = tuple(last - WEEK * back for back in range(weeks - 1, -1, -1))
    keys, serves, touchpoint = _graph(now)
    number = {key: at for at, key in enumerate(keys)}
    scores = {
        number[TOUCHPOINT + now.points[point].key]: rows
        for point, rows in voice.weekly_scores(None, since=mondays[0]).items()
        if point in now.points
    }
    figures = _figures(now, number, mondays)
    value = np.full((weeks, len(keys)), np.nan)
    for node, rows in scores.items():
        value[:, node] = _means(rows, mondays)
    for node, columns in figures.items():
        value[:, node] = _together(columns)
    shown = {node: tuple(row for row in rows if row.week <= last) for node, rows in scores.items()}
    return Assembled(
        Measures(value, mondays), ServiceGraph(keys, serves, touchpoint), shown, figures
    )


def _graph(now: graph.Snapshot) -> tuple[tuple[str, ...], NDArray[np.bool_], NDArray[np.bool_]]:
    """Touchpoints, then everybody who serves; customers are there by their touchpoints."""
    points = [TOUCHPOINT + point.key for point in now.points.values()]
    parties = [row for row in now.party.values() if row.id not in now.customers]
    keys = (*points, *(PARTY + row.key for row in parties))
    number = {row.id: at for at, row in enumerate(parties, len(points))}
    serves = np.zeros((len(keys), len(keys)), dtype=bool)
    for at, point in enumerate(now.points):
        for server, _direct in now.serving.get(point, ()):
            if server in number:
                serves[number[server], at] = True
    for edge in now.edge.values():
        if edge.server_id in number and edge.served_id in number:
            serves[number[edge.server_id], number[edge.served_id]] = True
    return keys, serves, np.arange(len(keys)) < len(points)


def _means(rows: Iterable[WeekSums], mondays: tuple[date, ...]) -> Column:
    enough = {row.week: row.total / row.n for row in rows if row.n >= ANSWERS_NEEDED}
    return np.array([enough.get(week, np.nan) for week in mondays])


def _figures(
    now: graph.Snapshot, number: Mapping[str, int], mondays: tuple[date, ...]
) -> dict[int, tuple[tuple[MeasureWeeks, Column], ...]]:
    found: dict[int, list[tuple[MeasureWeeks, Column]]] = {}
    for measure in voice.weekly_measures(None, since=mondays[0]):
        party = now.party.get(_told_of(now, measure) or 0)
        node = number.get(PARTY + party.key) if party else None
        values = {row.week: row.value for row in measure.weeks}
        column = np.array([values.get(week, np.nan) for week in mondays])
        if node is not None and not np.isnan(column).all():
            found.setdefault(node, []).append((measure, column))
    return {node: tuple(columns) for node, columns in found.items()}


def _told_of(now: graph.Snapshot, measure: MeasureWeeks) -> int | None:
    """Party of which a measure tells; how well customers are served, the touchpoints tell."""
    if measure.party_id is not None:
        return measure.party_id
    edge = now.edge.get(measure.edge_id or 0)
    tells = edge and measure.name == voice.SERVED_WELL and edge.served_id not in now.customers
    return edge.server_id if edge and tells else None


def _together(columns: Iterable[tuple[MeasureWeeks, Column]]) -> Column:
    """Mean of standardised measures, each turned so that higher is better.

    All missing where most weeks are: half of such a series would be made up between two surveys,
    and seem steadier than it is.
    """
    turned = [
        (-1 if measure.better == "less" else 1) * standardised(bridged(column))
        for measure, column in columns
    ]
    table = np.array(turned)
    weekly = [not np.isnan(column).mean() > GAPS_MOST for _measure, column in columns]
    if not any(weekly):
        return np.full(table.shape[1], np.nan)
    known = ~np.isnan(table)
    count = known.sum(axis=0)
    total = np.where(known, table, 0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def bridged(column: Column) -> Column:
    """Fill single missing weeks from both sides: who is asked every other week speaks of both."""
    between = (column[:-2] + column[2:]) / 2
    filled: Column = column.copy()
    filled[1:-1] = np.where(np.isnan(column[1:-1]), between, column[1:-1])
    return filled


def standardised(column: Column) -> Column:
    """Deviations from the mean in standard deviations; a constant measure stays where it is."""
    spread = float(np.nanstd(column))
    deviation: Column = column - np.nanmean(column)
    return deviation / spread if spread > 0 else deviation


def pack(assembled: Assembled) -> bytes:
    """Write measures and graph down exactly, to trace once more from the same figures."""
    told = io.BytesIO()
    np.savez(
        told,
        value=assembled.measures.value,
        first=np.array(assembled.measures.weeks[0].toordinal()),
        keys=np.array(assembled.graph.keys),
        serves=np.argwhere(assembled.graph.serves),
        touchpoint=assembled.graph.touchpoint,
    )
    return zlib.compress(told.getvalue(), level=6)


def unpack(packed: bytes) -> tuple[Measures, ServiceGraph]:
    """Give back what `pack` wrote."""
    with np.load(io.BytesIO(zlib.decompress(packed)), allow_pickle=False) as told:
        first, value = date.fromordinal(int(told["first"])), told["value"]
        keys = tuple(str(key) for key in told["keys"])
        serves = np.zeros((len(keys), len(keys)), dtype=bool)
        serves[tuple(told["serves"].T)] = True
        weeks = tuple(first + WEEK * at for at in range(len(value)))
        return Measures(value, weeks), ServiceGraph(keys, serves, told["touchpoint"])
