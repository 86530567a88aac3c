"""The steward's desk, and what is said to the host alone."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upturn.exchange.commands import guarding
from upturn.exchange.engine import ExchangeError
from upturn.exchange.models import Held
from upturn.exchange.queries.guarding import held_for_steward, side_notes
from upturn.exchange.queries.rounds import topics
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.views.door import for_sitting, for_viewer, refused_to_script
from upturn.exchange.views.guarding import note_of, sent_json, text_of
from upturn.exchange.views.showing import checked_of, shown
from upturn.exchange.views.talking import seat_of, words_in

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer


@require_safe
@for_sitting
def desk(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> HttpResponse:
    """What waits for the steward, sealed; this page's script opens it with the steward's key."""
    rows = [(row.ref, row.sealed.hex(), row.on) for row in held_for_steward(sitting, exchange)]
    stopped = [each for each in topics(sitting, exchange) if each.stopped_on]
    return shown(request, "steward.html", sitting, exchange, {"rows": rows, "stopped": stopped})


@require_POST
@for_sitting
def decide(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> JsonResponse:  # noqa: ARG001
    """Let a held text pass by its hash, or do not; it is deleted either way."""
    try:
        content = sent_json(request)
        released = note_of(content["note"]) if content.get("note") else None
        ref = text_of(content, "ref")
        guarding.steward_decides(sitting, ref, released=released, today=timezone.localdate())
    except Held.DoesNotExist:
        return JsonResponse({"ok": False, "gone": True}, status=409)
    except ExchangeError as error:
        return refused_to_script(error)
    return JsonResponse({"ok": True})


@require_http_methods(["GET", "HEAD", "POST"])
@for_viewer
def side(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """Say something to the host alone; the host reads it here, without a name."""
    refused: ExchangeError | None = None
    if request.method == "POST":
        try:
            guarding.side_note(
                seat_of(viewer),
                checked_of(request),
                words=words_in(request, "words"),
                same_boat=request.POST.get("act") == "same",
                today=timezone.localdate(),
            )
        except ExchangeError as error:
            refused = error
        else:
            return redirect(f"{request.path}?said=yes")
    notes = () if isinstance(viewer, Sitting) else side_notes(viewer, exchange)
    context = {"notes": notes, "said": "said" in request.GET and not refused}
    return shown(request, "side.html", viewer, exchange, context, refused=refused)
