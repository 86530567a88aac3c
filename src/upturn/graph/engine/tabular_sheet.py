"""What the XML of a sheet says, one event at a time, so that no cell or row outgrows its cap."""

import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Protocol

from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]

from upturn.graph.engine.tabular_archive import SAVE_AGAIN
from upturn.graph.engine.tabular_errors import ArchiveRefused, TooLarge, gettext_noop
from upturn.graph.engine.tabular_limits import Limits, cell_too_long, too_many_columns

CHUNK = 1 << 16
SILENT_BYTES_MAX = 1 << 20  # one tag, comment or attribute is never longer
DEPTH_MAX = 64
NAMES_MAX = 5_000
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Target(Protocol):
    """Receives the events of a parser; names come without their namespace."""

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """Take note of an opening tag."""

    def closed(self, name: str) -> None:
        """Take note of a closing tag."""

    def said(self, text: str) -> None:
        """Take a piece of text."""


class _Watch:
    """Counts events and depth on the way to a target, and strips namespaces from names."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.data = target.said
        self.names: dict[str, str] = {}
        self.events = 0
        self.depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.events += 1
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise _unlike_a_sheet()
        name = self.names.get(tag)
        if name is None:
            name = self.names[tag] = tag.rpartition("}")[2]
        self.target.opened(name, attributes)

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.target.closed(self.names[tag])


def _unlike_a_sheet() -> ArchiveRefused:
    return ArchiveRefused(
        gettext_noop("A part of this workbook is built as no spreadsheet program builds it."),
        remedy=SAVE_AGAIN,
    )


def events(part: IO[bytes], target: Target) -> Iterator[None]:
    """Feed the XML of `part` to `target`, pausing after every piece of 64 kB.

    Raises
    ------
    ArchiveRefused
        Tags nested deeper, one tag longer, or more kinds of tags than a sheet has: each of them
        is memory that the parser would never give back.
    """
    watch = _Watch(target)
    parser = DefusedXMLParser(target=watch, forbid_dtd=True)
    silent = 0
    for chunk in iter(partial(part.read, CHUNK), b""):
        before = watch.events
        parser.feed(chunk)
        silent = 0 if watch.events > before else silent + len(chunk)
        if silent > SILENT_BYTES_MAX or len(parser.parser.intern) > NAMES_MAX:
            raise _unlike_a_sheet()
        yield
    parser.close()
    yield


class SharedTexts:
    """The texts that cells refer to by number; `texts` grows while the part is read."""

    def __init__(self, *, limits: Limits) -> None:
        self.limits = limits
        self.texts: list[str] = []
        self.bytes = 0
        self.pieces: list[str] = []
        self.characters = 0
        self.listening = self.phonetic = False

    def opened(self, name: str, _attributes: dict[str, str]) -> None:
        """Begin a text, or one of its pieces."""
        if name == "si":
            self.pieces.clear()
            self.characters = 0
        elif name == "rPh":
            self.phonetic = True
        elif name == "t":
            self.listening = not self.phonetic

    def closed(self, name: str) -> None:
        """Keep a text that is complete, while there is room."""
        if name == "si":
            text = plain("".join(self.pieces))
            self.texts.append(text)
            self.bytes += sys.getsizeof(text) + 8
            if self.bytes > self.limits.strings_bytes_max:
                raise _too_much_text()
        elif name == "rPh":
            self.phonetic = False
        elif name == "t":
            self.listening = False

    def said(self, text: str) -> None:
        """Add to the text being read, while there is room."""
        if self.listening:
            self.pieces.append(text)
            self.characters += len(text)
            if self.characters > self.limits.cell_characters_max:
                raise cell_too_long(0, text, cap=self.limits.cell_characters_max)


def _too_much_text() -> TooLarge:
    return TooLarge(
        gettext_noop("This workbook holds more text than can be read in one piece."),
        remedy=gettext_noop("Save the table as CSV (UTF-8) and bring that in."),
    )


def plain(text: str) -> str:
    r"""Undo the escapes with which workbooks write characters that XML cannot hold.

    >>> plain("two_x000D_\nlines")
    'two\r\nlines'
    """
    return ESCAPED.sub(_character, text) if "_x" in text else text


def _character(escape: re.Match[str]) -> str:
    code = int(escape.group(1), 16)
    return "�" if 0xD800 <= code <= 0xDFFF else chr(code)


class SheetCells:
    """Rows of a sheet: `ready` holds those that are complete, number first.

    Parameters
    ----------
    limits : Limits
    texts : list of str
        The shared texts.
    dated : callable
        Number as written and style of its cell to an ISO date, or None if it is just a number.
    """

    def __init__(
        self, *, limits: Limits, texts: list[str], dated: Callable[[str, int], str | None]
    ) -> None:
        self.limits = limits
        self.texts = texts
        self.dated = dated
        self.ready: list[tuple[int, list[str]]] = []
        self.row = 0
        self.cells: list[str] = []
        self.column = -1
        self.kind = ""
        self.style = 0
        self.value: list[str] = []
        self.formula: list[str] = []
        self.listening: list[str] | None = None
        self.phonetic = False
        self.cell_characters = self.row_characters = 0

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """Begin a row, a cell, or a part of a cell."""
        if name == "c":
            self._open_cell(attributes)
        elif name in ("v", "t"):
            self.listening = None if self.phonetic else self.value
        elif name == "f":
            self.listening = self.formula
        elif name == "row":
            self.row = max(self.row + 1, int(attributes.get("r", 0)))
            self.cells = []
            self.column = -1
            self.row_characters = 0
        elif name == "rPh":
            self.phonetic = True

    def _open_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self.column = column_number(reference) if reference else self.column + 1
        self.kind = attributes.get("t", "n")
        self.style = int(attributes.get("s", 0))
        self.value.clear()
        self.formula.clear()
        self.cell_characters = 0

    def said(self, text: str) -> None:
        """Add to the cell being read, while there is room."""
        if self.listening is None:
            return
        self.listening.append(text)
        self.cell_characters += len(text)
        self.row_characters += len(text)
        limits = self.limits
        if (
            self.cell_characters > limits.cell_characters_max
            or self.row_characters > limits.row_characters_max
        ):
            raise cell_too_long(self.row, text, cap=limits.cell_characters_max)

    def closed(self, name: str) -> None:
        """Keep a cell or a row that is complete."""
        if name == "c":
            self._close_cell()
        elif name in ("v", "t", "f"):
            self.listening = None
        elif name == "row" and self.cells:
            self.ready.append((self.row, self.cells))
        elif name == "rPh":
            self.phonetic = False

    def _close_cell(self) -> None:
        text = self._text("".join(self.value))
        if not text:
            return
        if self.column >= self.limits.columns_max:
            raise too_many_columns(self.column + 1, self.limits)
        gap = self.column - len(self.cells)
        if gap < 0:
            raise _unlike_a_sheet()
        self.cells.extend([""] * gap)
        self.cells.append(text)

    def _text(self, value: str) -> str:
        """Give what the cell shows; a formula without a result is given as plain words."""
        if not value:
            return f"={''.join(self.formula)}" if self.formula else ""
        if self.kind == "s":
            return self.texts[int(value)]
        if self.kind == "n":
            return self.dated(value, self.style) or plain_number(value)
        if self.kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        return plain(value)


def column_number(reference: str) -> int:
    """Count the column of a cell from 0.

    >>> column_number("AA7")
    26
    """
    letters = reference.rstrip("0123456789")
    if len(letters) > 3:
        raise _unlike_a_sheet()
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def plain_number(value: str) -> str:
    """Write a number as a person would, not as the file stores it.

    >>> plain_number("4.5999999999999996"), plain_number("3.0")
    ('4.6', '3')
    """
    number = float(value)
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number)
