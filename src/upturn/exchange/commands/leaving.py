"""Steps on the trust ladder, and leaving: each down is immediate, and leaving erases."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands import closing_benchmarks, programmes
from upturn.exchange.commands.erasing import erase_party, still_mentioned
from upturn.exchange.commands.holding import changed, convening, log, log_nobody, present
from upturn.exchange.commands.hosting import ask_anew
from upturn.exchange.commands.refusals import NotYours, SignFirst, told
from upturn.exchange.engine import MoveRefused, stepped
from upturn.exchange.engine import Rung as EngineRung
from upturn.exchange.models import (
    Consent,
    Exchange,
    ExchangeParty,
    ExchangeState,
    Likeness,
    Rung,
)
from upturn.exchange.queries.hosting import party_by_ref
from upturn.exchange.queries.sittings import Sitting, has_signed
from upturn.exchange.queries.trust import log_of

if TYPE_CHECKING:
    from upturn.people.models import Person


@dataclass(frozen=True, slots=True)
class Erased:
    """What a search of the database found after a party left.

    `mentions` are counts by table and column: others' words that name it. Its own are in none.
    """

    searched_for: int
    mentions: dict[str, int]


@transaction.atomic
def step(sitting: Sitting, to: int, *, today: date) -> int:
    """Stand on another rung: one up, or down as far as wanted, at once and without a reason.

    Raises
    ------
    Gone, SignFirst, MoveRefused
    """
    exchange, party = present(sitting)
    if to not in Rung.values:
        raise MoveRefused(told(_("There is no such rung.")), code="none")
    if to > party.rung and not has_signed(exchange, party.pk):
        raise SignFirst
    stepped(log_of(party), EngineRung(to), on=today)
    Consent.objects.create(party=party, rung=to, on=today)
    party.rung = to
    party.save(update_fields=["rung"])
    if to < Rung.SHARE_PRACTICE:
        Likeness.objects.filter(party=party).delete()
    log(sitting, "step on the ladder", exchange)
    return to


@transaction.atomic
def leave(sitting: Sitting, *, words_too: bool, today: date) -> Erased:
    """Leave for good: all that is the party's is erased, and the erasure searched for.

    What it told the others stays without its name, or goes if `words_too`. Opened totals stay.

    Raises
    ------
    Gone
    """
    exchange, party = present(sitting)
    found = take_out(exchange, party, words_too=words_too, today=today)
    log_nobody("party left", exchange)
    return found


def take_out(exchange: Exchange, party: ExchangeParty, *, words_too: bool, today: date) -> Erased:
    """Erase a party of a held exchange and search for what is left of it."""
    marks = tuple(filter(None, (party.name, party.signs, party.seals, party.gain_digest)))
    closing_benchmarks.party_left(party)
    programmes.party_left(party, today=today)
    erase_party(party, words_too=words_too, today=today)
    ask_anew(exchange)
    changed(exchange)
    return Erased(len(marks), still_mentioned(exchange, marks))


@transaction.atomic
def withdraw_invitation(viewer: "Person", exchange: Exchange, ref: str, *, today: date) -> Erased:
    """Take back the invitation of a party that never came in; nothing of it stays.

    Raises
    ------
    ExchangeParty.DoesNotExist, NotYours
    """
    row = convening(viewer, exchange)
    party = party_by_ref(viewer, row, ref)
    if party.joined_on is not None and row.state != ExchangeState.PREPARING:
        raise NotYours(
            told(_("It takes part. It leaves by itself, or after a breach that was talked over."))
        )
    found = take_out(row, party, words_too=True, today=today)
    log(viewer, "withdraw invitation", row)
    return found
