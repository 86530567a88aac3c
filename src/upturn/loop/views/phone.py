"""The phone in the room: the step, its card, and what this phone handed in."""

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from upturn.loop.commands import handing_in, joining, nominating, own
from upturn.loop.commands.refusals import (
    OtherCard,
    PhoneGone,
    PocketOver,
    RoomClosed,
    TooEarly,
    TooFast,
)
from upturn.loop.engine.errors import LoopError
from upturn.loop.forms.handing import read_draft, read_nomination, sent
from upturn.loop.models import Phase
from upturn.loop.queries import cards, rooms
from upturn.loop.queries.holders import COOKIE, Holder
from upturn.loop.queries.live import topic
from upturn.loop.queries.pairs import pair_of
from upturn.loop.queries.scripts import script_of_workshop
from upturn.loop.queries.sight import workshop_by_ref
from upturn.loop.queries.statements import statements
from upturn.loop.views.door import for_phones, is_script, later, refused
from upturn.loop.views.phone_words import phone_says
from upturn.loop.views.showing import current, steps_shown
from upturn.record import outbox
from upturn.record.errors import NotStored
from upturn.record.kept import keep

if TYPE_CHECKING:
    from upturn.loop.models import Workshop

STATUS: dict[type[LoopError], tuple[str, int]] = {
    TooEarly: ("experts_first", 425),
    RoomClosed: ("closed", 410),
    PhoneGone: ("gone", 410),
    OtherCard: ("other_card", 409),
    PocketOver: ("pocket_over", 410),
    TooFast: ("too_fast", 429),
}


def new_keys() -> dict[str, str]:
    """Draw the name and key of a card, for a phone whose browser runs no script."""
    return {"ref": secrets.token_hex(16), "key": secrets.token_urlsafe(24)}


def answer_refusal(request: HttpRequest, error: LoopError) -> HttpResponse:
    """Say why something was not taken."""
    code, status = STATUS.get(type(error), ("refused", 422))
    return refused(request, code, str(error), status=status)


@for_phones
@require_safe
def phone(request: HttpRequest, holder: Holder) -> HttpResponse:
    """Every step of the script, the current one in sight."""
    since = outbox.position()
    workshop = workshop_by_ref(holder, holder.ref)
    script = script_of_workshop(workshop)
    room, steps = rooms.room(holder, workshop), steps_shown(script)
    language = get_language() or script.language
    context = {
        "workshop": workshop,
        "holder": holder,
        "room": room,
        "steps": steps,
        "step": current(steps, room),
        "objection": script.say(script.objection, language=language),
        "objection_ask": steps[min(script.objection_step, len(steps) - 1)].ask,
        "farewell": script.say(script.farewell, language=language),
        "told": told(holder, workshop, since=since),
        "says": phone_says(),
        "pair": pair_of(holder, workshop, room.step),
        "begun": room.begun,
        "objection_ref": secrets.token_hex(16),
        **new_keys(),
        **(_read(holder, workshop, room.step) if room.phase == Phase.READ else {}),
    }
    return render(request, "loop/phone.html", context)


def told(holder: Holder, workshop: "Workshop", *, since: int) -> dict[str, Any]:
    """What the page's script begins with."""
    room = rooms.room(holder, workshop)
    mine = {"expert": holder.expert, "mine": holder.handed, "ref": holder.ref}
    day_100 = workshop.day_100_on.isoformat() if workshop.day_100_on else None
    now = {"now": timezone.now().timestamp(), "day_100": day_100}
    return {**room.told(), **mine, **now, "topic": topic(workshop.ref), "since": since}


def _read(holder: Holder, workshop: "Workshop", step: int) -> dict[str, Any]:
    """What stands on the wall of a step: cards in their groups, and statements."""
    said = [one for one in statements(holder, workshop) if one.step == step]
    return {"wall": cards.cards(holder, workshop, step), "statements": said}


@for_phones
@require_safe
def state(request: HttpRequest, holder: Holder) -> HttpResponse:
    """Where the room is, for a phone that was away."""
    since = outbox.position()
    workshop = workshop_by_ref(holder, holder.ref)
    answer = JsonResponse(told(holder, workshop, since=since))
    answer["X-CSRFToken"] = get_token(request)
    return answer


@for_phones
@require_safe
def read(request: HttpRequest, holder: Holder, step: int) -> HttpResponse:
    """The cards of a step that are open, as a part of the page."""
    workshop = workshop_by_ref(holder, holder.ref)
    return HttpResponse(_wall(request, holder, workshop, step))


def _wall(request: HttpRequest, holder: Holder, workshop: "Workshop", step: int) -> bytes:
    """Write the wall of a step once for all phones of a language, until anything changes."""

    def read() -> bytes:
        return render(request, "loop/_wall.html", _read(holder, workshop, step)).content

    as_of = (step, outbox.position())
    return keep(("wall", workshop.ref, get_language()), as_of=as_of, read=read)


@for_phones
@require_safe
def pair(request: HttpRequest, holder: Holder, step: int) -> HttpResponse:
    """The pair of this phone at the step where the room is, as a part of the page."""
    workshop = workshop_by_ref(holder, holder.ref)
    context = {"pair": pair_of(holder, workshop, step), "begun": workshop.turn > 0}
    return render(request, "loop/_pair.html", context)


@for_phones
@require_POST
def card(request: HttpRequest, holder: Holder) -> HttpResponse:
    """Take a card in, once however often it comes."""
    said = sent(request)
    try:
        handed = handing_in.hand_in(holder, read_draft(said))
    except LoopError as error:
        return answer_refusal(request, error)
    if not is_script(request):
        _second(holder, said)
        return redirect("loop:phone")
    return JsonResponse(
        {
            "ok": True,
            "again": handed.again,
            "handed": handed.handed,
            "of": handed.of,
            "turn": handed.turn,
        }
    )


def _second(holder: Holder, said: Any) -> None:
    """Take the small task in that stands below a statement in the form without a script."""
    if said.get("task"):
        twin = {**said, **new_keys(), "words": said["task"], "kind": "task", "done": "no"}
        handing_in.hand_in(holder, read_draft(twin))


@never_cache
@require_POST
def mine(request: HttpRequest) -> HttpResponse:
    """Correct a card, take it back, or say that a task is done: the key proves whose it is."""
    said = sent(request)
    try:
        _change_own(said)
    except LoopError as error:
        return answer_refusal(request, error)
    except NotStored:
        return later(request)
    return JsonResponse({"ok": True})


def _change_own(said: Mapping[str, Any]) -> None:
    ref, key, act = (str(said.get(name, "")) for name in ("ref", "key", "act"))
    if act == "take_back":
        own.take_back(ref, key)
    elif act == "done":
        own.say_done(ref, key, today=timezone.localdate())
    else:
        draft = read_draft(said)
        own.correct(ref, key, words=draft.words, signed=draft.signed, sure=draft.sure)


@for_phones
@require_POST
def done(request: HttpRequest, holder: Holder) -> HttpResponse:
    """Hear that a phone has handed in all it wants to at a step."""
    step = read_draft(sent(request)).step
    try:
        joining.finish(holder, step=max(step, 0))
    except LoopError as error:
        return answer_refusal(request, error)
    return JsonResponse({"ok": True}) if is_script(request) else redirect("loop:phone")


@for_phones
@require_POST
def expert(request: HttpRequest, holder: Holder) -> HttpResponse:
    """Hear that somebody does it already, or that it was said too soon."""
    does = sent(request).get("expert") in (True, "yes")
    joining.mark_expert(holder, expert=does)
    return JsonResponse({"ok": True}) if is_script(request) else redirect("loop:phone")


@for_phones
@require_POST
def nominate(request: HttpRequest, holder: Holder) -> HttpResponse:
    """Name somebody who is doing it already; the answer leads to the nominee's own page."""
    try:
        made = nominating.nominate(holder, read_nomination(sent(request)))
    except LoopError as error:
        return answer_refusal(request, error)
    if is_script(request):
        return JsonResponse({"ok": True, "show": reverse("loop:asked", args=[made.code])})
    return redirect("loop:asked", code=made.code)


@never_cache
@require_POST
def own_cards(request: HttpRequest) -> HttpResponse:
    """Tell a phone what became of what it proves to be its own."""
    keys = sent(request).get("keys")
    if not isinstance(keys, dict):
        return JsonResponse({"ok": False}, status=400)
    found = cards.own({str(ref): str(key) for ref, key in keys.items()})
    told = [{"ref": c.ref, "words": c.words, "hidden_because": c.hidden_because} for c in found]
    return JsonResponse({"ok": True, "cards": told})


@for_phones
@require_POST
def leave(request: HttpRequest, holder: Holder) -> HttpResponse:
    """Go; nobody waits for this phone, and what it handed in stays."""
    joining.leave(holder)
    answer = render(request, "loop/left.html")
    answer.delete_cookie(COOKIE)
    return answer
