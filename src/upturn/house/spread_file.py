"""A file of figures, one a person, becomes what a spread is reckoned from; names end here."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from upturn.graph.engine.tabular import Table, open_table
from upturn.graph.engine.tabular_columns import MISSING, Cells, match_columns, read_cells
from upturn.graph.engine.tabular_errors import named
from upturn.graph.engine.tabular_measures import read_number
from upturn.graph.engine.tabular_problems import Fault, Repairs, RowProblem, describe
from upturn.graph.engine.tabular_words import fold
from upturn.stats.tables import Floats, Integers

WORDS = {
    "company": "company, supplier, vendor, firm, unternehmen, firma, empresa, proveedor",
    "centre": "centre, center, site, location, standort, centro, sede",
    "figure": "figure, value, result, score, kennzahl, wert, valor, cifra",
}
SMALLEST = 5
"""People of a centre, below which it is not looked at by itself."""
PROBLEMS_SHOWN = 5

Person = tuple[str, str, float]


class SpreadRefused(ValueError):
    """The file says nothing about a spread; the message says why, and what helps."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a file says, without a name.

    Parameters
    ----------
    figures : float array, (people,)
    centres : int array, (people,)
    companies : int array, (people,), or None
        None where the file has one company or no such column.
    small : bool
        Some centre was smaller than `SMALLEST`; those of a company count as one.
    left_out : bool
        Some people were then still too few to be looked at.
    passed_over : tuple of str
        Columns that were not read.
    """

    figures: Floats
    centres: Integers
    companies: Integers | None
    small: bool
    left_out: bool
    passed_over: tuple[str, ...]


def read_spread(file: Path) -> Told:
    """Read a table with the columns centre and figure, and perhaps company; a person a row.

    Raises
    ------
    SpreadRefused, TabularError
        Naming file, row, column, value and remedy.
    """
    with file.open("rb") as stream, named(file.name):
        table = open_table(stream, name=file.name)
        found = match_columns(table.columns, WORDS, required=("centre", "figure"))
        cells = read_cells(table, fields=tuple(WORDS), found=found, repairs=Repairs())
        people = _people(cells, table, with_company="company" in found)
    sizes = Counter((company, centre) for company, centre, _figure in people)
    if len(sizes) < 2:
        raise SpreadRefused(
            f"{file.name}: all rows are of one centre, so nothing can be said between centres. "
            f"Add the rows of others; it takes {SMALLEST} centres or more."
        )
    if max(sizes.values()) < SMALLEST:
        raise SpreadRefused(
            f"{file.name}: no centre has {SMALLEST} people. Add a row for each person, not one for "
            "each centre."
        )
    rest = [name for at, name in enumerate(table.columns) if at not in found.values()]
    return _told(people, tuple(rest))


def _people(rows: Iterable[Cells], table: Table, *, with_company: bool) -> list[Person]:
    made: list[Person] = []
    wrong: list[RowProblem] = []
    for cells in rows:
        person = ("", "", 0.0) if cells.problems else _person(cells, with_company=with_company)
        made.append(person)
        wrong += cells.problems
    if wrong:
        raise SpreadRefused("\n".join(problem_lines(wrong, table.name)))
    if not made:
        raise SpreadRefused(
            f"{table.name}: nothing stands below its header. Add one row for each person: "
            "company, centre, figure."
        )
    return made


def _person(cells: Cells, *, with_company: bool) -> Person:
    for field in ("company", "centre", "figure"):
        if not cells.values[field] and (field != "company" or with_company):
            cells.report(field, Fault(MISSING))
    number = read_number(cells.values["figure"]) if cells.values["figure"] else 0.0
    if isinstance(number, Fault):
        cells.report("figure", number)
        number = 0.0
    return fold(cells.values["company"]), fold(cells.values["centre"]), number


def problem_lines(wrong: Sequence[RowProblem], file: str) -> Iterator[str]:
    """Say of the first problems of a file where each is and what helps."""
    for one in wrong[:PROBLEMS_SHOWN]:
        column = f", {one.column}" if one.column else ""
        yield f"{file}, row {one.row}{column}: “{one.value}” {describe(one)}"
    if len(wrong) > PROBLEMS_SHOWN:
        yield f"… and {len(wrong) - PROBLEMS_SHOWN:,} more."


def _told(people: Sequence[Person], passed_over: tuple[str, ...]) -> Told:
    companies = _numbers([company for company, _centre, _figure in people])
    names = [(company, centre) for company, centre, _figure in people]
    figures = np.array([figure for _company, _centre, figure in people])
    centres, many = _pooled(_numbers(names), companies)
    kept = many >= SMALLEST
    several = np.unique(companies[kept]).size > 1
    return Told(
        figures=figures[kept],
        centres=centres[kept],
        companies=companies[kept] if several else None,
        small=bool((centres >= len(set(names))).any()),
        left_out=not kept.all(),
        passed_over=passed_over,
    )


def _numbers(names: Sequence[Hashable]) -> Integers:
    number = {name: at for at, name in enumerate(dict.fromkeys(names))}
    return np.array([number[name] for name in names], np.int64)


def _pooled(centres: Integers, companies: Integers) -> tuple[Integers, Integers]:
    """Give a company's small centres one number, and for each person the size of the centre."""
    small = np.bincount(centres)[centres] < SMALLEST
    together = np.where(small, int(centres.max()) + 1 + companies, centres)
    return together, np.bincount(together)[together]
