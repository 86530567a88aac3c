"""Which column becomes what: asked for by a person, or guessed from names and contents."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from upturn.graph.engine.names import nearest
from upturn.graph.engine.tabular_dates import DateOrder, read_date
from upturn.voice.engine.errors import BadMap, IdentityAsked, UnknownColumn
from upturn.voice.engine.intake_fields import Field, says_who
from upturn.voice.engine.intake_scores import Scale, scale_of

PART = re.compile(rf",(?=\s*(?:{'|'.join(Field)})\s*=)")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which column becomes what.

    Parameters
    ----------
    columns : mapping of Field to str
        Name of the column; a field without one is not in the file, or left out.
    left_out : frozenset of Field
        Fields a person does not want read, so that they are not guessed either.
    scale : Scale or None
        Of the scores.
    order : DateOrder or None
        Of the numbers in dates; None where nobody said.
    day : str
        ISO date for rows without one, ``""`` if they are to be reported.
    """

    columns: Mapping[Field, str] = field(default_factory=dict)
    left_out: frozenset[Field] = frozenset()
    scale: Scale | None = None
    order: DateOrder | None = None
    day: str = ""

    def as_data(self) -> dict[str, Any]:
        """Give what JSON can hold; `map_from` reads it back."""
        return {
            "columns": {str(key): column for key, column in self.columns.items()},
            "left_out": sorted(self.left_out),
            "scale": self.scale.label if self.scale else "",
            "order": str(self.order or ""),
            "day": self.day,
        }


def map_from(data: Mapping[str, Any]) -> ColumnMap:
    """Read what `ColumnMap.as_data` gave.

    >>> map_from(ColumnMap({Field.TEXT: "review"}, scale=Scale(1, 5)).as_data()).scale
    Scale(low=1.0, high=5.0)
    """
    return ColumnMap(
        columns={Field(key): column for key, column in data["columns"].items()},
        left_out=frozenset(map(Field, data["left_out"])),
        scale=scale_of(data["scale"]),
        order=DateOrder(data["order"]) if data["order"] else None,
        day=data["day"],
    )


def parse_map(spec: str, columns: Sequence[str]) -> ColumnMap:
    """Read what a person asked for in words.

    Parameters
    ----------
    spec : str
        ``text=review,score=stars:1-5,at=date:day-first``. Capitals in names of columns do not
        matter; nothing after ``=`` leaves the field out; a date after ``at=`` is the day of all
        rows.
    columns : sequence of str
        The names in the file.

    Raises
    ------
    BadMap
        When a part is not ``field=column`` or stands twice.
    UnknownColumn
        With the nearest names.
    IdentityAsked
        When the column says who somebody is.

    >>> parse_map("text=Review, score=stars:0-5", ["review", "stars"]).scale.label
    '0-5'
    """
    found: dict[Field, str] = {}
    left_out: set[Field] = set()
    asked: dict[str, Any] = {}
    for part in PART.split(spec):
        name, _, column = (piece.strip() for piece in part.partition("="))
        if name not in set(Field) or "=" not in part:
            raise BadMap(part.strip(), why=f"a part begins with one of {', '.join(Field)}.")
        key = Field(name)
        if key in found or key in left_out:
            raise BadMap(part.strip(), why=f"{key} stands there twice.")
        if not column:
            left_out.add(key)
        elif key is Field.AT and (day := _day(column, columns)):
            asked["day"] = day
        else:
            found[key], details = _column(key, column, columns)
            asked |= details
    _refuse_twice(found)
    return ColumnMap(found, frozenset(left_out), **asked)


def _day(text: str, columns: Sequence[str]) -> str:
    moment = read_date(text)
    if text in columns or not isinstance(moment, datetime):
        return ""
    return moment.date().isoformat()


def _column(key: Field, text: str, columns: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Give the column and what stands after a colon, a scale or an order of dates."""
    named = {column.casefold(): column for column in columns}
    column, _, detail = text.rpartition(":")
    if text.casefold() in named or not column:
        column, detail = text, ""
    if column.strip().casefold() not in named:
        raise UnknownColumn(column, columns=columns, nearest=nearest(column, columns))
    column = named[column.strip().casefold()]
    if says_who(column):
        raise IdentityAsked(column)
    return column, _detail(key, detail.strip(), text) if detail else {}


def _detail(key: Field, detail: str, text: str) -> dict[str, Any]:
    scale = scale_of(detail) if key is Field.SCORE else None
    if scale:
        return {"scale": scale}
    if key is Field.AT and detail in set(DateOrder):
        return {"order": DateOrder(detail)}
    raise BadMap(text, why=f"“{detail}” is neither a scale such as 1-5 nor an order of dates.")


def _refuse_twice(found: Mapping[Field, str]) -> None:
    columns: Iterable[str] = found.values()
    for column in (twice := list(columns)):
        if twice.count(column) > 1:
            raise BadMap(column, why="One column becomes one thing only.")
