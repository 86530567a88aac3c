"""Decisions by consent: proposals, positions, dissent that stays, joint plans with a part each."""

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upturn.exchange.commands import decisions, joint_plans
from upturn.exchange.commands.hosting import CounselsWord
from upturn.exchange.commands.kept import say_whether_kept
from upturn.exchange.commands.refusals import NotYours, told
from upturn.exchange.engine import ExchangeError, Incomplete
from upturn.exchange.models import Dissent, Topic
from upturn.exchange.queries import decisions as seen
from upturn.exchange.queries.joint_plans import makes_products
from upturn.exchange.queries.kept import AGREED, promise_to_tell
from upturn.exchange.queries.rounds import check_same, topic_names, topics
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.views.door import for_sitting, for_viewer
from upturn.exchange.views.showing import checked_of, day_of, shown
from upturn.exchange.views.talking import DAYS, roles, seat_of, words_in
from upturn.record.forms import number

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer
    from upturn.people.models import Person

REVIEW_AFTER = timedelta(days=90)
KEY_MOST = 20
SEED_BITS = 31
"""A seed is read out and typed, so it is short."""


@require_safe
@for_viewer
def all_decisions(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """Proposals that are open, and decisions as they were closed, with their dissent."""
    found = seen.decisions(viewer, exchange)
    named = roles(viewer, exchange)
    context = {
        "running": [each for each in found if not each.closed_on],
        "over": [each for each in found if each.closed_on],
        "mine": sum(named["member"] and not each.closed_on and not each.own for each in found),
        **named,
    }
    return shown(request, "decisions.html", viewer, exchange, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_sitting
def new(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> HttpResponse:
    """Propose something to all, alone or as a joint plan."""
    refused: ExchangeError | None = None
    if request.method == "POST":
        try:
            made = decisions.propose(
                sitting, _draft(request), checked_of(request), now=timezone.now()
            )
        except ExchangeError as error:
            refused = error
        except Topic.DoesNotExist:
            refused = Incomplete(told(_("Choose a topic that the brakes are not on.")))
        else:
            return redirect("exchange:decision", exchange.ref, made.ref)
    context = {
        "topics": [each for each in topics(sitting, exchange) if not each.stopped_on],
        "days": DAYS,
        "may_product": makes_products(exchange),
        "key": request.POST.get("key") or secrets.token_hex(16),
        **roles(sitting, exchange),
    }
    return shown(request, "decision_new.html", sitting, exchange, context, refused=refused)


def _draft(request: HttpRequest) -> decisions.DecisionDraft:
    sent = request.POST
    days = min(max(number(request, "days", missing=DAYS[2]), 1), DAYS[-1])
    joint = sent.get("plan") == "joint"
    return decisions.DecisionDraft(
        key=sent.get("key", ""),
        topic=sent.get("topic", ""),
        words=words_in(request, "words"),
        until=timezone.now() + timedelta(days=days),
        collective=joint,
        customer_outcome=words_in(request, "outcome") if joint else "",
        focus=sent.get("focus", "") if joint else "",
        focus_from=day_of(sent.get("focus_from", "")),
        seed=secrets.randbits(SEED_BITS),
        product=joint and "product" in sent,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_viewer
def one(
    request: HttpRequest, viewer: "Viewer", exchange: "Exchange", decision: str
) -> HttpResponse:
    """A decision as it stands, and what the viewer says to it."""
    refused: ExchangeError | None = None
    found = seen.decision_by_ref(viewer, decision)
    check_same(found.topic.exchange_id, exchange)
    if request.method == "POST":
        try:
            _does(request, viewer, decision)
        except ExchangeError as error:
            refused = error
        except Dissent.DoesNotExist:
            refused = NotYours(told(_("There is no such dissent here. Look again.")))
        else:
            return redirect("exchange:decision", exchange.ref, decision)
    row = seen.decision_seen(viewer, decision)
    named = roles(viewer, exchange)
    context = {
        "decision": row,
        "topic": topic_names(viewer, exchange)[row.topic],
        "unanswered": sum(not each.answer for each in row.dissents),
        "review": timezone.localdate() + REVIEW_AFTER,
        "read": found.dissent_read_on,
        "closes": row.open in {"", "no_review"} and not row.gaps and not _waits(row),
        "stopped": found.topic.stopped_on,
        "promise": promise_to_tell(viewer, decision, today=timezone.localdate()),
        **named,
    }
    return shown(request, "decision.html", viewer, exchange, context, refused=refused)


def _waits(row: seen.DecisionSeen) -> bool:
    """Whether it would be agreed as it stands, but for counsel's word on its product."""
    return row.plan.waits and row.standing in AGREED


def _does(request: HttpRequest, viewer: "Viewer", decision: str) -> None:
    sent, checked, today = request.POST, checked_of(request), timezone.localdate()
    match sent.get("act"):
        case "stand":
            _stands(request, seat_of(viewer), decision)
        case "read":
            decisions.read_dissent(viewer, decision, today=today)
        case "answer":
            at, answer = _key(sent.get("dissent", "")), words_in(request, "words")
            decisions.answer_dissent(viewer, decision, at, checked, answer=answer, today=today)
        case "close":
            review = day_of(sent.get("review", ""))
            decisions.close_decision(viewer, decision, today=today, review_on=review)
        case _:
            _does_in_plan(request, viewer, decision)


def _does_in_plan(request: HttpRequest, viewer: "Viewer", decision: str) -> None:
    """Do what only joint plans have: parts, promises kept, counsel's word on a product."""
    sent, checked, today = request.POST, checked_of(request), timezone.localdate()
    match sent.get("act"):
        case "part" | "abstain":
            decisions.add_part(seat_of(viewer), decision, _part(request), checked)
        case "kept" | "not_kept" as said:
            say_whether_kept(seat_of(viewer), decision, kept=said == "kept", today=today)
        case "counsel":
            word = CounselsWord(counsel=sent.get("counsel", ""), words=words_in(request, "words"))
            joint_plans.log_counsel(_keeper(viewer), decision, word, checked, today=today)
        case "withdraw":
            joint_plans.withdraw_counsel(_keeper(viewer), decision, today=today)
        case _:
            raise Incomplete(told(_("This page does not know that. Load it anew.")))


def _keeper(viewer: "Viewer") -> "Person":
    if isinstance(viewer, Sitting):
        raise NotYours(told(_("Who keeps the exchange logs counsel’s word.")))
    return viewer


def _stands(request: HttpRequest, sitting: Sitting, decision: str) -> None:
    """Take a position; a concern may stand without a name, an objection may not."""
    sent, checked = request.POST, checked_of(request)
    words, change = words_in(request, "words"), words_in(request, "change")
    if sent.get("position") == "concern" and sent.get("unnamed"):
        decisions.concern(sitting, decision, checked, words=words, would_change=change)
        return
    standing = decisions.Standing(
        position=sent.get("position", ""), words=words, would_change=change
    )
    decisions.take_position(sitting, decision, standing, checked)


def _part(request: HttpRequest) -> decisions.PartDraft:
    sent = request.POST
    return decisions.PartDraft(
        words=words_in(request, "words"),
        customer=words_in(request, "customer"),
        win=words_in(request, "win"),
        abstains=sent.get("act") == "abstain",
        starts_on=day_of(sent.get("starts", "")),
    )


def _key(written: str) -> int:
    """Read the key of a row, which is drawn and long; 0 for whatever is none."""
    known = written.isascii() and written.isdecimal() and len(written) < KEY_MOST
    return min(int(written), 2**63 - 1) if known else 0
