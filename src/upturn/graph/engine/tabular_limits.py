"""How much a file may ask of the machine before it is refused."""

from dataclasses import dataclass

from upturn.graph.engine.tabular_errors import TooLarge, gettext_noop


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps that hold while a file is read, whatever it says about itself.

    Parameters
    ----------
    bytes_max : int
        Bytes of the file as it came.
    rows_max, columns_max : int
        Rows below the header; columns in it.
    cell_characters_max : int
        Characters of one cell; one row may hold ten times as many.
    archive_entries_max, archive_bytes_max, archive_ratio_max : int
        Parts of a workbook, bytes they unpack to, and unpacked bytes per packed byte.
    strings_bytes_max : int
        Memory a workbook's table of shared texts may take, bytes.
    """

    bytes_max: int = 100_000_000
    rows_max: int = 1_000_000
    columns_max: int = 200
    cell_characters_max: int = 100_000
    archive_entries_max: int = 1_000
    archive_bytes_max: int = 300_000_000
    archive_ratio_max: int = 100
    strings_bytes_max: int = 96_000_000

    @property
    def row_characters_max(self) -> int:
        """Characters of one row."""
        return 10 * self.cell_characters_max


def cell_too_long(row: int, value: str, *, cap: int, column: str = "") -> TooLarge:
    """Refuse a cell of more than `cap` characters."""
    return TooLarge(
        gettext_noop("A cell here has more than %(cap)d characters."),
        remedy=gettext_noop("Shorten it in the file, or take the row out."),
        row=row,
        column=column,
        value=value,
        cap=cap,
    )


def too_many_columns(columns: int, limits: Limits) -> TooLarge:
    """Refuse a table wider than the limits allow."""
    return TooLarge(
        gettext_noop("This table has %(columns)d columns; at most %(most)d can be read."),
        remedy=gettext_noop("Keep the columns you need and take the others out."),
        columns=columns,
        most=limits.columns_max,
    )


def too_many_rows(row: int, limits: Limits) -> TooLarge:
    """Refuse a table longer than the limits allow."""
    return TooLarge(
        gettext_noop("The file goes on after %(most)d rows."),
        remedy=gettext_noop("Split it into parts and bring them in one after the other."),
        row=row,
        most=limits.rows_max,
    )
