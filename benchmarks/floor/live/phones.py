"""Phones of servers as they are: out of reach, asleep, double-tapped, with a queue that waits.

A tap keeps its key until it is answered, taps go one after another, and what a phone shows comes
from one state and the events after it.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from time import monotonic
from typing import Any
from uuid import UUID

import numpy as np

from benchmarks.floor.live.calls import NETWORK, Answer, Caller
from benchmarks.floor.live.house import OpenShift

LOST, DEAF, DOUBLED = 0.07, 0.07, 0.08
"""Shares of sendings that never arrive, whose answer is not heard, that arrive twice."""
AWAY = 0.12
"""Share of taps after which the phone is asleep or without network for a while."""
PATIENCE = 4
"""Taps that wait for the network before somebody lets it be for a while."""
SOON_S, LATER_S = 0.05, 0.2
TAP, STATE, HELLO = "/board/tap/", "/board/state.json", "/board/hello/"


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer to one tap, whether or not the phone got to hear it."""

    seat: str
    body: Mapping[str, Any]
    status: int
    said: Mapping[str, Any]


@dataclass
class Phone:
    """One phone that holds one seat.

    Parameters
    ----------
    port, shift, seat, cookie
        Where it is, and what it shows to prove it.
    draw
        Its own random numbers.
    heard
        Where every answer is noted, for the plain model.
    """

    port: int
    shift: OpenShift
    seat: str
    cookie: str
    draw: np.random.Generator
    heard: list[Heard]
    caller: Caller = field(init=False)
    needs: dict[str, dict[str, Any]] = field(default_factory=dict)
    seated: dict[str, float] = field(default_factory=dict)
    owners: dict[str, Any] = field(default_factory=dict)
    mine: dict[str, str] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    queue: "deque[tuple[dict[str, Any], float]]" = field(default_factory=deque)
    last: int = 0
    reloads: int = 0
    faults: int = 0
    opened: int = 0
    cut: int = 0
    calm: bool = False
    done_acting: bool = False
    _away_until: float = 0.0
    _asleep: bool = False
    _strange: bool = True
    _stream: "asyncio.Task[None] | None" = None

    def __post_init__(self) -> None:
        self.caller = Caller(self.port)

    async def join(self) -> None:
        """Show the first state, which also gives the token that forms need."""
        self.caller.cookies["seat"] = self.cookie
        await self.fetch()

    async def fetch(self) -> None:
        """Fetch everything the board shows."""
        answer = await self.caller.get(STATE)
        if answer.status != 200:
            raise ConnectionError(answer.status)
        self.take_in(answer.json())

    def take_in(self, state: Mapping[str, Any]) -> None:
        """Show a state."""
        self.needs = {need["ref"]: need for need in state["needs"]}
        self.seated = {p["id"]: p["since_s"] for p in state["places"] if p["since_s"] is not None}
        self.owners = {section["id"]: section["owner"] for section in state["sections"]}
        self.last = state["event"]

    async def live(self, taps: int, pause_s: float) -> None:
        """Tap so often, then let the queue run empty."""
        self._stream = asyncio.create_task(self._follow())
        sending = asyncio.create_task(self._send_all())
        await self._act(taps, pause_s)
        self.calm = True
        self._away_until = 0.0
        self.done_acting = True
        await sending

    async def caught_up(self, event: int) -> bool:
        """Whether the stream has told this phone of the last event, within five seconds."""
        until = monotonic() + 5.0
        while self.last < event and monotonic() < until:
            await asyncio.sleep(SOON_S)
        return self.last >= event

    async def leave(self) -> None:
        """Hang up everything."""
        if self._stream:
            self._stream.cancel()
            with suppress(asyncio.CancelledError):
                await self._stream
        self.caller.hang_up()

    def _out_of_reach(self) -> bool:
        return monotonic() < self._away_until

    async def _act(self, taps: int, pause_s: float) -> None:
        for _ in range(taps):
            await asyncio.sleep(float(self.draw.exponential(pause_s)))
            while len(self.queue) >= PATIENCE or (self._asleep and self._out_of_reach()):
                await asyncio.sleep(SOON_S)
            body = choose(self)
            body["key"] = str(UUID(bytes=self.draw.bytes(16), version=4))
            self.keys.append(body["key"])
            for ref in body.get("needs", ()) if body["act"] == "take" else ():
                self.mine[ref] = body["key"]
            self.queue.append((body, monotonic()))
            if self.draw.random() < AWAY:
                self._asleep = bool(self.draw.random() < 0.5)
                self._away_until = monotonic() + float(self.draw.uniform(0.1, 2.5))
                self.faults += 1

    async def _send_all(self) -> None:
        while self.queue or not self.done_acting:
            if not self.queue or self._out_of_reach():
                await asyncio.sleep(SOON_S)
                continue
            try:
                settled = await self._send(*self.queue[0])
            except NETWORK as lost:
                self.cut += not isinstance(lost, ConnectionRefusedError)
                self._strange = True
                settled = False
            if settled:
                self.queue.popleft()
            else:
                await asyncio.sleep(LATER_S)

    async def _send(self, tap: dict[str, Any], made: float) -> bool:
        if self._strange:
            await self._say_hello()
            self._strange = False
        body = tap | {"age_ms": int((monotonic() - made) * 1000)}
        fate = 1.0 if self.calm else float(self.draw.random())
        if fate < LOST:
            self.faults += 1
            return False
        if fate < LOST + DEAF:
            self.faults += 1
            await self._unheard(body)
            return False
        if fate < LOST + DEAF + DOUBLED:
            self.faults += 1
            await self._twin(body)
        return self._note(body, await self.caller.post(TAP, body))

    async def _unheard(self, body: dict[str, Any]) -> None:
        """The request arrives; hang up before the answer, or lose it on its way."""
        if self.draw.random() < 0.5:
            await self.caller.send_only(TAP, body)
        else:
            self._note(body, await self.caller.post(TAP, body))

    async def _twin(self, body: dict[str, Any]) -> None:
        """The same arrives twice, at the same moment or shortly after."""
        other = Caller(self.port, dict(self.caller.cookies))
        both = await asyncio.gather(
            other.post(TAP, body), self.caller.post(TAP, body), return_exceptions=True
        )
        other.hang_up()
        for answer in both:
            if isinstance(answer, Answer):
                self._note(body, answer)

    def _note(self, body: dict[str, Any], answer: Answer) -> bool:
        if answer.status >= 500 or answer.status in {403, 429}:
            self._strange = True
            return False
        said = answer.json()
        self.heard.append(Heard(self.seat, body, answer.status, said))
        if answer.status == 200 and body["act"] == "take":  # of calls it may be another
            self.mine |= {need["ref"]: body["key"] for need in said["needs"]}
        return True

    async def _say_hello(self) -> None:
        claims = {
            ref: key
            for ref, key in self.mine.items()
            if self.needs.get(ref, {}).get("mark") == mark_of(key)
        }
        known = {"nickname": self.seat[-6:], "language": "en", "hands": {}, "at": ""}
        answer = await self.caller.post(HELLO, known | {"claims": claims})
        if answer.status == 403:
            await self.caller.get(STATE)

    async def _follow(self) -> None:
        """Hear events for ever, coming back with the last one known."""
        while True:
            try:
                await self._listen()
            except (PermissionError, *NETWORK):
                pass
            await asyncio.sleep(LATER_S)

    async def _listen(self) -> None:
        while self._out_of_reach():
            await asyncio.sleep(SOON_S)
        events = self.caller.listen(f"/live/?topic=shift:{self.shift.ref}", self.last)
        async for name, number, data in events:
            self.opened += name == "open"
            if name == "reload":
                self.reloads += 1
                await self.fetch()
                return
            if name.startswith("shift:"):
                self.hear(json.loads(data))
            self.last = max(self.last, number)
            if self._out_of_reach():
                return

    def hear(self, said: Mapping[str, Any]) -> None:
        """Show one event."""
        if said["kind"] == "need":
            self.needs[said["need"]["ref"]] = said["need"]
        elif said["kind"] == "guests" and said["since_s"] is None:
            self.seated.pop(said["table"], None)
        elif said["kind"] == "guests":
            self.seated[said["table"]] = said["since_s"]


def mark_of(key: str) -> str:
    """What a phone recognises its own take by."""
    return sha256(key.encode()).hexdigest()[:12]


def choose(phone: Phone) -> dict[str, Any]:
    """Draw what somebody does next, from what the phone shows, which may be old."""
    acts: list[tuple[float, Callable[[Phone], dict[str, Any] | None]]] = [
        (0.24, _raise),
        (0.22, _take),
        (0.22, _done),
        (0.05, _put_back),
        (0.10, _undo),
        (0.07 if phone.shift.tables else 0.0, _guests),
        (0.10, _in_memory),
    ]
    weights = np.array([weight for weight, _ in acts])
    for _ in range(20):
        make = acts[int(phone.draw.choice(len(acts), p=weights / weights.sum()))][1]
        if body := make(phone):
            return body
    return _raise(phone)


def _pick(phone: Phone, states: set[str], *, most: int = 1) -> list[str]:
    """Draw among the needs that wait longest, so that two often want the same."""
    found = sorted(
        (need for need in phone.needs.values() if need["state"] in states),
        key=lambda need: (need["raised_s"], need["ref"]),
    )[:4]
    many = min(len(found), int(phone.draw.integers(1, most + 1)))
    at = phone.draw.permutation(len(found))[:many]
    return [found[int(n)]["ref"] for n in at]


def _raise(phone: Phone) -> dict[str, Any]:
    places = (phone.shift.tables or phone.shift.queues)[:5]
    place = places[int(phone.draw.integers(len(places)))]
    kind = ("coffee", "water", "bill")[int(phone.draw.integers(3))]
    if place in phone.shift.queues:
        kind = f"{place} call"
    ref = phone.draw.bytes(8).hex()
    return {"act": "raise", "need": ref, "place": place, "kind": kind, "words": ""}


def _take(phone: Phone) -> dict[str, Any] | None:
    needs = _pick(phone, {"open"}, most=3)
    return {"act": "take", "needs": needs} if needs else None


def _done(phone: Phone) -> dict[str, Any] | None:
    needs = _pick(phone, {"open", "taken"})
    return {"act": "done", "need": needs[0]} if needs else None


def _put_back(phone: Phone) -> dict[str, Any] | None:
    held = [(r, k) for r, k in phone.mine.items() if phone.needs.get(r, {}).get("state") != "done"]
    if not held:
        return None
    ref, key = held[int(phone.draw.integers(len(held)))]
    return {"act": "put_back", "need": ref, "undoes": key}


def _undo(phone: Phone) -> dict[str, Any] | None:
    keys = phone.keys[-3:]
    return {"act": "undo", "undoes": keys[int(phone.draw.integers(len(keys)))]} if keys else None


def _guests(phone: Phone) -> dict[str, Any]:
    table = phone.shift.tables[int(phone.draw.integers(len(phone.shift.tables)))]
    return {"act": "left" if table in phone.seated else "seated", "place": table}


def _in_memory(phone: Phone) -> dict[str, Any]:
    needs = _pick(phone, {"open"})
    if not phone.shift.tables:
        return {"act": "decline", "needs": needs} if needs else {"act": "looked"}
    table = phone.shift.tables[int(phone.draw.integers(len(phone.shift.tables)))]
    bodies: list[dict[str, Any]] = [
        {"act": "at", "place": table},
        {"act": "looked", "place": table},
        {"act": "hold", "item": "pot", "left": int(phone.draw.integers(0, 4))},
        {"act": "decline", "needs": needs} if needs else {"act": "looked"},
    ]
    return bodies[int(phone.draw.integers(len(bodies)))]
