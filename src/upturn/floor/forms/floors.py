"""A floor that somebody brings in as a file, begins, or draws."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from math import isfinite
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upturn.floor.commands import NAME_MOST, draw_code
from upturn.floor.engine.described.toml_floor import floor_from_toml
from upturn.floor.engine.errors import BadFloors, FloorError
from upturn.floor.engine.grid import grid
from upturn.floor.engine.lab.redrawn import (
    DrawnNeed,
    DrawnPlace,
    DrawnServer,
    most_carried,
    redrawn,
)
from upturn.floor.engine.shapes import Floor, Kind, NeedType, Node, Server

FILE_MOST = 200_000
"""Bytes; the example has five thousand."""
PLACES_MOST, NEEDS_MOST, SERVERS_MOST = 220, 40, 220
KINDS = (
    (Kind.TABLE.value, gettext_lazy("table")),
    (Kind.STATION.value, gettext_lazy("station")),
    (Kind.PASS.value, gettext_lazy("pass")),
    (Kind.DOOR.value, gettext_lazy("door")),
    (Kind.QUEUE.value, gettext_lazy("queue")),
)


def sentences(error: FloorError) -> list[str]:
    """Each thing that is wrong, for the place in a form where it stands."""
    if isinstance(error, BadFloors):
        return [str(problem) for problem in error.problems]
    return [str(error)]


def _code() -> forms.CharField:
    return forms.CharField(max_length=40, widget=forms.HiddenInput)


class TextForm(forms.Form):
    """A floor out of a file, or pasted."""

    file = forms.FileField(label=gettext_lazy("A file"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Or its text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "toml", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "A list of tables, as a spreadsheet copies it. Or TOML, as the lab writes it."
        ),
    )
    code = _code()

    def __init__(self, given: Any = None, files: Any = None, *, refused: str = "") -> None:
        super().__init__(given, files, initial={"code": draw_code()})
        self.refused = refused

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.refused:
            raise ValidationError(self.refused)
        file = given.get("file")
        written = _read(file) if file else given.get("text", "")
        if file:  # nothing is lost: what was in the file stands in the field, to be mended there
            self.data = {**self.data.dict(), "text": written}  # type: ignore[attr-defined]
        if len(written) > FILE_MOST:
            raise ValidationError(_("This is too long for a floor. Leave out what is not TOML."))
        if not written.strip():
            raise ValidationError(_("Choose a file, or paste its text."))
        try:
            given["floor"] = floor_from_toml(written)
        except FloorError as error:
            self.add_error("text", [ValidationError(each) for each in sentences(error)])
        return given


def _read(file: Any) -> str:
    if file.size > FILE_MOST:
        raise ValidationError(_("This file is too large for a floor. Leave out what is not TOML."))
    try:
        return str(file.read().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValidationError(_("This is not a text file in UTF-8. Save it as text.")) from error


class BeginForm(forms.Form):
    """The first sketch of a floor, to be moved into place by hand."""

    name = forms.CharField(label=gettext_lazy("What it is called"), max_length=NAME_MOST)
    sections = forms.IntegerField(
        label=gettext_lazy("How many sections"),
        min_value=1,
        max_value=20,
        initial=4,
        help_text=gettext_lazy("Each has one server who owns its tables."),
    )
    tables = forms.IntegerField(
        label=gettext_lazy("How many tables in each"),
        min_value=1,
        max_value=20,
        initial=7,
        help_text=gettext_lazy("Six to eight are usual."),
    )
    code = _code()

    def __init__(self, given: Any = None) -> None:
        super().__init__(given, initial={"code": draw_code()})

    def floor(self, like: Floor) -> Floor:
        """Give a plain grid with needs, hands and habits of the example."""
        given = self.cleaned_data
        hands = like.servers[0].hands
        plain = grid(
            sections=given["sections"],
            tables=given["tables"],
            need_types=tuple(kind for kind in like.need_types if not kind.at),
            hands=hands,
            behaviour=like.behaviour,
        )
        return redrawn(
            plain,
            name=given["name"],
            places=[
                replace(drawn_place(n), section=_number_of(n.section), y_m=n.y_m + 3)
                for n in plain.nodes
            ],
            needs=[drawn_need(kind) for kind in plain.need_types],
            servers=[
                replace(_drawn_server(s), section=_number_of(s.section)) for s in plain.servers
            ],
        )


def _number_of(section: str) -> str:
    return section.removeprefix("section ")


def _number(label: Any, *, low: float, high: float, required: bool = True) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        min_value=low,
        max_value=high,
        required=required,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )


def _words(label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, max_length=60, required=required)


class RowForm(forms.Form):
    """A row of a table; one without words is no row."""

    was = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)


class PlaceForm(RowForm):
    id = _words(gettext_lazy("name"))
    kind = forms.ChoiceField(label=gettext_lazy("what"), choices=KINDS, initial=Kind.TABLE.value)
    section = _words(gettext_lazy("section"), required=False)
    x_m = _number(gettext_lazy("metres across"), low=-500, high=500)
    y_m = _number(gettext_lazy("metres down"), low=-500, high=500)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        is_table = given.get("kind") == Kind.TABLE
        if is_table and not given.get("section"):
            self.add_error("section", _("Every table belongs to one section."))
        if not is_table:
            given["section"] = ""
        return given


class NeedForm(RowForm):
    name = _words(gettext_lazy("name"))
    per_hour = _number(gettext_lazy("an hour, each table"), low=0, high=10_000)
    mean_s = _number(gettext_lazy("seconds it takes"), low=0, high=36_000)
    due_s = _number(gettext_lazy("late after, s"), low=0, high=36_000, required=False)
    weight = _number(gettext_lazy("weight"), low=0, high=1_000)
    item = _words(gettext_lazy("carries"), required=False)
    owner_only = forms.BooleanField(label=gettext_lazy("owner only"), required=False)
    asks_after_s = _number(gettext_lazy("asks after, s"), low=0, high=36_000, required=False)


class ServerForm(RowForm):
    id = _words(gettext_lazy("name"))
    section = _words(gettext_lazy("section"), required=False)
    speed_m_s = _number(gettext_lazy("metres a second"), low=0.1, high=10)
    carries = forms.IntegerField(
        label=gettext_lazy("needs an item is enough for"), min_value=0, max_value=100
    )


def _rows(form: type[RowForm], most: int) -> type[BaseFormSet[Any]]:
    return formset_factory(
        form, extra=2, can_delete=True, max_num=most, validate_max=True, absolute_max=most + 20
    )


PlaceRows = _rows(PlaceForm, PLACES_MOST)
NeedRows = _rows(NeedForm, NEEDS_MOST)
ServerRows = _rows(ServerForm, SERVERS_MOST)


class NameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("What it is called"), max_length=NAME_MOST)
    read = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class Drawing:
    """Everything one form of a drawn floor sends."""

    def __init__(self, floor: Floor, *, version: int, given: Any = None) -> None:
        self.floor = floor
        self.head = NameForm(given, initial={"name": floor.name, "read": version})
        self.places = PlaceRows(
            given, prefix="place", initial=_rows_of(map(drawn_place, floor.nodes))
        )
        self.needs = NeedRows(
            given, prefix="need", initial=_rows_of(map(drawn_need, floor.need_types))
        )
        self.servers = ServerRows(
            given, prefix="server", initial=_rows_of(map(_drawn_server, floor.servers))
        )

    @property
    def tables(self) -> list[BaseFormSet[Any]]:
        """The three tables of the page."""
        return [self.places, self.needs, self.servers]

    def is_valid(self) -> bool:
        """Look at all parts, so that everything is mended in one go."""
        sound = [rows.is_valid() for rows in self.tables]
        return self.head.is_valid() and all(sound)

    def drawn(self) -> Floor:
        """Give the floor as the form says."""
        return redrawn(
            self.floor,
            name=self.head.cleaned_data["name"],
            places=[DrawnPlace(**row | {"kind": Kind(row["kind"])}) for row in _kept(self.places)],
            needs=[DrawnNeed(**row) for row in _kept(self.needs)],
            servers=[DrawnServer(**row) for row in _kept(self.servers)],
        )


def _kept(rows: BaseFormSet[Any]) -> list[dict[str, Any]]:
    gone = rows.deleted_forms
    return [
        {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
        for form in rows.forms
        if form.cleaned_data and form not in gone
    ]


def drawn_place(node: Node) -> DrawnPlace:
    """A place as its row of the table shows it."""
    return DrawnPlace(node.id, node.id, node.kind, node.section, node.x_m, node.y_m)


def drawn_need(kind: NeedType) -> DrawnNeed:
    """A kind of need as its row of the table shows it."""
    return DrawnNeed(
        was=kind.name,
        name=kind.name,
        per_hour=kind.per_hour,
        mean_s=kind.service.mean_s,
        due_s=kind.due_s if isfinite(kind.due_s) else None,
        weight=kind.weight,
        item=kind.item,
        owner_only=kind.owner_only,
        asks_after_s=kind.asks_after.mean_s if kind.asks_after else None,
    )


def _drawn_server(server: Server) -> DrawnServer:
    return DrawnServer(server.id, server.id, server.section, server.speed_m_s, most_carried(server))


def _rows_of(drawn: Iterable[DrawnPlace | DrawnNeed | DrawnServer]) -> list[dict[str, Any]]:
    """What stands in the fields at first: 60, not 60.0."""
    return [{name: _plain(value) for name, value in asdict(row).items()} for row in drawn]


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
