"""The reference engine: slow, plain, one replication, every step told.

It is what the fast engine is checked against, need by need and bit by bit, and it draws the film
and runs the practice round, because it can tell every move.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from heapq import heappop, heappush
from math import inf
from typing import NamedTuple

import numpy as np

from upturn.floor.engine import plain_choice as choice
from upturn.floor.engine.laid import Laid, lay_out
from upturn.floor.engine.needs import Needs
from upturn.floor.engine.policy import OwnTheWhole, Policy
from upturn.floor.engine.runs import Outcome, Records, Work
from upturn.floor.engine.shapes import Floor


class Event(IntEnum):
    """What happens; at the same moment in this order, then by number."""

    DONE = 0
    ARRIVED = 1
    ON_SHIFT = 2
    NEED = 3
    ASKED = 4
    OFFERED = 5
    GIVES_UP = 6
    LOOK = 7


class Doing(IntEnum):
    """What a server is at."""

    OFF = 0
    IDLE = 1
    WALKING = 2
    SERVING = 3


class Move(NamedTuple):
    """One stretch of a server's time; `need` is -1 for a walk without one."""

    server: int
    from_s: float
    until_s: float
    start: int
    end: int
    serves: bool
    need: int


@dataclass(slots=True)
class Standing:
    """The state of a floor while it runs; servers and needs by number."""

    laid: Laid
    needs: Needs
    policy: Policy
    now: float = 0.0
    known_s: list[float] = field(default_factory=list)
    started_s: list[float] = field(default_factory=list)
    ended_s: list[float] = field(default_factory=list)
    outcome: list[int] = field(default_factory=list)
    claimed: list[int] = field(default_factory=list)
    served_by: list[int] = field(default_factory=list)
    trip_of: list[int] = field(default_factory=list)
    open: set[int] = field(default_factory=set)
    """Known, and nobody has set off for it."""
    waiting: int = 0
    """Known, and no service has begun."""
    at: list[int] = field(default_factory=list)
    doing: list[Doing] = field(default_factory=list)
    carries: list[list[int]] = field(default_factory=list)
    arrived_s: list[float] = field(default_factory=list)
    idle_since: list[float] = field(default_factory=list)
    free_s: list[float] = field(default_factory=list)
    """When a server is expected to be free: who serves takes as long as on average."""
    looked_s: list[float] = field(default_factory=list)
    round: list[list[int]] = field(default_factory=list)
    locks: list[int] = field(default_factory=list)


class Told(NamedTuple):
    """What one replication leaves behind, with every move in the order of its start."""

    records: Records
    work: Work
    moves: tuple[Move, ...]


Decides = Callable[[Standing, int], int]
"""Somebody who decides for one server: gives the number of an open need, or -1 to go home."""


def run_plainly(
    floor: Floor,
    *,
    needs: Needs,
    policy: Policy,
    closes_s: float = inf,
    decides: tuple[int, Decides] | None = None,
) -> Told:
    """Run one replication step by step.

    Parameters
    ----------
    floor : Floor
        A sound one (`check_floor`).
    needs : Needs
        All that will come, in order.
    policy : Policy
    closes_s : float
        Nothing happens after this moment; what has not begun stays open.
    decides : (int, callable), optional
        A server's number and who decides in the place of the policy, for practice.

    Returns
    -------
    Told
        Records in the order of the needs, work of shape (1, servers), all moves.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> from upturn.floor.engine.policy import OneAtATime
    >>> one = np.array([0.0])
    >>> need = Needs(one, np.array([0]), np.array([0]), one + 20, one + inf, one)
    >>> told = run_plainly(grid(), needs=need, policy=OneAtATime())
    >>> told.records.started_s.round(3).tolist(), told.work.trips.sum().item()
    ([7.5], 1)
    """
    engine = _Engine(lay_out(floor), needs, policy, decides)
    engine.run(closes_s)
    return engine.told()


class _Engine:
    def __init__(
        self, laid: Laid, needs: Needs, policy: Policy, decides: tuple[int, Decides] | None
    ) -> None:
        rows, servers = len(needs.created_s), len(laid.home)
        self.laid, self.needs, self.policy, self.decides = laid, needs, policy, decides
        self.cadence_s: float = getattr(policy, "cadence_s", inf)
        self.heap: list[tuple[float, int, int]] = []
        self.state = Standing(
            laid, needs, policy,
            known_s=[inf] * rows, started_s=[inf] * rows, ended_s=[inf] * rows,
            outcome=[Outcome.OPEN] * rows, claimed=[-1] * rows, served_by=[-1] * rows,
            trip_of=[-1] * rows, at=[int(node) for node in laid.home],
            doing=[Doing.OFF] * servers,
            carries=[[0] * laid.capacity.shape[1] for _ in range(servers)],
            arrived_s=[0.0] * servers, idle_since=[0.0] * servers, free_s=[0.0] * servers,
            looked_s=[float(s) for s in laid.starts_s], round=[[] for _ in range(servers)],
            locks=[0] * len(laid.section),
        )  # fmt: skip
        self.going_for = [-1] * servers
        self.came_from = [(0, 0)] * servers
        self.serving: list[list[int]] = [[] for _ in range(servers)]
        self.work = Work(
            np.zeros((1, servers)), np.zeros((1, servers)),
            np.zeros((1, servers), np.int64), np.zeros((1, servers), np.int64),
        )  # fmt: skip
        self.moves: list[Move] = []
        self.left = rows

    def run(self, closes_s: float) -> None:
        for need, created in enumerate(self.needs.created_s):
            self.push(float(created), Event.NEED, need)
        for server, starts in enumerate(self.laid.starts_s):
            self.push(float(starts), Event.ON_SHIFT, server)
        happens: dict[int, Callable[[int], None]] = {
            Event.DONE: self.done, Event.ARRIVED: self.arrived, Event.ON_SHIFT: self.decide,
            Event.NEED: self.need, Event.ASKED: self.asked, Event.OFFERED: self.wake,
            Event.GIVES_UP: self.gives_up, Event.LOOK: self.look,
        }  # fmt: skip
        while self.heap and self.left:
            now, event, number = heappop(self.heap)
            if now > closes_s or now == inf:
                break
            self.state.now = now
            happens[event](number)

    def push(self, at: float, event: Event, number: int) -> None:
        heappush(self.heap, (at, int(event), number))

    # Needs

    def need(self, need: int) -> None:
        if self.needs.patience_s[need] < inf:
            gives_up = self.needs.created_s[need] + self.needs.patience_s[need]
            self.push(float(gives_up), Event.GIVES_UP, need)
        if self.needs.asks_s[need] <= self.state.now:
            self.becomes_known(need)
        else:
            self.push(float(self.needs.asks_s[need]), Event.ASKED, need)

    def asked(self, need: int) -> None:
        if self.state.known_s[need] == inf and self.state.outcome[need] == Outcome.OPEN:
            self.becomes_known(need)

    def becomes_known(self, need: int) -> None:
        self.state.known_s[need] = self.state.now
        self.state.open.add(need)
        self.state.waiting += 1
        if isinstance(self.policy, OwnTheWhole) and self.policy.own_first_s > 0:
            self.push(self.state.now + self.policy.own_first_s, Event.OFFERED, need)
        self.wake(need)

    def wake(self, need: int) -> None:
        """Send an idle server to a need that became known, offered, or free to be met."""
        if need not in self.state.open or choice.is_locked(self.state, need):
            return
        ends_s = self.laid.ends_s
        idle = [
            server
            for server, doing in enumerate(self.state.doing)
            if doing is Doing.IDLE and self.state.now < ends_s[server]
        ]
        human = self.decides[0] if self.decides else -1
        server = choice.who_goes(self.state, need, [s for s in idle if s != human])
        if server >= 0:
            self.set_off(server, need)
        elif human in idle:
            self.decide(human)

    def gives_up(self, need: int) -> None:
        state = self.state
        if state.started_s[need] == inf:
            state.outcome[need] = Outcome.GAVE_UP
            state.ended_s[need] = state.now
            state.open.discard(need)
            state.waiting -= state.known_s[need] < inf
            self.left -= 1

    # Servers

    def decide(self, server: int) -> None:
        state, laid = self.state, self.laid
        if state.now >= laid.ends_s[server]:
            state.doing[server] = Doing.OFF
            return
        if self.decides and self.decides[0] == server:
            need = self.decides[1](state, server)
        else:
            need = choice.choose(state, server)
        if need >= 0:
            self.set_off(server, need)
        elif state.round[server]:
            self.walk(server, state.round[server].pop(0))
        elif self.round_is_due(server):
            state.looked_s[server] = state.now
            state.round[server] = choice.tour(laid, server)
            self.walk(server, state.round[server].pop(0))
        elif state.at[server] != laid.home[server]:
            self.walk(server, int(laid.home[server]))
        else:
            state.doing[server], state.idle_since[server] = Doing.IDLE, state.now
            if self.cadence_s < inf and choice.tour(laid, server):
                self.push(state.looked_s[server] + self.cadence_s, Event.LOOK, server)

    def round_is_due(self, server: int) -> bool:
        due_s = self.state.looked_s[server] + self.cadence_s
        return self.state.now >= due_s and bool(choice.tour(self.laid, server))

    def look(self, server: int) -> None:
        if self.state.doing[server] is Doing.IDLE and self.round_is_due(server):
            self.decide(server)

    def set_off(self, server: int, need: int) -> None:
        state, laid = self.state, self.laid
        state.open.discard(need)
        state.claimed[need] = server
        node, via = int(self.needs.node[need]), state.at[server]
        state.locks[node] += 1
        item = int(laid.item[self.needs.kind[need]])
        if item >= 0 and not choice.in_hand(state, server, item):
            via = choice.fetch_at(laid, state.at[server], node)
        if item >= 0 and via in laid.stations:
            state.carries[server][item] = int(laid.capacity[server, item])
        self.going_for[server] = need
        self.walk(server, node, via)

    def walk(self, server: int, node: int, via: int = -1) -> None:
        state, laid = self.state, self.laid
        start, via = state.at[server], state.at[server] if via < 0 else via
        self.came_from[server] = start, via
        seconds = choice.walking(laid, start, via, node) * laid.slow[server]
        self.work.walk_s[0, server] += seconds
        leaves = int(start in laid.stations) if via == start else 1
        self.work.trips[0, server] += leaves
        state.doing[server] = Doing.WALKING
        until = float(state.now + seconds)
        for a, b in ((start, via), (via, node)) if via != start else ((start, node),):
            stretch = float(laid.walk_s[a, b] * laid.slow[server])
            begins = until - stretch if b == node else state.now
            self.moves.append(
                Move(
                    server,
                    begins,
                    begins + stretch,
                    a,
                    b,
                    serves=False,
                    need=self.going_for[server],
                )
            )
        state.at[server] = node
        need = self.going_for[server]
        state.free_s[server] = until + (
            float(laid.mean_s[self.needs.kind[need]]) if need >= 0 else 0
        )
        if seconds > 0 or need < 0:
            self.push(until, Event.ARRIVED, server)
        else:
            if node != start:
                state.arrived_s[server] = state.now
            self.going_for[server] = -1
            self.begin(server, need)

    def arrived(self, server: int) -> None:
        state = self.state
        state.arrived_s[server] = state.now
        for need in choice.noticed(state, server, self.came_from[server]):
            self.becomes_known(need)
        need, self.going_for[server] = self.going_for[server], -1
        if need < 0:
            self.decide(server)
        elif state.outcome[need] == Outcome.GAVE_UP:
            self.work.in_vain[0, server] += 1
            self.leave_table(server, int(self.needs.node[need]))
        else:
            self.begin(server, need)

    def begin(self, server: int, need: int) -> None:
        state, needs = self.state, self.needs
        met = [need, *choice.met_with(state, server, need)]
        seconds = choice.seconds_of(state, server, need)
        item = int(self.laid.item[needs.kind[need]])
        if item >= 0:
            state.carries[server][item] -= len(met)
        for one in met:
            state.open.discard(one)
            state.claimed[one] = state.served_by[one] = server
            state.started_s[one] = state.now
            state.trip_of[one] = int(self.work.trips[0, server])
        state.waiting -= len(met)
        state.doing[server], self.serving[server] = Doing.SERVING, met
        state.free_s[server] = state.now + float(self.laid.mean_s[needs.kind[need]])
        self.work.busy_s[0, server] += seconds
        until, node = float(state.now + seconds), state.at[server]
        self.moves.append(Move(server, state.now, until, node, node, serves=True, need=need))
        self.push(until, Event.DONE, server)

    def done(self, server: int) -> None:
        for need in self.serving[server]:
            self.state.ended_s[need] = self.state.now
            self.state.outcome[need] = Outcome.SERVED
        self.left -= len(self.serving[server])
        self.leave_table(server, self.state.at[server])

    def leave_table(self, server: int, node: int) -> None:
        """The server goes first; then whoever is idle may come to what is left at the table."""
        self.state.locks[node] -= 1
        self.decide(server)
        if self.laid.table_lock:
            for need in sorted(self.state.open):
                if self.needs.node[need] == node:
                    self.wake(need)

    def told(self) -> Told:
        state, needs = self.state, self.needs
        records = Records(
            np.zeros(len(needs.created_s), np.int64), needs.created_s, needs.node, needs.kind,
            needs.asks_s, np.array(state.known_s), np.array(state.started_s),
            np.array(state.ended_s), np.array(state.served_by, np.int64),
            self.laid.owner[needs.node], np.array(state.trip_of, np.int64),
            np.array(state.outcome, np.int64),
        )  # fmt: skip
        moves = tuple(sorted(self.moves, key=lambda move: (move.from_s, move.server)))
        return Told(records, self.work, moves)
