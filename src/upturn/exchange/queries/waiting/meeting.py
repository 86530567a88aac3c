"""What waits of meetings, pairs, programmes and the page for outsiders."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from upturn.exchange.engine import Verb, review_on
from upturn.exchange.models import PartyKind
from upturn.exchange.queries import meetings, outside, people, programmes
from upturn.exchange.queries.sight import is_open, reads_inside
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.queries.waiting.one import Waiting

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

    from upturn.exchange.models import Exchange, Meeting
    from upturn.exchange.queries.sight import Viewer

REVIEW_DAYS = 30
"""How long before its day the yearly review is called to mind."""
SOON = timedelta(days=7)
STEPS = {
    Verb.GO: _("“{name}” lies with you: GO, not yet, or no."),
    Verb.PUT_TO_CLIENT: _("All consent to “{name}”. Put it to the client."),
    Verb.CONSENT: _("Say where you stand on “{name}”, version {version}."),
    Verb.BUILD: _("The client said what it expects of “{name}”. Begin to build."),
    Verb.EXPECT: _("Say what you expect of “{name}”, before anything is built."),
}
"""What waits of a programme, by the move with which it goes on, the most urgent first."""


def waiting(viewer: "Viewer", exchange: "Exchange") -> "Iterator[Waiting]":
    """Give what waits for the viewer here."""
    if not (is_open(exchange) and reads_inside(viewer, exchange)):
        return
    yield from _meetings(viewer, exchange)
    yield from _programmes(viewer, exchange)
    yield from _outside(viewer, exchange)
    yield from _people(viewer, exchange)
    yield from _review(viewer, exchange)


def _meetings(viewer: "Viewer", exchange: "Exchange") -> "Iterator[Waiting]":
    now = timezone.now()
    rows = meetings.meetings(viewer, exchange)
    for row in sorted(rows, key=lambda each: (each.state != "running", each.at)):
        said = _of_meeting(viewer, exchange, row, now=now)
        if said is not None:
            day = date_format(timezone.localtime(row.at), "l j F, H:i")
            yield Waiting(format_lazy(said, day=day), "meeting", (exchange.ref, row.ref))


def _of_meeting(
    viewer: "Viewer", exchange: "Exchange", row: "Meeting", *, now: datetime
) -> "StrPromise | None":
    if row.state == "running":
        waits = isinstance(viewer, Sitting) and not meetings.meeting(viewer, row.ref).accepted
        return _("A meeting runs now. Read its rules and come in.") if waits else None
    if row.state == "planned" and row.ends < now:
        said = _("The meeting of {day} did not begin. Move it, or call it off.")
        return said if meetings.may_lead(viewer, exchange) else None
    if row.at > now + SOON or row.ends < now:
        return None
    if row.state == "off":
        return _("The meeting of {day} is called off.")
    if row.state == "planned":
        begins = isinstance(viewer, Sitting) and viewer.kind == PartyKind.STEWARD
        return _("You meet on {day}. You begin it.") if begins else _("You meet on {day}.")
    return None


def _programmes(viewer: "Viewer", exchange: "Exchange") -> "Iterator[Waiting]":
    if not isinstance(viewer, Sitting):
        return
    for seen in programmes.programmes(viewer, exchange):
        heard = seen.expectations or seen.stage != "expectations"
        passed = {Verb.EXPECT} if heard else set()
        if seen.own_word:
            passed.add(Verb.CONSENT)
        verb = next((each for each in STEPS if each in seen.may - passed), None)
        if verb is not None:
            said = format_lazy(STEPS[verb], name=seen.name, version=seen.version)
            yield Waiting(said, "programme", (exchange.ref, seen.ref))


def _outside(viewer: "Viewer", exchange: "Exchange") -> "Iterator[Waiting]":
    if not isinstance(viewer, Sitting) or viewer.kind == PartyKind.STEWARD:
        return
    pages = outside.pages(viewer, exchange)
    if pages and not pages[0].own:
        yield Waiting(
            _("A page for people outside waits for your word."), "outside", (exchange.ref,)
        )


def _people(viewer: "Viewer", exchange: "Exchange") -> "Iterator[Waiting]":
    if not isinstance(viewer, Sitting) or viewer.kind != PartyKind.MEMBER:
        return
    for pair in people.own_pairs(viewer)[:1]:
        if not pair.met:
            said = _("Half an hour with {name}: you ask.") if pair.asks else _(
                "Half an hour with {name}: they ask."
            )  # fmt: skip
            args = (exchange.ref, str(pair.pk))
            yield Waiting(format_lazy(said, name=pair.other), "pair", args)
    today = timezone.localdate()
    if due := people.calls_to_make(viewer, today=today):
        one = due[today.isocalendar().week % len(due)]
        said = _("This week you could call {name}.")
        yield Waiting(format_lazy(said, name=one.name), "pairs", (exchange.ref,))


def _review(viewer: "Viewer", exchange: "Exchange") -> "Iterator[Waiting]":
    if isinstance(viewer, Sitting) or exchange.opened_on is None:
        return
    today = timezone.localdate()
    day = review_on(exchange.opened_on, today=today)
    if (day - today).days <= REVIEW_DAYS:
        said = format_lazy(_("The yearly review is due on {day}."), day=date_format(day, "j F Y"))
        yield Waiting(said, "trust", (exchange.ref,))
