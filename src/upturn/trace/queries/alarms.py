"""Which touchpoints fell, screening by screening."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from upturn.graph import queries as graph
from upturn.people import queries as people
from upturn.record.kept import keep
from upturn.stats import Figure
from upturn.trace.engine import Confidence
from upturn.trace.models import Closed, Progress, Screening, StoredAlarm
from upturn.trace.queries import naming
from upturn.trace.queries.naming import Node
from upturn.trace.queries.record import Marks, marks
from upturn.voice import queries as voice

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from upturn.people.models import Person

EARLIER = 12
STAYS = timedelta(weeks=4)
"""How long an alarm is told of on home pages."""


class AlarmRow(NamedTuple):
    """A touchpoint that fell, with its trace; ``finding`` is what the last verdict said of it."""

    trace: str
    point: Node
    onset: date
    change: Figure
    confidence: Confidence
    suspect: Node | None
    finding: str


@dataclass(frozen=True, slots=True)
class Screened:
    """One screening: how many touchpoints it looked at, and which had fallen."""

    week: date
    done_on: date
    touchpoints: int
    alarms: tuple[AlarmRow, ...]


class Running(NamedTuple):
    """How far a screening has come."""

    week: date
    done: int
    steps: int


def screenings(viewer: "Person", *, most: int = EARLIER) -> tuple[Screened, ...]:
    """The newest screenings with their alarms; kept until there is a new one, or a closing."""
    if not people.may_read_words(viewer):
        return ()
    return keep(("screenings", most), as_of=_as_of(), read=lambda: _screenings(most))


def _as_of() -> tuple[int, Marks]:
    return graph.snapshot().number, marks()


def _screenings(most: int) -> tuple[Screened, ...]:
    found = list(Screening.objects.order_by("-week")[:most])
    alarms = _rows(StoredAlarm.objects.filter(screening__in=[row.pk for row in found]))
    return tuple(
        Screened(row.week, row.done_on, row.touchpoints, tuple(alarms.get(row.pk, ())))
        for row in found
    )


def alarms_at(viewer: "Person", parties: Collection[int] | None) -> tuple[AlarmRow, ...]:
    """Alarms of the newest screening where these parties serve, or all of them.

    A party that serves at no touchpoint is told of those of the parties that it serves.
    """
    found = screenings(viewer)
    if not found or found[0].week < voice.latest_week() - STAYS:
        return ()
    if parties is None:
        return found[0].alarms
    there = graph.points_above(frozenset(parties))
    return tuple(alarm for alarm in found[0].alarms if alarm.point.id in there)


def _rows(alarms: "QuerySet[StoredAlarm]") -> dict[int, list[AlarmRow]]:
    """Alarms by screening, the surest first."""
    ordered = alarms.order_by("adjusted_p", "z", "pk").select_related("trace")
    rows = list(ordered.defer("trace__told", "trace__shown"))
    closed = Closed.objects.filter(trace__in=[row.trace_id for row in rows]).order_by("pk")
    findings = dict(closed.values_list("trace_id", "finding")) if rows else {}
    found: dict[int, list[AlarmRow]] = {}
    for row in rows:
        found.setdefault(row.screening_id, []).append(_row(row, findings.get(row.trace_id, "")))
    return found


def _row(alarm: StoredAlarm, finding: str) -> AlarmRow:
    suspect = alarm.trace.suspect
    return AlarmRow(
        alarm.trace.ref,
        naming.point(alarm.touchpoint),
        alarm.onset,
        Figure(alarm.change, alarm.low, alarm.high, alarm.n),
        Confidence(alarm.trace.confidence),
        naming.party(suspect) if suspect else None,
        finding,
    )


def running() -> Running | None:
    """The screening that runs now, if one does."""
    row = Progress.objects.values_list("week", "done", "steps").first()
    return Running(*row) if row else None


def week_to_screen(today: date) -> date | None:
    """The last whole week, if it has scores and was not looked at yet."""
    last = min(voice.monday(today) - timedelta(weeks=1), voice.latest_week())
    if Screening.objects.filter(week__gte=last).exists():
        return None
    scores = voice.weekly_scores(None, since=last).values()
    return last if any(row.week == last for rows in scores for row in rows) else None
