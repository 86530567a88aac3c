"""A floor out of a TOML file that people who run a restaurant can read and change."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from upturn.floor.engine.described.checked import nearest, problems_of
from upturn.floor.engine.described.checked_numbers import LARGEST
from upturn.floor.engine.described.checked_sizes import PLACES_MOST, SERVERS_MOST, too_many
from upturn.floor.engine.described.toml_values import (
    Reads,
    Rows,
    durations,
    flag,
    hands,
    number,
    numbers,
    points,
    text,
    texts,
    whole,
)
from upturn.floor.engine.errors import BadFloor, BadFloors
from upturn.floor.engine.shapes import (
    Behaviour,
    Day,
    Edge,
    Floor,
    Kind,
    NeedType,
    Node,
    Section,
    Server,
)

MOST_TABLES = 200
LETTERS_MOST = 2_000_000
DOTTED = re.compile(r"(?:\.[ \t]*[\w\"'-]{1,60}[ \t]*){40}")
"""Keys in keys in keys, over which the reader of TOML takes the square of their number."""

PLACE: dict[str, Reads] = {"id": text, "x_m": number, "y_m": number}
SERVER: dict[str, Reads] = {
    "id": text,
    "section": text,
    "speed_m_s": number,
    "hands": hands,
    "skills": texts,
    "work_rate": number,
    "home": text,
    "starts_s": number,
    "ends_s": number,
}
EVERY_SERVER = {key: reads for key, reads in SERVER.items() if key not in ("id", "section", "home")}
AGENTS: dict[str, Reads] = {
    "name": text,
    "count": whole,
    **{key: SERVER[key] for key in ("skills", "work_rate", "starts_s", "ends_s")},
}
SECTION: dict[str, Reads] = {
    "id": text,
    "owner": text,
    "tables": lambda value: value if isinstance(value, str | int) else texts(value),
    "neighbours": texts,
}
WALK: dict[str, Reads] = {"from": text, "to": text, "seconds": number}
NEED: dict[str, Reads] = {
    "name": text,
    "per_hour": number,
    "service": durations,
    "due_s": number,
    "weight": number,
    "item": text,
    "together": whole,
    "patience": durations,
    "owner_only": flag,
    "asks_after": durations,
    "at": texts,
}
DAY: dict[str, Reads] = {
    "profile": numbers,
    "slot_s": number,
    "day_cv": number,
    "noise_cv": number,
    "noise_correlation": number,
}
BEHAVIOUR: dict[str, Reads] = {
    "loafing_share": number,
    "help_cost_share": number,
    "at_load": points,
    "look_s": number,
}
FLOOR: dict[str, Reads] = {"name": text, "table_lock": flag}
KINDS = {"station": Kind.STATION, "pass": Kind.PASS, "door": Kind.DOOR, "queue": Kind.QUEUE}
PARTS = (
    "floor", "section", "table", *KINDS, "walk", "need", "every_server", "server", "agents",
    "day", "behaviour",
)  # fmt: skip


class _Written(NamedTuple):
    """A section as written: its tables by id, and what may be left out."""

    id: str
    tables: tuple[str, ...]
    owner: str | None
    neighbours: tuple[str, ...] | None


def floor_from_toml(written: str) -> Floor:
    """Read a floor.

    Left out: positions of tables (then sections stand in rows, with a station in front), owners
    and servers (then one a section), neighbours (then the sections written before and after).

    Parameters
    ----------
    written : str
        See `examples/floors/restaurant.toml`.

    Returns
    -------
    Floor
        Places in the order tables, stations, passes, doors, queues.

    Raises
    ------
    BadFloors
        With everything that is wrong: place, value, remedy.

    Examples
    --------
    >>> floor = floor_from_toml('''
    ... [[section]]
    ... id = "window"
    ... tables = "7 tables"
    ... [[need]]
    ... name = "order"
    ... per_hour = 2
    ... service = 90
    ... ''')
    >>> floor.sections[0].owner, [node.id for node in floor.nodes][-2:]
    ('server of window', ['window 7', 'station'])
    >>> floor_from_toml("[dey]")
    Traceback (most recent call last):
    upturn.floor.engine.errors.BadFloors: dey: is an unknown part (found {}); did you mean 'day'.
    """
    document, rows = _parsed(written), Rows()
    for part, value in document.items():
        if part not in PARTS:
            rows.refuse(part, value, "is an unknown part", nearest(part, PARTS))
    sections = _sections(rows, document)
    floor = Floor(
        nodes=_nodes(rows, document, sections),
        need_types=_need_types(rows, document),
        servers=_servers(rows, document, sections),
        edges=_edges(rows, document),
        day=Day(**_one(rows, document, "day", DAY)),
        behaviour=Behaviour(**_one(rows, document, "behaviour", BEHAVIOUR)),
        **_one(rows, document, "floor", FLOOR),
    )
    floor = replace(floor, sections=_owned(sections, floor.servers))
    problems = rows.problems or problems_of(floor)
    if problems:
        raise BadFloors(problems)
    return floor


def _parsed(written: str) -> dict[str, Any]:
    if len(written) > LETTERS_MOST:
        wrong, remedy = "is longer than any floor", f"give at most {LETTERS_MOST:,} letters"
        raise BadFloors([BadFloor("the file", len(written), wrong, remedy)])
    if dotted := DOTTED.search(written):
        wrong, remedy = "is a key of more than forty parts", "no key of a floor has two"
        raise BadFloors([BadFloor("the file", dotted[0][:20], wrong, remedy)])
    try:
        return tomllib.loads(written.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).partition(" (at ")
        remedy = "mend this line; texts stand between quotes, lists between brackets"
        where = where.removesuffix(")") or "the file"
        raise BadFloors([BadFloor(where, "", what[:1].lower() + what[1:], remedy)]) from None
    except (RecursionError, ValueError):  # brackets without end, a number of 5,000 digits
        wrong, remedy = "holds brackets too deep, or a number too long, to be read", "mend it there"
        raise BadFloors([BadFloor("the file", "", wrong, remedy)]) from None


def _one(
    rows: Rows, document: Mapping[str, object], part: str, keys: Mapping[str, Reads]
) -> dict[str, Any]:
    return rows.read(part, document.get(part, {}), keys)


def _named(
    rows: Rows,
    document: Mapping[str, object],
    part: str,
    keys: Mapping[str, Reads],
    needs: tuple[str, ...] = ("id",),
) -> Iterator[dict[str, Any]]:
    """Rows that have what they need, with places such as "section 'window'"."""
    for at, row in enumerate(rows.rows(document, part), 1):
        name = row.get(needs[0])
        place = f"{part} '{name}'" if _names(name) else f"{part} number {at}"
        found = rows.read(place, row, keys, needs=needs)
        if all(key in found for key in needs):
            yield found


def _names(said: object) -> bool:
    """Whether somebody would know a row by this."""
    return isinstance(said, str) or (type(said) is int and abs(said) <= LARGEST)


def _sections(rows: Rows, document: Mapping[str, object]) -> list[_Written]:
    written = len(rows.rows(document, "section"))
    if written > PLACES_MOST:  # each may stand for two hundred tables
        rows.problems.append(too_many("sections", written, PLACES_MOST))
        return []
    found = [
        _Written(
            row["id"], _tables(rows, row["id"], row["tables"]), row.get("owner"),
            row.get("neighbours"),
        )
        for row in _named(rows, document, "section", SECTION, ("id", "tables"))
    ]  # fmt: skip
    first: dict[str, str] = {}
    for section in found:
        for table in section.tables:
            if table in first:
                wrong = "two sections overlap here, so it has two owners"
                both = (first[table], section.id)
                rows.refuse(f"table '{table}'", both, wrong, "leave it in one of them")
            first.setdefault(table, section.id)
    return found


def _tables(rows: Rows, section: str, said: str | int | tuple[str, ...]) -> tuple[str, ...]:
    """Ids as they are listed, or made for "8 tables"."""
    if isinstance(said, tuple):
        return said
    match = re.fullmatch(r"\s*(\d{1,9})(\s+tables?)?\s*", str(said))
    if not match or not 1 <= int(match[1]) <= MOST_TABLES:
        remedy = f'list their ids, or write "8 tables" (at most {MOST_TABLES})'
        rows.refuse(f"section '{section}': tables", said, "says no number of tables", remedy)
        return ()
    return tuple(f"{section} {number}" for number in range(1, int(match[1]) + 1))


def _nodes(
    rows: Rows, document: Mapping[str, object], sections: list[_Written]
) -> tuple[Node, ...]:
    section_of = {table: section.id for section in sections for table in section.tables}
    placed = list(_named(rows, document, "table", PLACE))
    for row in placed:
        _need_position(rows, document, f"table '{row['id']}'", row)
    tables = [Node(kind=Kind.TABLE, section=section_of.get(row["id"], ""), **row) for row in placed]
    if not placed:
        tables = list(_in_rows(sections))
    for table in set(section_of) - {node.id for node in tables}:
        remedy = f'add [[table]] with id = "{table}" and its place, or leave all tables\' rows out'
        rows.refuse(f"table '{table}'", section_of[table], "has no row of its own", remedy)
    others = list(_others(rows, document, tables, are_placed=bool(placed)))
    if tables and not placed and not any(node.kind is Kind.STATION for node in others):
        others.insert(0, Node("station", Kind.STATION, _middle(tables), -2.0))
    return (*tables, *others)


def _in_rows(sections: list[_Written]) -> Iterator[Node]:
    """Sections one behind the other, three metres apart, tables side by side, two apart."""
    for at, section in enumerate(sections):
        for number_, table in enumerate(section.tables):
            yield Node(table, Kind.TABLE, 1.0 + 2 * number_, 1.0 + 3 * at, section.id)


def _middle(tables: list[Node]) -> float:
    return (min(node.x_m for node in tables) + max(node.x_m for node in tables)) / 2


def _others(
    rows: Rows, document: Mapping[str, object], tables: list[Node], *, are_placed: bool
) -> Iterator[Node]:
    """Stations, passes, doors, queues; in front of tables that stand in rows."""
    in_front = 0
    for part, kind in KINDS.items():
        for row in _named(rows, document, part, PLACE):
            if kind is not Kind.QUEUE and tables and not are_placed and "x_m" not in row:
                row |= {"x_m": _middle(tables) + 2.0 * in_front, "y_m": -2.0}
                in_front += 1
            if kind is not Kind.QUEUE:
                _need_position(rows, document, f"{part} '{row['id']}'", row)
            yield Node(kind=kind, **row)


def _need_position(
    rows: Rows, document: Mapping[str, object], place: str, row: Mapping[str, object]
) -> None:
    """Without walks, seconds come from where places stand."""
    if "walk" not in document and not {"x_m", "y_m"} <= set(row):
        remedy = "add x_m and y_m in metres, or [[walk]] rows with seconds"
        rows.refuse(place, tuple(row), "stands nowhere", remedy)


def _edges(rows: Rows, document: Mapping[str, object]) -> tuple[Edge, ...]:
    found = _named(rows, document, "walk", WALK, ("from", "to", "seconds"))
    return tuple(Edge(row["from"], row["to"], row["seconds"]) for row in found)


def _need_types(rows: Rows, document: Mapping[str, object]) -> tuple[NeedType, ...]:
    found = _named(rows, document, "need", NEED, ("name", "per_hour", "service"))
    return tuple(NeedType(**row) for row in found)


def _servers(
    rows: Rows, document: Mapping[str, object], sections: list[_Written]
) -> tuple[Server, ...]:
    every = _one(rows, document, "every_server", EVERY_SERVER)
    found = [Server(**(every | row)) for row in _named(rows, document, "server", SERVER)]
    for row in _named(rows, document, "agents", AGENTS, ("name", "count")):
        name, count = row.pop("name"), row.pop("count")
        if not 0 <= count <= SERVERS_MOST:
            wrong, remedy = "is no number of agents", f"give 0 to {SERVERS_MOST}"
            rows.refuse(f"agents '{name}': count", count, wrong, remedy)
            continue
        if len(found) + count > SERVERS_MOST:
            rows.problems.append(too_many("servers", len(found) + count, SERVERS_MOST))
            break
        found += [Server(f"{name} {at}", **(every | row)) for at in range(1, count + 1)]
    if "server" in document or "agents" in document:
        return tuple(found)
    return tuple(Server(s.owner or f"server of {s.id}", s.id, **every) for s in sections)


def _owned(sections: list[_Written], servers: tuple[Server, ...]) -> tuple[Section, ...]:
    """Sections with the owner named, or the one server who works there."""
    works = {server.section: server.id for server in reversed(servers)}
    ids = [section.id for section in sections]
    return tuple(
        Section(
            section.id,
            works.get(section.id, "") if section.owner is None else section.owner,
            (*ids[max(at - 1, 0) : at], *ids[at + 1 : at + 2])
            if section.neighbours is None
            else section.neighbours,
        )
        for at, section in enumerate(sections)
    )
