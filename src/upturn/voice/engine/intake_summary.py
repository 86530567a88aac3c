"""What a file of comments would change, before anything is stored."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from upturn.graph.engine.tabular import Table
from upturn.graph.engine.tabular_columns import DUPLICATE
from upturn.graph.engine.tabular_problems import LEFT_OUT, ProblemList, ProblemTally, RowProblem
from upturn.voice.engine.intake import Comment
from upturn.voice.engine.intake_guess import ColumnGuess
from upturn.voice.engine.intake_mapping import ColumnMap

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class DryRun:
    """A file as it would come in; the rows of it add up.

    Parameters
    ----------
    file_name : str
    bytes : int
    encoding, delimiter : str
        ``""`` for a workbook.
    broken_characters : int
        Characters that could not be read.
    columns : tuple of ColumnGuess
    mapping : ColumnMap
    in_file : int
        Rows: ready, same, left out and those that need you.
    ready : int
    same : int
        Known already, or twice in the file.
    left_out : int
        Without words, or left out by a person.
    need_you : int
        Rows that cannot come in as they are.
    problems : ProblemList
    """

    file_name: str
    bytes: int
    encoding: str
    delimiter: str
    broken_characters: int
    columns: tuple[ColumnGuess, ...]
    mapping: ColumnMap
    in_file: int
    ready: int
    same: int
    left_out: int
    need_you: int
    problems: ProblemList


def dry_run(
    table: Table,
    guesses: tuple[ColumnGuess, ...],
    mapping: ColumnMap,
    *,
    rows: Iterable[Comment | RowProblem],
    count_known: Callable[[Sequence[bytes]], int],
) -> DryRun:
    """Count what a file would change.

    Parameters
    ----------
    table : Table
    guesses : tuple of ColumnGuess
    mapping : ColumnMap
    rows : iterable of Comment or RowProblem
        What `check_rows` gives.
    count_known : callable
        Takes up to 1,000 fingerprints and says how many of them are stored already.
    """
    tally = ProblemTally()
    counts = dict.fromkeys(("ready", "same", "left_out", "need_you"), 0)
    marks: list[bytes] = []
    known = last_row = 0
    for row in rows:
        if isinstance(row, Comment):
            counts["ready"] += 1
            marks.append(row.fingerprint)
            if len(marks) == BATCH:
                known += count_known(marks)
                marks.clear()
            continue
        if row.problem is not LEFT_OUT:
            tally.add(row)
        if row.problem.stops and row.row != last_row:
            counts[_counts_as(row)] += 1
            last_row = row.row
    known += count_known(marks) if marks else 0
    return DryRun(
        file_name=table.name,
        bytes=table.bytes,
        encoding=table.encoding,
        delimiter=table.delimiter,
        broken_characters=table.broken_characters,
        columns=guesses,
        mapping=mapping,
        in_file=sum(counts.values()),
        ready=counts["ready"] - known,
        same=counts["same"] + known,
        left_out=counts["left_out"],
        need_you=counts["need_you"],
        problems=tally.done(),
    )


def _counts_as(row: RowProblem) -> str:
    if row.problem.needs_you:
        return "need_you"
    return "same" if row.problem is DUPLICATE else "left_out"
