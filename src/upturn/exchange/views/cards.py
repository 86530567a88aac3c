"""Practice cards: how somebody does it; trying one in steps, adopting it, saying why it helped."""

import secrets
from datetime import date
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upturn.exchange.commands import cards
from upturn.exchange.commands.refusals import NotYours, told
from upturn.exchange.engine import ExchangeError, Incomplete
from upturn.exchange.engine.likeness import ANY
from upturn.exchange.models import Topic, Trial
from upturn.exchange.queries import cards as seen
from upturn.exchange.queries import rounds as talked
from upturn.exchange.queries.likeness import alike
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.views.door import for_sitting, for_viewer
from upturn.exchange.views.likeness_words import TEAM_CHOICES, TEAMS
from upturn.exchange.views.showing import checked_of, day_of, shown
from upturn.exchange.views.talking import roles, seat_of, words_in
from upturn.record.forms import number
from upturn.stats.draws import generator

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer


@require_safe
@for_viewer
def all_cards(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """All practice cards, and what the own company tries."""
    found = seen.cards(viewer, exchange)
    team = request.GET.get("team", "")
    titles = {each.ref: each.title for each in found}
    trials = seen.own_trials(viewer, exchange) if isinstance(viewer, Sitting) else ()
    names = talked.topic_names(viewer, exchange)
    context = {
        "all": found,
        "cards": [
            (each, names.get(each.topic, ""))
            for each in found
            if team not in TEAMS or each.tenure == team
        ],
        "team": team if team in TEAMS else "",
        "teams": TEAM_CHOICES,
        "alike": alike(viewer, exchange),
        "trials": [(each, titles[each.card]) for each in trials if each.card in titles],
        **roles(viewer, exchange),
    }
    return shown(request, "cards.html", viewer, exchange, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_sitting
def new(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> HttpResponse:
    """Share how the own company does it."""
    refused: ExchangeError | None = None
    if request.method == "POST":
        draft = cards.CardDraft(
            key=request.POST.get("key", ""),
            topic=request.POST.get("topic", ""),
            words=cards.CardWords(**{name: words_in(request, name) for name in cards.MOST}),
            tenure=request.POST.get("tenure", ANY),
        )
        try:
            made = cards.share_card(sitting, draft, checked_of(request), today=timezone.localdate())
        except ExchangeError as error:
            refused = error
        except Topic.DoesNotExist:
            refused = Incomplete(told(_("Choose a topic that the brakes are not on.")))
        else:
            return redirect("exchange:card", exchange.ref, made.ref)
    context = {
        "topics": [each for each in talked.topics(sitting, exchange) if not each.stopped_on],
        "fields": [(name, most, request.POST.get(name, "")) for name, most in cards.MOST.items()],
        "teams": TEAM_CHOICES,
        "tenure": request.POST.get("tenure", ANY),
        "key": request.POST.get("key") or secrets.token_hex(16),
        **roles(sitting, exchange),
    }
    return shown(request, "card_new.html", sitting, exchange, context, refused=refused)


@require_http_methods(["GET", "HEAD", "POST"])
@for_viewer
def one(request: HttpRequest, viewer: "Viewer", exchange: "Exchange", card: str) -> HttpResponse:
    """A practice card, and what the own company does with it."""
    refused: ExchangeError | None = None
    talked.check_same(seen.card_by_ref(viewer, card).exchange_id, exchange)
    if request.method == "POST":
        try:
            _does(request, seat_of(viewer), card)
        except ExchangeError as error:
            refused = error
        except Trial.DoesNotExist:
            refused = NotYours(told(_("This trial is not your company’s. Nothing was changed.")))
        else:
            if request.POST.get("act") == "pull":
                return redirect("exchange:cards", exchange.ref)
            return redirect("exchange:card", exchange.ref, card)
    row = seen.card_seen(viewer, card)
    trials = seen.own_trials(viewer, exchange) if isinstance(viewer, Sitting) else ()
    own = [each for each in trials if each.card == card]
    context = {
        "card": row,
        "alike": alike(viewer, exchange),
        "topic": talked.topic_names(viewer, exchange).get(row.topic, ""),
        "trials": own,
        "own_card": seen.is_own(viewer, card),
        "may_thank": any(each.adopted_on for each in own) and not seen.has_thanked(viewer, card),
        "key": request.POST.get("key") or secrets.token_hex(16),
        "today": timezone.localdate(),
        **roles(viewer, exchange),
    }
    return shown(request, "card.html", viewer, exchange, context, refused=refused)


def _does(request: HttpRequest, sitting: Sitting, card: str) -> None:
    sent, today = request.POST, timezone.localdate()
    trial = sent.get("trial", "")
    match sent.get("act"):
        case "try":
            draft = _trial(request, today)
            draws = generator(secrets.randbits(63), "focus week")
            cards.try_card(sitting, card, draft, draws=draws, today=today)
        case "ask":
            cards.link_ask(sitting, trial, ask_ref=words_in(request, "ask"))
        case "adopt":
            cards.adopt(sitting, trial, today=today)
        case "thank":
            reason = words_in(request, "words")
            cards.thank(sitting, card, checked_of(request), reason=reason, today=today)
        case "pull":
            cards.pull_card(sitting, card, today=today)
        case _:
            raise Incomplete(told(_("This page does not know that. Load it anew.")))


def _trial(request: HttpRequest, today: date) -> cards.TrialDraft:
    sent = request.POST
    return cards.TrialDraft(
        key=sent.get("key", ""),
        places=number(request, "places"),
        first=day_of(sent.get("first", "")) or today,
        together=sent.get("how") == "together",
    )
