"""How soon 500 listening phones of one shift hear a plain event.

Published by another process through the writer, from before the row is handed in until each phone
has it; this process is all 500 phones and the publisher, niced behind the server.

`python -m benchmarks.floor.live.listeners`. The answer is 1 if a bar is missed or an event lost.
"""

import argparse
import asyncio
import gc
import os
import re
import sys
import tempfile
from functools import partial
from pathlib import Path
from time import monotonic_ns

from benchmarks.floor.live.house import House, hold, open_shift
from benchmarks.floor.live.latency import spread

PHONES, SEATS, PAUSE_S = 500, 30, 0.1
MEDIAN_MS, P99_MS = 25.0, 60.0
EVENT = re.compile(rb'id: (\d+)\nevent: shift:.*\ndata: .*"since_s": (\d+)')


class Phone(asyncio.Protocol):
    """Notes what comes and when, and reads it afterwards, so that no phone waits for another."""

    def __init__(self, cookie: str, topic: str) -> None:
        self._asks = f"GET /live/?topic={topic} HTTP/1.1\r\nHost: localhost\r\n".encode()
        self._asks += f"Cookie: seat={cookie}\r\n\r\n".encode()
        self.came: list[tuple[int, bytes]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        transport.write(self._asks)

    def data_received(self, data: bytes) -> None:
        """Note what came."""
        self.came.append((monotonic_ns(), data))

    def is_open(self) -> bool:
        """Whether the stream has begun."""
        return any(b"event: open" in data for _, data in self.came)

    def heard(self) -> list[tuple[int, float]]:
        """Give the id of each event, and how many milliseconds after it was handed in it came."""
        return [
            (int(number), (at - int(sent)) / 1e6)
            for at, data in self.came
            for number, sent in EVENT.findall(data)
        ]


async def publish(topic: str, count: int) -> list[int]:
    """Hand in events one after another; give their ids."""
    from upturn.record import outbox  # noqa: PLC0415 - Django is set up by now
    from upturn.record.writer import writer  # noqa: PLC0415

    ids = []
    for _ in range(count):
        data = {"table": "1-1", "since_s": monotonic_ns()}
        event = outbox.event(topic, kind="guests", ref="1-1", data=data)
        await writer.insert_async(event)
        ids.append(event.id)
        await asyncio.sleep(PAUSE_S)
    return ids


def _same(phone: Phone) -> Phone:
    return phone


async def measure(port: int, topic: str, cookies: list[str], events: int) -> int:
    """Open the streams, publish, compare; give 1 if a bar is missed or an event lost."""
    phones = [Phone(cookies[n % SEATS], topic) for n in range(PHONES)]
    loop = asyncio.get_running_loop()
    for phone in phones:
        await loop.create_connection(partial(_same, phone), "127.0.0.1", port)
    while not all(phone.is_open() for phone in phones):
        await asyncio.sleep(0.05)
    ids = await publish(topic, events)
    await asyncio.sleep(2.0)
    heard = [phone.heard() for phone in phones]
    wrong = sum([number for number, _ in each] != ids for each in heard)
    every = [wait for each in heard for _, wait in each]
    last = [max(row) for row in zip(*([w for _, w in each] for each in heard), strict=False)]
    p99 = spread(f"an event to one of {PHONES} phones", every)
    spread("an event to the last of them", last)
    median = sorted(every)[len(every) // 2]
    sys.stdout.write(
        f"{wrong} phones with an event lost or doubled;"
        f" load of the machine {os.getloadavg()[0]:.1f}\n"
    )
    return 1 if wrong or median > MEDIAN_MS or p99 > P99_MS else 0


def main() -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--events", type=int, default=200)
    asked.add_argument("--database", default="", help="postgresql://..., else SQLite in a folder")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as data:
        house = House(Path(data), database=given.database)
        shift = open_shift(house.lead, "listeners", sections=SEATS, tables=7)
        house.start()
        try:
            os.nice(5)
            gc.disable()  # a pause of the phones is none of the server
            topic, cookies = f"shift:{shift.ref}", list(hold(shift).values())
            return asyncio.run(measure(house.port, topic, cookies, given.events))
        finally:
            house.stop()


if __name__ == "__main__":
    sys.exit(main())
