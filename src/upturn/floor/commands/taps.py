"""A tap on the board, carried out once. What is only of the person who taps stays in memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from upturn.floor.commands.acts import ACTS, LEAD, Outcome
from upturn.floor.commands.changes import Change, begin, count_walk_bys, remember, written
from upturn.floor.commands.own import OWN_ACTS, carry_out_own
from upturn.floor.commands.refusals import BadTap, TapRefused
from upturn.floor.commands.tapped import Tap, check_tap
from upturn.floor.commands.walking import walk
from upturn.floor.models import Shift, ShiftNeed, ShiftTap, memory
from upturn.floor.queries import SeatHolder, floor_of, may_lead, need_shown
from upturn.record import outbox

if TYPE_CHECKING:
    from upturn.people.models import Person


@dataclass(frozen=True, slots=True)
class Answer:
    """What the phone is told; `again` when the same tap had come before.

    `needs` are those it changed, as they stand: of calls it may be another than the one named.
    """

    said: str = ""
    missed: tuple[str, ...] = ()
    needs: tuple[Mapping[str, Any], ...] = ()
    event: int = 0
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Carried:
    """What stands in memory once it is committed."""

    answer: Answer
    change: Change
    outcome: Outcome
    walked: int = 0


def carry_out(
    actor: "SeatHolder | Person", tap: Tap, *, now: datetime, shift: Shift | None = None
) -> Answer:
    """Carry out a tap, once however often it comes; for the lead, name the shift.

    Raises
    ------
    TapRefused
        If it came too late or is not for this seat. Nothing was changed.
    BadTap
        If it cannot be read.
    SeatGone
        If the phone holds its seat no longer, or the shift is closed.
    NotStored, WriterBusy
        If it may be sent again.
    """
    check_tap(tap)
    served = actor.shift_ref if isinstance(actor, SeatHolder) else shift and shift.ref
    if tap.shift and tap.shift != served:
        raise TapRefused(_("This was tapped on another shift, so nothing was changed."))
    if isinstance(actor, SeatHolder):
        return _by_seat(actor, tap, now=now)
    if shift is None or not may_lead(actor) or tap.act not in LEAD:
        raise PermissionDenied(_("This is for the phones of the shift."))
    carried = written(lambda: _carry_out(begin(shift.pk, tap.moment(now)), tap, ""))
    _keep_in_mind(shift.ref, carried, tap, "", now=now)
    return carried.answer


def _by_seat(holder: SeatHolder, tap: Tap, *, now: datetime) -> Answer:
    if tap.act in OWN_ACTS:
        carry_out_own(holder, tap, now=now)
        return Answer(event=outbox.position())
    if tap.act not in ACTS:
        raise BadTap(_("A board cannot do “%(act)s”. Load the page again.") % {"act": tap.act[:20]})

    def work() -> _Carried:
        change = begin(holder.shift, tap.moment(now), seat=holder.pk, token=holder.token_hash)
        return _carry_out(change, tap, holder.seat)

    carried = written(work)
    _keep_in_mind(holder.shift_ref, carried, tap, holder.seat, now=now)
    if met := carried.outcome.met:
        walk(holder, met.place, met=met.ref)
        _leave_there(holder, met, carried.change)
    return carried.answer


def _carry_out(change: Change, tap: Tap, seat: str) -> _Carried:
    before = ShiftTap.objects.filter(shift=change.shift, key=tap.key).first()
    if before is not None:
        return _Carried(_answered_before(change, tap, before), change, Outcome())
    outcome = ACTS[tap.act](change, tap, seat)
    walked = count_walk_bys(change)
    event = change.store(key=tap.key, act=tap.act)
    answer = Answer(outcome.said, tuple(outcome.missed), change.shown, event)
    return _Carried(answer, change, outcome, walked)


def _answered_before(change: Change, tap: Tap, before: ShiftTap) -> Answer:
    entries = [each for each in before.before if isinstance(each, dict) and "need" in each]
    changed = {entry.get("named", entry["need"]) for entry in entries}
    named = tap.refs if tap.act in ("take", "put_back") else ()
    found = change.needs(entry["need"] for entry in entries)
    return Answer(
        missed=tuple(ref for ref in named if ref not in changed),
        needs=tuple(need_shown(need) for need in found.values()),
        event=outbox.position(),
        again=True,
    )


def _keep_in_mind(shift_ref: str, carried: _Carried, tap: Tap, seat: str, *, now: datetime) -> None:
    """Bring the memory up to what was committed."""
    remember(shift_ref, carried.change.settled, key=tap.key, seat=seat)
    known = memory.of(shift_ref)
    with known.lock:
        known.walked_by -= carried.walked
        if met := carried.outcome.met:
            before_s = known.looked.get(met.place, 0.0)
            known.looked[met.place] = max(carried.change.at_s, before_s)
        if seat:
            known.seat(seat).seen_s = carried.change.shift.seconds(now)


def _leave_there(holder: SeatHolder, met: ShiftNeed, change: Change) -> None:
    """Leave one portion of what was carried at the table."""
    known = memory.of(holder.shift_ref)
    item = _item(change, met.kind)
    with known.lock:
        hands = known.seat(holder.seat).hands
        if item in hands:
            hands[item] -= 1
            if hands[item] <= 0:
                del hands[item]


def _item(change: Change, kind: str) -> str:
    kinds = floor_of(change.shift.version_id).need_types
    return next((one.item for one in kinds if one.name == kind), "")
