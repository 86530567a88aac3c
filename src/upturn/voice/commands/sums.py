"""The weekly sums, computed anew from the readings a cell at a time, so that nothing drifts."""

import time
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.db import connection

from upturn.voice.models import Tally
from upturn.voice.queries import statements

_Values = tuple[int | date | None, ...]


class Cell(NamedTuple):
    """Words of one week at one touchpoint on one theme."""

    touchpoint: int | None
    theme: int | None
    week: date


def lock() -> Tally:
    """Hold the one row that everybody who changes sums or measures holds, until the commit."""
    Tally.objects.get_or_create(pk=1)
    return Tally.objects.select_for_update().get(pk=1)


def add_up(cells: Iterable[Cell]) -> None:
    """Bring the sums of these cells up to date, within the caller's transaction and lock."""
    touched = set(cells)
    weeks = {(cell.touchpoint, cell.week) for cell in touched}
    names = ("touchpoint_id", "theme_id", "week")
    _run(statements.FORGET_THEME_WEEK, names, touched)
    _run(statements.SUM_THEME_WEEK, names, touched, of="reading")
    _run(statements.FORGET_TOUCHPOINT_WEEK, ("touchpoint_id", "week"), weeks)
    _run(statements.SUM_TOUCHPOINT_WEEK, ("touchpoint_id", "week"), weeks)
    changed()


def changed() -> None:
    """Let every process work out anew what it keeps of sums, themes and quotes."""
    Tally.objects.update(words=time.time_ns())


def _run(statement: str, names: tuple[str, ...], cells: Iterable[_Values], *, of: str = "") -> None:
    def nulls(cell: _Values) -> tuple[bool, ...]:
        return tuple(value is None for value in cell)

    with connection.cursor() as cursor:
        for _, alike in groupby(sorted(cells, key=nulls), key=nulls):
            rows = list(alike)
            condition = statements.cell(names, rows[0], of=of)
            values = [[_plain(value) for value in row if value is not None] for row in rows]
            cursor.executemany(statement.format(cell=condition), values)


def _plain(value: int | date) -> int | str | date | None:
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
