"""Workshops: the list, opening one, and the facilitator's console."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from upturn.loop.commands import opening
from upturn.loop.commands.changing import stage_of
from upturn.loop.engine.errors import LoopError
from upturn.loop.engine.script import StepKind
from upturn.loop.engine.stage import Phase, StageMove, why_not
from upturn.loop.forms.opening import OpenForm
from upturn.loop.models import WorkshopState
from upturn.loop.queries import cards, live, rooms, sight
from upturn.loop.queries.nominations import nominations
from upturn.loop.queries.scripts import script_of_workshop, scripts
from upturn.loop.queries.statements import closing, statements, waiting_asks
from upturn.loop.queries.talk import talk_at
from upturn.loop.views.door import for_hosts, for_workshop
from upturn.loop.views.showing import StepShown, current, steps_shown
from upturn.record import outbox
from upturn.voice.views.door import asked_for_part

if TYPE_CHECKING:
    from upturn.loop.engine.script import Script
    from upturn.loop.models import Workshop
    from upturn.people.models import Person


@for_hosts
@require_safe
def workshops(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """Those that are open, those that meet again, those that met."""
    context = {"listed": rooms.workshops(viewer), "waiting": waiting_asks(viewer)}
    return render(request, "loop/workshops.html", context)


@for_hosts
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """Pick a script, give it a name: the console opens."""
    if request.method != "POST":
        chosen = {"script": request.GET.get("script", "solution_focused")[:40]}
        form = OpenForm(viewer=viewer, initial=chosen)
        return render(request, "loop/new.html", {"form": form, "scripts": scripts(viewer)})
    form = OpenForm(request.POST, viewer=viewer)
    if form.is_valid():
        try:
            made = opening.open_workshop(viewer, form.draft(), now=timezone.now())
        except LoopError as error:
            form.add_error(None, str(error))
        else:
            return redirect("loop:console", ref=made.ref)
    context = {"form": form, "scripts": scripts(viewer)}
    return render(request, "loop/new.html", context, status=400)


@dataclass(frozen=True, slots=True)
class Keys:
    """Which keys of the facilitator do something now; the first of `now` is the one to press."""

    open: frozenset[StageMove]
    main: str


@for_workshop
@require_safe
def console(request: HttpRequest, viewer: "Person", workshop: "Workshop") -> HttpResponse:
    """Where the room is, the next move, and what is open to read."""
    if workshop.state != WorkshopState.OPEN:
        return redirect("loop:day_100", ref=workshop.ref)
    return console_page(request, viewer, workshop)


def console_page(
    request: HttpRequest,
    viewer: "Person",
    workshop: "Workshop",
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """Draw the console, with what was refused."""
    since = outbox.position()
    script = script_of_workshop(workshop)
    room = rooms.room(viewer, workshop)
    steps = steps_shown(script, language=workshop.language)
    step = current(steps, room)
    runs = sight.may_run(viewer, workshop)
    context = {
        "workshop": workshop,
        "room": room,
        "steps": steps,
        "step": step,
        "runs": runs,
        "keys": keys_of(workshop, script, room) if runs else None,
        "objection": script.say(script.objection, language=workshop.language),
        "objection_ask": steps[min(script.objection_step, len(steps) - 1)].ask,
        "refused": refused,
        "since": since,
        "live": f"{live.topic(workshop.ref)} {live.host_topic(workshop.ref)}",
        "address": join_address(request, workshop),
        "screen": request.build_absolute_uri(screen_path(viewer, workshop)) if runs else "",
        "missing": closing(viewer, workshop) if runs else None,
        "talk": talk_at(viewer, workshop, step.number) if _asks_for_talk(request) else None,
        **on_the_wall(viewer, workshop, step),
    }
    page = "loop/_console.html" if asked_for_part(request) else "loop/console.html"
    return render(request, page, context, status=status)


def _asks_for_talk(request: HttpRequest) -> bool:
    """Whether the key was pressed; the next drawing of the console has forgotten it."""
    return request.method == "GET" and request.GET.get("talk") == "1"


def on_the_wall(viewer: "Person", workshop: "Workshop", step: StepShown) -> dict[str, Any]:
    """What can be read of a step by now, in whose hands it is."""
    found = cards.cards(viewer, workshop, step.number)
    said = statements(viewer, workshop) if step.is_statement else ()
    told = nominations(viewer, workshop) if step.kind == StepKind.EXPERTS else ()
    return {
        "wall": found,
        "statements": [one for one in said if one.step == step.number],
        "nominations": told,
    }


def keys_of(workshop: "Workshop", script: "Script", room: rooms.Room) -> Keys:
    """Say which keys are open, and which is the one to press now."""
    stage = stage_of(workshop)
    may = frozenset(each for each in StageMove if why_not(stage, each, script=script) is None)
    if not room.begun:
        return Keys(may, "begin")
    if room.objection is not None:
        return Keys(may, "objection_met")
    main = {Phase.EXPERTS: "everybody", Phase.WRITE: "open_cards"}.get(stage.phase, "next")
    return Keys(may, main if StageMove(main) in may else "close")


def join_address(request: HttpRequest, workshop: "Workshop") -> str:
    """The address behind the code on the screen."""
    return request.build_absolute_uri(reverse("loop:join", args=[workshop.code]))


def screen_path(viewer: "Person", workshop: "Workshop") -> str:
    """Where a projector opens the workshop without a sign-in."""
    code = sight.screen_code(viewer, workshop)
    return reverse("loop:screen_in", args=[workshop.ref, code])


@for_workshop
@require_http_methods(["POST"])
def host(request: HttpRequest, viewer: "Person", workshop: "Workshop") -> HttpResponse:
    """Hold the workshop together with those who do."""
    try:
        opening.join_as_host(viewer, workshop)
    except LoopError as error:
        messages.error(request, str(error))
    return redirect("loop:console", ref=workshop.ref)
