"""What the check on an author's side needs, and what it tells; the words of its panel."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_POST, require_safe

from upturn.exchange.commands import guarding
from upturn.exchange.engine import ExchangeError, Incomplete
from upturn.exchange.engine.guard import shipped_rules
from upturn.exchange.models import Held
from upturn.exchange.queries.guarding import (
    guard_salt,
    guard_version,
    may_pass,
    steward_seals,
    still_held,
    stopped_how_often,
)
from upturn.exchange.queries.meaning import offers_meaning, place_of_model, sizes_of_model
from upturn.exchange.queries.sight import reads_inside
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.views.door import (
    for_sitting,
    for_viewer,
    person_here,
    refused_to_script,
    sitting_here,
)
from upturn.exchange.views.showing import shown
from upturn.voice.engine.packed_model import PACKED_DIGEST

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer

SAYS = {
    "soft": gettext_lazy("A rule, not a person, stopped this. You decide."),
    "hard": gettext_lazy("A rule, not a person, stopped this. It does not go through as it is."),
    "instead": gettext_lazy("You could say:"),
    "change": gettext_lazy("Change it"),
    "fine": gettext_lazy("This is fine because …"),
    "ask": gettext_lazy("Ask the steward"),
    "because": gettext_lazy("This is fine because"),
    "public": gettext_lazy("everybody can read it elsewhere"),
    "standard": gettext_lazy("it is how everybody works"),
    "example": gettext_lazy("it is a made-up example"),
    "misread": gettext_lazy("the rule misread it"),
    "here": gettext_lazy("This was checked on your device. Nothing has been sent."),
    "accepted": gettext_lazy("You said it is fine. It goes with the rest when you send."),
    "undo": gettext_lazy("Take that back"),
    "again": gettext_lazy("Try again"),
    "offline": gettext_lazy("The host cannot be reached. Your words stay here."),
    "waiting": gettext_lazy("This waits for the steward. Nobody else can open it."),
    "released": gettext_lazy("The steward let this pass."),
    "refused": gettext_lazy("The steward did not let this pass. It was deleted there."),
    "withdraw": gettext_lazy("Take it back"),
    "put_in": gettext_lazy("Put it in"),
    "put_back": gettext_lazy("Put it in and change it"),
    "drop": gettext_lazy("Forget it"),
    "where": gettext_lazy("To the page it was written on"),
    "reads_meaning": gettext_lazy("This device reads meaning."),
    "counts_words": gettext_lazy(
        "This device counts words only. A guard that reads meaning finds more."
    ),
    "not_read": gettext_lazy(
        "The guard does not read every letter of this. Hold your words against the rules yourself."
    ),
    "fetches": gettext_lazy(
        "This device counts words only, until it has what it needs to read meaning."
    ),
    "fetch": gettext_lazy("Fetch it ({about})"),
    "fetching": gettext_lazy(
        "The guard is fetching what it needs to read meaning, once for this device ({part}). "
        "Your words stay here."
    ),
    "part": gettext_lazy("{got} of {about}"),
    "count_only": gettext_lazy("Send after counting words only"),
    "not_fetched": gettext_lazy(
        "What the guard needs to read meaning could not be fetched. Nothing was sent; your words "
        "stay here."
    ),
}
"""What the panel under a field says, and the line under a form that tells which guard reads."""
SENT_MOST = 40_000


def sent_json(request: HttpRequest) -> dict[str, Any]:
    """Read what a page's script sent; raise Incomplete for anything else."""
    try:
        content = json.loads(request.body) if len(request.body) <= SENT_MOST else None
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise Incomplete(_("This page sent something that cannot be read. Load it anew."))
    return content


def text_of(content: dict[str, Any], name: str) -> str:
    """Give a text that a script sent, empty for what is none."""
    given = content.get(name, "")
    return given if isinstance(given, str) else ""


def words_of_rules() -> dict[str, tuple[str, str]]:
    """Give each rule's line and its allowed way to say it, in the language that is on now."""
    return {rule.id: (_(rule.line), _(rule.instead)) for rule in shipped_rules().rules}


def _language(request: HttpRequest) -> str:
    """Give the language of the page that asks, which need not be the reader's first."""
    asked = request.GET.get("in", "")
    return asked if asked in dict(settings.LANGUAGES) else "en"


@require_safe
@for_viewer
def device(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> JsonResponse:
    """Give an author's device the rules, their words, and whom it may ask."""
    with override(_language(request)):
        said = {"words": words_of_rules(), "says": {name: str(each) for name, each in SAYS.items()}}
    inside = reads_inside(viewer, exchange)
    sits = isinstance(viewer, Sitting)
    ways = {"notes": "guard_notes", "hold": "guard_hold", "held": "guard_held"}
    at = {**ways, "withdraw": "guard_withdraw"}
    return JsonResponse(
        {
            "version": guard_version(),
            "rules": static("exchange/guard_rules.json"),
            "model": static("exchange/guard_model.json"),
            "salt": guard_salt(viewer, exchange).hex() if inside else "",
            "steward": steward_seals(viewer, exchange) if inside and sits else "",
            "meaning": _meaning(),
            "may_note": inside and sits,
            **said,
            "at": {
                way: reverse(f"exchange:{name}", args=[exchange.ref]) for way, name in at.items()
            },
        }
    )


def _meaning() -> dict[str, Any] | None:
    """Say where a device finds what compares texts by their meaning; None where it is not here."""
    if not offers_meaning():
        return None
    on_the_way, unpacked = sizes_of_model()
    return {
        "weights": static("exchange/guard_meaning.json"),
        "model": reverse("exchange:guard_model", args=[PACKED_DIGEST]),
        "bytes": unpacked,
        "about": f"{round(on_the_way / 1e6)} MB",
    }


@require_safe
def model(request: HttpRequest, digest: str) -> HttpResponse:
    """Give the packed sentence model, in gzip, to be kept for good under its digest.

    It is a file of the program, the same for everybody, and says nothing of an exchange; but it is
    large, so a browser that has no business here does not get it.
    """
    if digest != PACKED_DIGEST or not offers_meaning():
        raise Http404
    if sitting_here(request) is None and person_here(request) is None:
        raise Http404
    asked = request.method == "GET"
    content = place_of_model().read_bytes() if asked else b""
    found = HttpResponse(content, content_type="application/octet-stream")
    found["Content-Encoding"] = "gzip"
    found["Cache-Control"] = "public, max-age=31536000, immutable"
    return found


def note_of(given: Any) -> guarding.GuardNote:
    """Read a line for the log as a script sent it."""
    content = given if isinstance(given, dict) else {}
    names = ("rule", "version", "topic", "text_digest", "stop", "action")
    return guarding.GuardNote(**{name: text_of(content, name) for name in names})


@require_POST
@for_sitting
def notes(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> JsonResponse:  # noqa: ARG001
    """Take lines for the log of what rules stopped: hashes and rule ids."""
    try:
        given = sent_json(request).get("notes")
        lines = [note_of(each) for each in given] if isinstance(given, list) else []
        guarding.note_guard(sitting, lines, today=timezone.localdate())
    except ExchangeError as error:
        return refused_to_script(error)
    return JsonResponse({"ok": True})


@require_POST
@for_sitting
def hold(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> JsonResponse:  # noqa: ARG001
    """Hold a text that was sealed to the steward."""
    try:
        content = sent_json(request)
        ref, key = text_of(content, "ref"), text_of(content, "key")
        sealed = _bytes(text_of(content, "sealed"))
        guarding.hold_for_steward(sitting, ref, key=key, sealed=sealed, today=timezone.localdate())
    except ExchangeError as error:
        return refused_to_script(error)
    return JsonResponse({"ok": True})


def _bytes(written: str) -> bytes:
    try:
        return bytes.fromhex(written)
    except ValueError:
        return b""


@require_POST
@for_sitting
def held(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> JsonResponse:
    """Tell a device what became of its held texts: waiting, released or refused."""
    try:
        items = sent_json(request).get("items")
    except ExchangeError as error:
        return refused_to_script(error)
    asked = [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []
    states = {text_of(each, "ref"): _state(sitting, exchange, each) for each in asked[:50]}
    return JsonResponse({"ok": True, "states": states})


def _state(sitting: Sitting, exchange: "Exchange", asked: dict[str, Any]) -> str:
    if still_held(sitting, text_of(asked, "ref"), text_of(asked, "key")):
        return "waiting"
    passed = may_pass(sitting, exchange, text_of(asked, "digest"))
    return "released" if passed else "refused"


@require_POST
@for_sitting
def withdraw(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> JsonResponse:  # noqa: ARG001
    """Give a held text back to its author's device."""
    try:
        content = sent_json(request)
        key = text_of(content, "key")
        guarding.withdraw_held(sitting, text_of(content, "ref"), key=key)
    except Held.DoesNotExist:
        return JsonResponse({"ok": False, "gone": True}, status=409)
    except ExchangeError as error:
        return refused_to_script(error)
    return JsonResponse({"ok": True})


@require_safe
@for_viewer
def words(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """The own list of words and the texts that wait: both are kept on the device alone."""
    return shown(request, "guard_words.html", viewer, exchange, {})


@require_safe
@for_viewer
def log(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """Which rule stopped something how often; no day, no company, no text."""
    often = stopped_how_often(viewer, exchange)
    rows = sorted(_alike(often), key=lambda row: -row.times)
    context = {"rows": rows, "of": sum(often.values())}
    return shown(request, "guard_log.html", viewer, exchange, context)


@dataclass(frozen=True, slots=True)
class RuleSeen:
    """Rules that say the same to an author: their line, and how often they stopped something."""

    line: str | Promise
    instead: str | Promise
    hard: bool
    ids: tuple[str, ...]
    times: int


def _alike(often: Mapping[str, int]) -> list[RuleSeen]:
    """Put rules together that an author cannot tell apart."""
    by_words: dict[tuple[str, str, bool], list[str]] = {}
    for rule in shipped_rules().rules:
        by_words.setdefault((rule.line, rule.instead, rule.hard), []).append(rule.id)
    return [
        RuleSeen(
            gettext_lazy(line),
            gettext_lazy(instead),
            hard,
            tuple(ids),
            sum(often.get(each, 0) for each in ids),
        )
        for (line, instead, hard), ids in by_words.items()
    ]
