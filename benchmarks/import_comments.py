"""How fast a file of 100,000 comments comes in, beside a bare csv reader and executemany.

The bare one is handed the finished rows as CSV and inserts them into a table with the same columns
and indexes, in the same run, in a SQLite file with the same settings. Ours starts from a file as
people have it: it guesses the columns, reads dates and scores, refuses what is wrong, tells
duplicates apart and journals. Run `python benchmarks/import_comments.py`; it is no timed test.
"""

import csv
import io
import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

COMMENTS, RUNS = 100_000, 5
FOLDER = Path(tempfile.mkdtemp(prefix="upturn-benchmark-"))
os.environ["UPTURN_DATA"] = str(FOLDER)
os.environ["DJANGO_SETTINGS_MODULE"] = "upturn.house.settings"

import django  # noqa: E402 - the settings are read from the environment set above

django.setup()

import pysqlite3 as sqlite3  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from upturn.graph.engine.tabular import open_table, sample_rows  # noqa: E402
from upturn.stats.draws import generator  # noqa: E402
from upturn.voice import commands  # noqa: E402
from upturn.voice.engine import (  # noqa: E402
    Comment,
    KnownNames,
    check_rows,
    guess_mapping,
    settle,
)

COLUMNS = ("id", "review", "stars", "visited", "channel")
FIELDS = (
    "touchpoint_id, place, text, score, score_raw, scale, at, week, channel, language, "
    "fingerprint, origin_id, unread"
)
BARE_TABLE = f"""
CREATE TABLE said (number INTEGER PRIMARY KEY, {FIELDS}, UNIQUE (fingerprint));
CREATE INDEX said_origin ON said (origin_id);
CREATE INDEX said_unread ON said (number) WHERE unread;
"""


def write_file() -> bytes:
    """Draw comments of usual length: about 28 words, in one hundred the same as before."""
    draw = generator(2026, "import_comments")
    words = [f"word{n}" for n in range(2_000)]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    start = datetime(2026, 5, 18, tzinfo=UTC)
    for number in range(COMMENTS):
        chosen = draw.integers(0, len(words), size=int(draw.integers(8, 48)))
        day = start + timedelta(minutes=int(draw.integers(0, 26 * 7 * 24 * 60)))
        key = number - 1 if number % 100 == 99 else number
        said = " ".join(words[n] for n in chosen)
        stars, channel = int(draw.integers(1, 6)), ("card", "web form")[number % 2]
        writer.writerow((f"r-{key}", said, stars, f"{day:%Y-%m-%d %H:%M}", channel))
    return text.getvalue().encode()


def finished_rows() -> bytes:
    """Give what ours stored as a file for the bare one; fingerprints are written in hex."""
    text = io.StringIO(newline="")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {FIELDS} FROM voice_feedback ORDER BY id")  # noqa: S608
        for row in cursor.fetchall():
            cells = [cell.hex() if isinstance(cell, bytes) else cell for cell in row]
            csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def bare(content: bytes, run: int) -> None:
    """Read the cells and insert them, nothing else."""
    database = sqlite3.connect(FOLDER / f"bare-{run}.sqlite3")
    database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + BARE_TABLE)
    rows = csv.reader(io.TextIOWrapper(io.BytesIO(content), "utf-8", newline=""))
    marks = ", ".join("?" * len(FIELDS.split(", ")))
    with database:
        database.executemany(f"INSERT INTO said ({FIELDS}) VALUES ({marks})", rows)  # noqa: S608
    database.close()


def ours(content: bytes, run: int) -> None:
    """Do what `upturn import feedback` does: guess, check every row, store."""
    table = open_table(io.BytesIO(content), name=f"comments-{run}.csv")
    guesses = guess_mapping(table.columns, sample_rows(table))
    found = check_rows(
        table, settle(guesses), zone=UTC, now=datetime(2026, 11, 23, tzinfo=UTC), known=KnownNames()
    )
    comments: Iterator[Comment] = (row for row in found if isinstance(row, Comment))
    commands.store_feedback(comments, origin=None, by=None)


def empty() -> None:
    """Make room for the next run."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM voice_feedback")


def timed(work: Callable[[bytes, int], None], content: bytes, run: int) -> tuple[float, float]:
    """Give seconds of the clock and of the processor."""
    began, cpu = perf_counter(), process_time()
    work(content, run)
    return perf_counter() - began, process_time() - cpu


def main() -> None:
    """Alternate both, and print the ratio of their rates with its spread."""
    content = write_file()
    call_command("migrate", verbosity=0)
    ratios, ours_s, bare_s, cpu_ratios = [], [], [], []
    for run in range(RUNS):
        ours_wall, ours_cpu = timed(ours, content, run)
        bare_wall, bare_cpu = timed(bare, finished_rows(), run)
        empty()
        ratios.append(bare_wall / ours_wall)
        cpu_ratios.append(bare_cpu / ours_cpu)
        ours_s.append(ours_wall)
        bare_s.append(bare_wall)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print_line = sys.stdout.write
    print_line(f"{COMMENTS:,} comments, {len(content) / 1e6:.1f} MB, {RUNS} runs of each\n")
    print_line(f"bare csv + executemany: median {median(bare_s):.2f} s\n")
    print_line(f"ours, with guess and checks: median {median(ours_s):.2f} s\n")
    print_line(
        f"ratio of rates: median {median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}, "
        f"n {RUNS} (CPU alone: median {median(cpu_ratios):.2f})\n"
    )
    print_line(f"memory at its highest: {memory:.0f} MB\n")
    shutil.rmtree(FOLDER)


if __name__ == "__main__":
    main()
