"""What one tap changes, collected as it is made: how it had stood, and what is to be told.

Works inside a transaction that holds the shift's row, so that of two taps one is the second.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import F
from django.utils.translation import gettext as _

from upturn.floor.commands.refusals import SeatGone
from upturn.floor.models import (
    NeedState,
    Seated,
    Shift,
    ShiftNeed,
    ShiftSeat,
    ShiftState,
    ShiftTap,
    memory,
)
from upturn.floor.queries import WAITING, need_shown, topic
from upturn.record import outbox
from upturn.record.models import OutboxEvent
from upturn.record.writer import writer

T = TypeVar("T")
KEPT = (
    "state",
    "asked",
    "count",
    "words",
    "asked_s",
    "noticed_s",
    "done_s",
    "taken_key",
    "done_key",
)
"""What of a need a tap can change."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A need as a tap left it, for the memory."""

    ref: str
    turn: int
    taken_key: str
    asked_anew: bool


@dataclass(slots=True)
class Change:
    """One tap's changes to a shift; `before` is for its undo."""

    shift: Shift
    at_s: float
    before: list[dict[str, Any]] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    _events: dict[tuple[str, str], OutboxEvent] = field(default_factory=dict)
    _rows: list[ShiftNeed] = field(default_factory=list)
    _new: list[ShiftNeed] = field(default_factory=list)

    def needs(self, refs: Iterable[str]) -> dict[str, ShiftNeed]:
        """Give the needs of these names."""
        rows = ShiftNeed.objects.filter(shift=self.shift, ref__in=list(refs))
        return {row.ref: row for row in rows}

    def waiting(self, place: str, kind: str) -> ShiftNeed | None:
        """Give the need of a kind that waits at a place, where others of the kind join it."""
        rows = ShiftNeed.objects.filter(shift=self.shift, state__in=WAITING, is_call=False)
        return rows.filter(place=place, kind=kind).first()

    def waiting_at(self, places: Iterable[str]) -> dict[tuple[str, str], ShiftNeed]:
        """Give what waits at these places, by place and kind; of calls the one to be joined."""
        rows = ShiftNeed.objects.filter(shift=self.shift, state__in=WAITING)
        found = sorted(rows.filter(place__in=list(places)), key=_joined_last)
        return {(row.place, row.kind): row for row in found}

    def call_like(self, call: ShiftNeed, **how: Any) -> ShiftNeed | None:
        """Give the longest waiting call of the same kind at the same queue that is thus, if any."""
        rows = ShiftNeed.objects.filter(shift=self.shift, is_call=True, place=call.place)
        return rows.filter(kind=call.kind, **how).order_by("raised_s", "pk").first()

    def change(self, need: ShiftNeed, *, asked_anew: bool = False, **values: Any) -> None:
        """Change a need; it is stored with the others of this tap."""
        was = {name: getattr(need, name) for name in KEPT}
        for name, value in values.items():
            setattr(need, name, value)
        need.turn += 1
        if need.pk is not None and need not in self._rows:
            self._rows.append(need)
        self._note(need, was, asked_anew=asked_anew)

    def note_named(self, ref: str) -> None:
        """Note by which need the tap named the one changed last: another call may stand for it."""
        if self.before[-1]["need"] != ref:
            self.before[-1]["named"] = ref

    def add(self, need: ShiftNeed) -> None:
        """Store a need that is new."""
        self._new.append(need)
        self._note(need, None, asked_anew=False)

    def open_again(self, taken: Mapping[str, str]) -> None:
        """Open needs that are still taken by these keys, each given with the key of its take."""
        for ref, need in self.needs(taken).items():
            if need.state == NeedState.TAKEN and need.taken_key == taken[ref]:
                self.change(need, state=NeedState.OPEN, taken_key="")

    def seat_guests(self, table: str, since_s: float | None) -> None:
        """Let guests sit at a table since a moment, or leave it."""
        row = Seated.objects.filter(shift=self.shift, table=table).first()
        was = row.since_s if row else None
        if was == since_s or (was is not None and since_s is not None):
            return
        if row and since_s is None:
            row.delete()
        elif since_s is not None:
            Seated.objects.create(shift=self.shift, table=table, since_s=since_s)
        self.before.append({"table": table, "was": was, "left": since_s})
        self.tell("guests", table, {"table": table, "since_s": since_s})

    def tell(self, kind: str, ref: str, data: Mapping[str, Any]) -> None:
        """Tell everybody on the floor, once; the last word on a thing counts."""
        told = outbox.event(topic(self.shift.ref), kind=kind, ref=ref, data=data)
        self._events[kind, ref] = told

    @property
    def shown(self) -> tuple[Mapping[str, Any], ...]:
        """Give the needs it changed, as everybody on the floor sees them now."""
        return tuple(need_shown(need) for need in (*self._rows, *self._new))

    @property
    def told(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self._events)

    def store(self, *, key: str = "", act: str = "", before: Any = None) -> int:
        """Store what was collected, with the tap it came from; give the newest event."""
        ShiftNeed.objects.bulk_create(self._new)
        if len(self._rows) == 1:
            self._rows[0].save(update_fields=[*KEPT, "turn"])
        elif self._rows:
            ShiftNeed.objects.bulk_update(self._rows, [*KEPT, "turn"])
        if key:
            kept = self.before if before is None else before
            ShiftTap.objects.create(shift=self.shift, key=key, act=act, before=kept)
        self._let_go()
        if not self._events:
            return outbox.position()
        made = OutboxEvent.objects.bulk_create(self._events.values())
        return max(event.pk for event in made)

    def _note(self, need: ShiftNeed, was: dict[str, Any] | None, *, asked_anew: bool) -> None:
        self.before.append({"need": need.ref, "turn": need.turn, "was": was})
        self.settled.append(Settled(need.ref, need.turn, need.taken_key, asked_anew))
        self.tell("need", need.ref, {"need": need_shown(need)})

    def _let_go(self) -> None:
        if let_go(self.shift, {row.place for row in self._rows if row.state not in WAITING}):
            self.tell("cut", self.shift.ref, {})


def _joined_last(need: ShiftNeed) -> tuple[bool, bool]:
    return not need.is_call, need.state == NeedState.OPEN and not need.asked


def let_go(shift: Shift, places: set[str]) -> bool:
    """Let tables go that left the drawing, once nothing waits there; say whether any did."""
    leaving = places.intersection(shift.leaving)
    if not leaving:
        return False
    rows = ShiftNeed.objects.filter(shift=shift, state__in=WAITING, place__in=leaving)
    gone = leaving.difference(rows.values_list("place", flat=True))
    if gone:
        shift.leaving = [one for one in shift.leaving if one not in gone]
        shift.tables = {table: of for table, of in shift.tables.items() if table not in gone}
        shift.save(update_fields=["leaving", "tables"])
        Seated.objects.filter(shift=shift, table__in=gone).delete()
    return bool(gone)


def begin(shift: int, moment: datetime, *, seat: int = 0, token: str = "") -> Change:
    """Begin to change an open shift, for a seat as long as its phone holds it.

    Raises
    ------
    SeatGone
        If the shift is closed, or the seat is held by this phone no longer.
    """
    row = Shift.objects.select_for_update().filter(pk=shift).first()
    if row is None or row.state != ShiftState.OPEN:
        raise SeatGone(_("This shift is closed. What you did in it counted."), closed=True)
    held = not seat or ShiftSeat.objects.filter(pk=seat, token_hash=token).exists()
    if not held:
        raise SeatGone(_("This phone no longer holds its seat. Scan the code again."), closed=False)
    return Change(row, row.seconds(moment))


def written(work: Callable[[], T]) -> T:
    """Have a piece of work committed together with others that wait."""
    return writer.submit(work)


def remember(shift_ref: str, settled: Iterable[Settled], *, key: str = "", seat: str = "") -> None:
    """Bring the memory up to what was committed."""
    known = memory.of(shift_ref)
    with known.lock:
        if key and seat:
            known.note_taker(key, seat)
        for one in settled:
            known.settle(one.ref, turn=one.turn, taken_key=one.taken_key)
            if one.asked_anew:
                known.propose_again(one.ref)
        known.changed = True


def count_walk_bys(change: Change) -> int:
    """Add what was walked by since to the shift's count; give how many, to be taken off after."""
    walked = memory.of(change.shift.ref).walked_by
    if walked:
        rows = Shift.objects.filter(pk=change.shift.pk)
        rows.update(walk_bys=F("walk_bys") + walked)
    return walked
