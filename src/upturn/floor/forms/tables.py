"""A list of tables that somebody brings in: read, mended where it has to be, then drawn."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upturn.floor.commands import NAME_MOST, draw_code
from upturn.floor.engine.described.csv_floor import Tables, read_tables
from upturn.floor.engine.lab.redrawn import DrawnServer, most_carried, redrawn
from upturn.floor.engine.shapes import Floor, Kind
from upturn.floor.forms.floors import drawn_need, drawn_place
from upturn.graph.engine.tabular import Limits, Table, open_table
from upturn.graph.engine.tabular_errors import TabularError
from upturn.graph.engine.tabular_problems import Repairs, RowProblem

LIMITS = Limits(bytes_max=2_000_000, rows_max=2_000, columns_max=60, cell_characters_max=1_000)
TEXT_MOST = 300_000
WIDE_M = 80.0
"""A floor wider than this is worth a question: are these metres?"""
TOML = re.compile(r"\s*(\[|#|[\w\"'.-]+\s*=)")
CELL = re.compile(r"cell\|(\d{1,9})\|([^\0]+)")
ROW = re.compile(r"row\|(\d{1,9})")


def is_table(data: bytes) -> bool:
    """Whether a file is a list of tables and not a floor in TOML."""
    if data.startswith((b"PK\x03\x04", b"\xff\xfe", b"\xfe\xff")):
        return True
    return not TOML.match(data[:4_000].decode("utf-8", "replace").removeprefix("\ufeff"))


def handed_in(given: Mapping[str, Any], files: Mapping[str, Any]) -> tuple[bytes, str] | None:
    """Give the list of tables somebody chose or pasted, with its name; None for anything else."""
    file = files.get("file")
    if file:
        data, name = file.read(LIMITS.bytes_max + 1), str(file.name)
        file.seek(0)
    else:
        data, name = str(given.get("text", ""))[:TEXT_MOST].encode(), ""
    return (data, name) if data.strip() and is_table(data) else None


def rows_as_text(data: bytes, *, name: str, repairs: Repairs | None = None) -> str:
    """Write a table of any kind as CSV, each row where it stood, with what was mended.

    Raises
    ------
    TabularError
        When it is no table.
    """
    return "\r\n".join(_lines(open_table(io.BytesIO(data), name=name, limits=LIMITS), repairs))


def _lines(table: Table, repairs: Repairs | None) -> Iterator[str]:
    decided = repairs or Repairs()
    yield _line(table.columns)
    at = 1
    for number, raw in table.rows():
        yield from [""] * (number - at - 1)
        at = max(number, at + 1)
        left_out = number in decided.left_out
        yield "" if left_out else _line(decided.mend(number, raw, table.columns))


def _line(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def repairs_given(given: Mapping[str, Any]) -> Repairs:
    """Read what was written instead of cells, and which rows are left out."""
    cells: dict[int, dict[str, str]] = {}
    left_out = set()
    for name, value in given.items():
        if (found := CELL.fullmatch(name)) and str(value).strip():
            cells.setdefault(int(found[1]), {})[found[2]] = str(value).strip()
        elif (found := ROW.fullmatch(name)) and value:
            left_out.add(int(found[1]))
    return Repairs(cells=cells, left_out=frozenset(left_out))


class TablesForm(forms.Form):
    """The rows of a file, in the field in which they wait until nothing is wrong with them."""

    name = forms.CharField(label=gettext_lazy("What it is called"), max_length=NAME_MOST)
    text = forms.CharField(
        label=gettext_lazy("The rows as text"),
        max_length=TEXT_MOST,
        strip=False,
        widget=forms.Textarea(attrs={"class": "toml", "spellcheck": "false"}),
    )
    code = forms.CharField(max_length=40, widget=forms.HiddenInput)
    read = Tables((), 0, (), {}, ())

    @classmethod
    def of_file(cls, data: bytes, *, name: str) -> "TablesForm":
        """Begin with a file that was just brought in."""
        text = rows_as_text(data, name=name)
        called = PurePath(name).stem[:NAME_MOST] or _("Our floor")
        return cls({"name": called, "text": text, "code": draw_code()})

    def clean_text(self) -> str:
        """The rows with what was mended just now; they stand in the field from here on."""
        data = str(self.cleaned_data["text"]).encode()
        try:
            text = rows_as_text(data, name="", repairs=repairs_given(self.data))
            self.read = read_tables(open_table(io.BytesIO(text.encode()), name="", limits=LIMITS))
        except TabularError as error:
            raise ValidationError(error.sentence(_)) from error
        self.data = {**dict(self.data.items()), "text": text}
        return text

    @property
    def problems(self) -> list[RowProblem]:
        """What needs somebody before the floor can be drawn."""
        return [problem for problem in self.read.problems if problem.problem.needs_you]

    @property
    def read_columns(self) -> list[tuple[str, str]]:
        """What each column becomes."""
        return [(column, field) for field, column in self.read.columns.items()]

    @property
    def tables(self) -> int:
        """How many tables were read."""
        return sum(place.kind is Kind.TABLE for place in self.read.places)

    @cached_property
    def width_m(self) -> float:
        """How wide the floor is, where that is worth a question."""
        found = self.read.places
        spans = [(p.x_m, p.y_m) for p in found]
        width = max((max(axis) - min(axis) for axis in zip(*spans, strict=True)), default=0.0)
        return width if width > WIDE_M else 0.0

    def floor(self, like: Floor) -> Floor:
        """Give the floor with needs, hands and habits of the example, a seat a section."""
        hands = like.servers[0]
        kinds = tuple(kind for kind in like.need_types if not kind.at)
        return redrawn(
            replace(like, nodes=(), edges=(), sections=(), servers=(), need_types=kinds),
            name=str(self.cleaned_data.get("name", "")),
            places=[drawn_place(node) for node in self.read.places],
            needs=[drawn_need(kind) for kind in kinds],
            servers=[
                DrawnServer("", f"server {each}", each, hands.speed_m_s, most_carried(hands))
                for each in self.read.sections
            ],
        )
