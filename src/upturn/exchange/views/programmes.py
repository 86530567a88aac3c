"""Programmes: expectations first, parts with owners, and a GO that the client alone signs."""

import secrets
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from upturn.exchange.commands import programmes as commands
from upturn.exchange.commands.guarding import Checked
from upturn.exchange.commands.refusals import NotYours, told
from upturn.exchange.engine import Act, Incomplete, Part, Rung, Stage, Verb, allows
from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.models import PartyKind
from upturn.exchange.queries import programmes as queries
from upturn.exchange.queries.guarding import guard_version
from upturn.exchange.queries.hosting import parties
from upturn.exchange.queries.kits import begun_from
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.views import programme_moves as moves
from upturn.exchange.views.door import for_viewer
from upturn.exchange.views.showing import checked_of, shown
from upturn.record.forms import number

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer

STAGES = (
    ("expectations", _("Expected")),
    ("building", _("Built")),
    ("consent", _("Agreed")),
    ("decides", _("Client decides")),
    ("live", _("Live")),
)
"""Stages on the spine, in their order; a stopped programme stands on none."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_viewer
def programmes(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """List the programmes; a company begins another."""
    refused = None
    if request.method == "POST":
        try:
            key, name = request.POST.get("key", "")[:64], request.POST.get("name", "")
            made = commands.new_programme(_sitting(viewer), checked_of(request), key=key, name=name)
            return redirect("exchange:programme", exchange.ref, made.ref)
        except ExchangeError as error:
            refused = error
    member = isinstance(viewer, Sitting) and viewer.kind == PartyKind.MEMBER
    context = {
        "rows": [(each, spine(each)) for each in queries.programmes(viewer, exchange)],
        "member": member,
        "begins": isinstance(viewer, Sitting)
        and member
        and allows(Rung(viewer.rung), Act.TAKE_PART),
        "has_client": any(each.kind == PartyKind.CLIENT for each in parties(viewer, exchange)),
        "key": request.POST.get("key") or secrets.token_hex(8),
    }
    return shown(request, "programmes.html", viewer, exchange, context, refused=refused)


def spine(seen: queries.ProgrammeSeen) -> list[tuple[object, str]]:
    """Give the stages of a programme, each with how it stands: done, now, or neither."""
    codes = [code for code, _name in STAGES]
    at = codes.index(seen.stage) if seen.stage in codes else -1
    looks = ["done" if place < at or seen.stage == "live" else "" for place in range(len(codes))]
    if at >= 0 and seen.stage != "live":
        looks[at] = "now" if moving(seen) else "now theirs"
    return [(name, look) for (_code, name), look in zip(STAGES, looks, strict=True)]


def moving(seen: queries.ProgrammeSeen) -> bool:
    """Say whether the next step is the viewer's."""
    if seen.stage == Stage.BUILDING and Verb.CHANGE in seen.may:
        return True
    said_so = {Verb.CONSENT, Verb.CONCERN, Verb.OBJECT} if seen.own_word else set()
    at_any_time = {Verb.CHANGE, Verb.STOP, Verb.READ_DISSENT, Verb.WOULD_MAKE_GO}
    asked_first = {Verb.EXPECT} if seen.expectations or seen.stage != "expectations" else set()
    return bool(seen.may - said_so - at_any_time - asked_first)


@require_http_methods(["GET", "HEAD", "POST"])
@for_viewer
def programme(
    request: HttpRequest, viewer: "Viewer", exchange: "Exchange", programme: str
) -> HttpResponse:
    """Show a programme with its history, and make a move on it."""
    queries.programme_in(viewer, exchange, programme)
    refused = None
    if request.method == "POST":
        try:
            asked = _asked(request)
            checked = checked_of(request) if asked.words or asked.part else _nothing_written()
            commands.make_move(
                _sitting(viewer), programme, asked, checked, today=timezone.localdate()
            )
            return redirect("exchange:programme", exchange.ref, programme)
        except ExchangeError as error:
            refused = error
    seen = queries.programme_seen(viewer, programme)
    members = [each for each in parties(viewer, exchange) if each.kind == PartyKind.MEMBER]
    said = queries.history(viewer, programme)
    brought = begun_from(viewer, exchange)
    context = {
        "seen": seen,
        "spine": spine(seen),
        "moving": moving(seen),
        "offers": moves.offers(viewer, seen),
        "too_low": moves.too_low(viewer, seen),
        "lacks": [*moves.lacking(seen)],
        "history": said,
        "members": members,
        "consenting": _consenting(seen),
        "expects": Verb.EXPECT in seen.may,
        "brought": brought.expectations if brought else (),
        "builds": Verb.CHANGE in seen.may and moves.on_rung(viewer, Verb.CHANGE),
        "go_word": queries.GO_WORD,
    }
    return shown(request, "programme.html", viewer, exchange, context, refused=refused)


def _sitting(viewer: "Viewer") -> Sitting:
    if not isinstance(viewer, Sitting):
        raise NotYours(told(_("Members build, the client decides; this is neither’s move.")))
    return viewer


def _consenting(seen: queries.ProgrammeSeen) -> int:
    last = {each.company: each.said for each in seen.words}
    return sum(said in {Verb.CONSENT, Verb.CONCERN} for said in last.values())


def _nothing_written() -> Checked:
    """A move without words has nothing that a guard could stop."""
    return Checked(guard_version())


def _asked(request: HttpRequest) -> commands.ProgrammeMove:
    sent = request.POST
    try:
        verb = Verb(sent.get("verb", ""))
    except ValueError as error:
        raise Incomplete(told(_("There is no such move. Look at the page again."))) from error
    code = " ".join(sent.get("code", "").split())
    part = Part(code, sent.get("part", "").strip(), sent.get("owner", ""))
    return commands.ProgrammeMove(
        verb=verb,
        on=number(request, "on", missing=0),
        words=sent.get("words", ""),
        part=part if verb is Verb.CHANGE else None,
        signature=sent.get("signature", ""),
    )
