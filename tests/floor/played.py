"""An hour of the lab played into a live board in this process, with the clock handed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any
from unittest.mock import patch

from tests.floor.drawn import leader, stored
from upturn.floor import commands, queries
from upturn.floor.engine.lab.recorded import Arising, Recorded, record
from upturn.floor.engine.live import opportunities
from upturn.floor.engine.shapes import Floor
from upturn.floor.jobs.lookout import Lookouts
from upturn.floor.models import Shift
from upturn.floor.queries import rhythm, rounds
from upturn.house.shift_phones import Json, Played, Way
from upturn.people.models import Person

OPENED = datetime(2026, 11, 23, 18, tzinfo=UTC)
BEAT_S = 15.0
_keys = count(1)


@dataclass
class Beside:
    """The door of a shift in this process; every fifteen seconds the lookout has its turn."""

    lead: Person
    shift: Shift
    holders: dict[str, queries.SeatHolder] = field(default_factory=dict)
    now_s: float = 0.0
    looked_s: float = 0.0
    lookouts: Lookouts = field(
        default_factory=lambda: Lookouts(say=lambda *_: None, listening=lambda _: 0)
    )

    @property
    def now(self) -> datetime:
        return OPENED + timedelta(seconds=self.now_s)

    def sit_down(self, *seats: str) -> None:
        for seat in seats:
            claimed = commands.claim(self.shift, seat, now=self.now, nickname=f"Nick of {seat}")
            self.holders[seat] = claimed.holder

    def wait_until(self, at_s: float) -> float:
        while self.looked_s + BEAT_S <= at_s:
            self.now_s = self.looked_s = self.looked_s + BEAT_S
            self.lookouts.look(self.now)
        self.now_s = max(self.now_s, at_s)
        return self.now_s

    def state(self, seat: str) -> Json:
        shown = queries.board_state(self.holders[seat], now=self.now)
        return {**shown, "round": self.round(seat) if shown["needs"] else None}

    def round(self, seat: str) -> Json | None:
        return rounds.round_of(self.holders[seat], now=self.now, budget_ms=0.5)

    def tap(self, seat: str, act: str, **more: Any) -> Json:
        if "needs" in more:
            more["needs"] = tuple(more["needs"])
        more.setdefault("key", f"key of tap {next(_keys)}")
        tap = commands.Tap(act=act, **more)
        try:
            answer = commands.carry_out(self.holders[seat], tap, now=self.now)
        except commands.TapRefused as refused:
            return {"ok": False, "said": refused.said, "round": self.round(seat)}
        goes_on = self.round(seat) if act == "take" else None  # of the others nobody reads it
        return {"ok": True, "missed": list(answer.missed), "round": goes_on}

    def ask(self, arising: Arising) -> None:
        at = queries.TableCode(self.shift.floor, arising.place, self.shift)
        commands.ask(at, arising.kind, key=f"a guest, {arising.number}", now=self.now)


def opened(floor: Floor) -> Beside:
    """A shift on a floor with every seat held."""
    lead = leader()
    shift = commands.open_shift(lead, stored(lead, floor), now=OPENED)
    beside = Beside(lead, shift)
    beside.sit_down(*(server.id for server in floor.servers))
    return beside


def played(
    floor: Floor, *, way: Way = Way.OWN_THE_WHOLE, seed: int = 1, seconds: float = 1800.0
) -> tuple[Played, Beside]:
    """Half an hour of the lab on a floor, up to its end; the shift is still open."""
    beside = opened(floor)
    hour = record(floor, seed=seed, seconds=seconds)
    return play(floor, hour, beside, way=way), beside


def play(floor: Floor, hour: Recorded, beside: Beside, *, way: Way = Way.OWN_THE_WHOLE) -> Played:
    seats = tuple(beside.holders)
    for place in hour.places:
        beside.tap(seats[0], "seated", place=place)
    playing = Played(floor, hour, beside, way, idle_s=20.0)
    playing.begin(seats=seats)
    playing.play()
    return playing


@contextmanager
def looking_in_every(cadence_s: float) -> Iterator[None]:
    """Let the rhythm of the floor ask for a look at each table so often."""
    with patch.object(rhythm, "opportunities", partial(opportunities, cadence_s=cadence_s)):
        yield
