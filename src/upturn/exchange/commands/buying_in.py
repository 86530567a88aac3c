"""Leaders are called, seal an answer, and learn together whether all said yes, and no more."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.holding import HEX_32, changed, convening, log, present
from upturn.exchange.commands.refusals import NotOpen, NotYours, told
from upturn.exchange.engine import (
    Answer,
    BadSeal,
    BuyInStanding,
    Incomplete,
    SealedAnswer,
    asked_again,
    opened,
    standing,
)
from upturn.exchange.models import BuyIn, Exchange, ExchangeState
from upturn.exchange.queries.before import asked_rows, leaders_of
from upturn.exchange.queries.hosting import party_by_ref
from upturn.exchange.queries.sittings import Sitting

if TYPE_CHECKING:
    from upturn.people.models import Person

MOST_LEFT_OUT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedAnswer:
    """An answer that its leader opens, with the salt that shows it is the one that was sealed."""

    answer: str
    salt: str
    leaves_out: tuple[str, ...] = ()


@transaction.atomic
def called(viewer: "Person", exchange: Exchange, ref: str, *, today: date) -> None:
    """Note that a leader was called; what was said is noted on the caller's side alone.

    Raises
    ------
    ExchangeParty.DoesNotExist, NotOpen, NotYours
    """
    row = convening(viewer, exchange)
    _check_preparing(row)
    party = party_by_ref(viewer, row, ref)
    if not asked_rows(row).filter(party=party).exists():
        raise NotYours(told(_("The steward is asked by other ways, and has no answer to seal.")))
    BuyIn.objects.filter(party=party, called_on=None).update(called_on=today)
    changed(row)
    log(viewer, "call leader", row)


def _check_preparing(exchange: Exchange) -> None:
    if exchange.state != ExchangeState.PREPARING:
        raise NotOpen


def _own(sitting: Sitting) -> tuple[Exchange, BuyIn]:
    exchange, party = present(sitting)
    _check_preparing(exchange)
    row = asked_rows(exchange).filter(party=party).first()
    if row is None:
        raise NotYours(told(_("The steward is asked by other ways, and has no answer to seal.")))
    return exchange, row


@transaction.atomic
def seal_answer(sitting: Sitting, commitment: str) -> None:
    """Hand in a sealed answer, once; the same one a second time changes nothing.

    Raises
    ------
    Gone, NotOpen, NotYours, BadSeal
    """
    exchange, row = _own(sitting)
    if not HEX_32.fullmatch(commitment):
        raise BadSeal(told(_("This is no sealed answer. Let the device seal it anew.")))
    if row.commitment == commitment:
        return
    if row.commitment:
        raise NotYours(told(_("An answer was sealed on the call. To change it, open that one.")))
    row.commitment = commitment
    row.save(update_fields=["commitment"])
    changed(exchange)
    log(sitting, "seal answer", exchange)


@transaction.atomic
def hand_token(sitting: Sitting, token: str, *, asking: int) -> BuyInStanding:
    """Hand in the token of this time of asking, once, when all have sealed; say where it stands.

    Raises
    ------
    Gone, NotOpen, NotYours, BadSeal, Incomplete
    """
    exchange, row = _own(sitting)
    if asking != exchange.asking:
        raise BadSeal(told(_("This was made for another time of asking. Let it be made anew.")))
    if not HEX_32.fullmatch(token):
        raise BadSeal(told(_("This is no token. Let the device make it anew.")))
    if standing(leaders_of(exchange)) is BuyInStanding.CALLING:
        raise Incomplete(told(_("Not everybody was called and has sealed yet. Wait for the rest.")))
    if row.token not in {"", token} or row.opened in {Answer.NOT_YET, Answer.NO}:
        raise NotYours(told(_("Nothing more is asked of you at this time of asking.")))
    row.token = token
    row.save(update_fields=["token"])
    changed(exchange)
    log(sitting, "hand in token", exchange)
    return standing(leaders_of(exchange))


@transaction.atomic
def open_answer(sitting: Sitting, said: OpenedAnswer) -> None:
    """Open one's own answer, by one's own will; with a yes, the topics it leaves out.

    Raises
    ------
    Gone, NotOpen, NotYours, BadSeal
        If it is not the answer that was sealed.
    """
    exchange, row = _own(sitting)
    if not HEX_32.fullmatch(said.salt) or said.answer not in list(Answer):
        raise BadSeal(told(_("This is not the answer that was sealed on the call. Open that one.")))
    left_out = tuple(sorted({each[:120] for each in said.leaves_out[:MOST_LEFT_OUT]}))
    answer = SealedAnswer(Answer(said.answer), left_out, bytes.fromhex(said.salt))
    leader = next(each for each in leaders_of(exchange) if each.ref == sitting.party_ref)
    opened(leader, answer, exchange=exchange.ref)
    row.opened, row.salt, row.exceptions = said.answer, said.salt, list(left_out)
    row.save(update_fields=["opened", "salt", "exceptions"])
    changed(exchange)
    log(sitting, "open own answer", exchange)


@transaction.atomic
def ask_again(viewer: "Person", exchange: Exchange) -> int:
    """Ask all again, without those who opened that it is not a yes; give the time of asking.

    Raises
    ------
    Exchange.DoesNotExist, NotOpen, Incomplete
        If it has not turned out yet, or nobody opened anything since.
    """
    row = convening(viewer, exchange)
    _check_preparing(row)
    asked_again(leaders_of(row))
    asked_rows(row).update(token="")
    row.asking += 1
    row.save(update_fields=["asking"])
    changed(row)
    log(viewer, "ask again", row)
    return row.asking
