"""Sections cut anew: a seat is called off, or the floor was drawn anew while it is served."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from upturn.floor.commands.changes import Change, begin, remember, written
from upturn.floor.commands.refusals import TapRefused
from upturn.floor.commands.shifts import check_may_lead
from upturn.floor.engine.live import redrawn_tables
from upturn.floor.models import (
    FloorVersion,
    NeedState,
    Seated,
    Shift,
    ShiftNeed,
    ShiftSeat,
    ShiftTap,
    memory,
)
from upturn.floor.queries import WAITING, floor_of, newest_version
from upturn.record import journal

if TYPE_CHECKING:
    from upturn.people.models import Person

OFF = "call off"
CUT = "cut sections"


def call_off(
    viewer: "Person",
    shift: Shift,
    seat: str,
    *,
    tables: Mapping[str, str],
    key: str,
    now: datetime,
) -> None:
    """Call a seat off and give its tables away as proposed; what its phone took waits again.

    Twice with the same key is once. Undo: `call_back`, with that key.

    Raises
    ------
    TapRefused
        If the sections were cut since they were proposed, or there is no such seat.
    """
    check_may_lead(viewer)
    known = memory.of(shift.ref)

    def work() -> tuple[Change, bool]:
        change = begin(shift.pk, now)
        if ShiftTap.objects.filter(shift=shift, key=key).exists():
            return change, False
        row = ShiftSeat.objects.filter(shift=shift, name=seat, called_off=False).first()
        if row is None:
            raise TapRefused(_("This seat is not on the shift any more. Nothing was changed."))
        before = _cut_without(change, row, tables)
        _put_back_unheld(change, [seat])
        change.tell("cut", shift.ref, {})
        change.tell("seat", seat, {"seat": seat, "held": False})
        change.store(key=key, act=OFF, before=before)
        _note(viewer, shift)
        return change, True

    change, is_new = written(work)
    if is_new:
        taken = {
            entry["need"]: (entry["turn"], entry["was"]["taken_key"])
            for entry in change.before
            if entry["was"]["state"] == NeedState.TAKEN
        }
        known.called_off[key] = memory.CalledOff(seat, known.seats.get(seat), taken)
        known.forget_seat(seat)
    remember(shift.ref, change.settled)


def _cut_without(change: Change, row: ShiftSeat, tables: Mapping[str, str]) -> dict[str, Any]:
    """Cut the sections; give what undo needs, which says nothing of any need."""
    shift = change.shift
    owners = {section: owner for section, owner in shift.owners.items() if owner != row.name}
    if set(tables) != set(shift.tables) or not set(tables.values()) <= set(owners):
        raise TapRefused(_("The sections were cut since. Look at the proposal again."))
    before = {
        "seat": row.name,
        "token_hash": row.token_hash,
        "tables": shift.tables,
        "owners": shift.owners,
        "cut": dict(tables),
    }
    shift.tables, shift.owners = dict(tables), owners
    shift.save(update_fields=["tables", "owners"])
    row.token_hash, row.called_off = None, True
    row.save(update_fields=["token_hash", "called_off"])
    return before


def _put_back_unheld(change: Change, lost: Collection[str]) -> None:
    """Let wait again what no phone of this shift is known to have taken."""
    known = memory.of(change.shift.ref)
    held = ShiftSeat.objects.filter(shift=change.shift, token_hash__isnull=False)
    living = set(held.values_list("name", flat=True)).difference(lost)
    for need in ShiftNeed.objects.filter(shift=change.shift, state=NeedState.TAKEN):
        if known.taker_of(need.ref) not in living:
            change.change(need, state=NeedState.OPEN, taken_key="")


def call_back(viewer: "Person", shift: Shift, *, undoes: str, now: datetime) -> None:
    """Undo `call_off`: sections, seat and phone are as before, and what it took if it still waits.

    Raises
    ------
    TapRefused
        If the sections were cut again since.
    """
    check_may_lead(viewer)
    known = memory.of(shift.ref)
    lost = known.called_off.get(undoes)

    def work() -> Change:
        change = begin(shift.pk, now)
        tap = ShiftTap.objects.filter(shift=shift, key=undoes, act=OFF).first()
        before = tap.before if tap else {"seat": "", "cut": None}
        off = ShiftSeat.objects.filter(shift=shift, name=before["seat"], called_off=True)
        if change.shift.tables != before["cut"] or not off.exists():
            raise TapRefused(_("The sections were cut again since, so they stay as they are."))
        _cut_as_before(change, before, taken=lost.taken if lost else {})
        change.store()
        _note(viewer, shift)
        return change

    change = written(work)
    known.take_back_in(undoes)
    remember(shift.ref, change.settled)


def _cut_as_before(
    change: Change, before: Mapping[str, Any], *, taken: Mapping[str, tuple[int, str]]
) -> None:
    shift, seat, token = change.shift, before["seat"], before["token_hash"]
    shift.tables, shift.owners = before["tables"], before["owners"]
    shift.save(update_fields=["tables", "owners"])
    ShiftSeat.objects.filter(shift=shift, name=seat).update(called_off=False, token_hash=token)
    for ref, need in change.needs(taken).items():
        turn, key = taken[ref]
        if need.state == NeedState.OPEN and need.turn == turn:
            change.change(need, state=NeedState.TAKEN, taken_key=key)
    change.tell("cut", shift.ref, {})
    change.tell("seat", seat, {"seat": seat, "held": token is not None})


def redraw(
    viewer: "Person", shift: Shift, *, now: datetime, version: FloorVersion | None = None
) -> bool:
    """Take the newest drawing over, or the one given; say whether anything changed.

    Tables that are gone stay while anything that was asked for waits there.
    """
    check_may_lead(viewer)
    chosen = version or newest_version(shift.floor)

    def work() -> tuple[Change, list[str]]:
        change = begin(shift.pk, now)
        if change.shift.version_id == chosen.pk:
            return change, []
        lost = _redraw(change, chosen)
        _put_back_unheld(change, lost)
        change.tell("cut", shift.ref, {})
        change.store()
        _note(viewer, shift)
        return change, lost

    change, lost = written(work)
    for seat in lost:
        memory.of(shift.ref).forget_seat(seat)
    remember(shift.ref, change.settled)
    shift.refresh_from_db()
    return bool(change.told)


def _redraw(change: Change, version: FloorVersion) -> list[str]:
    """Cut the shift as drawn in a version; give the seats that are gone."""
    shift = change.shift
    old, new = floor_of(shift.version_id), floor_of(version.pk)
    drawn = {node.id for node in new.nodes}
    waiting = set()
    for need in ShiftNeed.objects.filter(shift=shift, state__in=WAITING):
        if need.place in drawn or need.asked or need.state == NeedState.TAKEN:
            waiting.add(need.place)
        else:
            change.change(need, state=NeedState.GONE)
    cut = redrawn_tables(old, new, tables=shift.tables, owners=shift.owners, waiting=waiting)
    shift.version = version
    shift.tables, shift.owners = dict(cut.tables), dict(cut.owners)
    shift.leaving = sorted(waiting - drawn)
    shift.save(update_fields=["version", "tables", "owners", "leaving"])
    Seated.objects.filter(shift=shift).exclude(table__in=[*drawn, *shift.leaving]).delete()
    return _seats(shift, before={one.id for one in old.servers}, now=[s.id for s in new.servers])


def _seats(shift: Shift, *, before: set[str], now: list[str]) -> list[str]:
    """Give new seats a row and let those go that were drawn no more; name these."""
    rows = {row.name: row for row in shift.seats.all()}
    number = max((row.number for row in rows.values()), default=0)
    fresh = [name for name in now if name not in rows]
    ShiftSeat.objects.bulk_create(
        ShiftSeat(shift=shift, name=name, number=number + n) for n, name in enumerate(fresh, 1)
    )
    gone = [name for name in rows if name not in now and not rows[name].called_off]
    shift.seats.filter(name__in=gone).update(token_hash=None, called_off=True)
    shift.seats.filter(name__in=[name for name in now if name not in before]).update(
        called_off=False
    )
    return gone


def _note(viewer: "Person", shift: Shift) -> None:
    journal.write(CUT, subject_kind="shift", subject_ref=shift.ref, actor_id=viewer.pk)
