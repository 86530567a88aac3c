"""Tables on their way out: nothing in them runs in the spreadsheet that opens them."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Where the comma is decimal, spreadsheets part cells at semicolons and lines within quotes.
_WITHIN = re.compile(r"([;\r\n]\s*)(?=[=+@＝＋＠]|[-－][\w(])")
Cell = str | int | float | None


def escape_formula(cell: str) -> str:
    """Put an apostrophe before text that a spreadsheet would take for a formula.

    >>> escape_formula("=1+1"), escape_formula("1+1"), escape_formula("fine;=1+1 ;-)")
    ("'=1+1", '1+1', "fine;'=1+1 ;-)")

    References
    ----------
    OWASP, "CSV Injection".
    """
    within = _WITHIN.sub(r"\1'", cell)
    return f"'{within}" if within.startswith(RUNS) else within


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
