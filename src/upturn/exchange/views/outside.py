"""What people outside may read: written, cleared by every party, taken back by any of them."""

from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from upturn.exchange.commands import outside as commands
from upturn.exchange.commands.refusals import NotYours, told
from upturn.exchange.engine import Act, Rung, allows
from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.models import PartyKind
from upturn.exchange.queries import outside as queries
from upturn.exchange.queries.fences import within
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.views.door import for_viewer
from upturn.exchange.views.showing import checked_of, shown
from upturn.record.forms import number

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer


@require_http_methods(["GET", "HEAD", "POST"])
@for_viewer
def outside(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """Show the pages for outsiders and what is said to have come of it."""
    refused = None
    if request.method == "POST":
        try:
            _act(request, viewer, exchange)
            return redirect("exchange:outside", exchange.ref)
        except ExchangeError as error:
            refused = error
    sits = isinstance(viewer, Sitting)
    context = {
        "pages": queries.pages(viewer, exchange),
        "shown_now": queries.number_outside(exchange.ref),
        "outcomes": queries.outcomes(viewer, exchange),
        "writes": not isinstance(viewer, Sitting)
        or (viewer.kind == PartyKind.MEMBER and allows(Rung(viewer.rung), Act.POST)),
        "clears": sits and getattr(viewer, "kind", "") != PartyKind.STEWARD,
        "typed_numbers": request.POST.getlist("numbers") if refused else ["", "", ""],
    }
    return shown(request, "outside.html", viewer, exchange, context, refused=refused)


def _act(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> None:
    sent, today = request.POST, timezone.localdate()
    act = sent.get("act", "")
    if act == "write":
        lines = tuple(sent.getlist("numbers"))
        draft = commands.PageDraft(story=sent.get("story", ""), numbers=lines)
        commands.write_page(viewer, exchange, draft, checked_of(request), today=today)
    elif act == "outcome":
        words, design = sent.get("words", ""), sent.get("design", "")
        checked = checked_of(request)
        commands.note_outcome(viewer, exchange, checked, words=words, today=today, design=design)
    elif act in {"clear", "back"} and isinstance(viewer, Sitting):
        _decide(request, viewer)
    else:
        raise NotYours(told(lazy("The companies and their client clear what is said of them.")))


def _decide(request: HttpRequest, sitting: Sitting) -> None:
    page, sent = number(request, "number"), request.POST
    if sent.get("act") == "back":
        commands.take_back_clearance(sitting, page)
        return
    digest, today = sent.get("digest", ""), timezone.localdate()
    commands.clear_page(sitting, page, digest=digest, today=today)


@require_safe
def out(request: HttpRequest, ref: str) -> HttpResponse:
    """Show to anybody the newest page that all have cleared; nothing else is told."""
    try:
        with within(ref):
            page = queries.outside_page(ref, queries.number_outside(ref))
    except ObjectDoesNotExist as error:
        raise Http404(_("There is no such page, or not everybody has cleared it.")) from error
    return render(request, "exchange/out.html", {"page": page})
