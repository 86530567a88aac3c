"""Weekly figures of parties and of serves-edges, out of tables of any shape."""

import math
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from upturn.graph.engine.names import nearest
from upturn.graph.engine.tabular import Table, sample_rows
from upturn.graph.engine.tabular_calendar import read_week, weigh_dates
from upturn.graph.engine.tabular_columns import (
    MISSING,
    Cells,
    match_columns,
    read_cells,
    read_records,
)
from upturn.graph.engine.tabular_dates import DateOrder
from upturn.graph.engine.tabular_errors import HeaderRefused, gettext_noop
from upturn.graph.engine.tabular_names import Known, NameBook, book_of
from upturn.graph.engine.tabular_organisation import NAME_MAX, UNKNOWN_PARTY
from upturn.graph.engine.tabular_problems import Fault, Problem, Remedy, Repairs, RowProblem
from upturn.graph.engine.tabular_words import BETTER, MEASURE_WORDS, fold

ARROW = re.compile(r"\s*(?:->|→|>)\s*")
THOUSANDS_OR_DECIMALS = re.compile(r"[-+]?\d{1,3},\d{3}")

NOT_A_NUMBER = Problem(
    "not_a_number",
    gettext_noop("This cannot be read as a number."),
    gettext_noop("Write it as 12.5."),
    Remedy.MEND,
)
NOT_A_COUNT = Problem(
    "not_a_count",
    gettext_noop("This should count answers: a whole number, 0 or more."),
    "",
    Remedy.MEND,
)
NUMBER_AMBIGUOUS = Problem(
    "number_ambiguous",
    gettext_noop("The comma may stand before thousands or before decimals."),
    "",
    Remedy.MEND,
)
OUT_OF_RANGE = Problem(
    "out_of_range",
    gettext_noop("The value lies outside the range this row gives, %(low)s to %(high)s."),
    gettext_noop("Mend the value or the range."),
    Remedy.MEND,
)
NOT_MORE_OR_LESS = Problem(
    "not_more_or_less",
    gettext_noop("This should say which is better: more or less."),
    gettext_noop("Write more or less, or leave it empty."),
    Remedy.MEND,
)
EDGE_UNKNOWN = Problem(
    "edge_unknown",
    gettext_noop("No edge says that the first serves the second."),
    gettext_noop("Add it to the organisation first."),
    Remedy.CHOOSE,
)


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One figure of one week.

    Parameters
    ----------
    row : int
    party : str
        Key of the party it is about; ``""`` if it is about an edge.
    edge : (str, str) or None
        Keys of server and served.
    name : str
        Of the measure.
    week : date
        Its Monday.
    value : float
    n : int or None
        Answers or cases behind it.
    low, high : float or None
        Ends of the range it can take.
    better : str
        ``"more"`` or ``"less"``, whichever is better; ``""`` if the file does not say.
    """

    row: int = field(compare=False)
    party: str
    edge: tuple[str, str] | None
    name: str
    week: date
    value: float
    n: int | None = None
    low: float | None = None
    high: float | None = None
    better: str = ""


@dataclass(frozen=True, slots=True)
class _Subjects:
    book: NameBook
    edges: Collection[tuple[str, str]]
    order: DateOrder


def read_number(text: str) -> float | Fault:
    """Read a number as English or continental Europe writes it.

    >>> read_number("1.234,5"), read_number("12 %"), read_number("1,234").suggestions
    (1234.5, 12.0, ('1234', '1.234'))
    """
    bare = re.sub(r"[\s'’\u00a0\u202f]", "", text).removesuffix("%")
    if THOUSANDS_OR_DECIMALS.fullmatch(bare):
        return Fault(NUMBER_AMBIGUOUS, (bare.replace(",", ""), bare.replace(",", ".")))
    if "," in bare and bare.rfind(",") > bare.rfind("."):
        bare = bare.replace(".", "").replace(",", ".")
    try:
        number = float(bare.replace(",", "").replace("_", "x"))
    except ValueError:
        return Fault(NOT_A_NUMBER)
    return number if math.isfinite(number) else Fault(NOT_A_NUMBER)


def read_measures(
    table: Table,
    *,
    parties: Iterable[Known],
    edges: Collection[tuple[str, str]],
    repairs: Repairs | None = None,
) -> Iterator[MeasureRow | RowProblem]:
    """Read a table of weekly measures.

    Parameters
    ----------
    table : Table
        Columns for the measure, the week (2026-W40, or any day in it) and the value; and either
        for the party (``Kitchen``, or ``Kitchen > Floor`` for an edge) or for server and served.
        Perhaps for n, low, high, and for which is better, more or less.
    parties : iterable of Known
    edges : collection of (str, str)
        Keys of server and served of the edges that are there.
    repairs : Repairs, optional

    Returns
    -------
    iterator of MeasureRow or RowProblem

    Raises
    ------
    HeaderRefused
        When the measure, the week, the value, or whose it is has no column.
    """
    found = match_columns(table.columns, MEASURE_WORDS, required=("measure", "week", "value"))
    if "party" not in found and not {"server", "served"} <= found.keys():
        raise HeaderRefused(
            gettext_noop("No column says whose measure this is."),
            remedy=gettext_noop("Name a column “party”, or two columns “server” and “served”."),
            row=1,
            value=", ".join(table.columns),
        )
    weeks = weigh_dates(cells[found["week"]] for cells in sample_rows(table))
    subjects = _Subjects(book_of(parties, unknown=UNKNOWN_PARTY), edges, weeks.order)
    return read_records(
        read_cells(table, fields=tuple(MEASURE_WORDS), found=found, repairs=repairs or Repairs()),
        lambda cells: _measure(cells, subjects),
        identity=lambda measure: (measure.party, measure.edge, measure.name, measure.week),
        blamed="value",
    )


def _measure(cells: Cells, subjects: _Subjects) -> MeasureRow:
    party, edge = _subject(cells, subjects)
    week = read_week(cells.values["week"], subjects.order)
    if isinstance(week, Fault):
        cells.report("week", week if cells.values["week"] else Fault(MISSING))
        week = date.min
    value, low, high = (_number(cells, part) for part in ("value", "low", "high"))
    if value is None and not cells.values["value"]:
        cells.report("value", Fault(MISSING))
    beyond = value is not None and (
        (low is not None and value < low) or (high is not None and value > high)
    )
    if beyond:
        bounds = {"low": cells.values["low"] or "…", "high": cells.values["high"] or "…"}
        cells.report("value", Fault(OUT_OF_RANGE, (), bounds))
    return MeasureRow(
        row=cells.row,
        party=party,
        edge=edge,
        name=cells.text("measure", most=NAME_MAX, needed=True),
        week=week,
        value=value or 0.0,
        n=_count(cells),
        low=low,
        high=high,
        better=_better(cells),
    )


def _number(cells: Cells, part: str) -> float | None:
    text = cells.values[part]
    number = read_number(text) if text else None
    if isinstance(number, Fault):
        cells.report(part, number)
        return None
    return number


def _count(cells: Cells) -> int | None:
    text = cells.values["n"]
    if not text:
        return None
    number = read_number(text)
    if isinstance(number, Fault) or number < 0 or not number.is_integer():
        cells.report("n", Fault(NOT_A_COUNT))
        return None
    return int(number)


def _better(cells: Cells) -> str:
    word = fold(cells.values["better"])
    if word and word not in BETTER:
        cells.report("better", Fault(NOT_MORE_OR_LESS))
    return BETTER.get(word, "")


def _subject(cells: Cells, subjects: _Subjects) -> tuple[str, tuple[str, str] | None]:
    """Give the key of a party, or the keys of an edge."""
    text = cells.values["party"]
    names = [("server", cells.values["server"]), ("served", cells.values["served"])]
    if text:
        parts = ARROW.split(text)
        if len(parts) != 2 or isinstance(subjects.book.find(text), str):
            return cells.known("party", text, subjects.book), None
        names = [("party", parts[0]), ("party", parts[1])]
    elif not any(name for _, name in names):
        cells.report("party" if "party" in cells.columns else "server", Fault(MISSING))
        return "", None
    server, served = (cells.known(column, name, subjects.book) for column, name in names)
    if server and served and (server, served) not in subjects.edges:
        others = {_arrow(*edge): edge for edge in subjects.edges if set(edge) & {server, served}}
        near = nearest(_arrow(server, served), others)
        cells.report(names[0][0], Fault(EDGE_UNKNOWN, tuple(near)))
    return "", (server, served)


def _arrow(server: str, served: str) -> str:
    return f"{server} > {served}"
