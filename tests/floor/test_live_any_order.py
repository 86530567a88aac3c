"""Whatever is tapped, in whatever order: no need is lost or doubled, and no owner changes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.floor.drawn import leader, small, stored
from tests.floor.live import OPENED, key, moment, tap
from upturn.floor import commands, queries
from upturn.floor.commands import BadTap, Claimed, Retold, SeatGone, SeatTaken, TapRefused
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.grid import grid
from upturn.floor.models import NeedState, Shift, ShiftNeed, memory
from upturn.people.models import Person

SEATS = ("server 1", "server 2", "server 3")
PLACES = ("1-1", "2-1")
KINDS = ("coffee", "bill")
WAITING = (NeedState.OPEN, NeedState.TAKEN)
MOVES = ("seated", "left", "leave", "call off", "call back", "restart")
TAPS = ("raise", "take", "done", "undo")
STEP = st.tuples(
    st.sampled_from((*TAPS, *TAPS, "put_back", *MOVES)),
    st.integers(0, 2),
    st.integers(0, 40),
    st.integers(0, 40),
)
ASKED_ANEW_THEN_UNDONE = [
    ("raise", 0, 0, 0),
    ("done", 0, 0, 0),
    ("raise", 0, 0, 0),
    ("undo", 0, 1, 0),
    ("undo", 0, 2, 0),
]


@dataclass
class Told:
    """A tap that was answered: what it was, and what it undid."""

    act: str
    undoes: str = ""


@dataclass
class Evening:
    """A shift, three phones, and what they were answered."""

    lead: Person
    shift: Shift
    now_s: float = 0.0
    phones: dict[str, Claimed] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)
    takers: dict[str, str] = field(default_factory=dict)
    calls: int = 0
    owners: dict[str, str] = field(default_factory=dict)
    lost: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def needs(self) -> dict[str, tuple[Any, ...]]:
        rows = ShiftNeed.objects.filter(shift=self.shift).order_by("pk")
        return {need.ref: (need.state, need.count, need.turn, need.taken_key) for need in rows}

    def arrive(self, seat: str) -> None:
        try:
            self.phones[seat] = commands.claim(self.shift, seat, now=moment(self.now_s))
        except SeatTaken:
            self.phones.pop(seat, None)

    def step(self, act: str, who: int, first: int, second: int) -> None:
        self.now_s += 1.0
        seat = SEATS[who]
        moves: dict[str, Callable[[str, int], None]] = {
            "leave": self.leave,
            "call off": self.call_off,
            "call back": self.call_back,
            "restart": self.restart,
        }
        if move := moves.get(act):
            move(seat, first)
        elif seat in self.phones:
            self.send(act, seat, self.how(act, first, second))

    def how(self, act: str, first: int, second: int) -> dict[str, Any]:
        place, kind = PLACES[first % len(PLACES)], KINDS[second % len(KINDS)]
        if act == "raise":
            return {"need": key(), "place": place, "kind": kind}
        if act in ("seated", "left"):
            return {"place": place}
        if act == "undo":
            newest = [*self.told, "nothing-yet"][-4:]
            return {"undoes": newest[first % len(newest)]}
        refs = [*self.needs(), "no-need"]
        chosen = refs[first % len(refs)], refs[second % len(refs)]
        if act == "take":
            return {"needs": chosen}
        taken_key = self.needs().get(chosen[0], ("", 0, 0, ""))[3]
        return {"need": chosen[0], "undoes": taken_key if second % 3 else key()}

    def send(self, act: str, seat: str, how: dict[str, Any]) -> None:
        """Send a tap twice; the second time nothing happens."""
        holder, mark = self.phones[seat].holder, key()
        before = self.needs()
        try:
            tap(holder, act, key=mark, at_s=self.now_s, **how)
        except (TapRefused, BadTap, SeatGone):
            assert self.needs() == before
            return
        after = self.needs()
        self.note(act, seat, mark, how, before=before, after=after)
        assert tap(holder, act, key=mark, at_s=self.now_s, **how).again
        assert self.needs() == after

    def note(
        self,
        act: str,
        seat: str,
        mark: str,
        how: dict[str, Any],
        *,
        before: dict[str, Any],
        after: dict[str, Any],
    ) -> None:
        self.told[mark] = Told(act, how.get("undoes", ""))
        if act == "raise":
            self.calls += 1
        elif act == "take":
            self.takers[mark] = seat
            assert any(state[3] == mark for state in after.values())
        elif act == "done":
            assert after[how["need"]][0] == NeedState.DONE
        elif act == "put_back":
            assert after[how["need"]][0] == NeedState.OPEN
        elif act == "undo":
            self.calls += self.undone(how["undoes"])

    def undone(self, mark: str) -> int:
        """By how many calls an undo changes what was asked for."""
        tapped = self.told[mark]
        if tapped.act == "raise":
            return -1
        return -self.undone(tapped.undoes) if tapped.act == "undo" else 0

    def leave(self, seat: str, _number: int) -> None:
        if seat in self.phones and queries.seat_holder(self.phones[seat].cookie):
            commands.leave(self.phones[seat].holder, now=moment(self.now_s))
            self.takers = {mark: who for mark, who in self.takers.items() if who != seat}
        self.arrive(seat)

    def call_off(self, seat: str, _number: int) -> None:
        self.shift.refresh_from_db()
        off = key()
        try:
            cut = queries.propose_without(self.lead, self.shift, seat)
            commands.call_off(
                self.lead, self.shift, seat, tables=cut.tables, key=off, now=moment(self.now_s)
            )
        except (BadSetting, TapRefused):
            return
        self.lost.append((off, self.owners))
        self.owners = dict(cut.owners)

    def call_back(self, _seat: str, _number: int) -> None:
        if not self.lost:
            return
        off, owners = self.lost.pop()
        commands.call_back(self.lead, self.shift, undoes=off, now=moment(self.now_s))
        self.owners = owners

    def restart(self, _seat: str, _number: int) -> None:
        memory.forget(self.shift.ref)
        taken = {ref: row[3] for ref, row in self.needs().items() if row[0] == NeedState.TAKEN}
        for seat, claimed in self.phones.items():
            if queries.seat_holder(claimed.cookie) is None:
                continue
            mine = {ref: mark for ref, mark in taken.items() if self.takers.get(mark) == seat}
            commands.hello(claimed.holder, Retold(claims=mine), now=moment(self.now_s))

    def check(self) -> None:
        self.shift.refresh_from_db()
        assert self.shift.owners == self.owners
        assert set(self.shift.tables.values()) <= set(self.owners)
        rows = list(ShiftNeed.objects.filter(shift=self.shift))
        waits = [(need.place, need.kind) for need in rows if need.state in WAITING]
        assert len(waits) == len(set(waits))
        assert sum(need.count for need in rows if need.state != NeedState.GONE) == self.calls
        known = memory.of(self.shift.ref)
        for need in rows:
            taker = self.takers.get(need.taken_key, "") if need.taken_key else ""
            here = taker in self.phones and queries.seat_holder(self.phones[taker].cookie)
            assert bool(here) == (need.state == NeedState.TAKEN)
            assert known.taker_of(need.ref) == taker


@pytest.mark.django_db
@settings(max_examples=25)
@example(steps=ASKED_ANEW_THEN_UNDONE)
@given(steps=st.lists(STEP, min_size=5, max_size=24))
def test_no_need_is_lost_or_doubled_and_no_owner_changes(
    steps: list[tuple[str, int, int, int]],
) -> None:
    """Seeds S0.8 and S0.9: whoever helps, sections change hands by the lead alone."""
    with transaction.atomic():
        played(steps)
        transaction.set_rollback(True)


def played(steps: list[tuple[str, int, int, int]]) -> None:
    lead = leader()
    made = grid(sections=3, tables=2, need_types=small().need_types, hands={"pot": 4})
    floor = replace(made, name="Evening")
    shift = commands.open_shift(lead, stored(lead, floor), now=OPENED)
    evening = Evening(lead, shift, owners=shift.owners)
    for seat in SEATS:
        evening.arrive(seat)
    for step in steps:
        evening.step(*step)
        evening.check()
    memory.forget(shift.ref)
