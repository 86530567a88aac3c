"""An evening on a small floor whose phones hear what the lookout says."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.floor.drawn import leader, stored
from upturn.floor.commands import (
    Claimed,
    Tap,
    carry_out,
    claim,
    open_shift,
)
from upturn.floor.jobs.lookout import Lookouts
from upturn.floor.models import Shift, ShiftNeed, memory

OPENED = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
_keys = count(1)


class Evening:
    """A shift on the small floor, with a clock in hand and phones that listen."""

    def __init__(self, *seats: str) -> None:
        self.now = OPENED
        self.shift: Shift = open_shift(leader(), stored(), now=OPENED)
        self.phones: dict[str, Claimed] = {}
        self.open: set[str] = set()
        self.heard: list[tuple[str, Mapping[str, Any]]] = []
        self.lookouts = self.fresh()
        for seat in seats:
            self.join(seat)

    def fresh(self) -> Lookouts:
        return Lookouts(
            say=lambda topic, said: self.heard.append((topic, said)),
            listening=lambda topic: int(topic in self.open),
        )

    def join(self, seat: str, **how: Any) -> None:
        self.phones[seat] = claim(self.shift, seat, now=self.now, **how)
        self.open.add(self.topic(seat))

    def topic(self, seat: str) -> str:
        return f"seat:{self.shift.ref}:{self.phones[seat].holder.number}"

    def tap(self, seat: str, act: str, **how: Any) -> str:
        key = f"key-{next(_keys):08d}"
        carry_out(self.phones[seat].holder, Tap(key=key, act=act, **how), now=self.now)
        return key

    def calls(self, seat: str, place: str, kind: str) -> str:
        ref = f"need-{next(_keys)}"
        self.tap(seat, "raise", need=ref, place=place, kind=kind)
        return ref

    def look(self, after_s: float = 0.1) -> None:
        self.now += timedelta(seconds=after_s)
        self.lookouts.look(self.now)

    def told(self, seat: str, kind: str = "round") -> list[Any]:
        """Give what a seat heard since it was asked last."""
        topic = self.topic(seat)
        mine = [said[kind] for to, said in self.heard if to == topic and said["kind"] == kind]
        self.heard = [(to, said) for to, said in self.heard if (to, said["kind"]) != (topic, kind)]
        return mine


def needs_of(round_: Mapping[str, Any] | None) -> list[str]:
    return [stop["need"] for stop in round_["stops"] if stop["need"]] if round_ else []


def memory_of(evening: Evening, seat: str) -> memory.SeatMemory:
    return memory.of(evening.shift.ref).seat(seat)


def state(evening: Evening, ref: str) -> str:
    return str(ShiftNeed.objects.get(shift=evening.shift, ref=ref).state)
