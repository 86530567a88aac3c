"""How many comments a second come in over HTTP, each answered only when it is safe on the disk.

64 clients post one comment after another to `/api/feedback` of a running server, in turn

- `together`: as the product does it, commits shared by the group-commit writer,
- `one by one`: the same, but the writer commits each comment by itself,
- `in threads`: without the writer, a transaction for each request in its own thread,
- `bare`: no HTTP at all, one row and one commit after another with the bare driver.

`python benchmarks/intake.py` prints rates, ratios and how long an answer took. A disk that keeps
its word takes longer than one of a virtual machine: `--sync-ms 2` lets every sync take two
milliseconds more (Linux with a C compiler), which is said in the output.
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
from statistics import median
from time import perf_counter, sleep
from typing import Any

from pysqlite3 import dbapi2

CLIENTS, SECONDS, ROUNDS = 64, 4.0, 3
WAYS = ("together", "one by one", "in threads")
SLOW_SYNC = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
static int slow(const char *name, int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    usleep(MICROSECONDS);
    return real(fd);
}
int fsync(int fd) { return slow("fsync", fd); }
int fdatasync(int fd) { return slow("fdatasync", fd); }
"""


@dataclass
class Round:
    """Answers of one round, in seconds each."""

    waits: list[float] = field(default_factory=list)
    took_s: float = 0.0
    cpu_s: float = 0.0
    refused: int = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.waits) / self.took_s


def serve(way: str, port: int) -> None:
    """Run the server in this process, with the writer as this way wants it."""
    import django  # noqa: PLC0415 - the settings are in the environment now

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from upturn.house import asgi  # noqa: PLC0415
    from upturn.house.server import serve as serve_house  # noqa: PLC0415
    from upturn.people.commands import create_organisation_owner, make_token  # noqa: PLC0415
    from upturn.record.writer import writer  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    owner = create_organisation_owner(
        organisation="Intake",
        username="owner",
        password="only for this run",  # noqa: S106
    )
    _, key = make_token(owner, name="intake", scopes=["feedback:write"], ends_on=None)
    sys.stdout.write(key + "\n")
    sys.stdout.flush()
    asgi.worker.start = lambda: None  # what reads the comments afterwards has its own measure
    if way == "one by one":
        writer._batch = 1  # noqa: SLF001 - for this comparison alone
    if way == "in threads":
        take_out(writer)
    serve_house(host="127.0.0.1", port=port)


def take_out(writer: Any) -> None:
    """Let every request write by itself, in the thread that it is in."""
    from django.db import transaction  # noqa: PLC0415

    def together(work: Any, item: Any) -> Any:
        with transaction.atomic():
            return work([item])[0]

    async def together_async(work: Any, item: Any) -> Any:
        return await asyncio.to_thread(together, work, item)

    writer.together, writer.together_async = together, together_async


def library(milliseconds: float, folder: Path) -> dict[str, str]:
    """Build what makes each sync slower, and say how to load it."""
    if not milliseconds:
        return {}
    source, built = folder / "slow.c", folder / "slow.so"
    source.write_text(SLOW_SYNC.replace("MICROSECONDS", str(int(milliseconds * 1000))))
    command = ["cc", "-shared", "-fPIC", "-o", str(built), str(source), "-ldl"]
    subprocess.run(command, check=True)
    return {"LD_PRELOAD": str(built)}


@contextmanager
def serving(way: str, preload: dict[str, str]) -> Iterator[tuple[int, int, str]]:
    """Start a server on an empty database; yields its port, its process and a token."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as data, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        own = {"UPTURN_DATA": data, "DJANGO_SETTINGS_MODULE": "upturn.house.settings"}
        command = [sys.executable, __file__, "--serve", way, "--port", str(port)]
        process = subprocess.Popen(
            command, env=os.environ | own | preload, stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout is not None  # noqa: S101 - for the type checker
            token = process.stdout.readline().strip()
            wait_for(port)
            over_http(port, process.pid, token, seconds=1)
            yield port, process.pid, token
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)


def wait_for(port: int) -> None:
    """Wait until the server takes connections."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            sleep(0.05)
        else:
            return


async def client(
    number: int, port: int, token: str, found: Round, *, seconds: float = SECONDS
) -> None:
    """Post one comment after another until the time is over."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        "POST /api/feedback HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: "
    )
    loop = asyncio.get_running_loop()
    began, n = loop.time(), 0
    while loop.time() - began < seconds:
        words = "The soup was warm and the waiter knew the wine, but the bill took long."
        comment = {"text": words, "score": n % 11, "id": f"{number}-{n}-{began}"}
        body = json.dumps(comment)
        sent = perf_counter()
        writer.write(f"{head}{len(body)}\r\n\r\n{body}".encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line[15:]) for line in answer.split(b"\r\n") if line.startswith(b"content-length:")
        )
        await reader.readexactly(length)
        found.waits.append(perf_counter() - sent)
        found.refused += b" 200 " not in answer[:15]
        n += 1
    writer.close()


def cpu_s(process: int) -> float:
    """Processor time a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def over_http(port: int, process: int, token: str, *, seconds: float = SECONDS) -> Round:
    """Let all clients post for a while."""
    found = Round()

    async def all_clients() -> None:
        await asyncio.gather(
            *(client(n, port, token, found, seconds=seconds) for n in range(CLIENTS))
        )

    began, used = perf_counter(), cpu_s(process)
    asyncio.run(all_clients())
    found.took_s, found.cpu_s = perf_counter() - began, cpu_s(process) - used
    return found


def bare() -> Round:
    """Commit one row after another with the driver alone."""
    found = Round()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        database = dbapi2.connect(f"{folder}/bare.sqlite3", isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE said (id INTEGER PRIMARY KEY, at TEXT, words TEXT, f BLOB)")
        began = perf_counter()
        while perf_counter() - began < SECONDS / 2:
            sent = perf_counter()
            row = ("2026-11-23 12:00", "The soup was warm and the waiter knew the wine" * 2, b"x")
            database.execute("INSERT INTO said (at, words, f) VALUES (?, ?, ?)", row)
            found.waits.append(perf_counter() - sent)
        found.took_s = perf_counter() - began
        database.close()
    return found


def line(way: str, rounds: list[Round]) -> str:
    """Say what was found for one way."""
    waits = sorted(wait * 1000 for each in rounds for wait in each.waits)
    rates = sorted(each.rate for each in rounds)
    cpu = sum(each.cpu_s for each in rounds) / len(waits) * 1000
    refused = sum(each.refused for each in rounds)
    return (
        f"{way:11} {median(rates):7.0f}/s ({rates[0]:.0f}-{rates[-1]:.0f})  answer ms"
        f" p50 {waits[len(waits) // 2]:6.1f}  p99 {waits[len(waits) * 99 // 100]:7.1f}"
        f"  max {waits[-1]:7.1f}  n {len(waits)}  refused {refused}  cpu {cpu:.2f} ms a request\n"
    )


def measure(sync_ms: float) -> None:
    """Take all ways in turn, several times, and print them side by side."""
    found: dict[str, list[Round]] = {way: [] for way in (*WAYS, "bare")}
    with tempfile.TemporaryDirectory() as folder:
        preload = library(sync_ms, Path(folder))
        for _ in range(ROUNDS):
            for way in WAYS:
                with serving(way, preload) as (port, process, token):
                    found[way].append(over_http(port, process, token))
            command = [sys.executable, __file__, "--bare"]
            done = subprocess.run(
                command, env=os.environ | preload, stdout=subprocess.PIPE, text=True, check=True
            )
            found["bare"].append(Round(**json.loads(done.stdout)))
    sys.stdout.write(f"{CLIENTS} clients, {ROUNDS} rounds of {SECONDS:g} s in turn")
    sys.stdout.write(f", {sync_ms:g} ms added to every sync\n" if sync_ms else "\n")
    for way, rounds in found.items():
        sys.stdout.write(line(way, rounds))
    for other in ("one by one", "in threads", "bare"):
        ratios = sorted(
            a.rate / b.rate for a, b in zip(found["together"], found[other], strict=True)
        )
        shown = f"{median(ratios):.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})"
        sys.stdout.write(f"together / {other}: {shown}\n")


def main() -> None:
    """Measure, or be the server that is measured."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sync-ms", type=float, default=0.0)
    asked.add_argument("--serve", choices=WAYS, help=argparse.SUPPRESS)
    asked.add_argument("--port", type=int, help=argparse.SUPPRESS)
    asked.add_argument("--bare", action="store_true", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.serve:
        serve(given.serve, given.port)
    elif given.bare:
        found = bare()
        sys.stdout.write(json.dumps({"waits": found.waits, "took_s": found.took_s}))
    else:
        measure(given.sync_ms)


if __name__ == "__main__":
    main()
