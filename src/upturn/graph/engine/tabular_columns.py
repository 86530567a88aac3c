"""Columns found by what they are called, and their cells by what they are for."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from upturn.graph.engine.tabular import Table
from upturn.graph.engine.tabular_errors import HeaderRefused, gettext_noop
from upturn.graph.engine.tabular_names import NameBook
from upturn.graph.engine.tabular_problems import (
    LEFT_OUT,
    Fault,
    Problem,
    Remedy,
    Repairs,
    RowProblem,
    ragged,
)
from upturn.graph.engine.tabular_words import fold

MISSING = Problem(
    "missing",
    gettext_noop("This cell is empty."),
    gettext_noop("Write what belongs here, or leave the row out."),
    Remedy.MEND,
)
TOO_LONG = Problem(
    "too_long",
    gettext_noop("This has %(length)d characters; at most %(most)d fit."),
    gettext_noop("Write it shorter."),
    Remedy.MEND,
)
NUL = Problem(
    "nul",
    gettext_noop("There is a character here that no text has (nul)."),
    gettext_noop("Write the value again, or leave the row out."),
    Remedy.MEND,
)
DUPLICATE = Problem(
    "duplicate", gettext_noop("The same as row %(first)d, so it counts once."), "", Remedy.NOTHING
)
CONFLICT = Problem(
    "conflict",
    gettext_noop("Row %(first)d is about the same and says something else."),
    gettext_noop("Mend one of the two, or leave one out."),
    Remedy.MEND,
)
Record = TypeVar("Record", bound=Hashable)


def match_columns(
    columns: Sequence[str], words: Mapping[str, str], *, required: Sequence[str]
) -> dict[str, int]:
    """Find the column for each field.

    Parameters
    ----------
    columns : sequence of str
    words : mapping of field to str
        Names a column of this kind goes by, comma-separated; the first is what a person is told.
    required : sequence of str
        Fields without which the table says nothing.

    Returns
    -------
    dict of field to int
        Position of its column. A name that is one of the words wins over a name that contains one.

    Raises
    ------
    HeaderRefused
        When a required field has no column.

    >>> match_columns(["Kitchen of", "Party name"], {"name": "name, party"}, required=["name"])
    {'name': 1}
    """
    folded = [fold(column) for column in columns]
    spellings = {field: [fold(word) for word in line.split(",")] for field, line in words.items()}
    found: dict[str, int] = {}
    for fits in (lambda name, word: name == word, _contains):
        for field, likely in spellings.items():
            free = [at for at in range(len(columns)) if at not in found.values()]
            hit = (at for word in likely for at in free if fits(folded[at], word))
            if field not in found and (at := next(hit, None)) is not None:
                found[field] = at
    for field in required:
        if field not in found:
            raise HeaderRefused(
                gettext_noop("No column says “%(wanted)s”."),
                remedy=gettext_noop("Name the column “%(wanted)s” in the first row."),
                row=1,
                value=", ".join(columns),
                wanted=words[field].partition(",")[0],
            )
    return found


def _contains(name: str, word: str) -> bool:
    return f" {word} " in f" {name} "


@dataclass(frozen=True, slots=True)
class Cells:
    """One row, its cells by what they are for.

    Parameters
    ----------
    row : int
    columns : mapping of field to str
        What the columns are called in the file.
    values : mapping of field to str
        What stands there, without blanks around it; ``""`` where there is no such column.
    problems : list of RowProblem
        What was found wrong with the row while it was read.
    instead : mapping of column to mapping of str to str or None
        What a person chose for names that nobody knows.
    """

    row: int
    columns: Mapping[str, str]
    values: Mapping[str, str]
    problems: list[RowProblem]
    instead: Mapping[str, Mapping[str, str | None]]

    def report(self, field: str, fault: Fault) -> None:
        """Note that the cell of `field` cannot be read."""
        self.problems.append(fault.at(self.row, self.columns.get(field, ""), self.values[field]))

    def text(self, field: str, *, most: int, needed: bool = False) -> str:
        """Give a cell, and note when it is longer than `most` or empty though it is needed."""
        value = self.values[field]
        if needed and not value:
            self.report(field, Fault(MISSING))
        if len(value) > most:
            self.report(field, Fault(TOO_LONG, (), {"length": len(value), "most": most}))
        return value

    def chosen(self, field: str, name: str) -> str | None:
        """Give what a person chose to stand for a name; None when its rows are left out."""
        return self.instead.get(self.columns.get(field, ""), {}).get(name, name)

    def known(self, field: str, name: str, book: NameBook) -> str:
        """Give the key of a name, and note when nobody has it."""
        chosen = self.chosen(field, name)
        if chosen is None:
            fault = Fault(LEFT_OUT)
        else:
            found = book.find(chosen, self.values.get("place", "")) if chosen else Fault(MISSING)
            if isinstance(found, str):
                return found
            fault = found
        self.problems.append(fault.at(self.row, self.columns.get(field, ""), name))
        return ""


def read_cells(
    table: Table, *, fields: Sequence[str], found: Mapping[str, int], repairs: Repairs
) -> Iterator[Cells]:
    """Give the rows of a table with what a person decided about them; left-out rows report so."""
    columns = {field: table.columns[at] for field, at in found.items()}
    width = len(table.columns)
    for row, raw in table.rows():
        cells = repairs.mend(row, raw, table.columns)
        values = {
            field: cells[found[field]].strip() if field in found and len(raw) == width else ""
            for field in fields
        }
        read = Cells(row, columns, values, [], repairs.names)
        if row in repairs.left_out:
            read.problems.append(Fault(LEFT_OUT).at(row, "", ""))
        elif len(raw) != width:
            read.problems.append(ragged(row, raw, columns=width))
        for field, value in values.items():
            if "\0" in value:
                read.report(field, Fault(NUL))
        yield read


def read_records(
    rows: Iterable[Cells],
    parse: Callable[[Cells], Record],
    *,
    identity: Callable[[Record], Hashable],
    blamed: str,
) -> Iterator[Record | RowProblem]:
    """Make a record of every row, or give everything that is wrong with it.

    Parameters
    ----------
    rows : iterable of Cells
    parse : callable
        Makes the record and reports to the row what cannot be read.
    identity : callable
        What a record is about; a second one about the same is the same again, or a conflict.
    blamed : str
        Field to name for that.
    """
    seen: dict[Hashable, tuple[int, Record]] = {}
    for cells in rows:
        if cells.problems:
            yield from cells.problems
            continue
        record = parse(cells)
        if not cells.problems:
            first, before = seen.setdefault(identity(record), (cells.row, record))
            if first != cells.row:
                same = DUPLICATE if before == record else CONFLICT
                cells.report(blamed, Fault(same, (), {"first": first}))
        if not cells.problems:
            yield record
        yield from [found for found in cells.problems if found.problem is LEFT_OUT][:1] or (
            cells.problems
        )
