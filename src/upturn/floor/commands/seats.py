"""Phones and seats: who comes, who goes, and what a phone tells again after a restart."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from upturn.floor.commands.changes import Change, begin, remember, written
from upturn.floor.commands.own import HELD_MOST, items_of
from upturn.floor.commands.refusals import SeatTaken
from upturn.floor.commands.shifts import check_may_lead
from upturn.floor.engine.live import in_one_line
from upturn.floor.models import NeedState, Shift, ShiftNeed, ShiftSeat, memory
from upturn.floor.queries import SeatHolder, floor_of, holder_of, seat_holder
from upturn.floor.queries.seats import proven
from upturn.record.proofs import hash_of

if TYPE_CHECKING:
    from upturn.people.models import Person

NICKNAME_MOST = 24


@dataclass(frozen=True, slots=True)
class Claimed:
    """A seat that is held now; `cookie` is what the phone shows from here on."""

    holder: SeatHolder
    cookie: str


def claim(
    shift: Shift,
    seat: str,
    *,
    now: datetime,
    nickname: str = "",
    language: str = "",
    cookie: str = "",
) -> Claimed:
    """Let a phone hold a seat; one that holds it already keeps it.

    Raises
    ------
    SeatTaken
        If another phone does, if there is no such seat, or this one holds another.
    SeatGone
        If the shift is closed.
    """
    held = seat_holder(cookie)
    if held and held.shift == shift.pk:
        if held.seat != seat:
            said = _("This phone holds “%(seat)s”. Give that back first.")
            raise SeatTaken(said % {"seat": held.seat})
        introduce(held, nickname=nickname, language=language, now=now)
        return Claimed(held, cookie)
    token = proven(shift.ref, secrets.token_urlsafe(32))
    holder = written(lambda: _claim(shift.pk, seat, hash_of(token), now))
    memory.of(shift.ref).forget_seat(seat)
    introduce(holder, nickname=nickname, language=language, now=now)
    return Claimed(holder, f"{shift.ref}.{token}")


def _claim(shift_pk: int, name: str, hashed: str, now: datetime) -> SeatHolder:
    change = begin(shift_pk, now)
    rows = ShiftSeat.objects.filter(shift=shift_pk, name=name, called_off=False)
    if not rows.filter(token_hash=None).update(token_hash=hashed):
        if rows.exists():
            said = _("Somebody serves from “%(seat)s”. Choose a free seat.")
        else:
            said = _("“%(seat)s” is not on this shift. Choose a free seat.")
        raise SeatTaken(said % {"seat": name[:80]})
    change.tell("seat", name, {"seat": name, "held": True})
    change.store()
    _count_held(change.shift)
    seat = rows.get()
    seat.shift = change.shift
    return holder_of(seat)


def _count_held(shift: Shift) -> None:
    """Note how many seats were held at the same moment: one phone on three seats is no team."""
    held = ShiftSeat.objects.filter(shift=shift, token_hash__isnull=False).count()
    Shift.objects.filter(pk=shift.pk, most_held__lt=held).update(most_held=held)


def introduce(holder: SeatHolder, *, now: datetime, nickname: str = "", language: str = "") -> None:
    """Remember how somebody wants to be called on this shift, and which language to use."""
    known = memory.of(holder.shift_ref)
    with known.lock:
        seat = known.seat(holder.seat)
        seat.nickname = in_one_line(nickname)[:NICKNAME_MOST] or seat.nickname
        seat.language = language if language in dict(settings.LANGUAGES) else seat.language
        seat.seen_s = holder.seconds(now)
        known.changed = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Retold:
    """What a phone tells again: its holder, and the key of the tap that took each need."""

    nickname: str = ""
    language: str = ""
    at: str = ""
    hands: Mapping[str, int] | None = None
    claims: Mapping[str, str] = field(default_factory=dict)


def hello(holder: SeatHolder, told: Retold, *, now: datetime) -> None:
    """Take up what a phone tells again: its claims count where the key is that of the need."""
    introduce(holder, nickname=told.nickname, language=told.language, now=now)
    known = memory.of(holder.shift_ref)
    with known.lock:
        seat = known.seat(holder.seat)
        if any(node.id == told.at for node in floor_of(holder.version).nodes):
            seat.at = told.at
        if told.hands is not None:
            seat.hands = _carried(holder, told.hands)
    rows = ShiftNeed.objects.filter(shift=holder.shift, state=NeedState.TAKEN)
    for need in rows.filter(ref__in=list(told.claims)):
        if told.claims[need.ref] == need.taken_key:
            known.note_taker(need.taken_key, holder.seat)
            known.settle(need.ref, turn=need.turn, taken_key=need.taken_key)


def _carried(holder: SeatHolder, hands: Mapping[str, int]) -> dict[str, int]:
    known = items_of(holder)
    return {i: min(left, HELD_MOST) for i, left in hands.items() if i in known and left > 0}


def leave(holder: SeatHolder, *, now: datetime, claims: Mapping[str, str] | None = None) -> None:
    """Give a seat back; what its phone took is put back, also what it tells of only now."""
    known = memory.of(holder.shift_ref)
    with known.lock:
        taken = {**known.seat(holder.seat).claims, **(claims or {})}

    def work() -> Change:
        change = begin(holder.shift, now, seat=holder.pk, token=holder.token_hash)
        return _let_go_of(change, holder.seat, taken)

    change = written(work)
    known.forget_seat(holder.seat)
    remember(holder.shift_ref, change.settled)


def free_seat(viewer: "Person", shift: Shift, seat: str, *, now: datetime) -> None:
    """Free a seat whose phone is empty or lost, for another phone; what it took is put back.

    Raises
    ------
    SeatGone
        If the shift is closed.
    """
    check_may_lead(viewer)
    known = memory.of(shift.ref)
    with known.lock:
        taken = dict(known.seats[seat].claims) if seat in known.seats else {}
    change = written(lambda: _let_go_of(begin(shift.pk, now), seat, taken))
    known.forget_seat(seat)
    remember(shift.ref, change.settled)


def _let_go_of(change: Change, seat: str, taken: Mapping[str, str]) -> Change:
    ShiftSeat.objects.filter(shift=change.shift, name=seat).update(token_hash=None)
    change.open_again(taken)
    change.tell("seat", seat, {"seat": seat, "held": False})
    change.store()
    return change
