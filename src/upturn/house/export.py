"""Everything that is kept, as CSV files: a table each, secrets left out, formulas escaped."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, Field, Model

from upturn.graph.engine.tabular import escape_formula

ROOMS = ("people", "graph", "voice", "commitments", "record")
SECRETS = frozenset({"password", "key_hash", "token_hash", "ticket_hash"})


def write_everything(folder: Path) -> Iterator[tuple[str, int]]:
    """Write one file a table; yield each file's name and number of rows."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            name = f"{model._meta.label_lower}.csv"  # noqa: SLF001 - Django's documented API
            yield name, _write(model, folder / name)


def _write(model: type[Model], path: Path) -> int:
    fields = [field.attname for field in model._meta.concrete_fields if _is_open(field)]  # noqa: SLF001
    rows = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(fields)
        found = model._default_manager.order_by("pk").values_list(*fields)  # noqa: SLF001
        for row in found.iterator(chunk_size=2000):
            writer.writerow([escape_formula("" if cell is None else str(cell)) for cell in row])
            rows += 1
    return rows


def _is_open(field: "Field[Any, Any]") -> bool:
    return field.name not in SECRETS and not isinstance(field, BinaryField)
