"""Everything an operator finds who opens the database: all tables, all columns, all row numbers."""

import base64
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

Row = dict[str, Any]
Place = tuple[str, int]


@dataclass(frozen=True)
class Dump:
    """Rows by table, and where each column points: ``(table, column) -> (table, column)``."""

    tables: dict[str, list[Row]]
    points_to: dict[tuple[str, str], tuple[str, str]]

    def about(self, table: str, row: Row, *, names: set[str]) -> dict[str, list[Row]]:
        """Rows that point at ``row``, or at one of these, or that hold one of its names."""
        found: dict[str, list[Row]] = defaultdict(list)
        waiting = [(table, row)]
        while waiting:
            at, here = waiting.pop()
            if here in found[at]:
                continue
            found[at].append(here)
            waiting += self._pointing_at(at, here)
        for other, rows in self.tables.items():
            found[other] += [r for r in rows if r not in found[other] and _holds(r, names)]
        return {at: rows for at, rows in found.items() if rows}

    def _pointing_at(self, table: str, row: Row) -> Iterator[tuple[str, Row]]:
        for (other, column), (target, key) in self.points_to.items():
            if target == table:
                yield from ((other, r) for r in self.tables[other] if r[column] == row[key])


def _holds(row: Row, names: set[str]) -> bool:
    return any(name in cell for cell in row.values() if isinstance(cell, str) for name in names)


def dump() -> Dump:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        tables = {name: list(_rows(cursor, name)) for name in names}
        points_to = {
            (name, column): (target, key)
            for name in names
            for column, (key, target) in _relations(cursor, name).items()
        }
    return Dump(tables, points_to)


def _relations(cursor: Any, table: str) -> dict[str, tuple[str, str]]:
    return {
        column: (given[0], given[1])
        for column, given in connection.introspection.get_relations(cursor, table).items()
    }


def _rows(cursor: Any, table: str) -> Iterator[Row]:
    number = "rowid" if connection.vendor == "sqlite" else "ctid::text"
    cursor.execute(f'SELECT {number} AS row_number, * FROM "{table}"')  # noqa: S608 - a known name
    columns = [column[0] for column in cursor.description]
    for cells in cursor.fetchall():
        row = dict(zip(columns, cells, strict=True))
        if table == "django_session":
            row["session_data"] = json.dumps(SessionStore().decode(row["session_data"]))
        yield {name: _text(cell) for name, cell in row.items()}


def _text(cell: Any) -> Any:
    if isinstance(cell, bytes | memoryview):
        return base64.b64encode(cell).decode()
    place = re.fullmatch(r"\((\d+),(\d+)\)", cell) if isinstance(cell, str) else None
    return int(place[1]) * 1_000 + int(place[2]) if place else cell
