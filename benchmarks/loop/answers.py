"""500 phones hand in an answer within five seconds, and listen all the while.

Each phone has its own connection and an open stream. It sends at a moment drawn from the five
seconds; a hundred send the same again at the end. Then the cards are counted. With `--kill` the
server is killed in the middle and started again: a phone that gets no answer tries again until it
does, as the queue on it would, and its stream comes back; how long is counted from the first
answer of the server that was started again.

`python -m benchmarks.loop.answers`. The answer is 1 if an answer was lost or doubled, or a bar is
missed. This process is all 500 phones and shares the cores with the server, niced behind it.
"""

import argparse
import asyncio
import gc
import os
import sys
import tempfile
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.floor.live.calls import NETWORK, Caller
from benchmarks.floor.live.house import House
from benchmarks.floor.live.latency import cpu_s, spread
from benchmarks.loop.room import Listener, Room, listen, open_room
from upturn.stats.draws import generator

PHONES, WITHIN_S, AGAIN, P99_MS = 500, 5.0, 100, 500.0
KILL_AT_S, AGAIN_AFTER_S, BACK_WITHIN_S, GIVE_UP_S = 2.5, 0.25, 5.0, 90.0
PATH = "/workshop/card/"
WORDS = "On Friday nights hot dishes came on warm plates until we closed, and guests noticed."


@dataclass
class Found:
    """What phones were told, and when."""

    answered_ms: list[float] = field(default_factory=list)
    answered_at: list[float] = field(default_factory=list)
    back_at: list[float] = field(default_factory=list)
    again: int = 0
    refused: list[Any] = field(default_factory=list)


def card(number: int, *, round_number: int) -> dict[str, Any]:
    """Make the card of a phone, as its page would."""
    ref = f"{round_number:08x}{number:024x}"
    return {"ref": ref, "key": f"key-of-{ref}", "step": 0, "words": f"{number}. {WORDS}"}


async def hand_in(caller: Caller, body: dict[str, Any], found: Found, *, patient: bool) -> None:
    """Send a card until it is answered; note how long that took."""
    began = perf_counter()
    while perf_counter() - began < GIVE_UP_S:
        try:
            answer = await caller.post(PATH, body)
        except NETWORK as error:
            if not patient:
                found.refused.append(repr(error))
                return
            await asyncio.sleep(AGAIN_AFTER_S)
            continue
        if answer.status == 503 and patient:
            await asyncio.sleep(AGAIN_AFTER_S)
            continue
        if answer.status != 200:
            found.refused.append((answer.status, answer.body[:300]))
            return
        found.answered_ms.append((perf_counter() - began) * 1000)
        found.answered_at.append(perf_counter())
        found.again += answer.json()["again"]
        return
    found.refused.append("never answered")


async def first_answer(port: int) -> None:
    """Wait until the server answers anything: it takes connections before it has begun."""
    while True:
        try:
            await Caller(port).get("/no-such-page/")
        except NETWORK:
            await asyncio.sleep(AGAIN_AFTER_S)
        else:
            return


async def come_back(port: int, cookie: str, room: Room, stream: Listener, found: Found) -> None:
    """Open a stream again once it ended, as the browser does."""
    while not stream.is_gone:
        await asyncio.sleep(0.02)
    began = perf_counter()
    loop = asyncio.get_running_loop()
    while perf_counter() - began < GIVE_UP_S:
        anew = Listener(cookie, f"workshop:{room.ref}", after=1)
        try:
            await loop.create_connection(partial(_same, anew), "127.0.0.1", port)
        except OSError:
            await asyncio.sleep(AGAIN_AFTER_S)
            continue
        while not (anew.is_open() or anew.is_gone):
            await asyncio.sleep(0.02)
        if anew.is_open():
            found.back_at.append(perf_counter())
            return


def _same(each: Listener) -> Listener:
    return each


async def storm(house: House, room: Room, *, seed: int, kill: bool) -> tuple[Found, float, float]:
    """Let everybody answer; give what was found, and when the server was gone and back."""
    listeners = await listen(house.port, room)
    callers = [Caller(house.port, {"workshop": cookie}) for cookie in room.cookies]
    for caller in callers:
        caller.cookies["csrf"] = "x" * 32
    draw, found = generator(seed, "answers"), Found()
    moments = draw.uniform(0.0, WITHIN_S, size=len(callers))
    gone_at = back_at = 0.0

    async def one(number: int, caller: Caller) -> None:
        await asyncio.sleep(float(moments[number]))
        await hand_in(caller, card(number, round_number=seed), found, patient=kill)

    async def interrupt() -> None:
        nonlocal gone_at, back_at
        await asyncio.sleep(KILL_AT_S)
        house.kill()
        gone_at = perf_counter()
        await asyncio.to_thread(house.start)
        await first_answer(house.port)
        back_at = perf_counter()

    work: list[Awaitable[None]] = [one(number, each) for number, each in enumerate(callers)]
    if kill:
        pairs = zip(room.cookies, listeners, strict=True)
        work += [come_back(house.port, cookie, room, each, found) for cookie, each in pairs]
        work.append(interrupt())
    await asyncio.gather(*work)
    for number in range(0, len(callers), max(1, len(callers) // AGAIN)):
        await hand_in(callers[number], card(number, round_number=seed), Found(), patient=False)
    for caller, each in zip(callers, listeners, strict=True):
        caller.hang_up()
        each.close()
    return found, gone_at, back_at


def kept(room: Room, seed: int) -> tuple[int, int]:
    """Count the cards of a round in the table, and how many different ones."""
    from upturn.loop.models import Card  # noqa: PLC0415 - Django is set up by now

    rows = Card.objects.filter(workshop__ref=room.ref, ref__startswith=f"{seed:08x}")
    return rows.count(), len(set(rows.values_list("words", flat=True)))


def report(
    waits: Sequence[float], rounds: Sequence[Found], counted: Sequence[tuple[int, int]]
) -> bool:
    """Print everything; give whether each answer was stored once."""
    refused = [each for found in rounds for each in found.refused]
    sys.stdout.write(
        f"cards (stored, different) {list(counted)}; refused {len(refused)} {refused[:2]}\n"
        f"load of the machine {os.getloadavg()[0]:.1f}\n"
    )
    p99 = spread(f"an answer of one of {PHONES} phones", waits)
    sound = not refused and set(counted) == {(PHONES, PHONES)}
    return sound and p99 <= P99_MS


def calm(house: House, room: Room, *, rounds: int) -> bool:
    """Several storms without a mishap."""
    every, counted, used = [], [], []
    for seed in range(1, rounds + 1):
        before = cpu_s(house.process)
        found, _, _ = asyncio.run(storm(house, room, seed=seed, kill=False))
        used.append(cpu_s(house.process) - before)
        every.append(found)
        counted.append(kept(room, seed))
    shares = ", ".join(f"{each:.2f}" for each in used)
    sys.stdout.write(f"{rounds} rounds; each takes the server {shares} s of a processor\n")
    return report([wait for found in every for wait in found.answered_ms], every, counted)


def killed(house: House, room: Room, *, rounds: int) -> bool:
    """Storms in the middle of which the server is killed."""
    sound = True
    for seed in range(1, rounds + 1):
        found, gone, ready = asyncio.run(storm(house, room, seed=seed, kill=True))
        counted = kept(room, seed)
        last = max(found.back_at), max(found.answered_at)
        used = cpu_s(house.process)
        sys.stdout.write(
            f"killed in mid-question: the server was away for {ready - gone:.1f} s; the last"
            f" stream was back {last[0] - ready:.2f} s after that, the last answer in after"
            f" {last[1] - ready:.2f} s; start and all that took it {used:.1f} s of a processor;"
            f" (stored, different) {counted}; {found.again} had been"
            f" stored before the kill; refused {found.refused[:2]}; load {os.getloadavg()[0]:.1f}\n"
        )
        whole = counted == (PHONES, PHONES) and not found.refused
        sound = sound and whole and max(last) - ready <= BACK_WITHIN_S
    return sound


def main() -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--kill", action="store_true")
    asked.add_argument("--database", default="", help="postgresql://..., else SQLite in a folder")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as data:
        house = House(Path(data), database=given.database)
        room = open_room(house.lead, phones=PHONES)
        house.start()
        try:
            if not given.kill:
                os.nice(5)  # a server that is started again would inherit it
            gc.disable()  # a pause of the phones is none of the server
            run = killed if given.kill else calm
            return 0 if run(house, room, rounds=given.rounds) else 1
        finally:
            house.stop()


if __name__ == "__main__":
    sys.exit(main())
