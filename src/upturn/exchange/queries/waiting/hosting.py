"""What waits of preparing, calls, the charter and trust."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from upturn.exchange.engine import Breach as State
from upturn.exchange.engine import BuyInStanding
from upturn.exchange.models import ExchangeState, PartyKind
from upturn.exchange.queries.before import buy_in, own_buy_in
from upturn.exchange.queries.charters import charter_now, lead
from upturn.exchange.queries.desk import Stage, stages
from upturn.exchange.queries.people import knocks
from upturn.exchange.queries.sight import own_party
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.queries.trust import breaches, own_breaches
from upturn.exchange.queries.waiting.one import Waiting

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer
    from upturn.people.models import Person


def waiting(viewer: "Viewer", exchange: "Exchange") -> "Iterator[Waiting]":
    """Give what waits for the viewer here."""
    if exchange.state == ExchangeState.CLOSED:
        return
    if isinstance(viewer, Sitting):
        yield from _of_party(viewer, exchange)
    else:
        yield from _of_host(viewer, exchange)


def _of_host(viewer: "Person", exchange: "Exchange") -> "Iterator[Waiting]":
    at = (exchange.ref,)
    if exchange.state == ExchangeState.PREPARING:
        yield from _before_it_opens(viewer, exchange)
    elif _chair_is_free(viewer, exchange, today=timezone.localdate()):
        yield Waiting(_("The chair can go on to the next company."), "charter", at)
    if outside := len(knocks(viewer, exchange)):
        said = ngettext(
            "%(n)d company asks to come in.", "%(n)d companies ask to come in.", outside
        )
        yield Waiting(said % {"n": outside}, "parties", at)
    reports = [each for each in breaches(viewer, exchange) if each.state is State.REPORTED]
    if reports:
        said = ngettext(
            "%(n)d report that a rule was not kept waits for an answer.",
            "%(n)d reports that a rule was not kept wait for an answer.",
            len(reports),
        )
        yield Waiting(said % {"n": len(reports)}, "trust", at)


def _before_it_opens(viewer: "Person", exchange: "Exchange") -> "Iterator[Waiting]":
    at = (exchange.ref,)
    lacking = [each for each in stages(viewer, exchange) if each.lacks]
    for stage in lacking:
        yield Waiting(
            stage.lacks[0].said if len(stage.lacks) == 1 else _more(stage), stage.view, at
        )
    if not lacking:
        yield Waiting(_("Everything is ready. Open the exchange."), "desk", at)


def _more(stage: Stage) -> str:
    lacks = len(stage.lacks)
    words = ngettext("%(step)s: %(n)d thing is open.", "%(step)s: %(n)d things are open.", lacks)
    return words % {"step": stage.said, "n": lacks}


def _chair_is_free(viewer: "Viewer", exchange: "Exchange", *, today: date) -> bool:
    now = lead(viewer, exchange)
    return bool(now.next) and (not now.party or (now.until is not None and today >= now.until))


def _of_party(viewer: Sitting, exchange: "Exchange") -> "Iterator[Waiting]":
    at = (exchange.ref,)
    party = own_party(viewer)
    if not party.signs:
        yield Waiting(_("Make your company’s key."), "keys", at)
    elif party.compared_on is None:
        yield Waiting(_("Read the six words of your key to the host on the phone."), "keys", at)
    if party.signs and not viewer.charter_signed and charter_now(viewer, exchange):
        yield Waiting(_("Read the charter and sign it."), "charter", at)
    if exchange.state == ExchangeState.PREPARING and party.signs:
        yield from _of_the_answer(viewer, exchange)
    if party.kind == PartyKind.MEMBER and not party.gain_digest:
        yield Waiting(_("Write down, for yourself, what your company gains."), "charter", at)
    if any(each.state in {State.REMINDED, State.TALKED} for each in own_breaches(viewer)):
        yield Waiting(_("The host has a word with you about a rule."), "trust", at)


def _of_the_answer(viewer: Sitting, exchange: "Exchange") -> "Iterator[Waiting]":
    if viewer.kind == PartyKind.STEWARD:
        return
    at = (exchange.ref,)
    seen, (sealed, token) = buy_in(viewer, exchange), own_buy_in(viewer)
    asked = viewer.party_ref in seen.among
    if not sealed:
        yield Waiting(_("Say yes, not yet or no. It stays sealed."), "answer", at)
    elif asked and seen.standing is BuyInStanding.ASKING and not token:
        yield Waiting(_("All were called. Your device hands in its part."), "answer", at)
    elif asked and seen.standing is BuyInStanding.NOT_ALL:
        yield Waiting(_("Not all said yes. You may open your own answer."), "answer", at)
