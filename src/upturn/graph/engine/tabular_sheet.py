"""What the XML of a sheet says, one event at a time, so that no cell or row outgrows its cap."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from typing import IO, Any, Protocol

from defusedxml.ElementTree import DefusedXMLParser

from upturn.graph.engine.tabular_archive import SAVE_AGAIN
from upturn.graph.engine.tabular_errors import ArchiveRefused, TooLarge, gettext_noop
from upturn.graph.engine.tabular_limits import Limits, cell_too_long, too_many_columns

CHUNK = 1 << 16
SILENT_BYTES_MAX = 1 << 20  # one tag, comment or attribute is never longer
DEPTH_MAX = 64
NAMES_MAX = 5_000
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


Opener = Callable[[list[str]], None]
Closer = Callable[[], None]


class Target(Protocol):
    """Receives what the XML of a part says.

    Parameters
    ----------
    openers : mapping of str to callable
        By the name of a tag without its namespace; takes attributes, name and value by turns.
    closers : mapping of str to callable
    """

    openers: Mapping[str, Opener]
    closers: Mapping[str, Closer]

    def said(self, text: str) -> None:
        """Take a piece of text."""


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
    # The checks of this parser stay; its layer of elements, half the time of a large sheet, goes.
    parser = DefusedXMLParser(target=object(), forbid_dtd=True)
    expat = parser.parser
    depth = _listen(expat, target)
    fed = 0
    for chunk in iter(partial(part.read, CHUNK), b""):
        parser.feed(chunk)
        fed += len(chunk)
        silent = fed - expat.CurrentByteIndex
        if silent > SILENT_BYTES_MAX or len(expat.intern) > NAMES_MAX or depth() > DEPTH_MAX:
            raise _unlike_a_sheet()
        yield
    parser.close()
    yield


def _listen(expat: Any, target: Target) -> Callable[[], int]:
    """Connect a target to a parser; the answer tells how deep the tags are nested now."""
    openers: dict[str, Opener | None] = {}
    closers: dict[str, Closer | None] = {}
    depth = 0

    def start(tag: str, attributes: list[str]) -> None:
        nonlocal depth
        depth += 1
        if tag not in openers:
            name = tag.rpartition("}")[2]
            openers[tag] = target.openers.get(name)
            closers[tag] = target.closers.get(name)
        if opener := openers[tag]:
            opener(attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        if closer := closers[tag]:
            closer()

    expat.StartElementHandler = start
    expat.EndElementHandler = end
    expat.CharacterDataHandler = target.said
    return lambda: depth


class _Listener:
    """Takes the text inside some tags, while a cell and a row may still grow."""

    openers: Mapping[str, Opener]
    closers: Mapping[str, Closer]

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.row = 0
        self.value: list[str] = []
        self.listening: list[str] | None = None
        self.phonetic = False
        self.cell_characters = self.row_characters = 0

    def said(self, text: str) -> None:
        """Add to the text being read, while there is room."""
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

    def _listen(self, _attributes: list[str]) -> None:
        self.listening = None if self.phonetic else self.value

    def _rest(self) -> None:
        self.listening = None

    def _begin_phonetic(self, _attributes: list[str]) -> None:
        self.phonetic = True

    def _end_phonetic(self) -> None:
        self.phonetic = False


class SharedTexts(_Listener):
    """The texts that cells refer to by number; `texts` grows while the part is read."""

    def __init__(self, *, limits: Limits) -> None:
        super().__init__(limits)
        self.texts: list[str] = []
        self.bytes = 0
        self.openers = {"si": self._begin, "t": self._listen, "rPh": self._begin_phonetic}
        self.closers = {"si": self._end, "t": self._rest, "rPh": self._end_phonetic}

    def _begin(self, _attributes: list[str]) -> None:
        self.value.clear()
        self.cell_characters = self.row_characters = 0

    def _end(self) -> None:
        text = plain("".join(self.value))
        self.texts.append(text)
        self.bytes += sys.getsizeof(text) + 8
        if self.bytes > self.limits.strings_bytes_max:
            raise _too_much_text()


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


class SheetCells(_Listener):
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
        super().__init__(limits)
        self.texts = texts
        self.dated = dated
        self.ready: list[tuple[int, list[str]]] = []
        self.cells: list[str] = []
        self.column = -1
        self.kind = ""
        self.style = 0
        self.formula: list[str] = []
        self.openers = {
            "row": self._begin_row,
            "c": self._begin_cell,
            "v": self._listen,
            "t": self._listen,
            "f": self._listen_to_formula,
            "rPh": self._begin_phonetic,
        }
        self.closers = {
            "row": self._end_row,
            "c": self._end_cell,
            "v": self._rest,
            "t": self._rest,
            "f": self._rest,
            "rPh": self._end_phonetic,
        }

    def _begin_row(self, attributes: list[str]) -> None:
        number = attributes[attributes.index("r") + 1] if "r" in attributes[::2] else "0"
        self.row = max(self.row + 1, int(number))
        self.cells = []
        self.column = -1
        self.row_characters = 0

    def _end_row(self) -> None:
        if self.cells:
            self.ready.append((self.row, self.cells))

    def _begin_cell(self, attributes: list[str]) -> None:
        told = dict(zip(attributes[::2], attributes[1::2], strict=True))
        reference = told.get("r")
        self.column = column_number(reference) if reference else self.column + 1
        self.kind = told.get("t", "n")
        self.style = int(told.get("s", 0))
        self.value.clear()
        self.formula.clear()
        self.cell_characters = 0

    def _listen_to_formula(self, _attributes: list[str]) -> None:
        self.listening = self.formula

    def _end_cell(self) -> None:
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


@lru_cache(maxsize=1_000)
def _number_of(letters: str) -> int:
    if len(letters) > 3:
        raise _unlike_a_sheet()
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_number(reference: str) -> int:
    """Count the column of a cell from 0.

    >>> column_number("AA7")
    26
    """
    return _number_of(reference.rstrip("0123456789"))


def plain_number(value: str) -> str:
    """Write a number as a person would, not as the file stores it.

    >>> plain_number("4.5999999999999996"), plain_number("3.0")
    ('4.6', '3')
    """
    number = float(value)
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number)
