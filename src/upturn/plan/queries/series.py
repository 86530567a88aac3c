"""Weekly figures of an outcome, unit by unit, as the graph says which figures are a unit's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from upturn.graph import queries as graph
from upturn.plan.engine import Evidence
from upturn.plan.models import Source
from upturn.stats.contrasts import NEVER
from upturn.stats.tables import Floats
from upturn.voice import queries as voice

if TYPE_CHECKING:
    from upturn.people.models import Person

ANSWERS_NEEDED = 5
WEEK = timedelta(weeks=1)
Row = Mapping[str, Any]


class Table(NamedTuple):
    """Weekly figures, (units, weeks) with nan where there is none; ``withheld`` for too few."""

    refs: tuple[str, ...]
    weeks: tuple[date, ...]
    values: Floats
    withheld: int


@dataclass(frozen=True, slots=True)
class Weekly:
    """Everything that was measured since a day, read once for all outcomes of a plan."""

    scores: Mapping[int, tuple[voice.WeekSums, ...]]
    measures: tuple[voice.MeasureWeeks, ...]


def weekly(viewer: "Person | None", *, since: date) -> Weekly:
    """Read scores and measures since a day; no viewer is a job. Two queries."""
    return Weekly(
        voice.weekly_scores(viewer, since=since), voice.weekly_measures(viewer, since=since)
    )


def weeks_between(first: date, last: date) -> tuple[date, ...]:
    """Every Monday from the week of a day to that of another, both included."""
    start = voice.monday(first)
    return tuple(start + WEEK * at for at in range((voice.monday(last) - start).days // 7 + 1))


def last_whole_week(today: date) -> date:
    """The Monday of the week that ended last."""
    return voice.monday(today) - WEEK


def outcome_series(
    found: Weekly, outcome: Row, units: Mapping[str, Row], *, first: date, last: date
) -> Table:
    """Give the weeks of an outcome for each unit.

    ``outcome`` holds source and name, a unit its place or party, as `conditions` writes them down.
    A score is the mean of all scores at the unit's touchpoints, of the one named if one is named. A
    measure is that of the unit's parties, and of edges on which they are served; of several, their
    mean by answers.
    """
    weeks = weeks_between(first, last)
    at = {week: number for number, week in enumerate(weeks)}
    values = np.full((len(units), len(weeks)), np.nan)
    withheld = 0
    for row, unit in enumerate(units.values()):
        for week, (n, total) in _sums(found, outcome, unit).items():
            column = at.get(week)
            if column is None or n == 0:
                continue
            if outcome["source"] == Source.MEASURE or n >= ANSWERS_NEEDED:
                values[row, column] = total / n
            else:
                withheld += 1
    return Table(tuple(units), weeks, values, withheld)


def _sums(found: Weekly, outcome: Row, unit: Row) -> dict[date, tuple[float, float]]:
    if outcome["source"] == Source.SCORE:
        return _scores(found, _points(unit, outcome["name"]))
    return _measured(found, _parties(unit), outcome["name"])


def _scores(found: Weekly, points: Iterable[int]) -> dict[date, tuple[float, float]]:
    added: dict[date, tuple[float, float]] = {}
    for point in points:
        for sums in found.scores.get(point, ()):
            n, total = added.get(sums.week, (0.0, 0.0))
            added[sums.week] = n + sums.n, total + sums.total
    return added


def _measured(found: Weekly, parties: set[int], name: str) -> dict[date, tuple[float, float]]:
    """Weeks of all measures of this name; one that counts no answers weighs as one answer."""
    edge = graph.snapshot().edge
    added: dict[date, tuple[float, float]] = {}
    for measure in found.measures:
        served = edge.get(measure.edge_id or 0)
        whose = measure.party_id if served is None else served.served_id
        if measure.name != name or whose not in parties:
            continue
        for week in measure.weeks:
            n, total = added.get(week.week, (0.0, 0.0))
            weight = week.n or 1
            added[week.week] = n + weight, total + weight * week.value
    return added


def _points(unit: Row, name: str) -> list[int]:
    now = graph.snapshot()
    own = set(now.serves_at.get(unit["party_id"] or 0, ()))
    return [
        point
        for point, row in now.points.items()
        if (row.place == unit["place"] if unit["place"] else point in own)
        and (not name or row.name == name)
    ]


def _parties(unit: Row) -> set[int]:
    if not unit["place"]:
        return {unit["party_id"]}
    return {row.id for row in graph.snapshot().party.values() if row.place == unit["place"]}


def evidence_of(found: Weekly, agreed: Row, outcome: str, *, until: date) -> tuple[Evidence, Table]:
    """Put together what a reading of one outcome is made from, under given conditions."""
    units, window = agreed["units"], agreed["window"]
    last = min(until, date.fromisoformat(window["until"]))
    row = agreed["outcomes"][outcome]
    first = date.fromisoformat(window["from"])
    table = _begun(outcome_series(found, row, units, first=first, last=last))
    starts = [_start(unit["starts_on"], table.weeks) for unit in units.values()]
    picked = [bool(unit["picked_as_worst"]) for unit in units.values()]
    evidence = Evidence(
        table.values,
        np.array(starts, dtype=np.int64),
        row["better"],
        np.array(picked, dtype=bool),
        table.withheld,
    )
    return evidence, table


def _begun(table: Table) -> Table:
    """Leave out the weeks before anybody measured; nothing is missing there."""
    seen = ~np.isnan(table.values).all(0)
    first = int(seen.argmax()) if seen.any() else 0
    return table._replace(weeks=table.weeks[first:], values=table.values[:, first:])


def _start(starts_on: str | None, weeks: tuple[date, ...]) -> int:
    """Column of the first whole week since a start."""
    if not starts_on or not weeks:
        return NEVER
    day = date.fromisoformat(starts_on)
    first = voice.monday(day) + (WEEK if day.weekday() else timedelta(0))
    return max(0, (first - weeks[0]).days // 7)
