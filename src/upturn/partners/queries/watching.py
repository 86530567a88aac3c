"""What moved after something ended or was tried: a measure, or a moment of the customer's day."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from upturn.graph import queries as graph
from upturn.stats import Figure, Withheld
from upturn.trace import engine as trace
from upturn.voice import queries as voice

if TYPE_CHECKING:
    from upturn.people.models import Person

BEFORE = 12
LEAST = 4
ANSWERS_NEEDED = 5
WEEK = timedelta(weeks=1)
_BAR = "|"


class Watchable(NamedTuple):
    """Something that is measured week by week.

    ``better`` is "more" or "less"; empty in a list to choose from, where nobody asks for it.
    """

    key: str
    party: graph.PartyRow | None
    other: graph.PartyRow | None
    point: graph.PointRow | None
    measure: str
    better: str


class Watched(NamedTuple):
    """By how much it rose in ``weeks`` weeks since a day, against the twelve weeks before.

    ``way`` is "better", "worse" or "cannot_tell". Whatever it is, other things changed too.
    """

    of: Watchable
    since: date
    until: date
    weeks: int
    change: Figure | Withheld
    way: str


def watchable(viewer: "Person", parties: Iterable[int | None]) -> tuple[Watchable, ...]:
    """Moments at or above these parties, and what is measured of them and between them."""
    now = graph.snapshot()
    ours = [party for party in dict.fromkeys(parties) if party is not None and party in now.party]
    above = graph.points_above(frozenset(ours))
    points = (now.points[point] for point in now.points if point in above)
    found = [Watchable(f"point|{p.key}", None, None, p, "", "") for p in points]
    series: dict[tuple[str, ...], tuple[graph.PartyRow, graph.PartyRow | None]] = {
        ("party", party.key, each.name): (party, None)
        for party in map(now.party.__getitem__, ours)
        for each in voice.party_measures(viewer, party.id)
    }
    among = [edge for party in ours for edge in now.up.get(party, ()) if edge.served_id in ours]
    for edge in among:
        server, served = now.party[edge.server_id], now.party[edge.served_id]
        for each in voice.edge_measures(viewer, edge.id):
            series["edge", server.key, served.key, each.name] = (server, served)
    found += [
        Watchable(_BAR.join(key), server, served, None, key[-1], "")
        for key, (server, served) in series.items()
    ]
    return tuple(found)


def watch_of(key: str) -> Watchable | None:
    """What a stored watch looks at; None once its party or moment is gone."""
    kind, _bar, rest = key.partition(_BAR)
    now = graph.snapshot()
    if kind == "point":
        point = next((p for p in now.points.values() if p.key == rest), None)
        return Watchable(key, None, None, point, "", "more") if point else None
    *keys, name = rest.split(_BAR, 1 if kind == "party" else 2) if rest else [""]
    parties = [now.by_key.get(each) for each in keys]
    if not parties or None in parties:
        return None
    server, served = (*parties, None)[:2]
    better = voice.measure_directions([name]).get(name, "more")
    return Watchable(key, server, served, None, name, str(better))


def watched(viewer: "Person", key: str, *, since: date, weeks: int, today: date) -> Watched | None:
    """What a watch says; nothing before its weeks have passed, so that looking early is no use.

    The week in which it changed belongs to neither side, unless it changed on its Monday.
    """
    of = watch_of(key)
    if of is None:
        return None
    begins = voice.monday(since + timedelta(days=6))
    values = {
        week: value for week, value in _weekly(viewer, of).items() if not week < since < week + WEEK
    }
    ends = begins + WEEK * weeks
    change = _change(values, begins=begins, weeks=weeks, today=today)
    return Watched(of, begins, ends, weeks, change, _way(change, better=of.better))


def _weekly(viewer: "Person", of: Watchable) -> Mapping[date, float]:
    if of.point:
        rows = voice.weekly_scores(viewer, points=[of.point.id]).get(of.point.id, ())
        return {row.week: row.total / row.n for row in rows if row.n >= ANSWERS_NEEDED}
    if of.other and of.party:
        up = graph.snapshot().up.get(of.party.id, ())
        edge = next((edge.id for edge in up if edge.served_id == of.other.id), None)
        series = voice.edge_measures(viewer, edge) if edge else []
    else:
        series = voice.party_measures(viewer, of.party.id) if of.party else []
    return {row.week: row.value for each in series if each.name == of.measure for row in each.weeks}


def _change(
    values: Mapping[date, float], *, begins: date, weeks: int, today: date
) -> Figure | Withheld:
    gone = max((voice.monday(today) - begins).days // 7, 0)
    if gone < weeks:
        return Withheld("too_few_weeks", weeks, gone)
    at = [begins + WEEK * (week - BEFORE) for week in range(BEFORE + weeks)]
    series = np.array([values.get(week, np.nan) for week in at])
    known = ~np.isnan(series)
    fewest = int(min(known[:BEFORE].sum(), known[BEFORE:].sum()))
    if fewest < LEAST:
        return Withheld("too_few_weeks", LEAST, fewest)
    moved = trace.moved(series, BEFORE)
    if moved is None:
        return Withheld("too_few_weeks", LEAST, fewest)
    value = moved.mean_after - moved.mean_before
    return Figure(value, moved.low, moved.high, moved.n_before + moved.n_after)


def _way(change: Figure | Withheld, *, better: str) -> str:
    if isinstance(change, Withheld) or change.low <= 0 <= change.high:
        return "cannot_tell"
    return "better" if (change.value > 0) == (better == "more") else "worse"
