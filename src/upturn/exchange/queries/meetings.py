"""Meetings with agenda and minutes, and how the twelve conditions of collaborating held."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from upturn.exchange.engine import condition_health
from upturn.exchange.models import Attendance, Exchange, Meeting
from upturn.exchange.queries.sight import Viewer, check_inside, exchanges_seen, reads_inside
from upturn.exchange.queries.sittings import Sitting
from upturn.stats.figures import Figure, Withheld


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingSeen:
    """A meeting as all of the exchange see it: who came is told by company, never by seat.

    `without_task` counts seats that took nothing along yet; `mine` is whether the viewer entered.
    """

    ref: str
    at: datetime
    minutes_long: int
    agenda: str
    minutes: str
    state: str
    steward_there: bool
    companies: tuple[str, ...]
    without_task: int
    mine: bool
    turn: int


def meetings(viewer: Viewer, exchange: Exchange) -> tuple[Meeting, ...]:
    """List meetings, the next first.

    Raises
    ------
    Exchange.DoesNotExist
    """
    check_inside(viewer, exchange)
    return tuple(Meeting.objects.filter(exchange=exchange).order_by("-at"))


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
    names = here.exclude(seat__party__name="").values_list("seat__party__name", flat=True)
    return MeetingSeen(
        ref=row.ref,
        at=row.at,
        minutes_long=row.minutes_long,
        agenda=row.agenda,
        minutes=row.minutes,
        state=row.state,
        steward_there=row.steward_there,
        companies=tuple(sorted(set(names))),
        without_task=here.filter(task=False).count(),
        mine=isinstance(viewer, Sitting) and here.filter(seat=viewer.pk).exists(),
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
