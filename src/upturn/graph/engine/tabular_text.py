"""Rows out of a plain text file, whatever stands between its cells."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import BinaryIO

from upturn.graph.engine.tabular_errors import QuoteLeftOpen, TabularError, gettext_noop
from upturn.graph.engine.tabular_limits import Limits, cell_too_long

SAMPLE_CHARACTERS = 1 << 16
DELIMITERS = (",", ";", "\t", "|")
NO_FIT = (False, False, 0.0, 0)
DELIMITER_LINE = re.compile(r'"?sep=([,;|\t])"?\r?\n?', re.IGNORECASE)

NumberedRow = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Dialect:
    r"""What separates cells and what quotes them.

    Parameters
    ----------
    delimiter, quote : str
    escape : str or None
        Backslash where the file writes ``\"`` inside quotes instead of doubling the mark.
    """

    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None


def decide_dialect(stream: BinaryIO, encoding: str) -> Dialect:
    r"""Take the delimiter and quotes under which most rows are as wide as the header.

    >>> import io
    >>> decide_dialect(io.BytesIO(b'words;stars\n"Warm; quick";5\n'), "utf-8").delimiter
    ';'
    """
    sample = _sample(stream, encoding)
    told = DELIMITER_LINE.match(sample)
    if told:
        sample = sample[told.end() :]
    delimiters = (told.group(1),) if told else DELIMITERS
    # max() keeps the first of equals, so commas and plain quotes win where all fit alike.
    return max(
        (Dialect(mark, *quotes) for quotes, mark in product(_quotes(sample), delimiters)),
        key=lambda dialect: _fit(sample, dialect),
    )


def _quotes(sample: str) -> list[tuple[str, str | None]]:
    """Give what may quote cells and escape quotes; the unusual only where the file shows it."""
    backslash: list[tuple[str, str | None]] = [('"', "\\")] if '\\"' in sample else []
    apostrophe: list[tuple[str, str | None]] = [("'", None)] if sample.startswith("'") else []
    return [('"', None), *backslash, *apostrophe]


def _sample(stream: BinaryIO, encoding: str) -> str:
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
    try:
        return text.read(SAMPLE_CHARACTERS)
    finally:
        text.detach()


def _fit(sample: str, dialect: Dialect) -> tuple[bool, bool, float, int]:
    """Judge a dialect: are there columns, is its quote the one used, how many rows fit, how wide.

    Rows fit that are as wide as the header.
    """
    try:
        rows = [row for row in _reader(io.StringIO(sample, newline=""), dialect) if row]
    except csv.Error:
        return NO_FIT
    if len(rows) > 2 and len(sample) == SAMPLE_CHARACTERS:
        del rows[-1]
    if not rows:
        return NO_FIT
    width = len(rows[0])
    share = sum(len(row) == width for row in rows) / len(rows)
    unquoted = not all(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in rows[0])
    return (width > 1 and share >= 0.5, unquoted, share, width)


def _reader(lines: Iterator[str] | io.StringIO, dialect: Dialect) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        escapechar=dialect.escape,
    )


class _Lines:
    """Lines of a text, never more of them in memory than one row may take."""

    def __init__(self, text: io.TextIOWrapper, limits: Limits) -> None:
        self.text = text
        self.limits = limits
        self.rows = 0
        self.characters = 0
        self.held: list[str] = []
        self.last: list[str] = []

    def __iter__(self) -> Iterator[str]:
        cap = self.limits.row_characters_max
        for line in iter(partial(self.text.readline, cap + 1), ""):
            self.characters += len(line)
            self.held.append(line)
            if self.characters > cap:
                raise self.too_long()
            yield line

    def row_read(self) -> None:
        """Begin the next row; keep the lines of this one until then."""
        self.rows += 1
        self.characters = 0
        self.held, self.last = self.last, self.held
        self.held.clear()

    def too_long(self) -> TabularError:
        """Say why the row being read cannot be: a quote left open, or a cell beyond the cap."""
        if len(self.held) > 1:
            return _open_quote(self.rows + 1, self.held)
        return cell_too_long(self.rows + 1, self.held[0], cap=self.limits.cell_characters_max)


def read_text(
    stream: BinaryIO, *, encoding: str, dialect: Dialect, limits: Limits
) -> Iterator[NumberedRow]:
    """Give row number and cells, from the header on; empty lines count but are not given.

    Raises
    ------
    QuoteLeftOpen
        When a quote swallows more than a row may hold, or is open at the end.
    TooLarge
        When a cell is longer than the limits allow.
    """
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
    try:
        yield from _rows(_Lines(text, limits), dialect)
    finally:
        # Whoever stops half-way may have closed the file by now.
        if not stream.closed:
            text.detach()


def _rows(lines: _Lines, dialect: Dialect) -> Iterator[NumberedRow]:
    cell_max = lines.limits.cell_characters_max
    try:
        for cells in _reader(iter(lines), dialect):
            if lines.characters > cell_max and max(map(len, cells)) > cell_max:
                raise lines.too_long()
            lines.row_read()
            if lines.rows == 1 and DELIMITER_LINE.fullmatch(dialect.delimiter.join(cells)):
                continue
            if cells:
                yield lines.rows, cells
    except csv.Error:
        raise lines.too_long() from None
    if _ends_inside_quotes(lines.last, dialect):
        raise _open_quote(lines.rows, lines.last)


def _ends_inside_quotes(lines: list[str], dialect: Dialect) -> bool:
    """Say whether one more line would still belong to the last row."""
    closed = [*lines[:-1], lines[-1].rstrip("\r\n") + "\n", "x"] if lines else []
    return len(list(_reader(iter(closed), dialect))) == 1


def _open_quote(row: int, lines: list[str]) -> QuoteLeftOpen:
    return QuoteLeftOpen(
        gettext_noop("A quote mark opens a cell in this row and nothing closes it."),
        remedy=gettext_noop("Close the quote mark, or write a mark inside a cell twice."),
        row=row,
        value=lines[0],
    )
