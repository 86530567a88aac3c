"""Writes what each of the six companies would seal, as CSV files into a folder."""

import argparse
import csv
import sys
from pathlib import Path

from .draw import METRICS, draw


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description=__doc__, prog="six_suppliers")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for supplier in draw(seed=chosen.seed).suppliers:
        path = chosen.folder / f"{supplier.name.lower().replace(' ', '-')}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["centre", "people", "contacts", *METRICS])
            for centre in supplier.centres:
                own = (centre.figures[code] for code in METRICS)
                writer.writerow([centre.name, centre.people, centre.contacts, *own])
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
