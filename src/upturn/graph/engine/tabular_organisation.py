"""Parties, what they serve each other with, and touchpoints, out of tables of any shape."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from upturn.graph.engine.names import nearest
from upturn.graph.engine.tabular import Table
from upturn.graph.engine.tabular_columns import (
    MISSING,
    Cells,
    match_columns,
    read_cells,
    read_records,
)
from upturn.graph.engine.tabular_errors import gettext_noop
from upturn.graph.engine.tabular_names import Known, NameBook, book_of
from upturn.graph.engine.tabular_problems import (
    LEFT_OUT,
    Fault,
    Problem,
    Remedy,
    Repairs,
    RowProblem,
)
from upturn.graph.engine.tabular_words import (
    KINDS,
    NO,
    PARTY_WORDS,
    SERVES_WORDS,
    TOUCHPOINT_WORDS,
    YES,
    fold,
)

NAME_MAX = 80
WHAT_MAX = 200
MOMENT_MAX = 20
DESCRIPTION_MAX = 4_000
SENTENCE_MAX = 300
KEY = re.compile(r"[A-Za-z0-9_-]{1,80}")
CLOCK = re.compile(r"(\d\d:\d\d):00")

UNKNOWN_PARTY = Problem(
    "party_unknown",
    gettext_noop("No party has this name."),
    gettext_noop("Add the party first, or choose one that is there."),
    Remedy.CHOOSE,
)
UNKNOWN_KIND = Problem(
    "kind_unknown",
    gettext_noop("This is not a kind of party."),
    gettext_noop("Kinds are customers, team, leader, system, partner and client."),
    Remedy.CHOOSE,
)
KEY_UNFIT = Problem(
    "key_unfit",
    gettext_noop("A key has letters a to z, digits, - and _ only."),
    "",
    Remedy.MEND,
)
SERVES_ITSELF = Problem(
    "serves_itself",
    gettext_noop("A party does not serve itself."),
    gettext_noop("Name the party it serves."),
    Remedy.MEND,
)
NOT_YES_OR_NO = Problem(
    "not_yes_or_no",
    gettext_noop("This says neither direct nor indirect."),
    gettext_noop("Write yes or no."),
    Remedy.MEND,
)


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A party as a file names it.

    Parameters
    ----------
    row : int
    key : str
        As given, or made from place and name.
    name, place, description : str
    kind : str
        customers, team, leader, system, partner or client.
    """

    row: int = field(compare=False)
    key: str
    name: str
    kind: str
    place: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class ServesRow:
    """An edge: `server` serves `served` (both keys of parties) with `what`."""

    row: int = field(compare=False)
    server: str
    served: str
    what: str = ""
    direct: bool = True


@dataclass(frozen=True, slots=True)
class TouchpointRow:
    """A moment in the customers' day.

    Parameters
    ----------
    row : int
    key, name, place : str
    moment : str
        Time of day or a word for it.
    customers : str
        Key of the party whose day it is.
    servers, behind : tuple of str
        Keys of the parties that serve there, in the customers' sight and out of it.
    description : str
        One sentence by which customers' words about it are known.
    """

    row: int = field(compare=False)
    key: str
    name: str
    moment: str
    customers: str
    servers: tuple[str, ...]
    behind: tuple[str, ...] = ()
    place: str = ""
    description: str = ""


def key_of(name: str, place: str = "") -> str:
    """Make the key of a name: the same today and in next year's file.

    >>> key_of("Dish room", "Mill"), key_of("厨房")
    ('mill-dish-room', 'party-f74bbe4e')
    """
    full = fold(f"{place} {name}")
    plain = "-".join(full.encode("ascii", "ignore").decode().split())
    if plain.replace("-", " ") == full and 0 < len(plain) <= NAME_MAX:
        return plain
    return f"{plain[:60].strip('-') or 'party'}-{blake2b(full.encode(), digest_size=4).hexdigest()}"


def read_parties(
    table: Table, *, repairs: Repairs | None = None
) -> Iterator[PartyRow | RowProblem]:
    """Read a table of parties.

    Parameters
    ----------
    table : Table
        Columns for name and kind, perhaps key, place and description, called as you like.
    repairs : Repairs, optional

    Returns
    -------
    iterator of PartyRow or RowProblem
        A row comes as a party or as everything that is wrong with it.

    Raises
    ------
    HeaderRefused
        When no column gives the name or the kind.
    """
    found = match_columns(table.columns, PARTY_WORDS, required=("name", "kind"))
    return read_records(
        read_cells(table, fields=tuple(PARTY_WORDS), found=found, repairs=repairs or Repairs()),
        _party,
        identity=lambda party: party.key,
        blamed="name",
    )


def _party(cells: Cells) -> PartyRow:
    name = cells.text("name", most=NAME_MAX, needed=True)
    place = cells.text("place", most=NAME_MAX)
    return PartyRow(
        row=cells.row,
        key=_key(cells, name, place),
        name=name,
        kind=_kind(cells),
        place=place,
        description=cells.text("description", most=DESCRIPTION_MAX),
    )


def _key(cells: Cells, name: str, place: str) -> str:
    given = cells.values["key"]
    if given and not KEY.fullmatch(given):
        cells.report("key", Fault(KEY_UNFIT, (key_of(given),)))
    return given or key_of(name, place)


def _kind(cells: Cells) -> str:
    given = cells.chosen("kind", cells.text("kind", most=NAME_MAX, needed=True))
    if given is None:
        cells.report("kind", Fault(LEFT_OUT))
        return ""
    words = fold(given).split()
    kind = next((KINDS[word] for word in reversed(words) if word in KINDS), "")
    if given and not kind:
        cells.report("kind", Fault(UNKNOWN_KIND, tuple(nearest(given, KINDS))))
    return kind


def read_serves(
    table: Table, *, parties: Iterable[Known], repairs: Repairs | None = None
) -> Iterator[ServesRow | RowProblem]:
    """Read a table of who serves whom.

    Parameters
    ----------
    table : Table
        Columns for the server and the served, perhaps what is served and whether directly.
    parties : iterable of Known
        Those that are there, or come with the same import.
    repairs : Repairs, optional

    Returns
    -------
    iterator of ServesRow or RowProblem
        Each unknown party reports on every row; `list_problems` shows it once, with its rows.
    """
    found = match_columns(table.columns, SERVES_WORDS, required=("server", "served"))
    book = book_of(parties, unknown=UNKNOWN_PARTY)
    return read_records(
        read_cells(table, fields=tuple(SERVES_WORDS), found=found, repairs=repairs or Repairs()),
        lambda cells: _edge(cells, book),
        identity=lambda edge: (edge.server, edge.served),
        blamed="served",
    )


def _edge(cells: Cells, book: NameBook) -> ServesRow:
    server = cells.known("server", cells.values["server"], book)
    served = cells.known("served", cells.values["served"], book)
    if server and server == served:
        cells.report("served", Fault(SERVES_ITSELF))
    word = fold(cells.values["direct"])
    if word and word not in YES | NO:
        cells.report("direct", Fault(NOT_YES_OR_NO))
    what = cells.text("what", most=WHAT_MAX)
    return ServesRow(cells.row, server, served, what, direct=word not in NO)


def read_touchpoints(
    table: Table,
    *,
    parties: Iterable[Known],
    customers: Iterable[Known],
    repairs: Repairs | None = None,
) -> Iterator[TouchpointRow | RowProblem]:
    """Read a table of the moments in the customers' day.

    Parameters
    ----------
    table : Table
        A column for the name, perhaps for the time of day, the customers, who serves there and who
        behind the scenes (several with ``;`` between them), a sentence about it, place and key.
    parties, customers : iterable of Known
        All parties, and those among them that are customers. If these are only one, it need not
        be named.
    repairs : Repairs, optional

    Returns
    -------
    iterator of TouchpointRow or RowProblem
    """
    found = match_columns(table.columns, TOUCHPOINT_WORDS, required=("name",))
    book = book_of(parties, unknown=UNKNOWN_PARTY)
    whose = book_of(customers, unknown=UNKNOWN_PARTY)
    return read_records(
        read_cells(
            table, fields=tuple(TOUCHPOINT_WORDS), found=found, repairs=repairs or Repairs()
        ),
        lambda cells: _touchpoint(cells, book, whose),
        identity=lambda point: point.key,
        blamed="name",
    )


def _touchpoint(cells: Cells, book: NameBook, whose: NameBook) -> TouchpointRow:
    name = cells.text("name", most=NAME_MAX, needed=True)
    place = cells.text("place", most=NAME_MAX)
    return TouchpointRow(
        row=cells.row,
        key=_key(cells, name, place),
        name=name,
        moment=CLOCK.sub(r"\1", cells.text("moment", most=MOMENT_MAX)),
        customers=_customers(cells, whose),
        servers=_several(cells, "servers", book),
        behind=_several(cells, "behind", book),
        place=place,
        description=cells.text("description", most=SENTENCE_MAX),
    )


def _customers(cells: Cells, whose: NameBook) -> str:
    given = cells.values["customers"]
    if given:
        return cells.known("customers", given, whose)
    if len(whose.known) == 1:
        return next(iter(whose.known))
    cells.report("customers", Fault(MISSING, tuple(one.name for one in whose.known.values())[:3]))
    return ""


def _several(cells: Cells, field: str, book: NameBook) -> tuple[str, ...]:
    names = [name.strip() for name in cells.values[field].split(";") if name.strip()]
    wanted = [name for name in names if cells.chosen(field, name) != ""]
    return tuple(dict.fromkeys(cells.known(field, name, book) for name in wanted))
