"""Weekly figures of own places become what a stepped beginning is read from; names end here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from upturn.graph.engine.tabular import Table, open_table, sample_rows
from upturn.graph.engine.tabular_calendar import read_week, weigh_dates
from upturn.graph.engine.tabular_columns import (
    MISSING,
    Cells,
    match_columns,
    read_cells,
    read_records,
)
from upturn.graph.engine.tabular_dates import DateOrder
from upturn.graph.engine.tabular_errors import named
from upturn.graph.engine.tabular_measures import read_number
from upturn.graph.engine.tabular_problems import Fault, Remedy, Repairs, RowProblem
from upturn.graph.engine.tabular_words import fold
from upturn.house.spread_file import problem_lines
from upturn.stats.contrasts import NEVER
from upturn.stats.tables import Floats, Integers

WORDS = {
    "place": "place, team, centre, center, site, location, company, standort, centro, sede",
    "began": "began, begins, begin, began in, start, started, beginn, begonnen, inicio, empezó",
    "week": "week, date, day, woche, kw, datum, semana, fecha",
    "value": "value, figure, result, score, wert, kennzahl, valor, cifra",
}
WEEK = timedelta(weeks=1)
WEEKS_MOST = 520
"""Ten years; beyond them a year is mistyped, and the table would be mostly empty."""


class ReadoutRefused(ValueError):
    """The file cannot be read out; the message says why, and what helps."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a file says, without a name.

    Parameters
    ----------
    values : float array, (places, weeks)
        In the unit of the figure; nan where a week is missing.
    starts : int array, (places,)
        Week each place began, from 0, before the first week below it; `NEVER` for not yet.
    first : date
        Monday of the first week.
    passed_over : tuple of str
        Columns that were not read.
    """

    values: Floats
    starts: Integers
    first: date
    passed_over: tuple[str, ...]

    @property
    def begun(self) -> Mapping[date, int]:
        """How many places began in the week of which Monday, within the weeks of the file."""
        inside = self.starts[self.starts < self.values.shape[1]]
        weeks, many = np.unique(inside, return_counts=True)
        return {self.first + int(week) * WEEK: int(n) for week, n in zip(weeks, many, strict=True)}


@dataclass(frozen=True, slots=True)
class _Row:
    row: int = field(compare=False)
    place: str
    week: date
    value: float | None
    began: date | None


@dataclass(frozen=True, slots=True)
class _Orders:
    """How dates of each column are written."""

    week: DateOrder
    began: DateOrder


def read_weeks(file: Path) -> Told:
    """Read a table with the columns place, week, value and began; a week of a place a row.

    A place that has not begun has an empty cell there; a missing week has no row, or no value.

    Raises
    ------
    ReadoutRefused, TabularError
        Naming file, row, column, value and remedy.
    """
    with file.open("rb") as stream, named(file.name):
        table = open_table(stream, name=file.name)
        found = match_columns(table.columns, WORDS, required=tuple(WORDS))
        dates = {
            name: weigh_dates(cells[found[name]] for cells in sample_rows(table)).order
            for name in ("week", "began")
        }
        orders = _Orders(**dates)
        cells = read_cells(table, fields=tuple(WORDS), found=found, repairs=Repairs())
        rows = read_records(cells, partial(_row, orders=orders), identity=_about, blamed="week")
        read = list(rows)
    rest = [name for at, name in enumerate(table.columns) if at not in found.values()]
    return _told(_rows(read, table), table, tuple(rest))


def _row(cells: Cells, orders: _Orders) -> _Row:
    if not cells.values["place"]:
        cells.report("place", Fault(MISSING))
    value = read_number(cells.values["value"]) if cells.values["value"] else None
    if isinstance(value, Fault):
        cells.report("value", value)
        value = None
    week = _monday(cells, "week", orders.week)
    if not cells.values["week"]:
        cells.report("week", Fault(MISSING))
    began = _monday(cells, "began", orders.began)
    return _Row(cells.row, fold(cells.values["place"]), week or date.min, value, began)


def _about(row: _Row) -> tuple[str, date]:
    return row.place, row.week


def _monday(cells: Cells, name: str, order: DateOrder) -> date | None:
    monday = read_week(cells.values[name], order) if cells.values[name] else None
    if isinstance(monday, Fault):
        cells.report(name, monday)
        return None
    return monday


def _rows(read: Sequence[_Row | RowProblem], table: Table) -> list[_Row]:
    problems = [one for one in read if isinstance(one, RowProblem)]
    wrong = [one for one in problems if one.problem.remedy is not Remedy.NOTHING]
    if wrong:
        raise ReadoutRefused("\n".join(problem_lines(wrong, table.name)))
    rows = [one for one in read if isinstance(one, _Row)]
    if not rows:
        raise ReadoutRefused(
            f"{table.name}: nothing stands below its header. Add one row for each place and week: "
            "place, week, value, began."
        )
    return rows


def _told(rows: Sequence[_Row], table: Table, passed_over: tuple[str, ...]) -> Told:
    began = _began(rows, table)
    first, last = min(row.week for row in rows), max(row.week for row in rows)
    weeks = (last - first) // WEEK + 1
    if weeks > WEEKS_MOST:
        raise ReadoutRefused(
            f"{table.name}: its weeks reach from {first} to {last}, more than ten years. "
            "Is a year mistyped?"
        )
    number = {place: at for at, place in enumerate(began)}
    values = np.full((len(began), weeks), np.nan)
    for row in rows:
        if row.value is not None:
            values[number[row.place], (row.week - first) // WEEK] = row.value
    starts = [NEVER if on is None else (on - first) // WEEK for on in began.values()]
    return Told(values, np.array(starts, np.int64), first, passed_over)


def _began(rows: Sequence[_Row], table: Table) -> dict[str, date | None]:
    """Give the week each place began; every row of a place says the same."""
    began: dict[str, _Row] = {}
    for row in rows:
        before = began.setdefault(row.place, row)
        if before.began != row.began:
            raise ReadoutRefused(
                f"{table.name}, row {row.row}: row {before.row} says of the same place that it "
                f"began {_week(before.began)}, this one {_week(row.began)}. Write the same in "
                "every row of a place."
            )
    return {place: row.began for place, row in began.items()}


def _week(monday: date | None) -> str:
    return f"in the week of {monday}" if monday else "not yet"
