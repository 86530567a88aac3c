"""Meetings: planned, begun by the steward, entered by the rules, ended with minutes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from upturn.exchange.commands import meetings as commands
from upturn.exchange.commands.refusals import NotYours, told
from upturn.exchange.engine import CHECK_IN, CONDITIONS, RULES, Incomplete
from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.models import PartyKind
from upturn.exchange.queries import meetings as queries
from upturn.exchange.queries.charters import charter_now
from upturn.exchange.queries.kits import begun_from
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.views.door import for_viewer
from upturn.exchange.views.showing import checked_of, shown
from upturn.loop.engine.ical import Meeting as Entry
from upturn.loop.engine.ical import calendar
from upturn.record.downloads import named
from upturn.record.forms import number

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer

AGENDA_LETTERS = 2000


@require_http_methods(["GET", "HEAD", "POST"])
@for_viewer
def meetings(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """List meetings; whoever leads plans the next."""
    refused = None
    if request.method == "POST":
        try:
            made = commands.plan_meeting(viewer, exchange, _draft(request), checked_of(request))
            return redirect("exchange:meeting", exchange.ref, made.ref)
        except ExchangeError as error:
            refused = error
    rows = queries.meetings(viewer, exchange)
    held = queries.conditions(viewer, exchange)
    text = charter_now(viewer, exchange)
    brought = None if rows else begun_from(viewer, exchange)
    context = {
        "coming": [each for each in reversed(rows) if each.state != "over"],
        "over": [each for each in rows if each.state == "over"],
        "leads": queries.may_lead(viewer, exchange),
        "conditions": [(item, held[item.code]) for item in CONDITIONS],
        "cost": queries.month_ahead(viewer, exchange, today=timezone.localdate()),
        "minutes": brought.meeting_minutes if brought else text.text.minutes if text else 45,
        "agenda": "\n".join(brought.agenda)[:AGENDA_LETTERS] if brought else "",
        "zone": timezone.get_current_timezone_name(),
        "today": timezone.localdate(),
    }
    return shown(request, "meetings.html", viewer, exchange, context, refused=refused)


def _draft(request: HttpRequest) -> commands.MeetingDraft:
    return commands.MeetingDraft(
        at=_moment(request.POST.get("at", "")),
        agenda=request.POST.get("agenda", ""),
        minutes_long=number(request, "minutes_long"),
    )


def _moment(typed: str) -> datetime:
    try:
        found = parse_datetime(typed)
    except ValueError:
        found = None
    if found is None:
        raise Incomplete(told(lazy("Say when it begins: a day and a time.")))
    return found if timezone.is_aware(found) else timezone.make_aware(found)


@require_http_methods(["GET", "HEAD", "POST"])
@for_viewer
def meeting(
    request: HttpRequest, viewer: "Viewer", exchange: "Exchange", meeting: str
) -> HttpResponse:
    """Show a meeting before, while and after it runs."""
    queries.meeting_in(viewer, exchange, meeting)
    refused = None
    if request.method == "POST":
        try:
            _act(request, viewer, meeting)
            return redirect("exchange:meeting", exchange.ref, meeting)
        except ExchangeError as error:
            refused = error
    seen = queries.meeting(viewer, meeting)
    context = {
        "seen": seen,
        "text": charter_now(viewer, exchange),
        "rules": list(RULES.values()),
        "question": CHECK_IN[sum(map(ord, seen.ref)) % len(CHECK_IN)],
        "conditions": CONDITIONS,
        "leads": queries.may_lead(viewer, exchange),
        "stewards": isinstance(viewer, Sitting) and viewer.kind == PartyKind.STEWARD,
        "zone": timezone.get_current_timezone_name(),
    }
    return shown(request, "meeting.html", viewer, exchange, context, refused=refused)


def _begin(_request: HttpRequest, sitting: Sitting, ref: str) -> None:
    commands.begin(sitting, ref)


def _enter(request: HttpRequest, sitting: Sitting, ref: str) -> None:
    commands.enter(sitting, ref, accepts=bool(request.POST.get("accepts")))


def _take_task(_request: HttpRequest, sitting: Sitting, ref: str) -> None:
    commands.take_task(sitting, ref)


def _say(request: HttpRequest, sitting: Sitting, ref: str) -> None:
    commands.say_what_held(sitting, ref, request.POST.getlist("held"))


ACTS: Mapping[str, Callable[[HttpRequest, Sitting, str], Any]] = {
    "begin": _begin,
    "enter": _enter,
    "task": _take_task,
    "held": _say,
}
"""What somebody who sits in the exchange does in a meeting."""


def _act(request: HttpRequest, viewer: "Viewer", ref: str) -> None:
    act = request.POST.get("act", "")
    if act == "end":
        minutes = request.POST.get("minutes", "")
        commands.end(viewer, ref, checked_of(request), minutes=minutes)
    elif act in ACTS and isinstance(viewer, Sitting):
        ACTS[act](request, viewer, ref)
    else:
        raise NotYours(told(lazy("This is done by somebody who sits in the exchange.")))


@require_safe
@for_viewer
def meeting_ics(
    request: HttpRequest, viewer: "Viewer", exchange: "Exchange", meeting: str
) -> HttpResponse:
    """Give a meeting to any calendar."""
    queries.meeting_in(viewer, exchange, meeting)
    seen = queries.meeting(viewer, meeting)
    entry = Entry(
        uid=f"meeting-{seen.ref}@{request.get_host().partition(':')[0]}",
        title=_("Meeting: %(name)s") % {"name": exchange.name},
        about=seen.agenda,
        on=timezone.localdate(seen.at),
        begins=seen.at,
        minutes=seen.minutes_long,
        remind_days=1,
    )
    file = calendar(entry, written_at=timezone.now())
    answer = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    return named(answer, f"meeting-{seen.ref}.ics")
