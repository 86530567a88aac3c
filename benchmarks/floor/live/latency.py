"""From one thumb to every other screen, on a full floor with the planner on.

30 seats, 200 open needs, ten taps a second (raise, take, done in turn, so that 200 stay open), the
second look running. From the moment a phone sends its tap until each of the 29 others has the
event; one process is all the phones and shares the cores with the server, niced behind it.

`python -m benchmarks.floor.live.latency`. The answer is 1 if a bar is missed.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

from benchmarks.floor.live.calls import Caller
from benchmarks.floor.live.house import House, OpenShift, hold, open_shift
from upturn.stats.draws import generator

SEATS, TABLES, OPEN, PAUSE_S = 30, 7, 200, 0.1
SCREEN_MS, CPU_MS = 250.0, 50.0
KINDS = ("coffee", "water", "crumbs")
SERVE = ("-m", "benchmarks.floor.live.measured")
SETTLE_S = 3.0

Turn = tuple[str, int]


@dataclass
class Floor:
    """All phones, what they know, and when each heard of what."""

    callers: dict[str, Caller]
    hands: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    needs: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: dict[Turn, tuple[str, float]] = field(default_factory=dict)
    heard: defaultdict[Turn, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    answers_ms: list[float] = field(default_factory=list)
    rounds: int = 0
    refused: int = 0


async def listen(floor: Floor, seat: str, topics: str, after: int) -> None:
    """Note when a phone hears of what."""
    async for name, _, data in floor.callers[seat].listen(f"/live/?{topics}&after={after}", 0):
        now = perf_counter()
        said = json.loads(data)
        floor.rounds += name.startswith("seat:")
        if said.get("kind") == "need":
            need = said["need"]
            floor.heard[need["ref"], need["turn"]].setdefault(seat, now)
            floor.needs[need["ref"]] = need


async def tap(floor: Floor, seat: str, body: dict[str, Any], turn: Turn) -> None:
    """Send a tap, and note when."""
    began = perf_counter()
    floor.sent[turn] = (seat, began)
    async with floor.hands[seat]:
        answer = await floor.callers[seat].post("/board/tap/", {"key": str(uuid4()), **body})
    floor.answers_ms.append((perf_counter() - began) * 1000)
    if answer.status != 200:
        floor.refused += 1
        floor.sent.pop(turn, None)


def next_tap(floor: Floor, shift: OpenShift, draw: Any, number: int) -> tuple[dict[str, Any], Turn]:
    """Raise, take and meet in turn; what is not possible is a raise."""
    waiting = [need for need in floor.needs.values() if need["state"] not in {"done", "gone"}]
    states = {1: {"open"}, 2: {"open", "taken"}}.get(number % 3, set())
    found = [
        need
        for need in waiting
        if need["state"] in states and (need["ref"], need["turn"] + 1) not in floor.sent
    ]
    if found and (number % 3 == 1 or len(waiting) > OPEN):
        need = found[int(draw.integers(len(found)))]
        act = {"act": "take", "needs": [need["ref"]]} if number % 3 == 1 else {"act": "done"}
        return act | {"need": need["ref"]}, (need["ref"], need["turn"] + 1)
    taken = {(need["place"], need["kind"]) for need in waiting}
    free = [(t, k) for t in shift.tables for k in KINDS if (t, k) not in taken]
    place, kind = free[int(draw.integers(len(free)))]
    ref = uuid4().hex
    asked = {"place": place, "kind": kind}
    floor.needs[ref] = asked | {"ref": ref, "state": "sent", "turn": 0}
    return asked | {"act": "raise", "need": ref, "words": ""}, (ref, 1)


async def measure(floor: Floor, shift: OpenShift, *, taps: int, seed: int) -> None:
    """Open the boards, fill the floor, then tap ten times a second."""
    listening, draw = [], generator(seed, "latency")
    for seat, caller in floor.callers.items():
        state = (await caller.get("/board/state.json")).json()
        told = {"nickname": "", "language": "en", "hands": {"pot": 4}, "at": "", "claims": {}}
        await caller.post("/board/hello/", told)
        topics = f"topic=shift:{shift.ref}&topic=seat:{shift.ref}:{state['me']['number']}"
        listening.append(asyncio.create_task(listen(floor, seat, topics, state["event"])))
    await _fill(floor, shift, draw)
    await asyncio.sleep(SETTLE_S)
    floor.sent.clear()
    floor.answers_ms.clear()
    tapping, began = [], perf_counter()
    for number in range(taps):
        await asyncio.sleep(began + number * PAUSE_S - perf_counter())
        seat = shift.seats[number * 7 % SEATS]
        tapping.append(asyncio.create_task(tap(floor, seat, *next_tap(floor, shift, draw, number))))
    await asyncio.gather(*tapping)
    await asyncio.sleep(SETTLE_S)
    for task in listening:
        task.cancel()


async def _fill(floor: Floor, shift: OpenShift, draw: Any) -> None:
    for number in range(OPEN):
        await tap(floor, shift.seats[number % SEATS], *next_tap(floor, shift, draw, 0))
    while any(need["state"] == "sent" for need in floor.needs.values()):
        await asyncio.sleep(0.01)


def spread(what: str, values: Sequence[float]) -> float:
    """Print a line about some waits; give the 99th of a hundred."""
    found = sorted(values)
    p99 = found[len(found) * 99 // 100]
    sys.stdout.write(
        f"{what}: n {len(found)}  p50 {found[len(found) // 2]:.1f}  p99 {p99:.1f}"
        f"  max {found[-1]:.1f} ms\n"
    )
    return p99


def report(floor: Floor, measured: dict[str, list[float]], share: float) -> int:
    """Print everything; give 1 if a bar is missed or a phone did not hear."""
    every, last, unheard = [], [], 0
    for turn, (seat, began) in floor.sent.items():
        waits = [(at - began) * 1000 for who, at in floor.heard[turn].items() if who != seat]
        unheard += SEATS - 1 - len(waits)
        every += waits
        last += [max(waits)] if waits else []
    screens = spread("tap to another screen", every)
    spread("tap to the last of 29 screens", last)
    spread("tap to its own answer", floor.answers_ms)
    for what, values in measured.items():
        spread(f"processor time, {what}", values)
    cpu = sorted(measured["plan in a tap"])[len(measured["plan in a tap"]) * 99 // 100]
    sys.stdout.write(
        f"{floor.refused} taps refused, {unheard} times not heard, {floor.rounds} rounds told,"
        f" the server took {share:.2f} of a core; load of the machine {os.getloadavg()[0]:.1f}\n"
    )
    return 1 if unheard or screens > SCREEN_MS or cpu > CPU_MS else 0


def cpu_s(process: int) -> float:
    """Processor time a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--taps", type=int, default=600)
    asked.add_argument("--seed", type=int, default=2026)
    asked.add_argument("--database", default="", help="postgresql://..., else SQLite in a folder")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as data:
        house = House(Path(data), database=given.database, serve=SERVE)
        shift = open_shift(house.lead, "latency", sections=SEATS, tables=TABLES)
        house.start()
        try:
            os.nice(5)
            began, used = perf_counter(), cpu_s(house.process)
            cookies = hold(shift)
            floor = Floor({seat: Caller(house.port, {"seat": cookies[seat]}) for seat in cookies})
            asyncio.run(measure(floor, shift, taps=given.taps, seed=given.seed))
            share = (cpu_s(house.process) - used) / (perf_counter() - began)
        finally:
            house.stop()
        found = json.loads((Path(data) / "measured.json").read_text())
        measured = {what: values[-given.taps :] for what, values in found.items()}
    return report(floor, measured, share)


if __name__ == "__main__":
    sys.exit(main())
