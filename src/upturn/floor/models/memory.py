"""What is known of the people of a shift while it lasts: in this process, and written nowhere.

Who holds a seat, where they stand, what they carry, what they took and what they declined. After a
restart it is empty, and each phone tells its own part again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock, RLock
from typing import Any


@dataclass(slots=True)
class SeatMemory:
    """One seat: `claims` gives each need it took the key of that tap, `hands` what is left.

    Moments are seconds since the shift opened. `round` and `offer` are what it was last told;
    `meant_s` says since when each need of that round is meant for this seat.
    """

    nickname: str = ""
    language: str = ""
    at: str = ""
    hands: dict[str, int] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)
    declined: set[str] = field(default_factory=set)
    busy_until_s: float = 0.0
    quiet_until_s: float = 0.0
    seen_s: float = 0.0
    round: dict[str, Any] | None = None
    offer: Mapping[str, Any] | None = None
    meant_s: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CalledOff:
    """Who was called off, and at which turn and by which key each need was put back."""

    name: str
    seat: SeatMemory | None
    taken: Mapping[str, tuple[int, str]]


class ShiftMemory:
    """Everything of one shift. Hold `lock` while reading or writing more than one thing of it.

    `looked` says when somebody last looked at a table, `asked` when a guest last asked for a kind
    at a place, `walked_by` how many needs were walked by that the shift does not count yet,
    `called_off` what a sick call took, by its key, in case it is undone; `changed` tells the second
    look that plans may be old.
    """

    def __init__(self) -> None:
        self.lock = RLock()
        self.seats: dict[str, SeatMemory] = {}
        self.looked: dict[str, float] = {}
        self.asked: dict[tuple[str, str], float] = {}
        self.walked_by = 0
        self.called_off: dict[str, CalledOff] = {}
        self.changed = True
        self._takers: dict[str, str] = {}
        self._turns: dict[str, int] = {}

    def seat(self, name: str) -> SeatMemory:
        """Give what is known of a seat; nothing yet, if it is new."""
        with self.lock:
            return self.seats.setdefault(name, SeatMemory())

    def forget_seat(self, name: str) -> None:
        """Forget who held a seat, and what he or she took."""
        with self.lock:
            self.seats.pop(name, None)
            self._takers = {key: seat for key, seat in self._takers.items() if seat != name}
            self.changed = True

    def take_back_in(self, key: str) -> None:
        """Know a seat again that was called off; its claims are settled need by need."""
        with self.lock:
            lost = self.called_off.pop(key, None)
            if lost is None:
                return
            self.seats[lost.name] = lost.seat or SeatMemory()
            self.seats[lost.name].claims.clear()
            for _turn, taken_key in lost.taken.values():
                self._takers[taken_key] = lost.name

    def note_taker(self, key: str, seat: str) -> None:
        """Remember that a tap with this key came from this seat."""
        with self.lock:
            self._takers[key] = seat

    def knows(self, key: str) -> bool:
        """Whether the tap with this key came from a phone that is still known."""
        with self.lock:
            return key in self._takers

    def settle(self, ref: str, *, turn: int, taken_key: str) -> None:
        """Put a need under the seat that took it, or under none; what is older is passed over."""
        with self.lock:
            if turn < self._turns.get(ref, 0):
                return
            self._turns[ref] = turn
            for seat in self.seats.values():
                seat.claims.pop(ref, None)
            taker = self._takers.get(taken_key)
            if taken_key and taker in self.seats:
                self.seats[taker].claims[ref] = taken_key
            self.changed = True

    def propose_again(self, ref: str) -> None:
        """Forget who declined a need: it was asked anew."""
        with self.lock:
            for seat in self.seats.values():
                seat.declined.discard(ref)

    def taker_of(self, ref: str) -> str:
        """Name the seat that took a need, or nobody."""
        with self.lock:
            return next((name for name, seat in self.seats.items() if ref in seat.claims), "")


_shifts: dict[str, ShiftMemory] = {}
_door = Lock()


def of(shift_ref: str) -> ShiftMemory:
    """Give the memory of a shift; an empty one, if nothing is known."""
    with _door:
        return _shifts.setdefault(shift_ref, ShiftMemory())


def forget(shift_ref: str) -> None:
    """Forget everything about a shift."""
    with _door:
        _shifts.pop(shift_ref, None)


def known() -> tuple[str, ...]:
    """Name the shifts of which anything is known."""
    with _door:
        return tuple(_shifts)
