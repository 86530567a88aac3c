"""Any table a person may have at hand, read row by row, whatever it is made of.

Refusals (`TabularError`) say which file, row, column and value, and what helps. Memory does not
grow with the file: at most a row of text, or the shared texts of a workbook, is held at a time.
"""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Literal

from upturn.graph.engine.tabular_archive import SAVE_AGAIN
from upturn.graph.engine.tabular_encoding import decide_encoding
from upturn.graph.engine.tabular_errors import (
    HeaderRefused,
    NotATable,
    TooLarge,
    gettext_noop,
    named,
)
from upturn.graph.engine.tabular_export import csv_lines, escape_formula
from upturn.graph.engine.tabular_limits import Limits, too_many_columns, too_many_rows
from upturn.graph.engine.tabular_problems import (
    Problem,
    ProblemList,
    Remedy,
    Repairs,
    RowProblem,
    describe,
)
from upturn.graph.engine.tabular_text import decide_dialect, read_text

__all__ = [
    "Limits",
    "Problem",
    "ProblemList",
    "Remedy",
    "Repairs",
    "RowProblem",
    "Table",
    "csv_lines",
    "describe",
    "escape_formula",
    "open_table",
    "sample_rows",
]

NumberedRow = tuple[int, list[str]]
OTHER_FILES = {
    b"\xd0\xcf\x11\xe0": gettext_noop("This is an old Excel file (.xls), or one with a password."),
    b"%PDF": gettext_noop("This is a PDF: a picture of a table, not a table."),
    b"\x1f\x8b": gettext_noop("This file is packed (gzip)."),
    b"\x89PNG": gettext_noop("This is a picture."),
    b"\xff\xd8\xff": gettext_noop("This is a picture."),
    b"{": gettext_noop("This is JSON, not a table."),
    b"[{": gettext_noop("This is JSON, not a table."),
    b"<": gettext_noop("This is a web page or XML, not a table."),
}
VALUE_NOT_NAME = re.compile(r"[-+]?\d+([.,]\d+)?%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b.*", re.DOTALL)
NAME_CHARACTERS_MAX = 500


@dataclass(frozen=True, slots=True)
class Table:
    """A file that turned out to be a table.

    Parameters
    ----------
    name : str
        As the person calls the file.
    bytes : int
        Size of the file.
    kind : "csv" or "xlsx"
    encoding : str
        Codec of a text file; ``""`` for a workbook.
    delimiter : str
        What separates cells; ``""`` for a workbook.
    broken_characters : int
        Characters that could not be read and stand as U+FFFD.
    columns : tuple of str
        Names in the header, each once.
    limits : Limits
    records : callable
        Starts over and gives every numbered row that is not blank, the header first.
    """

    name: str
    bytes: int
    kind: Literal["csv", "xlsx"]
    encoding: str
    delimiter: str
    broken_characters: int
    columns: tuple[str, ...]
    limits: Limits
    records: Callable[[], Iterator[NumberedRow]]

    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Give every row below the header that is not blank, from the beginning.

        Yields
        ------
        number : int
            As a spreadsheet counts, the header of a plain file being row 1.
        cells : tuple of str
            As many as there are columns; more or fewer only where a row of a text file is ragged,
            which is for the reader to report.

        Raises
        ------
        TabularError
            When the file turns out to be damaged or too large. One pass at a time: all passes
            share one stream.
        """
        with named(self.name):
            records = self.records()
            next(records)
            width = len(self.columns)
            fills = self.kind == "xlsx"
            for count, (number, cells) in enumerate(records, start=1):
                if count > self.limits.rows_max:
                    raise too_many_rows(number, self.limits)
                if len(cells) != width:
                    _fit(cells, width)
                    if fills:
                        cells.extend([""] * (width - len(cells)))
                yield number, tuple(cells)


def _not_blank(records: Iterator[NumberedRow]) -> Iterator[NumberedRow]:
    return (record for record in records if any(record[1]))


def _fit(cells: list[str], width: int) -> None:
    """Take empty cells beyond the last column away."""
    while len(cells) > width and not cells[-1].strip():
        cells.pop()


def open_table(stream: BinaryIO, *, name: str, limits: Limits | None = None) -> Table:
    r"""Find out what a file is and what its columns are called.

    Parameters
    ----------
    stream : BinaryIO
        Seekable; stays open and is read again by every pass over the rows.
    name : str
        As the person calls it; what the file is, is decided by its content alone.
    limits : Limits, optional

    Returns
    -------
    Table

    Raises
    ------
    TabularError
        The file is refused; the subclasses say why.

    Notes
    -----
    A text file is read through once to decide its encoding.

    Examples
    --------
    >>> table = open_table(io.BytesIO(b"review;stars\r\nWarm;5\r\n"), name="words.csv")
    >>> table.columns, table.delimiter, list(table.rows())
    (('review', 'stars'), ';', [(2, ('Warm', '5'))])
    """
    limits = limits or Limits()
    with named(name):
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        head = stream.read(8)
        _refuse_unreadable(size, head, limits)
        reader = _workbook if head.startswith(b"PK\x03\x04") else _text
        return reader(stream, name=name, size=size, limits=limits)


def _refuse_unreadable(size: int, head: bytes, limits: Limits) -> None:
    if size > limits.bytes_max:
        raise TooLarge(
            gettext_noop("The file has %(megabytes)d MB; at most %(most)d MB can be read."),
            remedy=gettext_noop("Split it into parts and bring them in one after the other."),
            megabytes=size // 1_000_000,
            most=limits.bytes_max // 1_000_000,
        )
    if not head.strip():
        raise NotATable(gettext_noop("The file is empty."), remedy=SAVE_AGAIN)
    for mark, what in OTHER_FILES.items():
        if head.startswith(mark):
            raise NotATable(what, remedy=SAVE_AGAIN)


def _text(stream: BinaryIO, *, name: str, size: int, limits: Limits) -> Table:
    encoding = decide_encoding(stream)
    dialect = decide_dialect(stream, encoding.name)

    def records() -> Iterator[NumberedRow]:
        rows = read_text(stream, encoding=encoding.name, dialect=dialect, limits=limits)
        return _not_blank(rows)

    return Table(
        name=name,
        bytes=size,
        kind="csv",
        encoding=encoding.name,
        delimiter=dialect.delimiter,
        broken_characters=encoding.broken,
        columns=_columns(records(), limits),
        limits=limits,
        records=records,
    )


def _workbook(stream: BinaryIO, *, name: str, size: int, limits: Limits) -> Table:
    from upturn.graph.engine.tabular_workbook import (  # noqa: PLC0415 - openpyxl costs 0.4 s
        open_workbook,
    )

    book = open_workbook(stream, limits=limits)

    def records() -> Iterator[NumberedRow]:
        return book.rows(limits)

    return Table(
        name=name,
        bytes=size,
        kind="xlsx",
        encoding="",
        delimiter="",
        broken_characters=0,
        columns=_columns(records(), limits),
        limits=limits,
        records=records,
    )


def _columns(records: Iterator[NumberedRow], limits: Limits) -> tuple[str, ...]:
    row, cells = next(records, (1, [""]))
    names = [cell.strip() for cell in cells]
    _fit(names, 1)
    if len(names) > limits.columns_max:
        raise too_many_columns(len(names), limits)
    # Data frames are often saved with their running number in a first column without a name.
    if not names[0] and len(names) > 1:
        names[0] = "column 1"
    _refuse_header(row, names)
    return tuple(names)


def _refuse_header(row: int, names: list[str]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1 and name]
    value = next((name for name in names if VALUE_NOT_NAME.fullmatch(name)), "")
    long = next((name for name in names if len(name) > NAME_CHARACTERS_MAX), "")
    what, blamed = "", ""
    if "" in names:
        what = gettext_noop("Column %(column_number)d has no name.")
    elif twice:
        what, blamed = gettext_noop("Two columns have the same name."), twice[0]
    elif value or long:
        what, blamed = (
            gettext_noop("This looks like data, not like the name of a column."),
            (value or long),
        )
    if what:
        raise HeaderRefused(
            what,
            remedy=gettext_noop("The first row of the file names every column once."),
            row=row,
            value=blamed,
            column_number=names.index(blamed) + 1,
        )


def sample_rows(table: Table, *, most: int = 2_000) -> Sequence[tuple[str, ...]]:
    """Take rows evenly from the whole file, the first ones always among them.

    Parameters
    ----------
    table : Table
    most : int
        How many at most; never fewer than half of it if the file has them.

    Notes
    -----
    Reads the file once. Every stride-th row is kept; whenever there are too many, every second of
    them goes and the stride doubles. Ragged rows are left out.
    """
    kept: list[tuple[str, ...]] = []
    stride = 1
    width = len(table.columns)
    whole = (cells for _, cells in table.rows() if len(cells) == width)
    for at, cells in enumerate(whole):
        if at % stride:
            continue
        if len(kept) == most:
            kept = kept[::2]
            stride *= 2
            if at % stride:
                continue
        kept.append(cells)
    return kept
