"""Writes Four Hearths as CSV files into a folder."""

import argparse
import sys
from datetime import date
from pathlib import Path

from .csv_files import write_csvs
from .organisation import draw


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description=__doc__, prog="restaurant_group")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--today", type=date.fromisoformat, required=True)
    parser.add_argument("--comments", type=int, default=12_000)
    chosen = parser.parse_args()
    organisation = draw(chosen.today, seed=chosen.seed, comments=chosen.comments)
    for path in write_csvs(organisation, chosen.folder):
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
