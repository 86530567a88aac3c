"""What is only of the person who taps: kept in memory while the shift lasts, written nowhere."""

from datetime import datetime

from django.utils.translation import gettext as _

from upturn.floor.commands.refusals import BadTap
from upturn.floor.commands.tapped import Tap
from upturn.floor.commands.walking import walk
from upturn.floor.models import memory
from upturn.floor.queries import SeatHolder, tables_of

OWN_ACTS = frozenset({"decline", "looked", "hold", "at", "quiet"})
QUIET_S = 1_200.0
OFFER_S = 120.0
HELD_MOST = 100


def carry_out_own(holder: SeatHolder, tap: Tap, *, now: datetime) -> None:
    """Remember what a phone says of its holder alone."""
    known = memory.of(holder.shift_ref)
    at_s = holder.seconds(tap.moment(now))
    looked_at = _looked_at(holder, tap.place) if tap.act == "looked" else []
    with known.lock:
        seat = known.seat(holder.seat)
        if tap.act == "decline":
            seat.declined.update(tap.refs)
        elif tap.act == "hold":
            _hold(seat, tap)
        elif tap.act == "quiet":
            seat.quiet_until_s, seat.offer = at_s + QUIET_S, None
            if tap.words == "yes":
                seat.busy_until_s = at_s + OFFER_S
        elif tap.act == "looked":
            for table in looked_at:
                known.looked[table] = at_s
        seat.seen_s = at_s
        known.changed = True
    if tap.act == "at":
        walk(holder, tap.place)


def _looked_at(holder: SeatHolder, place: str) -> list[str]:
    if place:
        return [place]
    tables = tables_of(holder.shift)
    return [table for table, section in tables.items() if section in holder.sections]


def _hold(seat: memory.SeatMemory, tap: Tap) -> None:
    if not 0 <= tap.left <= HELD_MOST:
        raise BadTap(_("Say how much is left, from 0 to 100."))
    if tap.left:
        seat.hands[tap.item] = tap.left
    else:
        seat.hands.pop(tap.item, None)
