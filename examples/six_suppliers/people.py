"""One figure for each of the people of the six companies, drawn with a spread that is known.

`python -m examples.six_suppliers.people FILE` writes company, centre and figure, a person a row, as
`upturn exchange spread` reads them. Nobody of them lives.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from upturn.stats.draws import generator

from .draw import SPREAD, draw

PERSON = 2.0
"""Standard deviation between people of a centre, beside those of company and centre."""
MIDDLE, STEP = 60.0, 5.0


def known_shares() -> dict[str, float]:
    """Give the share of the spread that each part was drawn with."""
    parts = {"company": SPREAD["company"], "centre": SPREAD["centre"], "rest": PERSON}
    whole = sum(deviation**2 for deviation in parts.values())
    return {name: deviation**2 / whole for name, deviation in parts.items()}


def people(*, seed: int) -> Iterator[tuple[str, str, float]]:
    """Draw company, centre and figure of every person."""
    stream = generator(seed, "people of the six suppliers")
    for supplier in draw(seed=seed).suppliers:
        company = stream.normal(0, SPREAD["company"])
        for centre in supplier.centres:
            level = company + stream.normal(0, SPREAD["centre"])
            for own in stream.normal(level, PERSON, centre.people):
                yield supplier.name, centre.name, round(MIDDLE + STEP * float(own), 2)


def main(file: str, *, seed: int = 3) -> None:
    """Write the file."""
    with Path(file).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["company", "centre", "figure"])
        writer.writerows(people(seed=seed))
    sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    main(sys.argv[1])
