"""How soon one event reaches 500 open streams, and whether any misses one while streams drop.

`python benchmarks/stream.py` starts the server, opens the streams, and publishes from another
process, as a second server or a command would. Then a part of the streams hang up at random and
come back with `Last-Event-ID`. At last the server is told to end while all are open. The answer
is 1 if an event was lost or came twice.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic_ns, perf_counter, sleep

from upturn.stats.draws import generator

STREAMS, EVENTS, PAUSE_S, DROPS = 500, 100, 0.1, 0.02


@dataclass
class Listener:
    """One browser: what it heard, and how long after the commit."""

    number: int
    heard: list[int] = field(default_factory=list)
    waits_ms: list[float] = field(default_factory=list)
    drops: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)


def serve(port: int) -> None:
    """Run the server with a door that lets everybody hear of the organisation."""
    import django  # noqa: PLC0415 - the settings are in the environment now

    django.setup()
    from upturn.house import live  # noqa: PLC0415

    async def everybody(scope: object) -> set[str]:  # noqa: ARG001
        return {"organisation"}

    live.authorise = everybody
    from upturn.house.server import serve as serve_house  # noqa: PLC0415

    serve_house(host="127.0.0.1", port=port)


@contextmanager
def serving() -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Start a server on an empty database and wait until it answers."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as data:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        os.environ |= {"UPTURN_DATA": data, "DJANGO_SETTINGS_MODULE": "upturn.house.settings"}
        import django  # noqa: PLC0415

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        command = [sys.executable, __file__, "--serve", str(port)]
        process = subprocess.Popen(command, text=True)
        try:
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    sleep(0.05)
            yield port, process
        finally:
            process.kill()
            process.wait()


async def listen(listener: Listener, port: int, last: str, *, dropping: bool, seed: int) -> None:
    """Hear events until the server ends the stream, hanging up now and then."""
    draw = generator(seed, "stream", str(listener.number))
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        resume = f"Last-Event-ID: {last}\r\n" if last else ""
        writer.write(f"GET /live/events HTTP/1.1\r\nHost: localhost\r\n{resume}\r\n".encode())
        while line := await reader.readline():
            if line.startswith(b"id: "):
                last = line[4:].decode().strip()
            elif line.startswith(b"data: {") and b"sent" in line:
                sent = int(json.loads(line[6:])["ref"])
                listener.heard.append(int(last))
                listener.waits_ms.append((monotonic_ns() - sent) / 1e6)
                if dropping and draw.random() < DROPS:
                    break
        else:
            listener.ended.set()
            return
        listener.drops += 1
        writer.close()


async def publish(count: int, pause_s: float) -> list[int]:
    """Commit events one after another; return their ids."""
    from upturn.record import outbox  # noqa: PLC0415
    from upturn.record.writer import writer  # noqa: PLC0415

    ids = []
    for _ in range(count):
        event = outbox.event("organisation", kind="sent", ref=str(monotonic_ns()))
        await writer.insert_async(event)
        ids.append(event.id)
        await asyncio.sleep(pause_s)
    return ids


def waits(listeners: list[Listener], what: str) -> None:
    """Print how long deliveries took, and how long the last listener of each event waited."""
    every = sorted(wait for each in listeners for wait in each.waits_ms)
    last = sorted(max(row) for row in zip(*(each.waits_ms for each in listeners), strict=False))
    sys.stdout.write(
        f"{what}: n {len(every)}  p50 {every[len(every) // 2]:.1f}"
        f"  p99 {every[len(every) * 99 // 100]:.1f} ms"
        f"  last of {len(listeners)}: p50 {last[len(last) // 2]:.1f}  max {last[-1]:.1f} ms\n"
    )


async def measure(port: int, process: "subprocess.Popen[str]", seed: int) -> int:
    """Open the streams, publish, drop, end; return how many events were lost or doubled."""
    wrong = 0
    began = perf_counter()
    (start,) = await publish(1, 0)
    for dropping in (False, True):
        listeners = [Listener(number) for number in range(STREAMS)]
        tasks = [
            asyncio.create_task(listen(each, port, str(start), dropping=dropping, seed=seed))
            for each in listeners
        ]
        ids = await publish(EVENTS, PAUSE_S)
        while any(each.heard[-1:] != ids[-1:] for each in listeners):
            await asyncio.sleep(0.05)
        wrong += sum(each.heard != ids for each in listeners)
        drops = sum(each.drops for each in listeners)
        waits(listeners, f"{drops} drops" if dropping else "no drops")
        start = ids[-1]
        if not dropping:
            for task in tasks:
                task.cancel()
    status = Path(f"/proc/{process.pid}/status").read_text()
    memory = int(status.split("VmRSS:")[1].split()[0]) // 1024
    told = perf_counter()
    process.send_signal(signal.SIGTERM)
    await asyncio.gather(*(each.ended.wait() for each in listeners))
    await asyncio.to_thread(process.wait)
    sys.stdout.write(
        f"{memory} MB, ended {perf_counter() - told:.2f} s after it was told to with"
        f" {STREAMS} streams open, {wrong} streams with a lost or doubled event"
        f" ({perf_counter() - began:.0f} s in all)\n"
    )
    return wrong


def main() -> int:
    """Measure, or be the server that is measured."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=2026)
    asked.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.serve:
        serve(given.serve)
        return 0
    with serving() as (port, process):
        return 1 if asyncio.run(measure(port, process, given.seed)) else 0


if __name__ == "__main__":
    sys.exit(main())
