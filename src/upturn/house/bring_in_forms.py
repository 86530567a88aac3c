"""What somebody hands in and decides on the pages of an import."""

import re
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from upturn.graph.engine.tabular_dates import DateOrder
from upturn.graph.engine.tabular_problems import Repairs
from upturn.voice.engine.direction import Better
from upturn.voice.engine.intake_fields import Field
from upturn.voice.engine.intake_mapping import ColumnMap
from upturn.voice.engine.intake_scores import scale_of

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

FILES_MAX = 5
# Names of fields as the page writes them; whatever else comes was forged.
PLACE = re.compile(
    r"cell\|\d{1,3}\|\d{1,9}\|[^\0]+|name\|\d{1,3}\|[^\0]+\|[^\0]+|row\|\d{1,3}\|\d{1,9}"
)


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        files = data if isinstance(data, list | tuple) else [data]
        cleaned: list[UploadedFile[bytes]] = [
            super(SeveralFilesField, self).clean(one) for one in files
        ]
        return cleaned


class HandInForm(forms.Form):
    subject = forms.ChoiceField(
        label=_("What is in the file?"),
        choices=[
            ("feedback", _("what customers said")),
            ("servers", _("what those who serve said")),
            ("organisation", _("who serves whom")),
            ("measures", _("weekly measures")),
        ],
        initial="feedback",
        widget=forms.RadioSelect,
    )
    files: Any = SeveralFilesField(
        label=_("CSV or XLSX"),
        help_text=_(
            "For who serves whom: parties.csv and serves.csv together. Nothing is stored before"
            " you have seen it."
        ),
    )

    def clean_files(self) -> "list[UploadedFile[bytes]]":
        files: list[UploadedFile[bytes]] = self.cleaned_data["files"]
        if len(files) > FILES_MAX:
            raise forms.ValidationError(
                _("%(n)d files at once are too many; %(most)d go together.")
                % {"n": len(files), "most": FILES_MAX}
            )
        for file in files:
            if (file.size or 0) > settings.UPLOAD_BYTES_MAX:
                most = settings.UPLOAD_BYTES_MAX // 1_000_000
                raise forms.ValidationError(
                    _("%(name)s is larger than %(most)d MB. Split it, or use the command line.")
                    % {"name": file.name, "most": most}
                )
        return files

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        several = len(given.get("files", ())) > 1
        if several and given.get("subject") != "organisation":
            self.add_error("files", _("Hand in one file of this kind at a time."))
        return given


def asked_columns(post: QueryDict) -> ColumnMap | None:
    """What becomes of each column, as the selects of the dry run say; None without any."""
    names = [name for name in post if name.startswith("becomes|") and "\0" not in name]
    if not names:
        return None
    chosen = {post[name]: name.removeprefix("becomes|") for name in names if post[name]}
    columns = {Field(key): column for key, column in chosen.items() if key in set(Field)}
    order = post.get("order", "")
    return ColumnMap(
        columns=columns,
        left_out=frozenset(Field) - columns.keys(),
        scale=scale_of(post.get("scale", "")),
        order=DateOrder(order) if order in set(DateOrder) else None,
        day=_day(post.get("day", "")),
    )


def _day(given: str) -> str:
    try:
        return str(date.fromisoformat(given))
    except ValueError:
        return ""


def directions_given(post: QueryDict) -> dict[str, Better]:
    """Which way each measure gets better, as the selects of the dry run say."""
    return {
        name.removeprefix("better|"): Better(str(post[name]))
        for name in post
        if name.startswith("better|") and "\0" not in name and post[name] in set(Better)
    }


def repairs_given(post: QueryDict) -> dict[int, Repairs]:
    """What was mended, chosen, left out or cut, by position of the file."""
    cells: dict[int, dict[int, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    names: dict[int, dict[str, dict[str, str | None]]] = defaultdict(lambda: defaultdict(dict))
    out: dict[int, set[int]] = defaultdict(set)
    short: dict[int, set[int]] = defaultdict(set)
    for name in filter(PLACE.fullmatch, post):
        kind, *rest = name.split("|", 3)
        value = str(post[name]).replace("\0", "")
        if kind == "cell" and value:
            cells[int(rest[0])][int(rest[1])][rest[2]] = value
        elif kind == "name" and value:
            names[int(rest[0])][rest[1]][rest[2]] = None if value == "leave rows out" else value
        elif kind == "row" and value in {"out", "short"}:
            (out if value == "out" else short)[int(rest[0])].add(int(rest[1]))
    return {
        file: Repairs(cells[file], names[file], frozenset(out[file]), frozenset(short[file]))
        for file in {*cells, *names, *out, *short}
    }
