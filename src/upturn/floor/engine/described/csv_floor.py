"""Tables of a floor out of a file as a spreadsheet or a till writes it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count

from upturn.floor.engine.described.checked_sizes import name_problem
from upturn.floor.engine.shapes import Kind, Node
from upturn.graph.engine.names import nearest
from upturn.graph.engine.tabular import Table
from upturn.graph.engine.tabular_columns import (
    CONFLICT,
    Cells,
    match_columns,
    read_cells,
    read_records,
)
from upturn.graph.engine.tabular_errors import NotATable, gettext_noop
from upturn.graph.engine.tabular_measures import NUMBER_AMBIGUOUS, read_number
from upturn.graph.engine.tabular_problems import Fault, Problem, Remedy, Repairs, RowProblem
from upturn.graph.engine.tabular_words import fold

NAME_MOST = 60
METRES_MOST = 500.0
APART_M, ROWS_APART_M = 2.0, 3.0
WORDS = {
    "table": "table, name, place, id, number, tisch, mesa, nombre, nummer, طاولة, الطاولة",
    "section": "section, zone, area, bereich, abschnitt, seccion, zona, sector, قسم, القسم",
    "x_m": "x_m, x, metres across, meter quer, metros a lo ancho",
    "y_m": "y_m, y, metres down, meter hinunter, metros hacia abajo",
    "kind": "kind, what, type, art, tipo, نوع",
}
KINDS = {
    Kind.TABLE: "table, tisch, mesa, طاولة",
    Kind.STATION: "station, server station, servierstation, estacion, محطة",
    Kind.PASS: "pass, kitchen, küche, cocina, pase, مطبخ",
    Kind.DOOR: "door, entrance, tür, eingang, puerta, entrada, باب",
}
_KIND = {fold(word): kind for kind, line in KINDS.items() for word in line.split(",")}
METRES = {"cm": 0.01, "mm": 0.001, "ft": 0.3048, "feet": 0.3048}
"""Units a column may name; without one it is metres."""

NO_SECTION = Problem(
    "no_section",
    gettext_noop("Every table belongs to one section."),
    gettext_noop("Write which one."),
    Remedy.MEND,
)
KIND_UNKNOWN = Problem(
    "kind_unknown",
    gettext_noop("This is no kind of place."),
    gettext_noop("Write table, station, pass or door."),
    Remedy.CHOOSE,
)
HALF_A_PLACE = Problem(
    "half_a_place",
    gettext_noop("One of the two measures is missing."),
    gettext_noop("Write both, or take both away."),
    Remedy.MEND,
)
TOO_FAR = Problem(
    "too_far",
    gettext_noop("This is %(metres)s metres from where the floor begins; a floor has at most 500."),
    gettext_noop("Write it in metres."),
    Remedy.MEND,
)
TWICE = Problem(
    "twice",
    gettext_noop("Row %(first)d has a place of this name already."),
    gettext_noop("Give one of the two another name."),
    Remedy.MEND,
)
UNSHOWN = Problem(
    "unshown",
    gettext_noop("There is a sign in this name that cannot be shown."),
    gettext_noop("Write it in letters, digits, signs and blanks."),
    Remedy.MEND,
)


NOTHING = gettext_noop("Nothing stands below the first row.")
A_ROW_EACH = gettext_noop("Write a row for each table.")


@dataclass(frozen=True, slots=True)
class Tables:
    """What a file says about a floor.

    Parameters
    ----------
    places : tuple of Node
        In the order of the file, each with a position.
    laid : int
        How many of them the file did not place; they stand in rows, a row a section.
    problems : tuple of RowProblem
    columns : mapping of field to str
        What the columns are called in the file.
    passed_over : tuple of str
        Columns that were not read.
    """

    places: tuple[Node, ...]
    laid: int
    problems: tuple[RowProblem, ...]
    columns: Mapping[str, str]
    passed_over: tuple[str, ...]

    @property
    def sections(self) -> tuple[str, ...]:
        """Sections in the order in which the file names them first."""
        return tuple(dict.fromkeys(place.section for place in self.places if place.section))


@dataclass(frozen=True, slots=True)
class _Row:
    row: int = field(compare=False)
    name: str
    kind: Kind
    section: str
    at: tuple[float, float] | None


def read_tables(table: Table, *, repairs: Repairs | None = None) -> Tables:
    r"""Read the places of a floor.

    Parameters
    ----------
    table : Table
        Columns table and section; perhaps x_m and y_m (metres, or what the column says: "x (cm)"),
        and kind. A file without a station gets one in front.
    repairs : Repairs, optional

    Returns
    -------
    Tables

    Raises
    ------
    TabularError
        When it is no table, or no column says table or section.

    Examples
    --------
    >>> import io
    >>> from upturn.graph.engine.tabular import open_table
    >>> file = io.BytesIO(b"Tisch;Bereich;x (cm);y (cm)\n1;Fenster;150;200\n2;Fenster;350;200\n")
    >>> found = read_tables(open_table(file, name="tables.csv"))
    >>> [(place.id, place.section, place.x_m, place.y_m) for place in found.places]
    [('1', 'Fenster', 1.5, 2.0), ('2', 'Fenster', 3.5, 2.0), ('station', '', 2.5, -1.0)]
    """
    found = match_columns(table.columns, WORDS, required=("table", "section"))
    cells = read_cells(table, fields=tuple(WORDS), found=found, repairs=repairs or Repairs())
    read = [*read_records(cells, _row, identity=lambda row: row.name, blamed="table")]
    rows = [one for one in read if isinstance(one, _Row)]
    problems = [
        replace(one, problem=TWICE) if one.problem is CONFLICT else one
        for one in read
        if isinstance(one, RowProblem)
    ]
    columns = {name: table.columns[at] for name, at in found.items()}
    passed = tuple(each for at, each in enumerate(table.columns) if at not in found.values())
    if not rows and not problems:
        raise NotATable(NOTHING, remedy=A_ROW_EACH)
    laid = sum(row.at is None for row in rows)
    places = [*_placed(rows)]
    return Tables((*places, *_station(places)), laid, tuple(problems), columns, passed)


def _row(cells: Cells) -> _Row:
    name = _name(cells, "table", needed=True)
    kind = _kind(cells)
    section = _name(cells, "section") if kind is Kind.TABLE else ""
    if kind is Kind.TABLE and not section:
        cells.report("section", Fault(NO_SECTION))
    return _Row(cells.row, name, kind, section, _position(cells))


def _name(cells: Cells, part: str, *, needed: bool = False) -> str:
    name = cells.text(part, most=NAME_MOST, needed=needed)
    if name and len(name) <= NAME_MOST and name_problem("", name):
        cells.report(part, Fault(UNSHOWN))
    return name


def _kind(cells: Cells) -> Kind:
    said = cells.values["kind"]
    if not said:
        return Kind.TABLE
    found = _KIND.get(fold(said))
    if found is None:
        near = tuple(dict.fromkeys(_KIND[word].value for word in nearest(fold(said), _KIND)))
        cells.report("kind", Fault(KIND_UNKNOWN, near or tuple(kind.value for kind in KINDS)))
    return found or Kind.TABLE


def _position(cells: Cells) -> tuple[float, float] | None:
    said = [part for part in ("x_m", "y_m") if cells.values[part]]
    if not said:
        return None
    if len(said) == 1:
        missing = "y_m" if said == ["x_m"] else "x_m"
        cells.report(missing if missing in cells.columns else said[0], Fault(HALF_A_PLACE))
        return None
    x_m, y_m = (_metres(cells, part) for part in said)
    return x_m, y_m


def _metres(cells: Cells, part: str) -> float:
    """Read a measure; a comma stands before decimals here, for no floor is a thousand metres."""
    found = read_number(cells.values[part])
    if isinstance(found, Fault) and found.problem is NUMBER_AMBIGUOUS:
        found = read_number(found.suggestions[1])
    if isinstance(found, Fault):
        cells.report(part, found)
        return 0.0
    units = re.findall(r"[a-z]+", cells.columns[part].casefold())
    metres = found * next((METRES[unit] for unit in units if unit in METRES), 1.0)
    if abs(metres) > METRES_MOST:
        cells.report(part, Fault(TOO_FAR, (), {"metres": f"{metres:,.0f}"}))
    return round(metres, 3)


def _placed(rows: Sequence[_Row]) -> Iterator[Node]:
    """Places as the file has them; those without a position in rows below, a row a section."""
    known = [row.at for row in rows if row.at is not None]
    below = max((y for _x, y in known), default=1.0 - ROWS_APART_M)
    left = min((x for x, _y in known), default=1.0)
    row_of: dict[str, int] = {}
    next_in: dict[str, Iterator[int]] = defaultdict(count)

    def in_row(section: str) -> tuple[float, float]:
        down = row_of.setdefault(section, len(row_of) + 1)
        return left + APART_M * next(next_in[section]), below + ROWS_APART_M * down

    for row in rows:
        yield Node(row.name, row.kind, *(row.at or in_row(row.section)), row.section)


def _station(places: Sequence[Node]) -> Iterator[Node]:
    """A floor needs somewhere to fetch from: in front, unless the file has a station."""
    if not places or any(place.kind is Kind.STATION for place in places):
        return
    taken = {place.id for place in places}
    names = chain(["station"], (f"station {number}" for number in count(2)))
    name = next(each for each in names if each not in taken)
    across = [place.x_m for place in places]
    middle = round((min(across) + max(across)) / 2, 3)
    in_front = min(place.y_m for place in places) - ROWS_APART_M
    yield Node(name, Kind.STATION, middle, in_front)
