"""What came of a trace: the asks that carry it, their verdicts, and the scores since."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from upturn.commitments import queries as commitments
from upturn.graph import queries as graph
from upturn.record.kept import keep
from upturn.trace import engine
from upturn.trace.models import Closed, TracedAsk
from upturn.trace.queries import naming
from upturn.trace.queries.assembling import ANSWERS_NEEDED, Column
from upturn.trace.queries.naming import Node
from upturn.trace.queries.page import TracePage
from upturn.voice import queries as voice
from upturn.voice.queries import WeekSums
from upturn.voice.queries.kept import as_of_words

WEEK = timedelta(weeks=1)
Scores = Mapping[int, tuple[WeekSums, ...]]


class MovedBack(NamedTuple):
    """By how much a score rose since a promise, with its 95 % range, carry-over allowed for.

    Beside another moment it is the weekly difference of the two that rose. It decides nothing: the
    verdict is the word of the side that asked.
    """

    since: date
    beside: Node | None
    value: float
    low: float
    high: float
    weeks_before: int
    weeks_after: int


class Asked(NamedTuple):
    """An ask that carries the trace, and what came back of it; ``finding`` is empty till then.

    ``since`` is what customers' scores say beside the verdict, if there are weeks enough.
    """

    ref: str
    server: Node | None
    served: Node | None
    predicted: float
    by_week: date
    comparison: Node | None
    made_on: date
    finding: str
    closed_on: date | None
    since: MovedBack | None


def asks_of(page: TracePage) -> tuple[Asked, ...]:
    """Asks that carry a trace, the first one first, each with its last finding.

    Two queries, and two more once there is a verdict.
    """
    rows = list(TracedAsk.objects.filter(trace__ref=page.ref).order_by("pk"))
    closed = Closed.objects.filter(trace__ref=page.ref).order_by("pk") if rows else ()
    last = {each.ask_ref: each for each in closed}
    since = _since(page, [row for row in rows if row.ask_ref in last], last) if last else {}
    return tuple(_asked(row, last.get(row.ask_ref), since.get(row.ask_ref)) for row in rows)


def _asked(row: TracedAsk, closed: Closed | None, since: MovedBack | None) -> Asked:
    now = graph.snapshot()
    edge = now.edge.get(row.edge_id)
    return Asked(
        row.ask_ref,
        naming.by_id(edge.server_id) if edge else None,
        naming.by_id(edge.served_id) if edge else None,
        row.predicted,
        row.by_week,
        naming.point(row.comparison) if row.comparison else None,
        row.made_on,
        closed.finding if closed else "",
        closed.closed_on if closed else None,
        since,
    )


def _since(
    page: TracePage, rows: Collection[TracedAsk], last: Mapping[str, Closed]
) -> dict[str, MovedBack | None]:
    """What the scores say of each ask that has a verdict, kept until words or verdicts change."""
    newest = max(closed.pk for closed in last.values())
    return keep(
        ("moved back", page.ref),
        as_of=(as_of_words(), newest),
        read=lambda: dict(_moved_back(page, rows, last)),
    )


def _moved_back(
    page: TracePage, rows: Iterable[TracedAsk], last: Mapping[str, Closed]
) -> Iterable[tuple[str, MovedBack | None]]:
    given = commitments.verdicts_on(last)
    promised = {(each.ref, each.turn): each.promised_on for each in given}
    beside = {row.ask_ref: naming.point(row.comparison) for row in rows if row.comparison}
    points = {page.point.id, *(point.id for point in beside.values())}
    scores = voice.weekly_scores(None, since=page.onset, points=points)
    for row in rows:
        day = promised.get((row.ask_ref, last[row.ask_ref].turn))
        other = beside.get(row.ask_ref)
        yield row.ask_ref, _rose(page, scores, other, voice.monday(day)) if day else None


def _rose(page: TracePage, scores: Scores, other: Node | None, since: date) -> MovedBack | None:
    """Compare the weeks from the fall to the promise with those from the promise on."""
    own = scores.get(page.point.id, ())
    if not own:
        return None
    weeks = [page.onset + WEEK * at for at in range((own[-1].week - page.onset).days // 7 + 1)]
    series = _means(own, weeks)
    if other:
        series = series - _means(scores.get(other.id, ()), weeks)
    before = (since - page.onset).days // 7
    moved = engine.moved(series, before) if 0 < before < len(weeks) else None
    if moved is None:
        return None
    value = moved.mean_after - moved.mean_before
    return MovedBack(since, other, value, moved.low, moved.high, moved.n_before, moved.n_after)


def _means(rows: Iterable[WeekSums], weeks: Iterable[date]) -> Column:
    enough = {row.week: row.total / row.n for row in rows if row.n >= ANSWERS_NEEDED}
    return np.array([enough.get(week, np.nan) for week in weeks])
