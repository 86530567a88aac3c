"""TabularError
├── TooLarge        more bytes, rows, columns or characters than a table of this house may have
├── ArchiveRefused  a workbook that would unpack into far more than it is, or hides its parts
├── NotATable       a picture, a PDF, an old workbook, rubbish: nothing that has rows and columns
├── Damaged         a workbook or text that breaks off or contradicts itself
├── HeaderRefused   the first row does not name every column once
└── QuoteLeftOpen   a quote mark opens a cell and nothing closes it
"""  # noqa: D205, D400

from collections.abc import Callable, Iterator
from contextlib import contextmanager

VALUE_CHARACTERS_SHOWN = 60


def gettext_noop(message: str) -> str:
    """Mark `message` for the extractor of translations, which looks for a call of this name."""
    return message


def shorten(value: str) -> str:
    r"""Cut `value` to what fits into a message, on one line.

    >>> shorten("cold\nplate")
    'cold plate'
    """
    flat = " ".join(value[: 4 * VALUE_CHARACTERS_SHOWN].replace("\0", "�").split())
    return flat if len(flat) <= VALUE_CHARACTERS_SHOWN else f"{flat[: VALUE_CHARACTERS_SHOWN - 1]}…"


class TabularError(Exception):
    """A file is refused as a whole; the message says where, why and what helps.

    Parameters
    ----------
    what, remedy : str
        Sentences, marked for translation, with printf-style names for `numbers`.
    row : int or None
        Row as a spreadsheet counts it: the header of a plain file is row 1.
    column, value : str
        Name of the column and what stands there, if one cell is to blame.
    **numbers : int or str
        What the sentences name.
    """

    def __init__(
        self,
        what: str,
        *,
        remedy: str,
        row: int | None = None,
        column: str = "",
        value: str = "",
        **numbers: int | str,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.row = row
        self.column = column
        self.value = shorten(value)
        self.numbers = numbers
        self.file = ""

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """Say what is wrong and what helps, without the place; `translate` is a gettext."""
        return f"{translate(self.what)} {translate(self.remedy)}" % self.numbers

    def __str__(self) -> str:
        places = [
            self.file,
            f"row {self.row:,}" if self.row else "",
            f"column “{self.column}”" if self.column else "",
            f"“{self.value}”" if self.value else "",
        ]
        where = ", ".join(place for place in places if place)
        return f"{where}: {self.sentence()}" if where else self.sentence()


class TooLarge(TabularError):
    """More bytes, rows, columns or characters than a table of this house may have."""


class ArchiveRefused(TabularError):
    """A workbook that would unpack into far more than it is, or hides its parts."""


class NotATable(TabularError):
    """A picture, a PDF, an old workbook, rubbish: nothing that has rows and columns."""


class Damaged(TabularError):
    """A workbook or text that breaks off or contradicts itself."""


class HeaderRefused(TabularError):
    """The first row does not name every column once."""


class QuoteLeftOpen(TabularError):
    """A quote mark opens a cell and nothing closes it."""


@contextmanager
def named(file: str) -> Iterator[None]:
    """Give every refusal raised inside the name of the file it is about."""
    try:
        yield
    except TabularError as error:
        error.file = error.file or file
        raise
