"""Tables on their way out: nothing in them runs in the spreadsheet that opens them."""

import csv
from collections.abc import Iterable, Iterator, Sequence

RUNS = ("=", "+", "-", "@", "\t", "\r")
Cell = str | int | float | None


def escape_formula(cell: str) -> str:
    """Put an apostrophe before text that a spreadsheet would take for a formula.

    >>> escape_formula("=1+1"), escape_formula("1+1")
    ("'=1+1", '1+1')

    References
    ----------
    OWASP, "CSV Injection".
    """
    return f"'{cell}" if cell.startswith(RUNS) else cell


def csv_lines(rows: Iterable[Sequence[Cell]], *, columns: Sequence[str]) -> Iterator[bytes]:
    r"""Write a table as CSV, a line at a time, in UTF-8 with the mark that Excel looks for.

    Parameters
    ----------
    rows : iterable of sequences
        Text is escaped, numbers stay numbers, None is an empty cell.
    columns : sequence of str
        The header.

    >>> b"".join(csv_lines([("=cmd()", -2)], columns=("words", "score")))
    b"\xef\xbb\xbfwords,score\r\n'=cmd(),-2\r\n"
    """
    line = _Line()
    writer = csv.writer(line)
    writer.writerow([escape_formula(column) for column in columns])
    yield b"\xef\xbb\xbf" + line.text.encode()
    for row in rows:
        writer.writerow([escape_formula(cell) if isinstance(cell, str) else cell for cell in row])
        yield line.text.encode()


class _Line:
    """Keeps the last line a csv writer wrote."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text
