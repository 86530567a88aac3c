"""Rows out of the first sheet of an XLSX workbook, streamed.

openpyxl's read-only mode keeps the whole table of shared texts, every empty row and the whole row
being read before anything can object, takes four times as long, and gives nothing for a formula
without a stored result. So only its knowledge of dates and number formats is used here; the XML is
read by defusedxml's parser, event by event, with a cap at every event.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, BinaryIO

from defusedxml.ElementTree import fromstring
from openpyxl.styles.numbers import (
    BUILTIN_FORMATS,
    is_date_format,
)
from openpyxl.utils.datetime import (
    MAC_EPOCH,
    WINDOWS_EPOCH,
    from_excel,
)

from upturn.graph.engine.tabular_archive import (
    SAVE_AGAIN,
    open_archive,
    reading_archive,
    refuse_other_archives,
    small_part,
)
from upturn.graph.engine.tabular_errors import NotATable, gettext_noop
from upturn.graph.engine.tabular_limits import Limits
from upturn.graph.engine.tabular_sheet import SharedTexts, SheetCells, events

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SMALL_PART_BYTES = 2_000_000
STYLES_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Workbook:
    """What is needed to read the rows of one sheet as often as one likes.

    Parameters
    ----------
    archive : ZipFile
    sheet : str
        Path of the sheet in the archive.
    texts : list of str
        The table of shared texts.
    date_styles : frozenset of int
        Cell styles that show a number as a date.
    epoch : datetime
        Day 0 of its dates.
    """

    archive: zipfile.ZipFile
    sheet: str
    texts: list[str]
    date_styles: frozenset[int]
    epoch: datetime

    def rows(self, limits: Limits) -> Iterator[tuple[int, list[str]]]:
        """Give row number and cells of every row that is there, the header included."""
        cells = SheetCells(limits=limits, texts=self.texts, dated=self._dated)
        with reading_archive(), self.archive.open(self.sheet) as part:
            for _ in events(part, cells):
                yield from cells.ready
                cells.ready.clear()

    def _dated(self, number: str, style: int) -> str | None:
        """Give the ISO date of `number` if its style shows one."""
        return iso_date(float(number), self.epoch) if style in self.date_styles else None


def open_workbook(stream: BinaryIO, *, limits: Limits) -> Workbook:
    """Open a workbook after its archive has been judged; reads styles and shared texts.

    Raises
    ------
    ArchiveRefused, NotATable, Damaged, TooLarge
    """
    archive = open_archive(stream, limits=limits)
    refuse_other_archives(archive)
    with reading_archive():
        book = _target(archive, "", "officeDocument") or "xl/workbook.xml"
        tree = fromstring(small_part(archive, book, bytes_max=SMALL_PART_BYTES), forbid_dtd=True)
        texts = _texts(archive, _target(archive, book, "sharedStrings"), limits)
        styles = _target(archive, book, "styles")
        properties = tree.find("{*}workbookPr")
        mac = properties is not None and properties.get("date1904") in ("1", "true")
        return Workbook(
            archive=archive,
            sheet=_first_sheet(archive, book, tree),
            texts=texts,
            date_styles=_date_styles(small_part(archive, styles, bytes_max=STYLES_BYTES)),
            epoch=MAC_EPOCH if mac else WINDOWS_EPOCH,
        )


def _relations(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, str, str]]:
    """Give id, last word of the type, and path of the parts that `part` refers to."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    content = small_part(archive, path, bytes_max=SMALL_PART_BYTES)
    for relation in fromstring(content, forbid_dtd=True) if content else ():
        target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
        kind = relation.get("Type", "").rpartition("/")[2]
        yield relation.get("Id", ""), kind, target.lstrip("/")


def _target(archive: zipfile.ZipFile, part: str, wanted: str) -> str:
    return next((path for _, kind, path in _relations(archive, part) if kind == wanted), "")


def _first_sheet(archive: zipfile.ZipFile, book: str, tree: "Element") -> str:
    paths = {key: path for key, kind, path in _relations(archive, book) if kind == "worksheet"}
    for sheet in tree.iterfind("{*}sheets/{*}sheet"):
        key = next((value for name, value in sheet.items() if name.endswith("}id")), "")
        if sheet.get("state", "visible") == "visible" and paths.get(key) in archive.NameToInfo:
            return paths[key]
    raise NotATable(
        gettext_noop("This workbook has no visible sheet with cells."), remedy=SAVE_AGAIN
    )


def _texts(archive: zipfile.ZipFile, path: str, limits: Limits) -> list[str]:
    if not path:
        return []
    shared = SharedTexts(limits=limits)
    with archive.open(path) as part:
        for _ in events(part, shared):
            pass
    return shared.texts


def _date_styles(content: bytes) -> frozenset[int]:
    if not content:
        return frozenset()
    tree = fromstring(content, forbid_dtd=True)
    formats = dict(BUILTIN_FORMATS)
    for named in tree.iterfind("{*}numFmts/{*}numFmt"):
        formats[int(named.get("numFmtId"))] = named.get("formatCode", "")
    return frozenset(
        at
        for at, style in enumerate(tree.iterfind("{*}cellXfs/{*}xf"))
        if is_date_format(formats.get(int(style.get("numFmtId", "0"))))
    )


def iso_date(number: float, epoch: datetime) -> str | None:
    """Write the day (and time, if there is one) that a spreadsheet keeps as a number.

    >>> from datetime import datetime
    >>> iso_date(46329.604166666664, datetime(1899, 12, 30))
    '2026-11-03T14:30:00'
    """
    try:
        moment = from_excel(number, epoch)
    except (ValueError, OverflowError):
        return None
    if isinstance(moment, datetime) and moment.time() == time():
        return moment.date().isoformat()
    return str(moment.isoformat())
