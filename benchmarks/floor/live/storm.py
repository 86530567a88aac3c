"""A thousand signed needs in a second, while ten phones and guests go on tapping.

64 connections send 1,000 messages of one need each within a second, to a floor of 42 tables. None
may be lost or doubled, each is answered, and then some are sent again. Beside it ten phones tap
ten times a second (raise, then done) and guests twice, first on a calm floor and then in
the storm; the second look is running. Everything that sends shares the cores with the server,
niced behind it.

`python -m benchmarks.floor.live.storm`. The answer is 1 if a need was lost or doubled, or a
message or a tap was not answered.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, time
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from benchmarks.floor.live.calls import NETWORK, Caller
from benchmarks.floor.live.house import House, OpenShift, hold, open_shift
from benchmarks.floor.live.latency import cpu_s
from upturn.floor.engine.hooks.signing import sign
from upturn.stats.draws import generator

SECTIONS, TABLES, MESSAGES, CONNECTIONS = 10, 7, 1_000, 64
KINDS = ("coffee", "bill")
STORM_S, CALM_S, TAP_S, GUEST_S = 1.0, 5.0, 0.1, 0.5
AGAIN, EARLIER = 100, 10


@dataclass(frozen=True, slots=True)
class Hook:
    """Where messages go, and what signs them."""

    address: str
    key: bytes


@dataclass
class Phase:
    """What was answered while it lasted, in milliseconds, and what was not."""

    messages: list[float] = field(default_factory=list)
    taps: list[float] = field(default_factory=list)
    guests: list[float] = field(default_factory=list)
    refused: list[Any] = field(default_factory=list)
    new: int = 0
    same: int = 0
    took_s: float = 0.0


class Sender:
    """A connection over which messages are sent, one after another."""

    def __init__(self, port: int, hook: Hook, found: Phase) -> None:
        self._port, self._hook, self._found = port, hook, found
        self._caller = Signing(port)

    async def send(self, id_: str, body: bytes) -> None:
        """Sign and send one message, and note how it was answered."""
        began = perf_counter()
        moment = str(int(time()))
        proof = sign(self._hook.key, id=id_, timestamp=moment, body=body)
        self._caller.said = (
            f"webhook-id: {id_}\r\nwebhook-timestamp: {moment}\r\nwebhook-signature: {proof}\r\n"
        )
        try:
            answer = await self._caller.ask("POST", self._hook.address, body, kind=JSON)
        except NETWORK as error:
            self._found.refused.append(repr(error))
            return
        self._found.messages.append((perf_counter() - began) * 1000)
        if answer.status != 200:
            self._found.refused.append(answer)
            return
        said = answer.json()
        self._found.new += said["new"]
        self._found.same += said["same"]


JSON = "application/json"


class Signing(Caller):
    """A connection whose requests carry more headers."""

    said = ""

    def _head(self, method: str, path: str, *, length: int, kind: str) -> bytes:
        head = super()._head(method, path, length=length, kind=kind)
        return head.removesuffix(b"\r\n") + self.said.encode() + b"\r\n"


async def storm(port: int, hook: Hook, shift: OpenShift, found: Phase, *, seed: int) -> list[Any]:
    """Send a thousand messages within a second; give them, to be sent again."""
    draw = generator(abs(seed), "storm")
    sent = [
        (f"{seed}-{n}", {"place": shift.tables[int(draw.integers(len(shift.tables)))],
                         "kind": KINDS[int(draw.integers(len(KINDS)))]})
        for n in range(MESSAGES)
    ]  # fmt: skip
    messages = [(id_, json.dumps(need).encode()) for id_, need in sent]
    began = perf_counter()

    async def connection(first: int) -> None:
        sender = Sender(port, hook, found)
        for n in range(first, MESSAGES, CONNECTIONS):
            await asyncio.sleep(began + n * STORM_S / MESSAGES - perf_counter())
            await sender.send(*messages[n])

    await asyncio.gather(*(connection(first) for first in range(CONNECTIONS)))
    found.took_s = perf_counter() - began
    return messages


async def tap(
    callers: Sequence[Caller], shift: OpenShift, found: Phase, done: asyncio.Event
) -> None:
    """Let phones raise needs and meet those of two seconds ago, ten taps a second in all."""
    tasks: list[asyncio.Task[None]] = []
    began, n = perf_counter(), 0
    while not done.is_set():
        await asyncio.sleep(began + n * TAP_S - perf_counter())
        turn, place = n // 2 - EARLIER * (n % 2), shift.tables[n // 2 % len(shift.tables)]
        act: dict[str, Any] = {"need": f"w{id(found)}-{turn}", "act": "done"}
        if n % 2 == 0:
            act |= {"act": "raise", "place": place, "kind": "water"}
        if turn >= 0:
            tasks.append(asyncio.create_task(_tap(callers[n % len(callers)], act, found)))
        n += 1
    await asyncio.gather(*tasks)


async def _tap(caller: Caller, act: dict[str, Any], found: Phase) -> None:
    began = perf_counter()
    try:
        answer = await Caller(caller.port, dict(caller.cookies)).post(
            "/board/tap/", {"key": str(uuid4()), **act}
        )
    except NETWORK as error:
        found.refused.append(repr(error))
        return
    found.taps.append((perf_counter() - began) * 1000)
    if answer.status not in {200, 409}:  # met before it was raised: answered, and nothing done
        found.refused.append(answer)


async def ask(port: int, codes: Sequence[str], found: Phase, done: asyncio.Event) -> None:
    """Let guests at one table after another ask for crumbs to be swept, each once."""
    began, caller = perf_counter(), Caller(port)
    for n, code in enumerate(codes):
        if done.is_set():
            return
        await asyncio.sleep(began + n * GUEST_S - perf_counter())
        sent = perf_counter()
        form = urlencode({"kind": "crumbs", "key": uuid4().hex}).encode()
        kind = "application/x-www-form-urlencoded"
        answer = await caller.ask("POST", f"/table/{code}/", form, kind=kind)
        found.guests.append((perf_counter() - sent) * 1000)
        if answer.status >= 400:
            found.refused.append(answer)


async def phase(
    port: int, cookies: Sequence[str], codes: Sequence[str], shift: OpenShift, work: Any
) -> tuple[Phase, Any]:
    """Tap for as long as some work takes."""
    found, done = Phase(), asyncio.Event()
    callers = [Caller(port, {"seat": cookie}) for cookie in cookies]
    for caller in callers:
        await caller.get("/board/state.json")
    beside = [
        asyncio.create_task(tap(callers, shift, found, done)),
        asyncio.create_task(ask(port, codes, found, done)),
    ]
    result = await work(found)
    done.set()
    await asyncio.gather(*beside)
    return found, result


def spread(what: str, values: Sequence[float]) -> None:
    """Print a line about some waits."""
    found = sorted(values)
    if found:
        sys.stdout.write(
            f"  {what}: n {len(found)}  p50 {found[len(found) // 2]:.1f}"
            f"  p99 {found[len(found) * 99 // 100]:.1f}  max {found[-1]:.1f} ms\n"
        )


async def once(house: House, hook: Hook, seen: Any, *, seed: int) -> tuple[Phase, Phase, Phase]:
    """A calm phase, a storm, and some of it again."""
    cookies, codes, shift = seen
    half = len(codes) // 2
    calm, _ = await phase(house.port, cookies, codes[:half], shift, lambda _: asyncio.sleep(CALM_S))
    wild, messages = await phase(
        house.port,
        cookies,
        codes[half:],
        shift,
        lambda found: storm(house.port, hook, shift, found, seed=seed),
    )
    again = Phase()
    sender = Sender(house.port, hook, again)
    for id_, body in messages[:: MESSAGES // AGAIN]:
        await sender.send(id_, body)
    return calm, wild, again


def report(rounds: Sequence[tuple[Phase, Phase, Phase]], alone: Sequence[float]) -> bool:
    """Print everything; give whether each message was answered, and stored once."""
    for name, phases in zip(("calm", "storm"), list(zip(*rounds, strict=True))[:2], strict=True):
        sys.stdout.write(f"{name}, {len(rounds)} times\n")
        for what in ("messages", "taps", "guests"):
            spread(what, [wait for each in phases for wait in getattr(each, what)])
    took = ", ".join(f"{wild.took_s:.2f}" for _, wild, _ in rounds)
    share = ", ".join(f"{each:.2f}" for each in alone)
    refused = [answer for phases in rounds for each in phases for answer in each.refused]
    found = [(wild.new, wild.same, again.new, again.same) for _, wild, again in rounds]
    sys.stdout.write(
        f"all {MESSAGES} answered after {took} s; a storm alone takes {share} s of a processor\n"
        f"(new, the same, new again, the same again): {found}; refused {refused[:1]}\n"
    )
    return not refused and set(found) == {(MESSAGES, 0, 0, AGAIN)}


def prepared(house: House) -> tuple[Hook, tuple[list[str], list[str], OpenShift]]:
    """Open a shift with phones, guests' codes, and an address for the program."""
    shift = open_shift(house.lead, "storm", sections=SECTIONS, tables=TABLES)
    from django.utils import timezone  # noqa: PLC0415 - Django is set up by now

    from upturn.floor import queries  # noqa: PLC0415
    from upturn.floor.commands.hooks import make_hook  # noqa: PLC0415
    from upturn.floor.models import Shift  # noqa: PLC0415
    from upturn.floor.queries.hooks import hook_key  # noqa: PLC0415

    floor = Shift.objects.get(ref=shift.ref).floor
    today = timezone.localdate()
    made = make_hook(house.lead, floor, name="the till", code="storm", today=today)
    codes = [
        queries.table_code(house.lead, floor, number + 1) for number in range(len(shift.tables))
    ]
    hook = Hook(f"/api/floor/{made.ref}/needs", hook_key(made.ref))
    return hook, (list(hold(shift).values()), codes, shift)


def counted(shift: OpenShift) -> int:
    """How many calls for what the storm brings stand in the table."""
    from upturn.floor.models import ShiftNeed  # noqa: PLC0415

    rows = ShiftNeed.objects.filter(shift__ref=shift.ref, kind__in=KINDS)
    return sum(rows.values_list("count", flat=True))


def main() -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--database", default="", help="postgresql://..., else SQLite in a folder")
    given = asked.parse_args()
    rounds, alone = [], []
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as data:
        house = House(Path(data), database=given.database)
        hook, seen = prepared(house)
        house.start()
        try:
            os.nice(5)
            for number in range(1, given.rounds + 1):
                used = cpu_s(house.process)
                asyncio.run(storm(house.port, hook, seen[2], Phase(), seed=-number))
                alone.append(cpu_s(house.process) - used)
                rounds.append(asyncio.run(once(house, hook, seen, seed=number)))
            kept = counted(seen[2])
        finally:
            house.stop()
    wanted = 2 * given.rounds * MESSAGES
    sys.stdout.write(f"{kept} of {wanted} calls stand in the table\n")
    sound = report(rounds, alone) and kept == wanted
    sys.stdout.write(f"load of the machine {os.getloadavg()[0]:.1f}\n")
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
