"""Comments as other programs post them: JSON objects with names of their own choosing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from upturn.graph.engine.tabular import Limits, RowProblem, Table
from upturn.voice.engine.errors import BadMap
from upturn.voice.engine.intake import Comment, check_rows
from upturn.voice.engine.intake_fields import Field
from upturn.voice.engine.intake_guess import guess_mapping, settle
from upturn.voice.engine.intake_mapping import parse_map
from upturn.voice.engine.intake_names import KnownNames

DEPTH = 4
FIELDS_MAX = 200


def posted_table(objects: Sequence[Mapping[str, Any]]) -> Table:
    """Lay JSON objects out as a table, a row an object, with the paths of their fields as columns.

    Parameters
    ----------
    objects : sequence of mapping
        As JSON gives them; lists and what is nested deeper than four are left out.

    Examples
    --------
    >>> table = posted_table([{"data": {"review": "Warm", "stars": 4}}, {"data": {"review": "No"}}])
    >>> table.columns, [cells for _, cells in table.rows()]
    (('data review', 'data stars'), [('Warm', '4'), ('No', '')])
    """
    flat = [dict(_fields(each)) for each in objects]
    columns = list(dict.fromkeys(name for fields in flat for name in fields))[:FIELDS_MAX]

    def records() -> Iterator[tuple[int, list[str]]]:
        yield 0, columns
        for number, fields in enumerate(flat, start=1):
            yield number, [fields.get(column, "") for column in columns]

    return Table(
        name="webhook",
        bytes=0,
        kind="csv",
        encoding="utf-8",
        delimiter=",",
        broken_characters=0,
        columns=tuple(columns),
        limits=Limits(),
        records=records,
    )


def posted_comments(
    objects: Sequence[Mapping[str, Any]],
    *,
    spec: str,
    known: KnownNames,
    zone: tzinfo,
    now: datetime,
) -> list[Comment | RowProblem]:
    """Read posted objects as a table of comments would be read.

    Parameters
    ----------
    objects : sequence of mapping
    spec : str
        What is called how, as after ``--map``; the rest is guessed.
    known : KnownNames
        Places and touchpoints that the objects may name.
    zone : tzinfo
        Of dates without one.
    now : datetime
        Aware; comments without a date were said on this day.

    Returns
    -------
    list of Comment or RowProblem
        Rows are counted from 1.

    Raises
    ------
    IntakeError
        If the map cannot be read, no field holds words, or scores come without their scale, which
        a single object cannot tell.
    """
    table = posted_table(objects)
    asked = parse_map(spec, table.columns) if spec.strip() else None
    rows = [cells for _, cells in table.rows()]
    guesses = guess_mapping(table.columns, rows, known=known, asked=asked)
    mapping = settle(guesses, day=(asked and asked.day) or f"{now.astimezone(zone):%Y-%m-%d}")
    scores = mapping.columns.get(Field.SCORE)
    if scores and not (asked and asked.scale):
        raise BadMap(scores, why="its scale is not known.")
    return list(check_rows(table, mapping, zone=zone, now=now, known=known))


def _fields(value: Mapping[str, Any], path: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for name, inner in value.items():
        at = f"{path} {name}".strip()
        if isinstance(inner, Mapping) and depth < DEPTH:
            yield from _fields(inner, at, depth + 1)
        elif isinstance(inner, str | int | float) and not isinstance(inner, bool):
            yield at, str(inner)
