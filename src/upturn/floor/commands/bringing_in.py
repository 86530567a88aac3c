"""One open shift, and what messages of other programs change on it before it is saved."""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import chain
from typing import NamedTuple

from django.db import connection, transaction

from upturn.floor.commands.changes import Settled, let_go, remember
from upturn.floor.engine.errors import BadNeeds
from upturn.floor.engine.hooks.reading import Comes, Ends, Row, Waits, named, unknown
from upturn.floor.models import NeedState, Shift, ShiftNeed, ShiftTap, Source
from upturn.floor.queries.board import WAITING, need_shown, topic
from upturn.floor.queries.hooks import KnownOnFloor, hook_key
from upturn.floor.queries.statements import CHANGE_NEED
from upturn.record import outbox
from upturn.record.models import OutboxEvent

ACT = "program"
COUNT_MOST = 1_000_000
CALLS_MOST = 1_000
"""More of a kind than anybody can answer are not shown one by one at a queue."""


@dataclass(frozen=True, slots=True)
class Message:
    """What came at the address `hook`, whose signature is right; `several` says it was a list."""

    hook: str
    id: str
    rows: tuple[Row, ...]
    several: bool
    now: datetime

    @property
    def mark(self) -> str:
        """Name the message: nobody else can work it out."""
        return hmac.digest(hook_key(self.hook), self.id.encode(), hashlib.sha256).hex()[:24]

    @property
    def content(self) -> str:
        """Tell whether a message under the same id says something else."""
        return hashlib.sha256(repr(self.rows).encode()).hexdigest()[:16]


class BroughtIn(NamedTuple):
    """How many rows were new, how many known already, and by which ref each is withdrawn."""

    new: int
    same: int
    refs: tuple[str, ...]


class OtherWords(Exception):
    """An id that came before, with another content."""

    def __init__(self, message_id: str) -> None:
        super().__init__(
            f'"{message_id[:40]}" came before with other needs, and nothing was stored. Give every '
            "message an id of its own, and the same id only to the same message."
        )


def tap_key(hook: str, mark: str) -> str:
    """Give the key under which a message is remembered as long as the shift lasts."""
    return f"hook:{hook}:{mark}"


def _withdrawn_by(row: Row, made: str) -> str:
    """Give the ref by which a row is withdrawn; a number of those who wait is said anew instead."""
    match row:
        case Comes():
            return made
        case Ends():
            return row.ref
    return ""


@dataclass(slots=True)
class OnShift:
    """What waits on a shift, calls apart and in their order, and what was changed and not saved."""

    shift: Shift
    known: KnownOnFloor
    waiting: dict[tuple[str, str], ShiftNeed]
    calls: dict[tuple[str, str], list[ShiftNeed]]
    taps: dict[str, ShiftTap]
    fresh: dict[str, ShiftNeed] = field(default_factory=dict)
    touched: dict[str, ShiftNeed] = field(default_factory=dict)
    anew: set[str] = field(default_factory=set)
    fresh_taps: list[ShiftTap] = field(default_factory=list)
    touched_taps: dict[str, ShiftTap] = field(default_factory=dict)

    def bring_in(self, message: Message) -> BroughtIn:
        """Carry a message out, or find that it was.

        Raises
        ------
        OtherWords, BadNeeds
            Before anything of the message is carried out.
        """
        key = tap_key(message.hook, message.mark)
        made = tuple(f"{message.mark}.{number}" for number in range(len(message.rows)))
        refs = tuple(map(_withdrawn_by, message.rows, made))
        if before := self.taps.get(key):
            if before.before["content"] != message.content:
                raise OtherWords(message.id)
            return BroughtIn(0, len(refs), refs)
        self._check(message)
        now_s = self.shift.seconds(message.now)
        needs: list[str] = []
        news = [
            self._carry_out(row, ref, needs, hook=message.hook, now_s=now_s)
            for row, ref in zip(message.rows, made, strict=True)
        ]
        tap = ShiftTap(shift=self.shift, key=key, act=ACT)
        tap.before = {"content": message.content, "needs": needs}
        self.taps[key] = tap
        self.fresh_taps.append(tap)
        return BroughtIn(sum(news), len(news) - sum(news), refs)

    def _check(self, message: Message) -> None:
        problems: list[str] = []
        for number, row in enumerate(message.rows):
            row_name = named(number, several=message.several)
            problems += [f"{row_name}{wrong}" for wrong in self._wrong(row, message.hook)]
        if problems:
            raise BadNeeds(problems)

    def _wrong(self, row: Row, hook: str) -> list[str]:
        if isinstance(row, Ends):
            return [] if self._brought(row.ref, hook) else [f'Nothing came in as "{row.ref}".']
        found = []
        if row.place not in self.known.places:
            found.append(unknown("place", row.place, self.known.places))
        if row.kind not in self.known.kinds:
            found.append(unknown("kind", row.kind, self.known.kinds))
        return found

    def _brought(self, ref: str, hook: str) -> tuple[ShiftTap, int] | None:
        mark, _, number = ref.partition(".")
        tap = self.taps.get(tap_key(hook, mark))
        sound = tap and number.isdecimal() and number.isascii() and len(number) < 5
        if not tap or not sound or int(number) >= len(tap.before["needs"]):
            return None
        return tap, int(number)

    def _carry_out(self, row: Row, ref: str, needs: list[str], *, hook: str, now_s: float) -> bool:
        if isinstance(row, Ends):
            needs.append("")
            return self._end(row, hook, now_s)
        need = self.waiting.get((row.place, row.kind))
        is_call = need is None and row.place in self.known.queues
        if isinstance(row, Waits):
            needs.append("")
            count = self._count_calls if is_call else self._count
            return count(row, ref, now_s)
        if is_call:
            need = self._guessed(row)
        needs.append(need.ref if need else ref)
        if need:
            return self._join(row, need, now_s)
        self._raise(row, ref, now_s)
        return True

    def _raise(self, row: Comes | Waits, ref: str, now_s: float) -> ShiftNeed:
        asked = isinstance(row, Waits) or row.asked
        need = ShiftNeed(
            shift=self.shift,
            ref=ref,
            place=row.place,
            kind=row.kind,
            source=Source.PROGRAM,
            is_call=row.place in self.known.queues,
            asked=asked,
            words="" if isinstance(row, Waits) else row.words,
            raised_s=now_s,
            asked_s=now_s if asked else None,
        )
        self.fresh[ref] = need
        if need.is_call:
            self.calls.setdefault((row.place, row.kind), []).append(need)
        else:
            self.waiting[row.place, row.kind] = need
        return need

    def _guessed(self, row: Comes) -> ShiftNeed | None:
        """Give the call that a row speaks of anew: one nobody asked for; for a guess, any."""
        calls = self.calls.get((row.place, row.kind), [])
        if not row.asked:
            return next(iter(calls), None)
        return next((c for c in calls if c.state == NeedState.OPEN and not c.asked), None)

    def _join(self, row: Comes, need: ShiftNeed, now_s: float) -> bool:
        if not row.asked and (need.words == row.words or not row.words):
            return False
        need.words = row.words or need.words
        if row.asked:
            self.anew.add(need.ref)
        if row.asked and need.asked:
            need.count = min(COUNT_MOST, need.count + 1)
        elif row.asked:
            need.asked, need.asked_s = True, now_s
        self._touch(need)
        return True

    def _count_calls(self, row: Waits, ref: str, now_s: float) -> bool:
        """Let so many callers wait; of fewer, those are over that waited longest."""
        calls = self.calls.get((row.place, row.kind), [])
        waits = [call for call in calls if call.state == NeedState.OPEN]
        wanted = min(row.waiting, CALLS_MOST)
        over, stay = waits[: max(0, len(waits) - wanted)], waits[-wanted:] if wanted else []
        unasked = [call for call in stay if not call.asked]
        for call in over:
            self._over(call, NeedState.GONE, now_s)
        for call in unasked:
            call.asked, call.asked_s = True, now_s
            self._touch(call)
        for number in range(len(waits), wanted):
            self._raise(row, f"{ref}.{number}", now_s)
        return bool(over or unasked) or wanted > len(waits)

    def _count(self, row: Waits, ref: str, now_s: float) -> bool:
        """Set how many wait. Of none, a taken need stays with whoever serves it."""
        need = self.waiting.get((row.place, row.kind))
        if row.waiting == 0:
            if need is None or need.state != NeedState.OPEN:
                return False
            return self._over(need, NeedState.GONE, now_s)
        if need is None:
            self._raise(row, ref, now_s).count = row.waiting
            return True
        if need.count == row.waiting and need.asked:
            return False
        need.asked_s = now_s if need.asked_s is None else need.asked_s
        need.count, need.asked = row.waiting, True
        self._touch(need)
        return True

    def _end(self, row: Ends, hook: str, now_s: float) -> bool:
        """Take back one call, or meet a need; each ref ends once, whatever is sent."""
        tap, number = self._brought(row.ref, hook) or (None, 0)
        if tap is None or not (need_ref := tap.before["needs"][number]):
            return False
        tap.before["needs"][number] = ""
        if tap.pk:
            self.touched_taps[tap.key] = tap
        waits = chain(self.waiting.values(), *self.calls.values())
        need = next((each for each in waits if each.ref == need_ref), None)
        if need is None:
            return False
        if need.is_call and not row.met:
            need = self._hung_up(need)
        if need.count > 1 and not row.met:
            need.count -= 1
            self._touch(need)
            return True
        if row.met:
            return self._over(need, NeedState.DONE, now_s)
        return need.source == Source.PROGRAM and self._over(need, NeedState.GONE, now_s)

    def _hung_up(self, call: ShiftNeed) -> ShiftNeed:
        """Give the call that hangs up: not one that somebody is on, while another waits."""
        if call.state == NeedState.OPEN:
            return call
        others = (each for each in self.calls[call.place, call.kind] if _is_free(each))
        return next(others, call)

    def _over(self, need: ShiftNeed, state: NeedState, now_s: float) -> bool:
        need.state, need.taken_key = state, ""
        if state == NeedState.DONE:
            need.noticed_s = now_s if need.noticed_s is None else need.noticed_s
            need.done_s = now_s
        if need.is_call:
            self.calls[need.place, need.kind].remove(need)
        else:
            del self.waiting[need.place, need.kind]
        self._touch(need)
        return True

    def _touch(self, need: ShiftNeed) -> None:
        need.turn += 1
        if need.pk:
            self.touched[need.ref] = need

    def changed(self) -> list[ShiftNeed]:
        """List what was changed, once each."""
        return [*self.touched.values(), *self.fresh.values()]


def _is_free(call: ShiftNeed) -> bool:
    return call.state == NeedState.OPEN and call.source == Source.PROGRAM


def save(shifts: Sequence[OnShift]) -> None:
    """Store what was changed, tell the boards, and let rounds be planned anew after the commit."""
    fresh = [need for each in shifts for need in each.fresh.values()]
    touched = [need for each in shifts for need in each.touched.values()]
    _change(touched)
    ShiftNeed.objects.bulk_create(fresh)
    ShiftTap.objects.bulk_update(
        [tap for each in shifts for tap in each.touched_taps.values()], ["before"]
    )
    ShiftTap.objects.bulk_create([tap for each in shifts for tap in each.fresh_taps])
    OutboxEvent.objects.bulk_create(event for each in shifts for event in _told(each))
    for each in shifts:
        transaction.on_commit(partial(_remember, each))


def _change(needs: Sequence[ShiftNeed]) -> None:
    rows = [
        (
            need.asked,
            need.asked_s,
            need.count,
            need.words,
            str(need.state),
            need.turn,
            need.taken_key,
            need.noticed_s,
            need.done_s,
            need.pk,
        )
        for need in needs
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(CHANGE_NEED, rows)


def _told(on: OnShift) -> Iterator[OutboxEvent]:
    where = topic(on.shift.ref)
    for need in on.changed():
        yield outbox.event(where, kind="need", ref=need.ref, data={"need": need_shown(need)})
    if let_go(on.shift, {need.place for need in on.changed() if need.state not in WAITING}):
        yield outbox.event(where, kind="cut", ref=on.shift.ref)


def _remember(on: OnShift) -> None:
    remember(
        on.shift.ref,
        [
            Settled(need.ref, need.turn, need.taken_key, need.ref in on.anew)
            for need in on.changed()
        ],
    )
