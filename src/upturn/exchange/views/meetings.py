"""Meetings: planned and moved, begun by the steward, entered by the rules, ended with minutes."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
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
    from upturn.exchange.models import Exchange, Meeting
    from upturn.exchange.queries.sight import Viewer

AGENDA_LETTERS = 2000
REMEMBERED = timedelta(days=30)
"""How long a meeting that was called off stays in the list, to be planned again."""
TO_COME, BEFORE = frozenset({"planned", "running"}), frozenset({"planned", "off"})


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
    context = _sorted(rows, now=timezone.now()) | {
        "leads": queries.may_lead(viewer, exchange),
        "conditions": [(item, held[item.code]) for item in CONDITIONS],
        "cost": queries.month_ahead(viewer, exchange, today=timezone.localdate()),
        "minutes": brought.meeting_minutes if brought else text.text.minutes if text else 45,
        "agenda": "\n".join(brought.agenda)[:AGENDA_LETTERS] if brought else "",
        "brought": brought is not None,
        "at": "",
        "zone": timezone.get_current_timezone_name(),
        "today": timezone.localdate(),
    }
    return shown(request, "meetings.html", viewer, exchange, context, refused=refused)


def _sorted(rows: "Iterable[Meeting]", *, now: datetime) -> dict[str, Any]:
    by_day = sorted(rows, key=lambda each: each.at)
    coming = [each for each in by_day if each.state in TO_COME]
    return {
        "coming": coming,
        "next": next((each for each in coming if each.state == "running" or each.ends > now), None),
        "off": [each for each in by_day if each.state == "off" and each.at > now - REMEMBERED],
        "over": [each for each in reversed(by_day) if each.state == "over"],
        "now": now,
    }


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
    at = found if timezone.is_aware(found) else timezone.make_aware(found)
    if at < timezone.now():
        raise Incomplete(told(lazy("This time is over. Say when it will begin.")))
    return at


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
        "kept": _kept(request, seen) if refused else "",
        "text": charter_now(viewer, exchange),
        "rules": list(RULES.values()),
        "question": CHECK_IN[sum(map(ord, seen.ref)) % len(CHECK_IN)],
        "conditions": CONDITIONS,
        "leads": queries.may_lead(viewer, exchange),
        "to_come": seen.state in BEFORE,
        "at": timezone.localtime(seen.at).strftime("%Y-%m-%dT%H:%M"),
        "minutes": seen.minutes_long,
        "agenda": seen.agenda,
        "late": seen.state == "planned" and seen.ends < timezone.now(),
        "stewards": isinstance(viewer, Sitting) and viewer.kind == PartyKind.STEWARD,
        "zone": timezone.get_current_timezone_name(),
    }
    return shown(request, "meeting.html", viewer, exchange, context, refused=refused)


def _kept(request: HttpRequest, seen: queries.MeetingSeen) -> str:
    """Give back what was typed into a form that is not on the page any more."""
    gone = {"end": seen.state != "running", "move": seen.state not in BEFORE}
    act = request.POST.get("act", "")
    return request.POST.get("minutes" if act == "end" else "agenda", "") if gone.get(act) else ""


def _begin(_request: HttpRequest, sitting: Sitting, ref: str) -> None:
    commands.begin(sitting, ref)


def _enter(request: HttpRequest, sitting: Sitting, ref: str) -> None:
    commands.enter(sitting, ref, accepts=bool(request.POST.get("accepts")))


def _take_task(_request: HttpRequest, sitting: Sitting, ref: str) -> None:
    commands.take_task(sitting, ref)


def _say(request: HttpRequest, sitting: Sitting, ref: str) -> None:
    commands.say_what_held(sitting, ref, request.POST.getlist("held"))


def _move(request: HttpRequest, viewer: "Viewer", ref: str) -> None:
    turn = number(request, "turn")
    commands.move_meeting(viewer, ref, _draft(request), checked_of(request), turn=turn)


def _call_off(request: HttpRequest, viewer: "Viewer", ref: str) -> None:
    commands.call_off(viewer, ref, turn=number(request, "turn"))


def _end(request: HttpRequest, viewer: "Viewer", ref: str) -> None:
    minutes, anyway = request.POST.get("minutes", ""), "without_tasks" in request.POST
    commands.end(viewer, ref, checked_of(request), minutes=minutes, without_tasks=anyway)


LEADS: Mapping[str, Callable[[HttpRequest, "Viewer", str], Any]] = {
    "move": _move,
    "off": _call_off,
    "end": _end,
}
"""What whoever leads does, with a seat in the exchange or without."""
ACTS: Mapping[str, Callable[[HttpRequest, Sitting, str], Any]] = {
    "begin": _begin,
    "enter": _enter,
    "task": _take_task,
    "held": _say,
}
"""What somebody who sits in the exchange does in a meeting."""


def _act(request: HttpRequest, viewer: "Viewer", ref: str) -> None:
    act = request.POST.get("act", "")
    if act in LEADS:
        LEADS[act](request, viewer, ref)
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
        changed=seen.turn,
        cancelled=seen.state == "off",
        remind_days=1,
    )
    file = calendar(entry, written_at=timezone.now())
    answer = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    return named(answer, f"meeting-{seen.ref}.ics")
