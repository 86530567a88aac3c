"""A rule was not kept: it is reported without a name, and answered one grade at a time."""

import secrets
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.holding import changed, convening, log, log_nobody, present
from upturn.exchange.commands.hosting import tidy
from upturn.exchange.commands.leaving import take_out
from upturn.exchange.commands.refusals import told
from upturn.exchange.engine import RULES, Incomplete, answered_with
from upturn.exchange.engine import Breach as State
from upturn.exchange.models import Breach, Exchange
from upturn.exchange.queries.sight import parties_of
from upturn.exchange.queries.sittings import Sitting

if TYPE_CHECKING:
    from upturn.people.models import Person


@transaction.atomic
def report_breach(sitting: Sitting, *, rule: int, about: str, words: str, today: date) -> str:
    """Report that a rule was not kept, by whom if known; who reports it is kept nowhere.

    Raises
    ------
    Gone, Incomplete
    """
    exchange, _party = present(sitting)
    if rule not in RULES or not words.strip():
        raise Incomplete(told(_("Say which of the nineteen rules, and what happened.")))
    others = parties_of(exchange)
    made = Breach.objects.create(
        exchange=exchange,
        ref=secrets.token_hex(6),
        rule=rule,
        about=others.filter(ref=about).first() if about else None,
        words=tidy(words, most=400),
        on=today,
    )
    log_nobody("report breach", exchange)
    return made.ref


@transaction.atomic
def answer_breach(viewer: "Person", exchange: Exchange, ref: str, to: str, *, today: date) -> State:
    """Answer a report by the next grade: a word, a talk, a pause, a parting; or it was none.

    A pause lets a company read, press the brakes and leave; a parting erases it as leaving does,
    and drops its ballots of rounds that are not opened.

    Raises
    ------
    Exchange.DoesNotExist, Breach.DoesNotExist, MoveRefused, Incomplete
    """
    row = convening(viewer, exchange)
    found = Breach.objects.select_for_update().get(exchange=row, ref=ref)
    if to not in list(State):
        raise Incomplete(told(_("A report is answered by a word, a talk, a pause or a parting.")))
    state = answered_with(State(found.state), State(to))
    if found.about is None and state in {State.PAUSED, State.PARTED}:
        raise Incomplete(told(_("This report names nobody. Talk it over with all.")))
    found.state, found.turn = state.value, found.turn + 1
    found.save(update_fields=["state", "turn"])
    _follow(row, found, state, today=today)
    changed(row)
    log(viewer, f"breach {state.value}", row)
    return state


def _follow(exchange: Exchange, breach: Breach, state: State, *, today: date) -> None:
    party = breach.about
    if party is None:
        return
    if state is State.PARTED:
        take_out(exchange, party, words_too=False, today=today)
        return
    paused = Breach.objects.filter(about=party, state=State.PAUSED.value).exists()
    if party.suspended != paused:
        party.suspended = paused
        party.save(update_fields=["suspended"])
