"""The ladder of a party, reports that a rule was not kept, leaving, and the rules themselves."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upturn.exchange.commands import leaving, likeness
from upturn.exchange.commands import trust as trusting
from upturn.exchange.engine import RULES, Act, Rung, allows
from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.models import PartyKind
from upturn.exchange.queries.before import sign_offs
from upturn.exchange.queries.guarding import stopped_how_often
from upturn.exchange.queries.hosting import parties
from upturn.exchange.queries.likeness import own_likeness
from upturn.exchange.queries.sight import reads_inside
from upturn.exchange.queries.sittings import COOKIE, Sitting
from upturn.exchange.queries.trust import breaches, ladder, own_breaches
from upturn.exchange.views.door import for_convener, for_sitting, for_viewer
from upturn.exchange.views.likeness_words import MATTERS
from upturn.exchange.views.showing import shown
from upturn.exchange.views.trust_words import GRADES, RUNGS, stopped_in_words
from upturn.record.forms import number

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer
    from upturn.people.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
@for_viewer
def trust(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """Show a party its ladder, and the host the reports; on POST a party steps up or down."""
    refused = None
    if request.method == "POST" and isinstance(viewer, Sitting):
        try:
            leaving.step(viewer, number(request, "to"), today=timezone.localdate())
        except ExchangeError as error:
            refused = error
        else:
            return redirect("exchange:trust", exchange.ref)
    return _trust(request, viewer, exchange, refused)


def _trust(
    request: HttpRequest,
    viewer: "Viewer",
    exchange: "Exchange",
    refused: ExchangeError | None = None,
) -> HttpResponse:
    context: dict[str, object] = {"rules": RULES.values(), "grades": GRADES}
    if isinstance(viewer, Sitting):
        own = ladder(viewer)
        context |= {
            "ladder": own,
            "rungs": [(rung, *RUNGS[rung]) for rung in RUNGS],
            "log": [(RUNGS[step.rung][0], step.on) for step in own.log],
            "next": RUNGS[own.offered][0] if own.offered else "",
            "said_of_us": own_breaches(viewer),
            "others": [each for each in parties(viewer, exchange) if not each.mine],
        } | _boat(viewer)
    else:
        context["reports"] = [
            (each, GRADES[each.state], [(to, GRADES[to]) for to in each.may_follow])
            for each in breaches(viewer, exchange)
        ]
    template = "trust.html" if isinstance(viewer, Sitting) else "reports.html"
    return shown(request, template, viewer, exchange, context, refused=refused)


def _boat(viewer: Sitting) -> dict[str, object]:
    """Give what the own company says of itself, and what it could say."""
    said = own_likeness(viewer) if viewer.kind == PartyKind.MEMBER else {}
    return {
        "member": viewer.kind == PartyKind.MEMBER,
        "shares": allows(Rung(viewer.rung), Act.PAIR),
        "boat": said,
        "matters": [(each, *MATTERS[each], said.get(each, "")) for each in MATTERS],
    }


@require_POST
@for_sitting
def boat(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> HttpResponse:
    """Say in bands what boat the own company sits in, or take it back."""
    sent = request.POST
    try:
        if sent.get("act") == "back":
            likeness.take_likeness_back(sitting)
        else:
            given = {matter: sent.get(matter, "") for matter in MATTERS}
            likeness.say_likeness(sitting, given)
    except ExchangeError as error:
        return _trust(request, sitting, exchange, error)
    return redirect(reverse("exchange:trust", args=[exchange.ref]) + "#boat")


@require_POST
@for_sitting
def report(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> HttpResponse:
    """Report that a rule was not kept; who reports it is kept nowhere."""
    sent = request.POST
    try:
        trusting.report_breach(
            sitting,
            rule=number(request, "rule"),
            about=sent.get("about", ""),
            words=sent.get("words", ""),
            today=timezone.localdate(),
        )
    except ExchangeError as error:
        return _trust(request, sitting, exchange, error)
    return shown(request, "reported.html", sitting, exchange, {})


@require_POST
@for_convener
def answer_report(
    request: HttpRequest, viewer: "Person", exchange: "Exchange", breach: str
) -> HttpResponse:
    """Answer a report by the next grade, or say that it was none."""
    to, today = request.POST.get("to", ""), timezone.localdate()
    try:
        trusting.answer_breach(viewer, exchange, breach, to, today=today)
    except ExchangeError as error:
        return _trust(request, viewer, exchange, error)
    return redirect("exchange:trust", exchange.ref)


@require_http_methods(["GET", "HEAD", "POST"])
@for_sitting
def leave(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> HttpResponse:
    """Leave for good, and show what a search found afterwards."""
    sure = request.POST.get("sure") == "yes"
    if request.method != "POST" or not sure:
        context = {"asked": request.method == "POST", "typed": request.POST}
        return shown(request, "leave.html", sitting, exchange, context)
    words_too = request.POST.get("words") == "too"
    try:
        erased = leaving.leave(sitting, words_too=words_too, today=timezone.localdate())
    except ExchangeError as error:
        return shown(request, "leave.html", sitting, exchange, {}, refused=error)
    context = {"erased": erased, "mentions": sum(erased.mentions.values()), "ref": exchange.ref}
    answer = shown(request, "gone.html", sitting, exchange, context)
    answer.delete_cookie(COOKIE)
    return answer


@require_safe
@for_viewer
def rules(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """Show the nineteen rules, and how often the guard stopped something by which of its own."""
    inside = reads_inside(viewer, exchange)
    stopped = stopped_in_words(stopped_how_often(viewer, exchange)) if inside else ()
    context = {
        "rules": RULES.values(),
        "inside": inside,
        "stopped": stopped,
        "relaxed": [
            each
            for each in sign_offs(viewer, exchange)
            if each.rule is not None and each.withdrawn_on is None
        ],
    }
    return shown(request, "rules.html", viewer, exchange, context)
