"""500 phones hand in an answer within five seconds, and listen all the while.

Each phone has its own connection and an open stream. It sends at a moment drawn from the five
seconds; a hundred send the same again at the end. Then the cards are counted. With `--kill` the
server is killed in the middle and started again at once: phones do as their page does
(`static/loop/room.js`, `sending.js`), and everything is counted from the kill.

`python -m benchmarks.loop.answers`. The answer is 1 if an answer was lost or doubled, or a bar is
missed. This process is all 500 phones and shares the cores with the server, niced behind it.
"""

import argparse
import asyncio
import gc
import json
import os
import sys
import tempfile
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from benchmarks.floor.live.house import House
from benchmarks.floor.live.latency import cpu_s, spread
from benchmarks.loop.room import Listener, Room, Sender, listen, open_room, open_stream
from upturn.stats.draws import generator

PHONES, WITHIN_S, AGAIN, P99_MS = 500, 5.0, 100, 500.0
KILL_AT_S, BACK_WITHIN_S = 2.5, 5.0
CARD_AGAIN_S, TRY_S = (0.5, 1.0, 2.0, 4.0), 8.0
STREAM_FIRST_S, STREAM_AGAIN_S = 0.3, 1.0
GIVE_UP_S = 90.0
WORDS = "On Friday nights hot dishes came on warm plates until we closed, and guests noticed."


@dataclass
class Found:
    """What phones were told, and when."""

    answered_ms: list[float] = field(default_factory=list)
    answered_at: list[float] = field(default_factory=list)
    back_at: list[float] = field(default_factory=list)
    gone_at: float = 0.0
    phones_s: float = 0.0
    again: int = 0
    refused: list[Any] = field(default_factory=list)


@dataclass
class Phone:
    """A phone: what it hears by, what it sends by, and its own chance."""

    stream: Listener
    sender: Sender
    card: bytes
    draw: Any


def card(number: int, *, round_number: int) -> bytes:
    """Make the card of a phone, as its page would."""
    ref = f"{round_number:08x}{number:024x}"
    made = {"ref": ref, "key": f"key-of-{ref}", "step": 0, "words": f"{number}. {WORDS}"}
    return json.dumps(made).encode()


async def hand_in(phone: Phone, found: Found) -> None:
    """Send a card until it is answered, sooner if the stream comes back; note how long it took."""
    began, tries = perf_counter(), 0
    while perf_counter() - began < GIVE_UP_S:
        status, body = 0, b""
        with suppress(OSError, TimeoutError):
            status, body = await asyncio.wait_for(phone.sender.send(phone.card), TRY_S)
        if status == 200:
            found.answered_ms.append((perf_counter() - began) * 1000)
            found.answered_at.append(perf_counter())
            found.again += json.loads(body)["again"]
            return
        if 0 < status < 500 or not found.gone_at:
            found.refused.append((status, body[:300]))
            return
        phone.sender.close()
        with suppress(TimeoutError):
            wait_s = CARD_AGAIN_S[min(tries, len(CARD_AGAIN_S) - 1)]
            await asyncio.wait_for(phone.stream.is_open.wait(), wait_s)
        tries += 1
    found.refused.append("never answered")


async def come_back(port: int, room: Room, number: int, phone: Phone, found: Found) -> None:
    """Open a stream again once it ended, until it begins."""
    await phone.stream.is_gone.wait()
    wait_s, after = STREAM_FIRST_S * float(phone.draw.random()), phone.stream.last()
    while True:
        phone.stream = Listener(room.cookies[number], f"workshop:{room.ref}", after=after)
        await asyncio.sleep(wait_s)
        with suppress(OSError):
            await open_stream(port, phone.stream)
            ends = (phone.stream.is_open.wait(), phone.stream.is_gone.wait())
            tasks = [asyncio.ensure_future(each) for each in ends]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for each in tasks:
                each.cancel()
            if phone.stream.is_open.is_set():
                found.back_at.append(perf_counter())
                return
        wait_s = STREAM_AGAIN_S * (0.5 + float(phone.draw.random()))


async def storm(house: House, room: Room, *, seed: int, kill: bool) -> Found:
    """Let everybody answer; give what was found."""
    draw, found = generator(seed, "answers"), Found()
    phones = [
        Phone(each, Sender(house.port, cookie), card(n, round_number=seed), draw)
        for n, (each, cookie) in enumerate(
            zip(await listen(house.port, room), room.cookies, strict=True)
        )
    ]
    moments = draw.uniform(0.0, WITHIN_S, size=len(phones))
    used = process_time()

    async def one(number: int, phone: Phone) -> None:
        await asyncio.sleep(float(moments[number]))
        await hand_in(phone, found)

    async def interrupt() -> None:
        await asyncio.sleep(KILL_AT_S)
        found.gone_at = perf_counter()
        house.kill()
        await asyncio.to_thread(house.start)

    work: list[Awaitable[None]] = [one(number, each) for number, each in enumerate(phones)]
    if kill:
        work += [come_back(house.port, room, n, each, found) for n, each in enumerate(phones)]
        work.append(interrupt())
    await asyncio.gather(*work)
    found.phones_s = process_time() - used
    for each in phones[:: max(1, len(phones) // AGAIN)]:
        await hand_in(each, Found())
    for each in phones:
        each.sender.close()
        each.stream.close()
    return found


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
    every, counted = [], []
    for seed in range(1, rounds + 1):
        before, began = cpu_s(house.process), perf_counter()
        every.append(asyncio.run(storm(house, room, seed=seed, kill=False)))
        used, took = cpu_s(house.process) - before, perf_counter() - began
        counted.append(kept(room, seed))
        sys.stdout.write(
            f"round {seed}: {took:.1f} s, opening and closing of {PHONES} streams with it; of a"
            f" processor the server took {used:.2f} s, the phones {every[-1].phones_s:.2f} s\n"
        )
    return report([wait for found in every for wait in found.answered_ms], every, counted)


def killed(house: House, room: Room, *, rounds: int) -> bool:
    """Storms in the middle of which the server is killed."""
    sound = True
    for seed in range(1, rounds + 1):
        found = asyncio.run(storm(house, room, seed=seed, kill=True))
        counted = kept(room, seed)
        first = min(found.back_at) - found.gone_at
        last = max(found.back_at) - found.gone_at, max(found.answered_at) - found.gone_at
        sys.stdout.write(
            f"killed in mid-question: the first stream was back {first:.2f} s after the kill, the"
            f" last {last[0]:.2f} s, the last answer in {last[1]:.2f} s; start and all that took"
            f" the server {cpu_s(house.process):.2f} s of a processor, the phones"
            f" {found.phones_s:.2f} s; (stored, different) {counted}; {found.again} had been"
            f" stored before; refused {found.refused[:2]}; load {os.getloadavg()[0]:.1f}\n"
        )
        whole = counted == (PHONES, PHONES) and not found.refused
        sound = sound and whole and max(last) <= BACK_WITHIN_S
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
