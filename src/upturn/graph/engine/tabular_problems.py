"""What is wrong with a row, and what a person decided about it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from upturn.graph.engine.tabular_errors import gettext_noop, shorten

PROBLEMS_KEPT = 200


class Remedy(StrEnum):
    """What a person can do about a problem; a page shows the control that fits."""

    MEND = "mend"
    """Write another value, or leave the row out."""
    CHOOSE = "choose"
    """Choose one of the names that are there, for all rows with this value."""
    SHORTEN = "shorten"
    """Keep the beginning, or leave the row out."""
    LEAVE = "leave"
    """Mend the file, or leave the row out."""
    KEEP = "keep"
    """Comes in as it is; a person may still leave the row out."""
    NOTHING = "nothing"
    """Nothing needs to be done."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of problem.

    Parameters
    ----------
    code : str
        Stable name.
    message, advice : str
        English, marked for translation, with printf-style names for the numbers of a row.
    remedy : Remedy
    stops : bool
        Whether the row cannot come in as it is.
    """

    code: str
    message: str
    advice: str
    remedy: Remedy
    stops: bool = True

    @property
    def needs_you(self) -> bool:
        """Whether a person has to decide before the row can come in."""
        return self.stops and self.remedy is not Remedy.NOTHING


class Fault(NamedTuple):
    """Why one value cannot be read; a row and a column make it a `RowProblem`.

    Parameters
    ----------
    problem : Problem
    suggestions : tuple of str
        What may have been meant, in the same writing.
    numbers : mapping
        What the message of the problem names.
    """

    problem: Problem
    suggestions: tuple[str, ...] = ()
    numbers: Mapping[str, int | str] = {}

    def at(self, row: int, column: str, value: str) -> "RowProblem":
        """Say where it stands."""
        shown = shorten(value)
        return RowProblem(row, column, shown, self.problem, self.suggestions, self.numbers)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One problem of one row.

    Parameters
    ----------
    row : int
        As a spreadsheet counts.
    column : str
        Name of the column; ``""`` where the whole row is meant.
    value : str
        What stands there, shortened.
    problem : Problem
    suggestions : tuple of str
        Values that may have been meant, the likeliest first.
    numbers : mapping
        What the message names.
    """

    row: int
    column: str
    value: str
    problem: Problem
    suggestions: tuple[str, ...] = ()
    numbers: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """Stable name of the problem."""
        return self.problem.code

    @property
    def remedy(self) -> Remedy:
        """What a person can do."""
        return self.problem.remedy


def describe(problem: RowProblem, translate: Callable[[str], str] = str) -> str:
    """Say what is wrong and what helps; `translate` is a gettext.

    >>> describe(RowProblem(7, "stars", "45", RAGGED, numbers={"cells": 3, "columns": 2}))
    'Cells in this row: 3; names in the header: 2. Is a quote mark open, or a separator missing?'
    """
    numbers = {
        key: translate(value) if key == "month" and isinstance(value, str) else value
        for key, value in problem.numbers.items()
    }
    sentences = [translate(problem.problem.message) % numbers]
    if problem.suggestions:
        perhaps = " / ".join(f"“{suggestion}”" for suggestion in problem.suggestions)
        sentences.append(translate(PERHAPS) % {"suggestions": perhaps})
    elif problem.problem.advice:
        sentences.append(translate(problem.problem.advice) % numbers)
    return " ".join(sentences)


PERHAPS = gettext_noop("Perhaps %(suggestions)s?")
RAGGED = Problem(
    "ragged",
    gettext_noop("Cells in this row: %(cells)d; names in the header: %(columns)d."),
    gettext_noop("Is a quote mark open, or a separator missing?"),
    Remedy.LEAVE,
)
LEFT_OUT = Problem("left_out", gettext_noop("You left this row out."), "", Remedy.NOTHING)


def ragged(row: int, cells: tuple[str, ...], *, columns: int) -> RowProblem:
    """Report a row with more or fewer cells than there are columns."""
    numbers = {"cells": len(cells), "columns": columns}
    return RowProblem(row, "", shorten(" | ".join(cells[:8])), RAGGED, numbers=numbers)


@dataclass(frozen=True, slots=True)
class Repairs:
    """What a person decided in a dry run; as plain data it can wait for the confirmation.

    Parameters
    ----------
    cells : mapping of row to mapping of column to str
        Values that stand instead.
    names : mapping of column to mapping of str to str or None
        For a name that nobody knows, the name to take; ``""`` for none, None to leave out every
        row that has it.
    left_out : frozenset of int
        Rows to leave out.
    shortened : frozenset of int
        Rows whose words are cut where they become too long.
    """

    cells: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()
    shortened: frozenset[int] = frozenset()

    def as_data(self) -> dict[str, Any]:
        """Give what JSON can hold; `repairs_from` reads it back."""
        return {
            "cells": {str(row): dict(cells) for row, cells in self.cells.items()},
            "names": {column: dict(names) for column, names in self.names.items()},
            "left_out": sorted(self.left_out),
            "shortened": sorted(self.shortened),
        }

    def mend(self, row: int, cells: tuple[str, ...], columns: tuple[str, ...]) -> tuple[str, ...]:
        """Give the cells of a row with the values that stand instead."""
        mended = self.cells.get(row)
        if not mended:
            return cells
        return tuple(mended.get(column, cell) for column, cell in zip(columns, cells, strict=False))


def repairs_from(data: Mapping[str, Any]) -> Repairs:
    """Read what `Repairs.as_data` gave.

    >>> repairs_from(Repairs(cells={212: {"visited": "30/11/2026"}}).as_data()).cells[212]
    {'visited': '30/11/2026'}
    """
    return Repairs(
        cells={int(row): dict(cells) for row, cells in data.get("cells", {}).items()},
        names={column: dict(names) for column, names in data.get("names", {}).items()},
        left_out=frozenset(map(int, data.get("left_out", ()))),
        shortened=frozenset(map(int, data.get("shortened", ()))),
    )


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """One problem as a person meets it: of one row, or of all rows with the same unknown name.

    Parameters
    ----------
    first : RowProblem
    count : int
        Rows that have it.
    last_row : int
    """

    first: RowProblem
    count: int
    last_row: int


@dataclass(frozen=True, slots=True)
class ProblemList:
    """Problems of a file, grouped and capped; `total` counts all of them.

    Parameters
    ----------
    groups : tuple of ProblemGroup
        At most 200, those that need a person first, then in the order of the rows.
    kinds : mapping of code to int
        Rows with a problem of this kind, capped or not.
    total : int
    """

    groups: tuple[ProblemGroup, ...]
    kinds: Mapping[str, int]
    total: int


class ProblemTally:
    """Adds up problems while a file is read; `done` gives the list."""

    def __init__(self) -> None:
        self.groups: dict[tuple[str, ...], tuple[RowProblem, int, int]] = {}
        self.kinds: dict[str, int] = {}

    def add(self, found: RowProblem) -> None:
        """Count a problem, and keep it while there is room."""
        code = found.code
        self.kinds[code] = self.kinds.get(code, 0) + 1
        key: tuple[str, ...] = (code, found.column, found.value)
        if found.remedy not in (Remedy.CHOOSE, Remedy.NOTHING):
            key = (*key, str(found.row))
        elif found.remedy is Remedy.NOTHING:
            key = (code,)
        kept = self.groups.get(key)
        if kept:
            self.groups[key] = (kept[0], kept[1] + 1, found.row)
        elif len(self.groups) < PROBLEMS_KEPT or found.remedy is Remedy.NOTHING:
            self.groups[key] = (found, 1, found.row)

    def done(self) -> ProblemList:
        """Give the list so far."""
        groups = [ProblemGroup(*group) for group in self.groups.values()]
        groups.sort(key=lambda group: (not group.first.problem.needs_you, group.first.row))
        return ProblemList(tuple(groups), dict(self.kinds), sum(self.kinds.values()))


def list_problems(found: Iterable[RowProblem]) -> ProblemList:
    """Group the problems of a file."""
    tally = ProblemTally()
    for problem in found:
        tally.add(problem)
    return tally.done()
