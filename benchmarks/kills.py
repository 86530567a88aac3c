"""Kill a writing process at random, many times, and look whether it kept its word.

Eight threads hand in rows, and tell a pipe of each row for which they got the answer "stored".
After each kill -9 every row told of must be there, and none twice. Run
`python benchmarks/kills.py --kills 1000 --database sqlite:////tmp/kills.sqlite3`, or with a
`postgresql://` address, where the client is killed. The answer is 1 if a word was broken.

What it does not show: whether the disk kept what was synced, for the system outlives the kill.
"""

import argparse
import json
import os
import select
import signal
import sys
import threading
from dataclasses import asdict, dataclass, field
from time import monotonic
from typing import NoReturn

from django.db import connection
from record_alone import set_up

from upturn.stats.draws import generator

WRITERS, LONGEST_S = 8, 0.12


@dataclass
class Count:
    """What was found after all kills."""

    kills: int = 0
    answered: int = 0
    stored: int = 0
    lost: int = 0
    doubled: int = 0
    damaged: list[str] = field(default_factory=list)


def write_until_killed(run: int, told: int) -> NoReturn:
    """Hand in rows from several threads, one half by `insert` and one by `submit`."""
    from upturn.record import outbox  # noqa: PLC0415 - models wait for the settings
    from upturn.record.writer import writer  # noqa: PLC0415

    def write(thread: int) -> None:
        n = 0
        while True:
            ref = f"{run}-{thread}-{n}"
            event = outbox.event("organisation", kind="kill", ref=ref)
            if thread % 2:
                writer.insert(event)
            else:
                writer.submit(event.save)
            os.write(told, f"{ref}\n".encode())
            n += 1

    for thread in range(WRITERS):
        threading.Thread(target=write, args=(thread,)).start()
    signal.pause()
    os._exit(1)


def answers_until_killed(run: int, after_s: float) -> set[str]:
    """Let a process write for so long after its first answer, kill it, return all answers."""
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        write_until_killed(run, told)
    os.close(told)
    text = bytearray(os.read(heard, 65536))
    end = monotonic() + after_s
    while (left := end - monotonic()) > 0:
        if select.select([heard], [], [], left)[0]:
            text += os.read(heard, 65536)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while rest := os.read(heard, 65536):
        text += rest
    os.close(heard)
    return set(text.decode().split())


def look(count: Count, answered: set[str], *, last: int) -> int:
    """Compare what is stored since `last` with what was answered; return the new last id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ref FROM record_outboxevent WHERE id > %s ORDER BY id", [last])
        rows = cursor.fetchall()
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA quick_check")
            count.damaged += [problem for (problem,) in cursor if problem != "ok"]
    connection.close()
    stored = [ref for _, ref in rows]
    count.kills += 1
    count.answered += len(answered)
    count.stored += len(stored)
    count.lost += len(answered - set(stored))
    count.doubled += len(stored) - len(set(stored))
    return rows[-1][0] if rows else last


def check_whole(count: Count) -> None:
    """Let SQLite read every page and every index once."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            count.damaged += [problem for (problem,) in cursor if problem != "ok"]


def main() -> int:
    """Kill as often as asked and print what was counted."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=200)
    asked.add_argument("--database", required=True)
    asked.add_argument("--seed", type=int, default=2026)
    given = asked.parse_args()
    set_up(given.database)
    count, last = Count(), 0
    draw = generator(given.seed, "kills")
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM record_outboxevent")
        (last,) = cursor.fetchone()
    connection.close()
    for run in range(given.kills):
        answered = answers_until_killed(run, float(draw.uniform(0, LONGEST_S)))
        last = look(count, answered, last=last)
    check_whole(count)
    sys.stdout.write(json.dumps(asdict(count)) + "\n")
    return 1 if count.lost or count.doubled or count.damaged else 0


if __name__ == "__main__":
    sys.exit(main())
