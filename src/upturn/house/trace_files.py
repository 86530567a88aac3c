"""Two files from a shell become what a trace reads: who serves whom, and weekly figures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import numpy as np

from upturn.graph.engine.tabular import Table, open_table
from upturn.graph.engine.tabular_calendar import read_week
from upturn.graph.engine.tabular_columns import match_columns
from upturn.graph.engine.tabular_errors import named
from upturn.graph.engine.tabular_measures import MeasureRow, read_measures
from upturn.graph.engine.tabular_names import Known, book_of
from upturn.graph.engine.tabular_organisation import UNKNOWN_PARTY, read_serves
from upturn.graph.engine.tabular_problems import Fault, RowProblem, describe
from upturn.graph.engine.tabular_words import SERVES_WORDS, fold
from upturn.trace.engine import Column, Measures, ServiceGraph, gather
from upturn.voice.engine import guess_better

WEEK = timedelta(weeks=1)
WEEKS_MOST = 520
PROBLEMS_SHOWN = 5
Row = TypeVar("Row")


class FilesRefused(ValueError):
    """The files allow no trace; the message says what is wrong where, and what helps."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the files say.

    Parameters
    ----------
    graph : ServiceGraph
        Keys are the names as first written; whoever serves nobody is a touchpoint.
    measures : Measures
    units : mapping of node to (str, bool)
        What a node's figures are, and whether less of it is better; "" where there are several.
    """

    graph: ServiceGraph
    measures: Measures
    units: dict[int, tuple[str, bool]]


def read_files(serves: Path, weekly: Path) -> Told:
    """Read both files.

    Raises
    ------
    FilesRefused, TabularError
        Naming file, row, column, value and remedy.
    """
    with serves.open("rb") as file, named(serves.name):
        graph = _graph(open_table(file, name=serves.name))
    with weekly.open("rb") as file, named(weekly.name):
        rows = _weekly(open_table(file, name=weekly.name), graph)
    weeks = _weeks(rows, weekly.name)
    columns, units = _columns(rows, graph, weeks)
    return Told(graph, gather(columns, nodes=len(graph.keys), weeks=weeks), units)


def touchpoint_called(name: str, graph: ServiceGraph) -> int:
    """Find a touchpoint by a name somebody typed."""
    found = book_of((Known(key, key) for key in graph.keys), unknown=UNKNOWN_PARTY).find(name)
    if isinstance(found, Fault):
        perhaps = " / ".join(f"“{one}”" for one in found.suggestions)
        helps = f"Perhaps {perhaps}?" if perhaps else f"Touchpoints: {_touchpoints(graph)}."
        raise FilesRefused(f"No touchpoint is called “{name}”. {helps}")
    node = graph.keys.index(found)
    if not graph.touchpoint[node]:
        raise FilesRefused(
            f"“{found}” serves others, so it is no touchpoint. Touchpoints: {_touchpoints(graph)}."
        )
    return node


def week_called(text: str, measures: Measures) -> int:
    """Find a week somebody typed."""
    week = read_week(text)
    if isinstance(week, Fault):
        raise FilesRefused(f"“{text}” is no week. Write it as 2026-W45, or give any day in it.")
    if week not in measures.weeks:
        first, last = (f"{end:%G-W%V}" for end in (measures.weeks[0], measures.weeks[-1]))
        raise FilesRefused(f"The figures go from {first} to {last}; {week:%G-W%V} is not in them.")
    return measures.weeks.index(week)


def _touchpoints(graph: ServiceGraph) -> str:
    names = sorted(graph.keys[at] for at in np.flatnonzero(graph.touchpoint))
    return ", ".join(names[:8]) + (" …" if len(names) > 8 else "")


def _graph(table: Table) -> ServiceGraph:
    names = _names(table)
    known = [Known(name, name) for name in names.values()]
    edges = list(_good(read_serves(table, parties=known), table.name))
    number = {name: at for at, name in enumerate(names.values())}
    serves = np.zeros((len(number), len(number)), dtype=np.bool_)
    for edge in edges:
        serves[number[edge.server], number[edge.served]] = True
    touchpoint = ~serves.any(axis=1)
    if not touchpoint.any():
        raise FilesRefused(
            f"{table.name}: everybody in it serves somebody, so it has no touchpoint. "
            "Add a row that says who serves at the moment itself, such as “Front desk,Check-in”."
        )
    return ServiceGraph(tuple(number), serves, np.asarray(touchpoint))


def _names(table: Table) -> dict[str, str]:
    """Give every name in the columns of server and served, as it was written first."""
    found = match_columns(table.columns, SERVES_WORDS, required=("server", "served"))
    names: dict[str, str] = {}
    for _row, cells in table.rows():
        for field in ("server", "served"):
            name = cells[found[field]].strip() if found[field] < len(cells) else ""
            if name:
                names.setdefault(fold(name), name)
    return names


def _good(rows: Iterable[Row | RowProblem], file: str) -> Iterator[Row]:
    """Let good rows through; refuse the file if any row needs somebody."""
    found: list[RowProblem] = []
    for row in rows:
        if not isinstance(row, RowProblem):
            yield row
        elif row.problem.needs_you:
            found.append(row)
    if found:
        lines = [
            f"{file}, row {one.row}, {one.column}: {one.value!r} {describe(one)}"
            for one in found[:PROBLEMS_SHOWN]
        ]
        more = len(found) - PROBLEMS_SHOWN
        raise FilesRefused("\n".join(lines + [f"… and {more} more."] * (more > 0)))


def _weekly(table: Table, graph: ServiceGraph) -> list[MeasureRow]:
    known = [Known(key, key) for key in graph.keys]
    edges = {(graph.keys[one], graph.keys[other]) for one, other in np.argwhere(graph.serves)}
    return list(_good(read_measures(table, parties=known, edges=edges), table.name))


def _weeks(rows: list[MeasureRow], file: str) -> tuple[date, ...]:
    if not rows:
        raise FilesRefused(f"{file} has no figures below its header. Add one row a week and party.")
    first, last = min(row.week for row in rows), max(row.week for row in rows)
    n = (last - first) // WEEK + 1
    if n > WEEKS_MOST:
        raise FilesRefused(
            f"{file} goes from {first:%G-W%V} to {last:%G-W%V}, more than ten years. "
            "Mend the week that is wrong, or leave out what is older."
        )
    return tuple(first + WEEK * at for at in range(n))


def _columns(
    rows: list[MeasureRow], graph: ServiceGraph, weeks: tuple[date, ...]
) -> tuple[dict[int, list[Column]], dict[int, tuple[str, bool]]]:
    """One column a node and measure; a figure of an edge tells of the party that serves."""
    number = {key: at for at, key in enumerate(graph.keys)}
    told: dict[tuple[int, str, str], Column] = {}
    for row in rows:
        server, served = row.edge or (row.party, "")
        less = (row.better or guess_better(row.name)) == "less"
        at = (number[server], served, row.name)
        column = told.setdefault(at, Column(np.full(len(weeks), np.nan), less))
        column.value[(row.week - weeks[0]) // WEEK] = row.value
    columns: dict[int, list[Column]] = {}
    units: dict[int, tuple[str, bool]] = {}
    for (node, _served, name), column in told.items():
        columns.setdefault(node, []).append(column)
        single = len(columns[node]) == 1
        units[node] = (name, column.less_is_better) if single else ("", False)
    return columns, units
