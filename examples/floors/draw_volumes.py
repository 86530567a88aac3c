"""Draw the synthetic volumes, forecast and roster beside this file.

Nobody calls this contact centre and nobody works in it; the same seed gives the same bytes. Run
`python -m examples.floors.draw_volumes` to write the three files anew.
"""

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from upturn.floor.engine.staffing.standards import Standard, agents_needed
from upturn.stats.draws import generator

SEED = 2026
MONDAY = datetime(2026, 11, 30, tzinfo=ZoneInfo("Europe/Berlin"))
DAYS, OPENS, SLOTS = 5, 8, 24
PROFILE = (0.35, 0.95, 1.25, 1.1, 0.9, 0.75, 0.8, 0.95, 1.0, 0.85, 0.55, 0.3)
WEEKDAYS = (1.15, 1.0, 0.95, 0.95, 0.9)
PEAK, AHT_S, AGENTS, COACHES = 220, 240, 36, 4
STANDARD = Standard(patience_s=300.0)

Row = tuple[str, ...]


def volumes() -> list[tuple[datetime, int, int]]:
    """Five days of half hours: start, calls, handling time in seconds."""
    random = generator(SEED, "examples", "volumes")
    rows = []
    for day, weight in enumerate(WEEKDAYS):
        for slot in range(SLOTS):
            mean = PEAK * weight * np.interp(slot / 2, range(len(PROFILE)), PROFILE)
            at = MONDAY + timedelta(days=day, hours=OPENS, minutes=30 * slot)
            rows.append((at, int(random.poisson(mean)), int(AHT_S + random.integers(-15, 16))))
    return rows


def staffed(rows: list[tuple[datetime, int, int]]) -> list[int]:
    """What rosters in blocks of two hours give: one too few in the worst half hour."""
    per_hour, aht_s = (np.array(part, float) for part in zip(*(r[1:] for r in rows), strict=True))
    needed = agents_needed(2 * per_hour, aht_s=aht_s, standard=STANDARD).reshape(-1, 4)
    return [int(number) for number in np.repeat(needed.max(axis=1) - 1, 4)]


def wishes() -> Iterator[Row]:
    """Two sessions for everybody, each within half a day of a shift."""
    random = generator(SEED, "examples", "roster")
    for agent in range(AGENTS):
        first, second = random.choice(DAYS, size=2, replace=False)
        for day in sorted((int(first), int(second))):
            begins = OPENS + int(random.integers(0, 5))
            early = MONDAY + timedelta(days=day, hours=begins)
            late = early + timedelta(hours=7)
            coach = f"coach {1 + agent % COACHES}"
            yield f"agent {agent + 1:02}", coach, "30", shown(early), shown(late)


def shown(at: datetime) -> str:
    """A moment with its offset from UTC."""
    return at.isoformat(" ", "minutes")


def write(folder: Path) -> None:
    """Write volumes.csv, forecast.csv and roster.csv."""
    rows = volumes()
    calls = [(shown(at), str(n), str(aht_s)) for at, n, aht_s in rows]
    with_staff = [(*row, str(staff)) for row, staff in zip(calls, staffed(rows), strict=True)]
    tables: dict[str, tuple[Row, list[Row]]] = {
        "volumes.csv": (("start", "calls", "aht_s"), [*calls]),
        "forecast.csv": (("start", "calls", "aht_s", "staff"), [*with_staff]),
        "roster.csv": (("agent", "coach", "minutes", "earliest", "latest"), [*wishes()]),
    }
    for name, (head, lines) in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(head)
            writer.writerows(lines)


if __name__ == "__main__":
    write(Path(__file__).parent)
