"""Rows of files about time: each cell read, each moment placed in its time zone, or refused."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TypeVar

from upturn.floor.engine.errors import BadRows, BadVolumes
from upturn.graph.engine.tabular import Table, sample_rows
from upturn.graph.engine.tabular_calendar import weigh_dates
from upturn.graph.engine.tabular_columns import Cells, match_columns, read_cells
from upturn.graph.engine.tabular_dates import DateOrder, read_date
from upturn.graph.engine.tabular_measures import read_number
from upturn.graph.engine.tabular_problems import Fault, Repairs, RowProblem
from upturn.graph.engine.tabular_words import fold

Made = TypeVar("Made")
DOT_BEFORE_THREE = re.compile(r"\d{1,3}\.\d{3}")
"""Where cells are parted by semicolons the comma is decimal, and the dot may part thousands."""
YEARS = 1970, 2200
WRITE_OFFSET = "write its offset after it, as in 2026-10-25 02:30+02:00"


def read_rows(
    table: Table,
    make: Callable[[Cells], Made],
    *,
    words: Mapping[str, str],
    required: Sequence[str],
    passed_over: Sequence[str] = (),
) -> list[Made]:
    """Make something of every row, or refuse the file with everything that is wrong.

    Parameters
    ----------
    words : mapping of field to str
        What columns may be called, comma-separated.
    passed_over : sequence of str
        Columns that may stand there and are not read.

    Raises
    ------
    BadRows, BadVolumes, TabularError
        A column nobody knows, an empty file; rows one by one.
    """
    free = {fold(name) for name in passed_over}
    columns = ["" if fold(name) in free else name for name in table.columns]
    found = match_columns(columns, words, required=required)
    for at, name in enumerate(columns):
        if name and at not in found.values():
            known = ", ".join(line.partition(",")[0] for line in words.values())
            raise BadVolumes(
                f"{table.name}, row 1", name, "nobody knows this column", f"known are {known}"
            )
    made: list[Made] = []
    wrong: list[BadVolumes] = []
    for cells in read_cells(table, fields=tuple(words), found=found, repairs=Repairs()):
        try:
            for problem in cells.problems:
                raise _of_problem(table.name, problem)
            made.append(make(cells))
        except BadVolumes as error:
            wrong.append(error)
    if wrong:
        raise BadRows(tuple(wrong))
    if not made:
        raise BadVolumes(
            table.name, "0 rows", "nothing stands below its header", "add a row an interval"
        )
    return made


def refuse(cells: Cells, file: str, *, field: str, wrong: str, remedy: str) -> BadVolumes:
    """Blame one cell."""
    place = f"{file}, row {cells.row}, {cells.columns.get(field, field)}"
    return BadVolumes(place, cells.values[field], wrong, remedy)


def _of_problem(file: str, found: RowProblem) -> BadVolumes:
    place = f"{file}, row {found.row}" + (f", {found.column}" if found.column else "")
    return BadVolumes(place, found.value, *_phrases(found))


def _phrases(found: Fault | RowProblem) -> tuple[str, str]:
    """What is wrong and what helps, as parts of one sentence."""
    wrong = (found.problem.message % found.numbers).rstrip(".")
    helps = (found.problem.advice % found.numbers).rstrip(".") or "mend it or leave the row out"
    if found.suggestions:
        helps = "write " + " or ".join(f"“{one}”" for one in found.suggestions)
    return wrong[:1].lower() + wrong[1:], helps[:1].lower() + helps[1:]


def number_in(cells: Cells, clock: "Clock", *, field: str, least: float = 0.0) -> float | None:
    """Read a number, None where nothing stands; refuse one below `least`."""
    text, file = cells.values[field], clock.file
    if not text:
        return None
    if clock.semicolons and DOT_BEFORE_THREE.fullmatch(text):
        raise refuse(
            cells,
            file,
            field=field,
            wrong="the dot may stand before thousands or before decimals",
            remedy=f"write {text.replace('.', '')} or {text.replace('.', ',')}0",
        )
    number = read_number(text)
    if isinstance(number, Fault):
        wrong, remedy = _phrases(number)
        raise refuse(cells, file, field=field, wrong=wrong, remedy=remedy)
    if number < least:
        raise refuse(
            cells,
            file,
            field=field,
            wrong="this is too little",
            remedy=f"write a number, {least:g} or more",
        )
    return number


class Clock:
    """Reads moments of one file: all with an offset from UTC, or all in one time zone."""

    def __init__(self, table: Table, fields: Sequence[str], *, zone: tzinfo | None) -> None:
        at = [n for n, name in enumerate(table.columns) if fold(name) in map(fold, fields)]
        texts = [cells[n] for cells in sample_rows(table) for n in at]
        self.order: DateOrder = weigh_dates(texts).order
        self.file, self.zone = table.name, zone
        self.semicolons = table.delimiter == ";"
        self.offset: timedelta | None = None
        self.bare: bool | None = None

    def moment(self, cells: Cells, field: str) -> datetime:
        """Give the moment in a cell, in its own zone."""
        text = cells.values[field]

        def bad(wrong: str, remedy: str) -> BadVolumes:
            return refuse(cells, self.file, field=field, wrong=wrong, remedy=remedy)

        if not text:
            raise bad("no time stands here", "write one as in 2026-11-23 08:30")
        found = read_date(text, self.order)
        if isinstance(found, Fault):
            raise bad(*_phrases(found))
        if not YEARS[0] <= found.year <= YEARS[1]:
            raise bad("nothing is forecast for this year", "write a year such as 2026")
        bare = found.tzinfo is None
        if self.bare is not None and self.bare is not bare:
            raise bad(
                "some times in this file have an offset from UTC and some have none",
                "write all of them the same way",
            )
        self.bare = bare
        fault = self._bare_fault(found) if bare else self._offset_fault(found)
        if fault:
            raise bad(*fault)
        return found.replace(tzinfo=self.zone) if bare else self._placed(found)

    def _placed(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone) if self.zone else moment

    def _bare_fault(self, moment: datetime) -> tuple[str, str] | None:
        if self.zone is None:
            return (
                "this time names no time zone",
                "add --time-zone Europe/Berlin, or an offset as in 2026-11-23 08:30+01:00",
            )
        early, late = (moment.replace(tzinfo=self.zone, fold=fold_) for fold_ in (0, 1))
        if early.utcoffset() == late.utcoffset():
            return None
        back = early.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None)
        if back != moment:
            return (
                f"this hour never comes in {self.zone}: the clocks go forward",
                f"write {back:%Y-%m-%d %H:%M}, or leave the row out",
            )
        return (f"this hour comes twice in {self.zone}: the clocks go back", WRITE_OFFSET)

    def _offset_fault(self, moment: datetime) -> tuple[str, str] | None:
        offset = moment.utcoffset()
        if self.zone is not None:
            there = moment.astimezone(self.zone)
            if there.utcoffset() != offset:
                return (
                    f"{self.zone} has another offset from UTC then",
                    f"write {there.isoformat(' ', 'minutes')}",
                )
            return None
        if self.offset is not None and self.offset != offset:
            return (
                "this file holds two offsets from UTC",
                "say which clocks it follows with --time-zone, as in --time-zone Europe/Berlin",
            )
        self.offset = offset
        return None
