"""What is only of the person who taps: kept in memory while the shift lasts, written nowhere."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from upturn.floor.commands.refusals import BadTap, nowhere
from upturn.floor.commands.tapped import Tap
from upturn.floor.commands.walking import walk
from upturn.floor.models import memory
from upturn.floor.queries import SeatHolder, floor_of, tables_of
from upturn.floor.queries.holding import known_refs

OWN_ACTS = frozenset({"decline", "looked", "hold", "at", "quiet"})
QUIET_S = 1_200.0
OFFER_S = 120.0
HELD_MOST = 100


def carry_out_own(holder: SeatHolder, tap: Tap, *, now: datetime) -> None:
    """Remember what a phone says of its holder alone."""
    known = memory.of(holder.shift_ref)
    at_s = holder.seconds(tap.moment(now))
    meant = _meant(holder, tap)
    with known.lock:
        seat = known.seat(holder.seat)
        if tap.act == "decline":
            seat.declined.update(meant)
        elif tap.act == "hold":
            _hold(holder, seat, tap)
        elif tap.act == "quiet":
            seat.quiet_until_s, seat.offer = at_s + QUIET_S, None
            if tap.words == "yes":
                seat.busy_until_s = at_s + OFFER_S
        elif tap.act == "looked":
            for table in meant:
                known.looked[table] = max(at_s, known.looked.get(table, 0.0))
        seat.seen_s = holder.seconds(now)
        known.changed = True
    if tap.act == "at":
        walk(holder, tap.place)


def _meant(holder: SeatHolder, tap: Tap) -> Collection[str]:
    """Give the needs, tables or place a tap speaks of, if this shift has them."""
    if tap.act == "decline":
        return known_refs(holder, tap.refs)
    if tap.act == "looked":
        return _looked_at(holder, tap.place)
    if tap.act == "at":
        _check_place(holder, tap.place)
    return ()


def _looked_at(holder: SeatHolder, place: str) -> list[str]:
    tables = tables_of(holder.shift)
    if place and place not in tables:
        raise nowhere(place)
    if place:
        return [place]
    return [table for table, section in tables.items() if section in holder.sections]


def _check_place(holder: SeatHolder, place: str) -> None:
    drawn = any(node.id == place for node in floor_of(holder.version).nodes)
    if not drawn and place not in tables_of(holder.shift):
        raise nowhere(place)


def items_of(holder: SeatHolder) -> set[str]:
    """Name what somebody can carry on this floor."""
    floor = floor_of(holder.version)
    hands = {item for server in floor.servers for item in server.hands}
    return hands | {kind.item for kind in floor.need_types if kind.item}


def _hold(holder: SeatHolder, seat: memory.SeatMemory, tap: Tap) -> None:
    if not 0 <= tap.left <= HELD_MOST:
        raise BadTap(_("Say how much is left, from 0 to 100."))
    if tap.item not in items_of(holder):
        raise BadTap(_("Nobody carries “%(item)s” on this floor.") % {"item": tap.item[:80]})
    if tap.left:
        seat.hands[tap.item] = tap.left
    else:
        seat.hands.pop(tap.item, None)
