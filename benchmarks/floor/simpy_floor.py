"""The walking floor in SimPy: a process a server, one at a time or scanning the own section.

The same model as the engine's, with all kinds of need and a record a need. With the needs given it
leaves the same records; or it draws them as it goes, a process for each table and kind.
"""

from math import inf, log1p, sqrt
from typing import NamedTuple

import numpy as np
import simpy

from upturn.floor.engine.laid import Laid, places_of
from upturn.floor.engine.needs import Needs
from upturn.floor.engine.policy import OneAtATime, ScanSection
from upturn.floor.engine.shapes import Durations, Floor, Law, NeedType

EPSILON_S = 1e-9


class Need:
    """One need and its record."""

    __slots__ = (
        "asks_s", "created_s", "due_at", "ended_s", "gave_up", "item", "kind", "known_s", "node",
        "number", "patience_s", "server", "service_s", "started_s", "together", "trip", "weight",
    )  # fmt: skip

    def __init__(self, number: int, row: tuple, laid: "FloorInSimPy") -> None:
        self.number = number
        self.created_s, self.node, self.kind, self.service_s, self.patience_s, self.asks_s = row
        self.due_at = self.created_s + laid.due_s[self.kind]
        self.weight, self.item = laid.weight[self.kind], laid.item[self.kind]
        self.together = laid.together[self.kind]
        self.known_s = self.started_s = self.ended_s = inf
        self.server = self.trip = -1
        self.gave_up = False


class Seat:
    """A server: where it stands, what it carries, what waits in its section."""

    def __init__(self, number: int, laid: "FloorInSimPy") -> None:
        self.number, self.at = number, laid.home[number]
        self.carries = dict.fromkeys(range(len(laid.capacity[number])), 0)
        self.open: list[Need] = []
        self.unknown: list[Need] = []
        self.round: list[int] = []
        self.looked_s, self.trips, self.walked_s, self.busy_s = 0.0, 0, 0.0, 0.0
        self.bell: simpy.Event | None = None


class Draws(NamedTuple):
    """What one process draws."""

    kind: NeedType
    at: int
    node: int
    numbers: np.random.Generator
    until_s: float


def draw_one(numbers: np.random.Generator, of: Durations) -> float:
    """Draw one duration."""
    match of.law:
        case Law.EXPONENTIAL:
            return numbers.exponential(of.mean_s)
        case Law.CONSTANT:
            return of.mean_s
        case Law.LOGNORMAL:
            spread = log1p(of.cv**2)
            return of.mean_s * numbers.lognormal(-spread / 2, sqrt(spread))
        case Law.GAMMA:
            return numbers.gamma(1 / of.cv**2, of.mean_s * of.cv**2)


class FloorInSimPy:
    """A floor with strict sections."""

    def __init__(self, laid: Laid, policy: OneAtATime | ScanSection) -> None:
        self.walk = laid.walk_s.tolist()
        self.home, self.slow = laid.home.tolist(), laid.slow.tolist()
        self.work_rate, self.capacity = laid.work_rate.tolist(), laid.capacity.tolist()
        self.due_s, self.weight = laid.due_s.tolist(), laid.weight.tolist()
        self.item, self.together = laid.item.tolist(), laid.together.tolist()
        self.owner, self.stations = laid.owner.tolist(), laid.stations.tolist()
        self.tours = [
            laid.tours[laid.tour_at[of] : laid.tour_at[of + 1]].tolist() for of in laid.own_section
        ]
        self.look_s, self.scans = laid.look_s, isinstance(policy, ScanSection)
        self.cadence_s = policy.cadence_s if isinstance(policy, ScanSection) else inf

    def __call__(self, needs: Needs, *, closes_s: float) -> tuple[list[Need], list[Seat]]:
        """Run one replication on given needs."""
        rows = zip(*(column.tolist() for column in needs), strict=True)
        records = [Need(number, row, self) for number, row in enumerate(rows)]
        self.begin()
        self.world.process(self.arrivals(records))
        self.world.run(until=closes_s)
        return records, self.seats

    def draw_and_run(self, floor: Floor, *, hours: float, closes_s: float, seed: int) -> list[Need]:
        """Run one replication with a process for each table and kind that draws its needs."""
        records: list[Need] = []
        numbers = np.random.default_rng(seed)
        self.begin()
        for at, kind in enumerate(floor.need_types):
            for node in places_of(kind, floor):
                draws = Draws(kind, at, node, numbers, hours * 3600.0)
                self.world.process(self.draw(draws, records))
        self.world.run(until=closes_s)
        return records

    def begin(self) -> None:
        """Open the floor."""
        self.world = simpy.Environment()
        self.seats = [Seat(number, self) for number in range(len(self.home))]
        for seat in self.seats:
            self.world.process(self.serve(seat))

    def arrivals(self, records: list[Need]):
        """Let given needs come."""
        for need in records:
            yield self.world.timeout(need.created_s - self.world.now)
            self.arises(need)

    def draw(self, draws: "Draws", records: list[Need]):
        """Let needs of one kind come to one table."""
        kind, numbers = draws.kind, draws.numbers
        while True:
            yield self.world.timeout(numbers.exponential(3600.0 / kind.per_hour))
            now = self.world.now
            if now >= draws.until_s:
                return
            asks_s = now + draw_one(numbers, kind.asks_after) if kind.asks_after else now
            patience_s = draw_one(numbers, kind.patience) if kind.patience else inf
            row = now, draws.node, draws.at, draw_one(numbers, kind.service), patience_s, asks_s
            records.append(Need(len(records), row, self))
            self.arises(records[-1])

    def arises(self, need: Need) -> None:
        """A need is there; who is to know of it, and until when."""
        seat = self.seats[self.owner[need.node]]
        if need.patience_s < inf:
            self.later(need.patience_s, self.gives_up, need)
        if need.asks_s <= self.world.now:
            self.becomes_known(seat, need)
        else:
            seat.unknown.append(need)
            self.later(need.asks_s - self.world.now, self.asks, need)

    def later(self, seconds: float, what, need: Need) -> None:
        """Call back after so many seconds; cheaper than a process."""
        self.world.timeout(seconds, need).callbacks.append(lambda event: what(event.value))

    def asks(self, need: Need) -> None:
        """The guest asks, if nobody has noticed."""
        if need.known_s == inf and not need.gave_up:
            seat = self.seats[self.owner[need.node]]
            seat.unknown.remove(need)
            self.becomes_known(seat, need)

    def gives_up(self, need: Need) -> None:
        """The guest goes without."""
        if need.started_s < inf:
            return
        need.gave_up, need.ended_s = True, self.world.now
        seat = self.seats[self.owner[need.node]]
        for waiting in (seat.open, seat.unknown):
            if need in waiting:
                waiting.remove(need)

    def becomes_known(self, seat: Seat, need: Need) -> None:
        """Somebody knows; wake the owner."""
        need.known_s = self.world.now
        seat.open.append(need)
        if seat.bell is not None and not seat.bell.triggered:
            seat.bell.succeed()

    def serve(self, seat: Seat):
        """One server's shift."""
        while True:
            need = self.choose(seat)
            if need is not None:
                seat.open.remove(need)
                yield from self.meet(seat, need)
            elif seat.round or (self.is_due(seat) and self.begin_round(seat)):
                yield from self.go(seat, seat.round.pop(0), seat.at)
            elif seat.at != self.home[seat.number]:
                yield from self.go(seat, self.home[seat.number], seat.at)
            else:
                seat.bell = self.world.event()
                if self.cadence_s < inf:
                    left_s = seat.looked_s + self.cadence_s - self.world.now
                    yield seat.bell | self.world.timeout(left_s)
                else:
                    yield seat.bell
                seat.bell = None

    def is_due(self, seat: Seat) -> bool:
        """Whether the next walk through the section is due."""
        return self.world.now >= seat.looked_s + self.cadence_s

    def begin_round(self, seat: Seat) -> bool:
        """Begin it."""
        seat.looked_s, seat.round = self.world.now, list(self.tours[seat.number])
        return True

    def choose(self, seat: Seat) -> Need | None:
        """The oldest from the station, or whatever costs least from here."""
        able = [n for n in seat.open if n.item < 0 or self.capacity[seat.number][n.item] > 0]
        if not self.scans:
            if seat.at != self.home[seat.number]:
                return None
            return min(able, key=lambda need: need.number, default=None)
        return min(able, key=lambda need: (self.cost(seat, need), need.number), default=None)

    def cost(self, seat: Seat, need: Need) -> float:
        """Nearest first; each second of being late counts."""
        reach = self.way(seat.at, self.first_stop(seat, need), need.node) * self.slow[seat.number]
        return reach - need.weight * max(0.0, self.world.now + reach - need.due_at)

    def way(self, start: int, via: int, end: int) -> float:
        """Seconds at the normal pace, by `via` when that is another place."""
        if via == start:
            return self.walk[start][end]
        return self.walk[start][via] + self.walk[via][end]

    def first_stop(self, seat: Seat, need: Need) -> int:
        """The station to fetch at, or where the server stands."""
        if need.item < 0 or seat.carries[need.item] > 0 or seat.at in self.stations:
            return seat.at
        return min(self.stations, key=lambda via: self.way(seat.at, via, need.node))

    def go(self, seat: Seat, node: int, via: int):
        """Walk and look around."""
        start = seat.at
        seconds = self.way(start, via, node) * self.slow[seat.number]
        seat.walked_s += seconds
        seat.trips += via != start or start in self.stations
        seat.at = node
        yield self.world.timeout(seconds)
        if self.scans and seat.unknown:
            legs = [(start, node)] if via == start else [(start, via), (via, node)]
            for need in [n for n in seat.unknown if any(self.sees(a, b, n.node) for a, b in legs)]:
                seat.unknown.remove(need)
                self.becomes_known(seat, need)

    def sees(self, start: int, end: int, node: int) -> bool:
        """Whether the table is in sight of this walk."""
        extra = self.walk[start][node] + self.walk[node][end] - self.walk[start][end]
        return extra <= self.look_s + EPSILON_S

    def meet(self, seat: Seat, need: Need):
        """Fetch, walk there and serve, with what else can be met in one go."""
        via, item = self.first_stop(seat, need), need.item
        if item >= 0 and via in self.stations:
            seat.carries[item] = self.capacity[seat.number][item]
        if self.way(seat.at, via, need.node) > 0:
            yield from self.go(seat, need.node, via)
        if need.gave_up:
            return
        met = [need, *self.alike(seat, need)]
        if item >= 0:
            seat.carries[item] -= len(met)
        for one in met:
            one.started_s, one.server, one.trip = self.world.now, seat.number, seat.trips
            if one is not need:
                seat.open.remove(one)
        seconds = need.service_s / self.work_rate[seat.number]
        seat.busy_s += seconds
        yield self.world.timeout(seconds)
        for one in met:
            one.ended_s = self.world.now

    def alike(self, seat: Seat, need: Need) -> list[Need]:
        """What else is met in the same go: same table, same kind, while hands allow."""
        most = need.together if need.item < 0 else min(need.together, seat.carries[need.item])
        if most < 2:
            return []
        alike = [n for n in seat.open if n.node == need.node and n.kind == need.kind]
        return sorted(alike, key=lambda n: n.number)[: most - 1]
