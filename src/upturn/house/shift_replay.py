"""An hour of the lab in a live shift: who leads it, where to watch it, and how it ends."""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from django.db import connections, transaction
from django.utils import timezone

from upturn.floor import commands, queries
from upturn.floor.engine.lab.recorded import Recorded
from upturn.floor.engine.shapes import Floor, Server
from upturn.house.shift_doors import Browser, Ended, OverHttp
from upturn.house.shift_phones import Played, Way
from upturn.people import commands as people
from upturn.people import queries as people_queries
from upturn.people.models import Role

if TYPE_CHECKING:
    from upturn.floor.models import Shift
    from upturn.people.models import Person

NAME = "An hour of the lab"
"""Of the organisation a replay plays in, by which it is known for one."""
LEAD = "nadia"
SPARE = "a spare seat"
TELL_S = 300.0
"""Seconds of the hour from one line about it to the next."""
TRIES, PAUSE_S = 300, 0.1
"""How often the house is asked whether it answers yet."""


class Opened(NamedTuple):
    """A shift to play on, who leads it, and the seats that are played."""

    lead: "Person"
    shift: "Shift"
    floor: Floor
    seats: tuple[str, ...]


def open_replay(floor: Floor, *, speed: float) -> Opened:
    """Store an organisation of one, who leads, and open a shift with a seat to spare."""
    now = timezone.now()
    with transaction.atomic():
        people.name_organisation(NAME)
        people.seat([(LEAD, "Nadia", Role.LEADER, [])])
        lead = people_queries.by_username()[LEAD]
        drawn = with_spare_seat(floor)
        kept = commands.draw_floor(lead, drawn, code="replay", today=now.date())
        shift = commands.open_shift(lead, kept, now=now, pace=speed)
    return Opened(lead, shift, drawn, tuple(server.id for server in floor.servers))


def with_spare_seat(floor: Floor) -> Floor:
    """Add a seat without a section, for whoever watches.

    >>> from upturn.floor.engine.grid import grid
    >>> [server.id for server in with_spare_seat(grid(sections=1)).servers]
    ['server 1', 'a spare seat']
    """
    taken = {server.id for server in floor.servers}
    names = (f"{SPARE} {number}" if number > 1 else SPARE for number in count(1))
    spare = Server(next(name for name in names if name not in taken), hands=_hands(floor))
    return replace(floor, servers=(*floor.servers, spare))


def _hands(floor: Floor) -> dict[str, int]:
    return dict(floor.servers[0].hands) if floor.servers else {}


class Replay(threading.Thread):
    """Plays beside the server, over its own addresses, and ends the server when it is done.

    Parameters
    ----------
    opened, hour, way
        What is played, where, and what the phones do.
    base
        The address the house answers at.
    stays
        Whether the pages stay when the hour is over, until somebody ends them.
    say
        Takes each line that is printed.
    """

    def __init__(
        self,
        opened: Opened,
        hour: Recorded,
        way: Way,
        *,
        base: str,
        stays: bool,
        say: Callable[[str], None],
    ) -> None:
        super().__init__(name="replay", daemon=True)
        self.opened, self.hour, self.way = opened, hour, way
        self._base, self._stays, self._say = base, stays, say
        self._ends = threading.Event()
        self._told_s = 0.0
        self.error = ""

    def end(self) -> None:
        """Stop where it is, and wait for that."""
        self._ends.set()
        self.join()

    def run(self) -> None:
        try:
            self._play()
        except Ended as ended:
            self.error = str(ended)
        finally:
            connections.close_all()
        if not self._ends.is_set() and (self.error or not self._stays):
            os.kill(os.getpid(), signal.SIGINT)

    def _play(self) -> None:
        self._wait_for_the_house()
        door = self._door()
        for address in self._addresses():
            self._say(address)
        played = Played(self.opened.floor, self.hour, door, self.way)
        played.begin(seats=self.opened.seats)
        played.play(self._tell)
        close(self.opened)
        if self._stays:
            self._say("The hour is over, and the shift is closed. Ctrl-C ends the pages.")

    def _wait_for_the_house(self) -> None:
        browser = Browser(self._base)
        for _ in range(TRIES):
            if browser.get("/readyz")[0] == HTTPStatus.OK:
                return
            if self._ends.wait(PAUSE_S):
                raise Ended
        msg = f"{self._base} does not answer."
        raise Ended(msg)

    def _door(self) -> OverHttp:
        lead, shift = self.opened.lead, self.opened.shift
        tables = {
            place: f"/table/{queries.table_code(lead, shift.floor, number)}/"
            for number, place in enumerate(queries.guest_places(self.opened.floor), 1)
        }
        door = OverHttp(self._base, shift=shift, tables=tables, ends=self._ends)
        for seat in self.opened.seats:
            door.sit_down(seat, address=self._code())
        for place in self.hour.places:
            door.tap(self.opened.seats[0], "seated", place=place)
        return door

    def _code(self) -> str:
        return f"/seat/{queries.seat_code(self.opened.lead, self.opened.shift, 0)}/"

    def _addresses(self) -> tuple[str, str]:
        lead = f"{self._base}/floor/shift/{self.opened.shift.ref}/"
        return (
            f"A phone of your own:  {self._base}{self._code()}",
            f"The lead:  {lead} (be Nadia at {self._base}/demo/ first)",
        )

    def _tell(self, played: Played) -> None:
        if played.now_s - self._told_s < TELL_S:
            return
        self._told_s = played.now_s
        waiting = sum(map(len, played.unmet.values()))
        self._say(
            f"minute {played.now_s / 60:.0f} of {self.hour.seconds / 60:.0f}: "
            f"{played.met} needs met, {waiting} not yet"
        )


def close(opened: Opened) -> None:
    """Close the shift; a second time does nothing."""
    opened.shift.refresh_from_db()
    if opened.shift.summary is None:
        commands.close_shift(opened.lead, opened.shift, now=timezone.now())
        opened.shift.refresh_from_db()
