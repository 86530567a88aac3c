"""Phones that play an hour of the lab into a live board, one move after the other.

They know of the hour what a guest knows, and of the board what a phone shows: they take the round
that is proposed, walk it, and tap. What nobody asks for is seen where one stands, or comes from the
rhythm of the board itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Any, Protocol

from upturn.floor.engine.lab.recorded import Arising, Recorded
from upturn.floor.engine.laid import lay_out
from upturn.floor.engine.shapes import Floor, Kind, Server

LOOK_S = 4.0
"""How long a look at a table takes that needs nothing."""
IDLE_S = 10.0
"""After how long somebody whom nothing waits for looks at the board again."""

Json = Mapping[str, Any]


class Way(StrEnum):
    """What the phones do with the board."""

    OWN_THE_WHOLE = "own-the-whole"
    ONE_AT_A_TIME = "one-at-a-time"


class Door(Protocol):
    """How the hour reaches the board, and whose clock it follows; seconds since the opening."""

    def wait_until(self, at_s: float) -> float:
        """Let the time come, and say what time it is then."""

    def state(self, seat: str) -> Json:
        """Give what the board shows to a seat."""

    def tap(self, seat: str, act: str, **more: Any) -> Json:
        """Tap, and give the answer, also when it was refused."""

    def ask(self, arising: Arising) -> None:
        """Let a guest ask."""


@dataclass(slots=True)
class Phone:
    """A seat that is played: where it stands, and whether it is at work."""

    server: Server
    at: str
    idle: bool = False


@dataclass(slots=True)
class Played:
    """An hour that is being played.

    `unmet` is what guests need at this moment, whether or not anybody knows of it; `known` says of
    each need by number when somebody first did.
    """

    floor: Floor
    hour: Recorded
    door: Door
    way: Way = Way.OWN_THE_WHOLE
    idle_s: float = IDLE_S
    now_s: float = 0.0
    phones: dict[str, Phone] = field(default_factory=dict)
    unmet: dict[tuple[str, str], list[Arising]] = field(default_factory=dict)
    known: dict[int, float] = field(default_factory=dict)
    asked: int = 0
    met: int = 0
    _moves: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)
    _walk: dict[tuple[str, str], float] = field(default_factory=dict)
    _kinds: dict[str, Any] = field(default_factory=dict)

    def begin(self, *, seats: tuple[str, ...]) -> None:
        """Put these seats to their places, and everything that arises on the calendar."""
        laid, ids = lay_out(self.floor), [node.id for node in self.floor.nodes]
        self._kinds = {kind.name: kind for kind in self.floor.need_types}
        self._walk = {
            (start, end): float(laid.walk_s[a, b])
            for a, start in enumerate(ids)
            for b, end in enumerate(ids)
        }
        for number, server in enumerate(self.floor.servers):
            if server.id in seats:
                self.phones[server.id] = Phone(server, ids[int(laid.home[number])])
                self._at(0.0, partial(self._turn, server.id))
        for one in self.hour.arisings:
            self._at(one.at_s, partial(self._arise, one))

    def play(self, tell: Callable[["Played"], None] | None = None) -> None:
        """Play it to its end; `tell` is called after each move."""
        while self._moves and self._moves[0][0] <= self.hour.seconds:
            at_s, _, move = heappop(self._moves)
            self.now_s = max(at_s, self.door.wait_until(at_s))
            move()
            if tell:
                tell(self)
        self.now_s = self.door.wait_until(self.hour.seconds)

    def _at(self, at_s: float, move: Callable[[], None]) -> None:
        heappush(self._moves, (at_s, next(self._order), move))

    def _after(self, seconds: float, move: Callable[[], None]) -> None:
        self._at(self.now_s + seconds, move)

    # What guests do

    def _arise(self, one: Arising) -> None:
        self.unmet.setdefault((one.place, one.kind), []).append(one)
        self._at(max(one.asks_s, self.now_s), partial(self._ask, one))

    def _ask(self, one: Arising) -> None:
        if one in self.unmet.get((one.place, one.kind), ()):
            self.asked += 1
            self.known.setdefault(one.number, self.now_s)
            self.door.ask(one)

    # What seats do

    def _turn(self, name: str) -> None:
        """Look at the board, and set out for what is next, if anything is."""
        state = self.door.state(name)
        going = self._own_next(name, state) if self._one_by_one else self._round_next(name, state)
        self.phones[name].idle = going is None
        if going is None:
            self._after(self.idle_s, partial(self._turn, name))
        else:
            place, then = going
            self._after(self._walking(name, place), lambda: self._arrive(name, place, then))

    @property
    def _one_by_one(self) -> bool:
        return self.way is Way.ONE_AT_A_TIME

    def _round_next(self, name: str, state: Json) -> tuple[str, Callable[[], None]] | None:
        """Take the round that is proposed, and give its first stop."""
        proposed = state["round"]
        free = [stop["need"] for stop in _stops(proposed) if stop["need"] and not stop["mine"]]
        if free:
            proposed = self.door.tap(name, "take", needs=free)["round"]
        if not (stops := _stops(proposed)):
            return None
        first = stops[0]
        kinds = {need["ref"]: need["kind"] for need in state["needs"]}
        if not first["need"]:
            items = tuple((proposed or {}).get("take", ()))
            return first["place"], lambda: self._fetch(name, items)
        kind = kinds.get(first["need"], "")
        return first["place"], lambda: self._serve(name, first["need"], first["place"], kind)

    def _own_next(self, name: str, state: Json) -> tuple[str, Callable[[], None]] | None:
        """Take the oldest that was asked for at the own tables, and it alone; see nothing else."""
        own = set(state["me"]["tables"])
        waiting = [
            need
            for need in state["needs"]
            if need["place"] in own and need["asked"] and need["state"] == "open"
        ]
        if not waiting:
            return self._home(name)
        need = min(waiting, key=lambda need: (need["raised_s"], need["ref"]))
        self.door.tap(name, "take", needs=[need["ref"]])
        place, kind, ref = need["place"], need["kind"], need["ref"]
        item = self._kinds[kind].item if kind in self._kinds else ""
        if item and not state["me"]["hands"].get(item):
            return self._station(), lambda: self._fetch_for(name, item, ref, place, kind)
        return place, lambda: self._serve(name, ref, place, kind)

    def _home(self, name: str) -> tuple[str, Callable[[], None]] | None:
        station = self._station()
        if not station or self.phones[name].at == station:
            return None
        return station, lambda: self._turn(name)

    def _station(self) -> str:
        return next((node.id for node in self.floor.nodes if node.kind is Kind.STATION), "")

    def _fetch_for(self, name: str, item: str, ref: str, place: str, kind: str) -> None:
        self._hold(name, (item,))
        self._after(
            self._walking(name, place),
            lambda: self._arrive(name, place, lambda: self._serve(name, ref, place, kind)),
        )

    def _fetch(self, name: str, items: tuple[str, ...]) -> None:
        self._hold(name, items)
        self._turn(name)

    def _hold(self, name: str, items: tuple[str, ...]) -> None:
        for item in items:
            self.door.tap(name, "hold", item=item, left=self.phones[name].server.hands[item])

    def _walking(self, name: str, place: str) -> float:
        phone = self.phones[name]
        return self._walk[phone.at, place] * 1.2 / phone.server.speed_m_s

    def _arrive(self, name: str, place: str, then: Callable[[], None]) -> None:
        self.phones[name].at = place
        then()

    def _serve(self, name: str, ref: str, place: str, kind: str) -> None:
        """Do what is to be done; whoever came for nothing has looked, and that takes a moment."""
        waiting = self._see(place, kind)
        takes_s = max((one.service_s for one in waiting), default=LOOK_S)
        self._after(takes_s, partial(self._finish, name, ref, place, kind))

    def _finish(self, name: str, ref: str, place: str, kind: str) -> None:
        answer = self.door.tap(name, "done", need=ref)
        if answer["ok"]:
            self.met += len(self._see(place, kind))
            self.unmet.pop((place, kind), None)
        if not self._one_by_one:
            self._look_around(name, place)
        self._turn(name)

    def _look_around(self, name: str, place: str) -> None:
        """Put on the board what is seen at this table, and nobody has asked for yet."""
        for at, kind in list(self.unmet):
            waiting = self._see(at, kind) if at == place else []
            if waiting and all(one.asks_s > self.now_s for one in waiting):
                ref = f"seen-{waiting[0].number}"
                self.door.tap(name, "raise", need=ref, place=place, kind=kind, asked=False)

    def _see(self, place: str, kind: str) -> list[Arising]:
        """What guests need of this kind, known from now on to whoever stands there."""
        waiting = self.unmet.get((place, kind), [])
        for one in waiting:
            self.known.setdefault(one.number, self.now_s)
        return waiting


def _stops(proposed: Json | None) -> list[Json]:
    return list(proposed["stops"]) if proposed else []
