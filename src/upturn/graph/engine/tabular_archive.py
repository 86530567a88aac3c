"""A workbook is a zip archive: its list of parts is judged before any of them is unpacked."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from upturn.graph.engine.tabular_errors import ArchiveRefused, Damaged, NotATable, gettext_noop
from upturn.graph.engine.tabular_limits import Limits

DIRECTORY_BYTES_MAX = 1 << 20
SMALL_ARCHIVE_BYTES = 10_000_000  # below this a high ratio is only a repetitive table
ENCRYPTED = 0x1
SAVE_AGAIN = gettext_noop("Save the table as CSV (UTF-8) or as a new XLSX and bring that in.")


class _Measured:
    """A stream that refuses to read a list of parts larger than any honest workbook has.

    `zipfile` reads that list in one piece, however long the archive says it is.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.seek = stream.seek
        self.tell = stream.tell
        self.seekable = stream.seekable

    def read(self, size: int = -1) -> bytes:
        if size > DIRECTORY_BYTES_MAX:
            raise _too_many_parts()
        return self.stream.read(size)


def open_archive(stream: BinaryIO, *, limits: Limits) -> zipfile.ZipFile:
    """Open a zip archive whose parts together stay within `limits`.

    Raises
    ------
    ArchiveRefused
        Too many parts, too much when unpacked, a ratio no table has, a password, or a packing
        method that no spreadsheet program writes.
    Damaged
        The archive breaks off.
    """
    stream.seek(0)
    with reading_archive():
        archive = zipfile.ZipFile(_Measured(stream))
    parts = archive.infolist()
    if len(parts) > limits.archive_entries_max:
        raise _too_many_parts()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    ratio = unpacked // max(packed, 1)
    if unpacked > limits.archive_bytes_max or (
        unpacked > SMALL_ARCHIVE_BYTES and ratio > limits.archive_ratio_max
    ):
        raise ArchiveRefused(
            gettext_noop(
                "This workbook would unpack to %(megabytes)d MB, %(ratio)d times its size."
            ),
            remedy=gettext_noop("Save the table as CSV (UTF-8), in parts if it is long."),
            megabytes=unpacked // 1_000_000,
            ratio=ratio,
        )
    if any(_is_odd(part) for part in parts):
        raise ArchiveRefused(
            gettext_noop("This workbook is locked with a password or packed in an unusual way."),
            remedy=SAVE_AGAIN,
        )
    return archive


def _is_odd(part: zipfile.ZipInfo) -> bool:
    return bool(part.flag_bits & ENCRYPTED) or part.compress_type not in (
        zipfile.ZIP_STORED,
        zipfile.ZIP_DEFLATED,
    )


def _too_many_parts() -> ArchiveRefused:
    return ArchiveRefused(
        gettext_noop("This archive lists more parts than any workbook has."), remedy=SAVE_AGAIN
    )


@contextmanager
def reading_archive() -> Iterator[None]:
    """Turn whatever a broken archive raises into one refusal."""
    try:
        yield
    except (
        zipfile.BadZipFile, zlib.error, struct.error, EOFError, KeyError, LookupError,
        NotImplementedError, OSError, OverflowError, RuntimeError, SyntaxError, ValueError,
    ) as error:  # fmt: skip
        raise Damaged(
            gettext_noop("This workbook breaks off or contradicts itself."), remedy=SAVE_AGAIN
        ) from error


def small_part(archive: zipfile.ZipFile, path: str, *, bytes_max: int) -> bytes:
    """Read one part of the archive, empty if there is none of this name.

    Raises
    ------
    ArchiveRefused
        If it is larger than such a part ever is.
    """
    if path not in archive.NameToInfo:
        return b""
    if archive.getinfo(path).file_size > bytes_max:
        raise ArchiveRefused(
            gettext_noop("The part “%(part)s” of this workbook is far larger than it should be."),
            remedy=SAVE_AGAIN,
            part=path,
        )
    return archive.read(path)


def refuse_other_archives(archive: zipfile.ZipFile) -> None:
    """Refuse zip files that hold something other than an XLSX workbook.

    Raises
    ------
    NotATable
        For OpenDocument, XLSB, a document, or a plain zip of files.
    """
    names = archive.NameToInfo
    if any(name.startswith("xl/worksheets/") for name in names) and not any(
        name.endswith("workbook.bin") for name in names
    ):
        return
    raise NotATable(
        gettext_noop("This is not an XLSX workbook, whatever its name says."), remedy=SAVE_AGAIN
    )
