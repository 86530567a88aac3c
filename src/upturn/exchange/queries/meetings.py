"""Meetings with agenda and minutes, and how the twelve conditions of collaborating held."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from upturn.exchange.engine import MeetingCost, condition_health, meeting_cost
from upturn.exchange.models import (
    Attendance,
    Exchange,
    Meeting,
    MeetingState,
    Pair,
    PartyKind,
    Round,
    RoundPhase,
)
from upturn.exchange.queries.charters import lead_of
from upturn.exchange.queries.sight import (
    Viewer,
    check_inside,
    exchanges_seen,
    own_party,
    reads_inside,
)
from upturn.exchange.queries.sittings import Sitting
from upturn.stats.figures import Figure, Withheld

MONTH, PAIR_MINUTES = 30, 30
ROUND_MINUTES = 10
"""To answer one, and to read and mark what others answered: reckoned, not measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingSeen:
    """A meeting as all of the exchange see it: who came is told by company, never by seat.

    `without_task` counts seats that took nothing along yet. `mine` is whether the viewer entered,
    `task` and `said` whether it took something along and said what held, `accepted` whether it
    accepted the rules that hold now.
    """

    ref: str
    at: datetime
    ends: datetime
    minutes_long: int
    agenda: str
    minutes: str
    state: str
    steward_there: bool
    companies: tuple[str, ...]
    without_task: int
    mine: bool
    task: bool
    said: bool
    accepted: bool
    turn: int


def meetings(viewer: Viewer, exchange: Exchange) -> tuple[Meeting, ...]:
    """List meetings, the next first.

    Raises
    ------
    Exchange.DoesNotExist
    """
    check_inside(viewer, exchange)
    return tuple(Meeting.objects.filter(exchange=exchange).order_by("-at"))


def may_lead(viewer: Viewer, exchange: Exchange) -> bool:
    """Say whether the viewer plans and ends meetings: who keeps the exchange, or who leads it."""
    check_inside(viewer, exchange)
    if not isinstance(viewer, Sitting):
        return True
    own = own_party(viewer).ref
    return viewer.kind == PartyKind.MEMBER and lead_of(exchange).ref == own


def month_ahead(viewer: Viewer, exchange: Exchange, *, today: date) -> MeetingCost:
    """Say what the next thirty days ask of each leader: meetings, a pair, rounds (S3.47)."""
    check_inside(viewer, exchange)
    ends = today + timedelta(days=MONTH)
    rows = Meeting.objects.filter(exchange=exchange, at__date__gte=today, at__date__lt=ends)
    rows = rows.exclude(state=MeetingState.OFF)
    drawn = Pair.objects.filter(exchange=exchange, drawn_on__gt=today - timedelta(days=MONTH))
    running = Round.objects.filter(topic__exchange=exchange).exclude(phase=RoundPhase.OVER)
    return meeting_cost(
        meetings=list(rows.values_list("minutes_long", flat=True)),
        pair_minutes=PAIR_MINUTES if drawn.exists() else 0,
        round_minutes=ROUND_MINUTES * running.count(),
    )


def meeting_in(viewer: Viewer, exchange: Exchange, ref: str) -> Meeting:
    """Find a meeting of this exchange; raise Meeting.DoesNotExist for one of another."""
    found = meeting_by_ref(viewer, ref)
    if found.exchange_id != exchange.pk:
        raise Meeting.DoesNotExist
    return found


def meeting_by_ref(viewer: Viewer, ref: str) -> Meeting:
    """Find a meeting; raise Meeting.DoesNotExist if there is none in the viewer's sight."""
    rows = Meeting.objects.filter(exchange__in=exchanges_seen(viewer)).select_related("exchange")
    found = rows.get(ref=ref)
    if not reads_inside(viewer, found.exchange):
        raise Meeting.DoesNotExist
    return found


def meeting(viewer: Viewer, ref: str) -> MeetingSeen:
    """Give a meeting with who is there; raises as `meeting_by_ref`."""
    row = meeting_by_ref(viewer, ref)
    here = Attendance.objects.filter(meeting=row)
    own = here.filter(seat=viewer.pk).first() if isinstance(viewer, Sitting) else None
    names = here.exclude(seat__party__name="").values_list("seat__party__name", flat=True)
    return MeetingSeen(
        ref=row.ref,
        at=row.at,
        ends=row.ends,
        minutes_long=row.minutes_long,
        agenda=row.agenda,
        minutes=row.minutes,
        state=row.state,
        steward_there=row.steward_there,
        companies=tuple(sorted(set(names))),
        without_task=here.filter(task=False).count(),
        mine=own is not None,
        task=own is not None and own.task,
        said=own is not None and own.said,
        accepted=own is not None and own.charter == row.exchange.charters.count(),
        turn=row.turn,
    )


def conditions(viewer: Viewer, exchange: Exchange) -> Mapping[str, Figure | Withheld]:
    """Say by condition how often it held, over all meetings; nothing below five answers."""
    check_inside(viewer, exchange)
    answers: dict[str, list[bool]] = {}
    for counted in Meeting.objects.filter(exchange=exchange).values_list("made_it_work", flat=True):
        for code, (held, of) in counted.items():
            answers.setdefault(code, []).extend([True] * held + [False] * (of - held))
    return condition_health(answers)
