"""What stands on a sheet: plain data, from the top down."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from upturn.paper.errors import ImpossibleSheet

Size: TypeAlias = Literal["a4", "a3"]
Turned: TypeAlias = Literal["landscape", "portrait"]
Tone: TypeAlias = Literal["ink", "faint", "pale", "accent"]
Entry: TypeAlias = str | tuple[str, ...]
"""A sentence, or a sentence and what stands small below it."""

SIDES_PT: dict[Size, tuple[float, float]] = {"a4": (595.28, 841.89), "a3": (841.89, 1190.55)}
MARGIN_PT: dict[Size, float] = {"a4": 42.0, "a3": 60.0}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` 1 is one below the title of the sheet."""

    words: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a line break within its words begins another one."""

    words: str
    look: Literal["plain", "lead", "small"] = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header stands again on every page it goes on.

    Parameters
    ----------
    columns : tuple of str
        What stands in the header.
    rows : tuple of tuple of Entry
        Each as long as `columns`.
    shares : tuple of float
        How wide the columns are, against each other; all alike when empty.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    shares: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.columns:
            raise ImpossibleSheet("A table without columns", "Name at least one.")
        wrong = next((row for row in self.rows if len(row) != len(self.columns)), None)
        if wrong is not None:
            what = f"A row of {len(wrong)} cells under {len(self.columns)} columns"
            raise ImpossibleSheet(what, "Give every column a cell, an empty one too.")
        if self.shares and len(self.shares) != len(self.columns):
            what = f"{len(self.shares)} widths for {len(self.columns)} columns"
            raise ImpossibleSheet(what, "Give every column its share, or none of them.")


@dataclass(frozen=True, slots=True)
class Columns:
    """Lists side by side, each under its head: be, do and have.

    Parameters
    ----------
    heads : tuple of str
    lists : tuple of tuple of Entry
        One a head; a list may be empty.
    """

    heads: tuple[str, ...]
    lists: tuple[tuple[Entry, ...], ...]

    def __post_init__(self) -> None:
        if len(self.heads) != len(self.lists):
            what = f"{len(self.lists)} lists under {len(self.heads)} heads"
            raise ImpossibleSheet(what, "Give every head its list, an empty one too.")


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line from (`x1`, `y1`) to (`x2`, `y2`)."""

    x1: float
    y1: float
    x2: float
    y2: float
    tone: Tone = "ink"
    dotted: bool = False
    width: float = 1.5


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle around (`x`, `y`), full or empty."""

    x: float
    y: float
    radius: float
    tone: Tone = "ink"
    full: bool = True


@dataclass(frozen=True, slots=True)
class Words:
    """Words whose baseline is at `y` and whose `anchor` is at `x`."""

    x: float
    y: float
    words: str
    size: float = 14.0
    anchor: Literal["start", "middle", "end"] = "start"
    tone: Tone = "ink"
    bold: bool = False


Mark: TypeAlias = Line | Circle | Words


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as wide as the page, at most as high as `most_high` of it.

    Parameters
    ----------
    width, height : float
        In units of its own, x to the right and y down, as in SVG.
    marks : tuple of Mark
    says : str
        What it shows, for who does not see it.
    most_high : float
        Share of the page's height; a higher picture is made smaller as a whole.
    """

    width: float
    height: float
    marks: tuple[Mark, ...]
    says: str
    most_high: float = 0.7

    def __post_init__(self) -> None:
        if not (self.width > 0 and self.height > 0):
            what = f"A drawing of {self.width} by {self.height}"
            raise ImpossibleSheet(what, "Give it a width and a height above zero.")


@dataclass(frozen=True, slots=True)
class NewPage:
    """What comes now begins on a new page."""


Block: TypeAlias = Heading | Paragraph | Table | Columns | Drawing | NewPage


@dataclass(frozen=True, slots=True)
class Sheet:
    """Something to be printed.

    Parameters
    ----------
    title : str
    language : str
        A tag such as ``"en"`` or ``"ar"``; it decides where a line begins.
    blocks : sequence of Block
    footer : str
        At the foot of every page, before the number of the page.
    box_note : str
        A sentence with ``{signs}`` in it. It is printed at the end where letters were missing,
        with the names of those that a box stands for.
    size, turned : str
    """

    title: str
    language: str
    blocks: Sequence[Block]
    footer: str = ""
    box_note: str = "□ {signs}"
    size: Size = "a4"
    turned: Turned = "landscape"

    def __post_init__(self) -> None:
        if self.size not in SIDES_PT or self.turned not in {"landscape", "portrait"}:
            what = f"Paper of {self.size!r}, {self.turned!r}"
            raise ImpossibleSheet(what, "Take a4 or a3, landscape or portrait.")
        if not self.title.strip():
            raise ImpossibleSheet("A sheet without a title", "Say what it is.")


def text_width(sheet: Sheet) -> tuple[float, float]:
    """Give the width and the height that are printed on, in points.

    >>> text_width(Sheet("Plan", "en", ()))
    (757.89, 511.28)
    """
    short, long = SIDES_PT[sheet.size]
    wide, high = (long, short) if sheet.turned == "landscape" else (short, long)
    taken = 2 * MARGIN_PT[sheet.size]
    return round(wide - taken, 2), round(high - taken, 2)
