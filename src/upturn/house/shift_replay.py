"""An hour of the lab in a live shift: who leads it, where to watch it, and how it ends."""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from itertools import count
from time import monotonic
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

if TYPE_CHECKING:
    from upturn.floor.models import LabFloor, Shift
    from upturn.people.models import Person

NAME = "An hour of the lab"
"""Of the organisation a replay plays in, by which it is known for one."""
LEAD = "nadia"
SPARE = "a spare seat"
TELL_S = 5.0
"""Seconds from one line about the hour to the next."""
TRIES, PAUSE_S = 300, 0.1
"""How often the house is asked whether it answers yet."""


class Stage(NamedTuple):
    """A floor to play on, who leads it, and the seats that are played."""

    lead: "Person"
    lab_floor: "LabFloor"
    floor: Floor
    seats: tuple[str, ...]


@transaction.atomic
def set_up(floor: Floor) -> Stage:
    """Store an organisation of one, who leads, and the floor with a seat to spare."""
    people.name_organisation(NAME)
    people.seat([(LEAD, "Nadia", "leader", [])])
    lead = people_queries.by_username()[LEAD]
    drawn = with_spare_seat(floor)
    kept = commands.draw_floor(lead, drawn, code="replay", today=timezone.localdate())
    return Stage(lead, kept, drawn, tuple(server.id for server in floor.servers))


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
    """Opens a shift beside the server, plays over the server's own addresses, and closes it.

    Parameters
    ----------
    stage, hour, way, speed
        What is played, where, what the phones do, and how many times as fast.
    base
        The address the house answers at.
    stays
        Whether the pages stay when the hour is over, until somebody ends them.
    say
        Takes each line that is printed.
    """

    def __init__(  # noqa: PLR0913 - what is played, and where it is shown
        self,
        stage: Stage,
        hour: Recorded,
        *,
        way: Way,
        speed: float,
        base: str,
        stays: bool,
        say: Callable[[str], None],
    ) -> None:
        super().__init__(name="replay", daemon=True)
        self._stage, self._hour, self._way, self._speed = stage, hour, way, speed
        self._base, self._stays, self._say = base, stays, say
        self._ends = threading.Event()
        self._told_at = 0.0
        self.shift: Shift | None = None
        self.error = "The hour was not played to its end."

    def end(self) -> None:
        """Stop where it is, wait for that, and close the shift."""
        self._ends.set()
        self.join()
        self._close()

    def run(self) -> None:
        try:
            self._play()
            self.error = ""
        except Ended as ended:
            self.error = str(ended)
        finally:
            connections.close_all()
            if self._ends.is_set():  # by whoever watched, and what breaks at the end is no error
                self.error = ""
            elif self.error or not self._stays:
                os.kill(os.getpid(), signal.SIGINT)

    def _play(self) -> None:
        self._wait_for_the_house()
        now = timezone.now()
        stage = self._stage
        shift = commands.open_shift(stage.lead, stage.lab_floor, now=now, pace=self._speed)
        self.shift = shift
        code = f"{self._base}/seat/{queries.seat_code(stage.lead, shift, 0)}/"
        self._say(f"A phone of your own:  {code}")
        lead = f"{self._base}/floor/shift/{shift.ref}/"
        self._say(f"The lead:  {lead} (be Nadia at {self._base}/demo/ first)")
        door = OverHttp(self._base, shift=shift, tables=self._tables(), ends=self._ends)
        for seat in stage.seats:
            door.sit_down(seat, address=code.removeprefix(self._base))
        for place in self._hour.places:
            door.tap(stage.seats[0], "seated", place=place)
        door.begin()
        self._told_at = monotonic()
        played = Played(stage.floor, self._hour, door, self._way)
        played.begin(seats=stage.seats)
        played.play(self._tell)
        self._close()
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

    def _tables(self) -> dict[str, str]:
        lead, lab_floor = self._stage.lead, self._stage.lab_floor
        places = enumerate(queries.guest_places(self._stage.floor), 1)
        return {
            place: f"/table/{queries.table_code(lead, lab_floor, number)}/"
            for number, place in places
        }

    def _tell(self, played: Played) -> None:
        if monotonic() - self._told_at < TELL_S:
            return
        self._told_at = monotonic()
        waiting = sum(map(len, played.unmet.values()))
        self._say(
            f"minute {played.now_s / 60:.0f} of {self._hour.seconds / 60:.0f}: "
            f"{played.met} needs met, {waiting} not yet"
        )

    def _close(self) -> None:
        """Close the shift; a second time does nothing."""
        if self.shift is not None:
            self.shift = commands.close_shift(self._stage.lead, self.shift, now=timezone.now())
