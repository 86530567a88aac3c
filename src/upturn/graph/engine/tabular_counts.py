"""What a file would change, counted before anything is stored."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from upturn.graph.engine.tabular_columns import DUPLICATE
from upturn.graph.engine.tabular_problems import LEFT_OUT, ProblemList, ProblemTally, RowProblem

BATCH = 1_000


class Numbered(Protocol):
    """A row that can be stored; it knows where in the file it stands."""

    @property
    def row(self) -> int:
        """As a spreadsheet counts."""


Record = TypeVar("Record", bound=Numbered)


@dataclass(frozen=True, slots=True)
class RowCounts:
    """Every row of a file, counted once.

    Parameters
    ----------
    ready : int
    same : int
        Stored already, or twice in the file.
    left_out : int
        Without what a row needs, or left out by a person.
    need_you : int
        Rows that cannot come in as they are.
    problems : ProblemList
    """

    ready: int
    same: int
    left_out: int
    need_you: int
    problems: ProblemList

    @property
    def in_file(self) -> int:
        """All rows."""
        return self.ready + self.same + self.left_out + self.need_you


def count_rows(
    found: Iterable[Record | RowProblem],
    *,
    take: Callable[[list[Record]], int],
    tick: Callable[[int], None] = lambda _rows: None,
) -> RowCounts:
    """Count rows as a reader gives them, and hand the good ones on.

    Parameters
    ----------
    found : iterable of rows or RowProblem
        What ``check_rows`` or one of the readers of an organisation gives.
    take : callable
        Is handed up to 1,000 rows at a time and says how many of them are stored already.
    tick : callable, optional
        Is told now and then how many rows were seen.
    """
    tally = ProblemTally()
    counts = dict.fromkeys(("ready", "same", "left_out", "need_you"), 0)
    batch: list[Record] = []
    known = last_row = 0
    for one in found:
        if isinstance(one, RowProblem):
            last_row = _count_problem(one, tally, counts, last_row)
            continue
        counts["ready"] += 1
        batch.append(one)
        if len(batch) == BATCH:
            known += take(batch)
            tick(one.row)
            batch = []
    known += take(batch) if batch else 0
    return RowCounts(
        ready=counts["ready"] - known,
        same=counts["same"] + known,
        left_out=counts["left_out"],
        need_you=counts["need_you"],
        problems=tally.done(),
    )


def _count_problem(
    found: RowProblem, tally: ProblemTally, counts: dict[str, int], last_row: int
) -> int:
    if found.problem is not LEFT_OUT:
        tally.add(found)
    if not found.problem.stops or found.row == last_row:
        return last_row
    if found.problem.needs_you:
        counts["need_you"] += 1
    else:
        counts["same" if found.problem is DUPLICATE else "left_out"] += 1
    return found.row
