"""Before people stand up, and day 100: owners, steps, signs; then what became of them."""

from datetime import date
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upturn.loop.commands import closing as commands
from upturn.loop.commands import hundred
from upturn.loop.commands.refusals import NotReady
from upturn.loop.engine.errors import LoopError, NoDay
from upturn.loop.engine.ical import Meeting, calendar
from upturn.loop.forms.closing import CloseForm, JudgeForm, MoveDayForm, OwnerForm
from upturn.loop.models import WorkshopState
from upturn.loop.queries import sight, statements
from upturn.loop.queries.days_off import booked_after, booked_on, days_off
from upturn.loop.queries.hundred import how_well_we_knew
from upturn.loop.queries.practices import stories
from upturn.loop.queries.signs import signs
from upturn.loop.views.calibration import calibration_picture
from upturn.loop.views.days_off import moved_words
from upturn.loop.views.door import for_workshop, status_of
from upturn.record.downloads import named
from upturn.record.forms import number

if TYPE_CHECKING:
    from upturn.loop.models import Workshop
    from upturn.people.models import Person


def _closing_page(
    request: HttpRequest,
    viewer: "Person",
    workshop: "Workshop",
    *,
    form: CloseForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    day, moved = _hundredth()
    said = [one for one in statements.statements(viewer, workshop) if not one.hidden_because]
    runs = sight.may_run(viewer, workshop)
    context = {
        "workshop": workshop,
        "runs": runs,
        "rows": [(one, OwnerForm(viewer=viewer, statement=one)) for one in said],
        "missing": statements.closing(viewer, workshop) if runs else None,
        "signs": signs(viewer, workshop),
        "form": form or CloseForm(initial={"day_100_on": day, "turn": workshop.turn}),
        "moved": moved,
        "refused": refused,
    }
    return render(request, "loop/closing.html", context, status=status)


def _hundredth() -> tuple[date | None, str]:
    """Give the day to offer, and what there is to say about it."""
    try:
        booked = booked_after(timezone.localdate())
    except NoDay as error:
        return None, str(error)
    return booked.day, moved_words(booked)


@for_workshop
@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: HttpRequest, viewer: "Person", workshop: "Workshop") -> HttpResponse:
    """Every statement gets an owner, a first step and a sign; then day 100 is booked."""
    if workshop.state != WorkshopState.OPEN:
        return redirect("loop:day_100", ref=workshop.ref)
    if request.method != "POST":
        return _closing_page(request, viewer, workshop)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _closing_page(request, viewer, workshop, form=form, status=400)
    given = form.cleaned_data
    try:
        commands.close_workshop(
            viewer,
            workshop,
            day_100_on=given["day_100_on"],
            turn=given["turn"],
            without_tasks=given["without_tasks"],
            now=timezone.now(),
        )
    except NotReady as missing:
        for each in missing.missing:
            form.add_error(None, each)
        return _closing_page(request, viewer, workshop, form=form, status=409)
    except LoopError as error:
        form.add_error(None, str(error))
        return _closing_page(request, viewer, workshop, form=form, status=status_of(error))
    said = _("Closed. Day 100 is booked; take it into your calendar.")
    why = moved_words(booked_on(given["day_100_on"]))
    messages.success(request, f"{said} {why}".strip())
    return redirect("loop:day_100", ref=workshop.ref)


@for_workshop
@require_POST
def own(request: HttpRequest, viewer: "Person", workshop: "Workshop", card: str) -> HttpResponse:
    """Say who carries a statement."""
    form = OwnerForm(request.POST, viewer=viewer)
    try:
        if not form.is_valid():
            raise LoopError(" ".join(str(e) for each in form.errors.values() for e in each))
        turn = form.cleaned_data["turn"]
        commands.own_statement(viewer, workshop, card, form.ownership(), turn=turn)
    except LoopError as error:
        refused = str(error)
        return _closing_page(request, viewer, workshop, refused=refused, status=status_of(error))
    return redirect("loop:closing", ref=workshop.ref)


def day_page(
    request: HttpRequest,
    viewer: "Person",
    workshop: "Workshop",
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """Draw the page of day 100, with what was refused."""
    said = [one for one in statements.statements(viewer, workshop) if not one.hidden_because]
    met = workshop.state == WorkshopState.MET
    runs = sight.may_run(viewer, workshop)
    known = how_well_we_knew(viewer)
    off = days_off().get(workshop.day_100_on) if workshop.day_100_on and not met else None
    context = {
        "off": off,
        "workshop": workshop,
        "runs": runs,
        "met": met,
        "rows": [(one, JudgeForm(statement=one) if met and runs else None) for one in said],
        "told": sum(bool(one.verdict) for one in said),
        "move": MoveDayForm.standing(_to_move_to(workshop), workshop.turn),
        "stories": stories(viewer, workshop),
        "known": known,
        "picture": calibration_picture(known),
        "refused": refused,
        "today": timezone.localdate(),
    }
    return render(request, "loop/day_100.html", context, status=status)


def _to_move_to(workshop: "Workshop") -> date | None:
    """Offer the day that is booked, or the next working day if it is a day off by now."""
    try:
        return booked_on(workshop.day_100_on).day if workshop.day_100_on else None
    except NoDay:
        return workshop.day_100_on


@for_workshop
@require_safe
def day_100(request: HttpRequest, viewer: "Person", workshop: "Workshop") -> HttpResponse:
    """Every statement on the screen: what became of it, and what shows it."""
    if workshop.state == WorkshopState.OPEN:
        return redirect("loop:closing", ref=workshop.ref)
    return day_page(request, viewer, workshop)


@for_workshop
@require_POST
def judge(request: HttpRequest, viewer: "Person", workshop: "Workshop", card: str) -> HttpResponse:
    """Keep what became of a statement."""
    form = JudgeForm(request.POST)
    try:
        if not form.is_valid():
            raise LoopError(_("Choose what became of it, and say what shows it."))
        today = timezone.localdate()
        hundred.judge(viewer, workshop, card, form.judgement(), today=today)
    except LoopError as error:
        refused = str(error)
        return day_page(request, viewer, workshop, refused=refused, status=status_of(error))
    return redirect("loop:day_100", ref=workshop.ref)


@for_workshop
@require_POST
def move_day(request: HttpRequest, viewer: "Person", workshop: "Workshop") -> HttpResponse:
    """Meet on another day, or now."""
    today, form = timezone.localdate(), MoveDayForm(request.POST)
    try:
        if request.POST.get("now"):
            turn = number(request, "turn")
            hundred.meet_now(viewer, workshop, turn=turn, today=today, now=timezone.now())
        elif form.is_valid():
            given = form.cleaned_data
            commands.move_day_100(viewer, workshop, given["day"], turn=given["turn"], today=today)
            if why := moved_words(booked_on(given["day"])):
                messages.success(request, why)
        else:
            raise LoopError(_("Choose a day."))
    except LoopError as error:
        refused = str(error)
        return day_page(request, viewer, workshop, refused=refused, status=status_of(error))
    return redirect("loop:day_100", ref=workshop.ref)


@login_required
@require_POST
def send_ask(request: HttpRequest, card: str) -> HttpResponse:
    """Send a statement that waited for the viewer's party, whatever their role."""
    viewer = cast("Person", request.user)
    waiting = {each.statement.ref for each in statements.waiting_asks(viewer)}
    if card not in waiting and not sight.may_host(viewer):
        raise Http404(_("There is no such statement, or it is not for your party to send."))
    try:
        sent = commands.send_ask(viewer, card, today=timezone.localdate())
    except LoopError as error:
        messages.error(request, str(error))
        return redirect("loop:workshops" if sight.may_host(viewer) else "house:home")
    messages.success(request, _("Sent as an ask of your party."))
    return redirect("commitments:ask", ref=sent.ref)


@for_workshop
@require_safe
def day_100_ics(request: HttpRequest, _viewer: "Person", workshop: "Workshop") -> HttpResponse:
    """Day 100 for any calendar."""
    if workshop.day_100_on is None:
        return redirect("loop:closing", ref=workshop.ref)
    meeting = Meeting(
        uid=f"day-100-{workshop.ref}@{request.get_host().partition(':')[0]}",
        title=_("Day 100: %(name)s") % {"name": workshop.name},
        about=_("What is better now? Every statement of the workshop is on the screen."),
        on=workshop.day_100_on,
        place=workshop.party.place if workshop.party else "",
        changed=workshop.turn,
    )
    written = calendar(meeting, written_at=timezone.now())
    return named(
        HttpResponse(written, content_type="text/calendar; charset=utf-8"),
        f"day-100-{workshop.ref}.ics",
    )
