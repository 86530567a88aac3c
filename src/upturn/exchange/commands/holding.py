"""What every change of an exchange shares: its row held, who acts looked at again, the journal."""

import logging
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.refusals import (
    Gone,
    NotOpen,
    NotYours,
    SignFirst,
    Suspended,
    TooLow,
    told,
)
from upturn.exchange.engine import NEEDED, Act, allows
from upturn.exchange.engine import Rung as Step
from upturn.exchange.models import Exchange, ExchangeParty, ExchangeState, PartyKind, Rung
from upturn.exchange.queries.fences import each_by_itself, within
from upturn.exchange.queries.sight import Viewer, check_convene, is_open
from upturn.exchange.queries.sittings import Sitting, has_signed
from upturn.record import journal

if TYPE_CHECKING:
    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

ALSO_SUSPENDED = frozenset({Act.READ, Act.PRESS_BRAKES, Act.LEAVE})
"""What a party that pauses may still do."""
KINDS: Mapping[Act, frozenset[str]] = {
    Act.SEAL_BALLOT: frozenset({PartyKind.MEMBER}),
    Act.TAKE_PART: frozenset({PartyKind.MEMBER}),
    Act.POST: frozenset({PartyKind.MEMBER}),
    Act.US_TOO: frozenset({PartyKind.MEMBER}),
    Act.WRITE_CARD: frozenset({PartyKind.MEMBER}),
    Act.TRY_CARD: frozenset({PartyKind.MEMBER}),
    Act.PAIR: frozenset({PartyKind.MEMBER}),
    Act.DISSENT: frozenset({PartyKind.MEMBER}),
}
"""Acts of companies alone; the others are open to client and steward too."""
HEX_16, HEX_32 = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{64}")
"""Sixteen and thirty-two bytes as devices write them: references, digests, keys, salts."""


def held(exchange: int) -> Exchange:
    """Give an exchange as it is, held until the change commits; inside a transaction."""
    return Exchange.objects.select_for_update().get(pk=exchange)


def convening(viewer: Viewer, exchange: Exchange) -> Exchange:
    """Hold an exchange for who keeps it; raise Exchange.DoesNotExist for anybody else."""
    check_convene(viewer, exchange)
    return held(exchange.pk)


def present(sitting: Sitting) -> tuple[Exchange, ExchangeParty]:
    """Hold the exchange of a sitting, with its party as it is now; raise Gone once it left."""
    exchange = held(sitting.exchange)
    rows = ExchangeParty.objects.filter(pk=sitting.party, exchange=exchange, left_on__isnull=True)
    party = rows.filter(seats=sitting.pk).first()
    if party is None:
        raise Gone
    return exchange, party


def acting(sitting: Sitting, act: Act) -> tuple[Exchange, ExchangeParty]:
    """Hold the exchange and look again whether the party may do this now.

    Raises
    ------
    Gone, NotOpen, SignFirst, Suspended, NotYours, TooLow
    """
    exchange, party = present(sitting)
    check_running(exchange, party)
    check_may(party, act)
    return exchange, party


def check_running(exchange: Exchange, party: ExchangeParty) -> None:
    """Refuse where the exchange is not open, or the party has not signed what holds."""
    if not is_open(exchange):
        raise NotOpen
    if not has_signed(exchange, party.pk):
        raise SignFirst


def check_may(party: ExchangeParty, act: Act) -> None:
    """Refuse what a party that pauses, is no company, or stands lower may not do."""
    if party.suspended and act not in ALSO_SUSPENDED:
        raise Suspended
    if party.kind not in KINDS.get(act, PartyKind.values):
        raise NotYours(told(_("This is for the companies that take part, each for itself.")))
    if not allows(Step(party.rung), act):
        raise TooLow(str(Rung(NEEDED[act]).label))


def stewarding(sitting: Sitting) -> tuple[Exchange, ExchangeParty]:
    """Hold the exchange for its steward.

    Raises
    ------
    Gone, NotOpen, SignFirst, NotYours
    """
    exchange, party = present(sitting)
    check_running(exchange, party)
    if party.kind != PartyKind.STEWARD:
        raise NotYours(told(_("Only the steward does this. Ask the steward.")))
    return exchange, party


def check_alive(exchange: Exchange) -> None:
    """Refuse where an exchange has closed for good."""
    if exchange.state == ExchangeState.CLOSED:
        raise NotOpen


def changed(exchange: Exchange) -> None:
    """Count a change of a held exchange."""
    exchange.turn += 1
    exchange.save(update_fields=["turn"])


def in_each(rows: "QuerySet[Any]", exchange: str, work: Callable[[int, int], bool]) -> int:
    """Do what the clock asks, row by row, each within its exchange; say how often it was done.

    `exchange` leads from a row to it, and `work` takes the keys of both. Where it fails that is
    logged, the others go on, and the next turn of the clock tries it again.
    """
    done = 0
    for ref, row, key in each_by_itself(rows, exchange):
        try:
            with within(ref):
                done += work(row, key)
        except Exception:
            logger.exception("Something in an exchange could not go on; it is tried again.")
    return done


def log(viewer: Viewer, verb: str, exchange: Exchange) -> None:
    """Write the journal entry of an act: by a person, or by a party's reference alone.

    The reference means nothing once the party left: its row is empty then.
    """
    by = None if isinstance(viewer, Sitting) else viewer.pk
    detail = viewer.party_ref if isinstance(viewer, Sitting) else ""
    journal.write(
        verb, subject_kind="exchange", subject_ref=exchange.ref, actor_id=by, detail=detail
    )


def log_nobody(verb: str, exchange: Exchange) -> None:
    """Write the journal entry of an act whose author is kept nowhere."""
    journal.write(verb, subject_kind="exchange", subject_ref=exchange.ref)
