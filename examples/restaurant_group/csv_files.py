"""Writes an organisation as the files that ``upturn import`` reads."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from .shapes import Feedback, Measure, Organisation, Touchpoint


def write_csvs(organisation: Organisation, folder: Path) -> tuple[Path, ...]:
    """Write five files into ``folder`` (made if it is not there) and give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, tuple[Sequence[str], Iterable[Sequence[object]]]] = {
        "parties.csv": (("key", "name", "kind", "place", "description"), organisation.parties),
        "serves.csv": (
            ("server", "served", "what", "direct"),
            ((*row[:3], _yes_or_no(row.direct)) for row in organisation.serves),
        ),
        "touchpoints.csv": (
            ("key", "name", "moment", "customers", "place", "served_by", "behind"),
            map(_touchpoint_row, organisation.touchpoints),
        ),
        "comments.csv": (
            ("review", "rating", "visited", "where", "channel", "id"),
            map(_comment_row, organisation.feedback),
        ),
        "measures.csv": (
            ("party", "server", "served", "measure", "week", "value", "n", "low", "high", "better"),
            map(_measure_row, organisation.measures),
        ),
    }
    for name, (head, rows) in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(head)
            writer.writerows(rows)
    return tuple(folder / name for name in tables)


def _yes_or_no(yes: object) -> str:
    return "yes" if yes else "no"


def _touchpoint_row(row: Touchpoint) -> Sequence[object]:
    in_sight = ";".join(key for key, direct in row.served_by if direct)
    behind = ";".join(key for key, direct in row.served_by if not direct)
    return row.key, row.name, row.moment, row.customers, row.place, in_sight, behind


def _comment_row(row: Feedback) -> Sequence[object]:
    visited = row.at.strftime("%Y-%m-%d %H:%M")
    return row.text, _on_ten(row), visited, row.touchpoint or "", row.channel, row.external_id


def _on_ten(row: Feedback) -> str:
    if row.score is None:
        return ""
    return format(10 * (row.score - row.low) / (row.high - row.low), "g")


def _measure_row(row: Measure) -> Sequence[object]:
    server, served = row.edge or ("", "")
    week = row.week.isoformat()
    of = row.party or "", server, served
    return *of, row.name, week, row.value, row.n, row.low, row.high, row.better
