"""A hotel of four moments and nine teams and systems, with half a year of weekly figures.

All of it is made up. `python -m examples.check_in FOLDER` writes serves.csv and weekly.csv, as
`upturn trace` reads them. Something changes at one of the nine; which, is told below the data.
"""

import csv
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from upturn.stats.draws import generator

SERVES = (
    ("Front desk", "Check-in"),
    ("Front desk", "Check-out"),
    ("Housekeeping", "The room"),
    ("Breakfast team", "Breakfast"),
    ("Housekeeping", "Front desk"),
    ("Booking system", "Front desk"),
    ("Door locks", "Front desk"),
    ("Laundry", "Housekeeping"),
    ("Maintenance", "Housekeeping"),
    ("Kitchen", "Breakfast team"),
    ("Laundry", "Breakfast team"),
    ("Maintenance", "Kitchen"),
    ("Store room", "Kitchen"),
)
"""Server, served; a moment of the guests' day is what serves nobody."""

MEASURES = {
    "Check-in": ("guests' score", 8.3, 0.25),
    "Check-out": ("guests' score", 8.6, 0.25),
    "The room": ("guests' score", 8.1, 0.25),
    "Breakfast": ("guests' score", 8.4, 0.25),
    "Front desk": ("minutes until the key is handed over", 6.5, -0.8),
    "Housekeeping": ("rooms ready by two o'clock, %", 91.0, 3.0),
    "Breakfast team": ("tables laid in time, %", 94.0, 2.0),
    "Booking system": ("bookings with errors, %", 2.0, -0.4),
    "Door locks": ("locks that failed", 5.0, -1.2),
    "Laundry": ("sheets back the next morning, %", 96.0, 1.5),
    "Maintenance": ("requests done within three days, %", 82.0, 4.0),
    "Kitchen": ("dishes sent back", 9.0, -2.0),
}
"""Measure, usual value, and how far it moves in an ordinary week; less is better where negative."""

WEEKS, ONSET, FIRST = 26, 15, date(2026, 5, 25)
CAUSE, SIZE = "Laundry", 4.0
PASSED_ON, CARRIED = 0.8, 0.4


def weekly(seed: int = 9) -> list[tuple[str, str, str, float]]:
    """Draw party, measure, week and value of every row."""
    order = ["Laundry", "Maintenance", "Store room", "Booking system", "Door locks", "Kitchen"]
    order += ["Housekeeping", "Breakfast team", "Front desk"]
    order += ["Check-in", "Check-out", "The room", "Breakfast"]
    moves: dict[str, np.ndarray] = {}
    for party in order:
        steps = generator(seed, party).normal(size=WEEKS)
        for at in range(1, WEEKS):
            steps[at] = CARRIED * steps[at - 1] + np.sqrt(1 - CARRIED**2) * steps[at]
        steps[ONSET:] -= SIZE * (party == CAUSE)
        for server, served in SERVES:
            if served == party:
                steps += PASSED_ON * moves[server]
        moves[party] = steps
    weeks = [FIRST + timedelta(weeks=at) for at in range(WEEKS)]
    return [
        (party, name, f"{week:%G-W%V}", round(usual + spread * float(moves[party][at]), 2))
        for party, (name, usual, spread) in MEASURES.items()
        for at, week in enumerate(weeks)
    ]


def main(folder: str) -> None:
    """Write both files."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    files = {
        "serves.csv": [("server", "served"), *SERVES],
        "weekly.csv": [("party", "measure", "week", "value"), *weekly()],
    }
    for name, rows in files.items():
        with (place / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        sys.stdout.write(f"{folder}/{name}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
