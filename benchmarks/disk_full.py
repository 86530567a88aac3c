"""Fill the disk under a writing process, make room again, and look whether it kept its word.

`python benchmarks/disk_full.py FOLDER --pages 60` lets SQLite believe that the disk ends after so
many pages. Without `--pages` the folder lies on a small file system of its own (`mount -t tmpfs -o
size=3m none FOLDER`), where a ballast of 1 MB is taken away in the end. The answer is 1 if
something answered was lost, something refused was stored, or writing did not go on afterwards.
"""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.db import connection, connections
from record_alone import set_up

WRITERS, BALLAST, PLENTY = 8, 1_000_000, 1_000_000


def limit(pages: int) -> None:
    """Let the database have so many pages, in the writer's connection and in those that follow."""
    from upturn.record.writer import writer  # noqa: PLC0415 - models wait for the settings

    pragma = f"PRAGMA max_page_count={pages}"
    options = connections.settings["default"]["OPTIONS"]
    options["init_command"] = f"{options['init_command'].split('; PRAGMA max')[0]}; {pragma}"

    def apply() -> None:
        with connection.cursor() as cursor:
            cursor.execute(pragma)

    writer.submit(apply)


def write_until_refused(thread: int) -> tuple[list[str], int]:
    """Hand in rows until three are refused; return those answered, and how many were refused."""
    from upturn.record import outbox  # noqa: PLC0415
    from upturn.record.errors import NotStored  # noqa: PLC0415
    from upturn.record.writer import writer  # noqa: PLC0415

    answered: list[str] = []
    refused = n = 0
    while refused < 3:
        event = outbox.event("organisation", kind="fill", ref=f"{thread}-{n}".ljust(64, "x"))
        n += 1
        try:
            writer.insert(event)
        except NotStored:
            refused += 1
        else:
            answered.append(event.ref)
    return answered, refused


def stored() -> list[str]:
    """Read what is there, which must go on while the disk is full."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ref FROM record_outboxevent")
        return [ref for (ref,) in cursor]


def main() -> int:
    """Fill, look, make room, write again, and print what was counted."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--pages", type=int)
    given = asked.parse_args()
    set_up(f"sqlite:///{given.folder}/full.sqlite3")
    from upturn.record import outbox  # noqa: PLC0415
    from upturn.record.writer import writer  # noqa: PLC0415

    ballast = given.folder / "ballast"
    if given.pages:
        limit(given.pages)
    else:
        ballast.write_bytes(b"x" * BALLAST)
    with ThreadPoolExecutor(WRITERS) as pool:
        outcomes = list(pool.map(write_until_refused, range(WRITERS)))
    answered = {ref for refs, _ in outcomes for ref in refs}
    while_full = set(stored())
    if given.pages:
        limit(PLENTY)
    else:
        ballast.unlink()
    writer.insert(outbox.event("organisation", kind="fill", ref="afterwards"))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        (integrity,) = cursor.fetchone()
    found = {
        "answered": len(answered),
        "refused": sum(refused for _, refused in outcomes),
        "lost": len(answered - while_full),
        "stored though refused": len(while_full - answered),
        "afterwards": "afterwards" in stored(),
        "integrity": integrity,
    }
    sys.stdout.write(json.dumps(found) + "\n")
    sound = found["afterwards"] and integrity == "ok"
    return 1 if found["lost"] or found["stored though refused"] or not sound else 0


if __name__ == "__main__":
    sys.exit(main())
