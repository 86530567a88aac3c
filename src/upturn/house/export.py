"""Everything that is kept, as CSV files: a table each, secrets left out, formulas escaped.

Of a shift on a floor there is a row once it is closed; while it is open its files are empty.
Who was asked in a wave is among it (partners.seated), as who belongs to which team is: what a works
council finds in no file is not kept. Ballots are in no table, so no file can hold one.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, Field, Model

from upturn.exchange.queries.fences import everywhere
from upturn.graph.engine.tabular_export import Cell, csv_lines
from upturn.house.passing import lasting

ROOMS = (
    "people", "graph", "voice", "commitments", "trace", "partners", "plan", "loop", "exchange",
    "floor", "record",
)  # fmt: skip
SECRETS = frozenset({"password", "key_hash", "token_hash", "ticket_hash", "code_hash"})
DOORS = frozenset({"loop.Nomination.code"})


def write_everything(folder: Path) -> Iterator[tuple[str, int]]:
    """Write one file a table; yield each file's name and number of rows."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            name = f"{model._meta.label_lower}.csv"  # noqa: SLF001 - Django's documented API
            with everywhere():
                rows = _write(model, folder / name)
            yield name, rows


def _write(model: type[Model], path: Path) -> int:
    columns = [field.attname for field in model._meta.concrete_fields if _is_open(field)]  # noqa: SLF001
    found = lasting(model).order_by("pk").values_list(*columns)
    rows = -1
    with path.open("wb") as file:
        for line in csv_lines(_cells(found.iterator(chunk_size=2000)), columns=columns):
            file.write(line)
            rows += 1
    return rows


def _cells(rows: Iterator[Sequence[Any]]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [_cell(value) for value in row]


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _is_open(field: "Field[Any, Any]") -> bool:
    is_secret = field.name in SECRETS or str(field) in DOORS
    return not is_secret and not isinstance(field, BinaryField)
