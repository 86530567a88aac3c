"""Imports from files to tables, the same for pages and for the command line."""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upturn.graph import commands as graph
from upturn.graph.engine.tabular_problems import Repairs, repairs_from
from upturn.house.dry_run import (
    Given,
    Organisation,
    Tried,
    comments,
    opened,
    servers_words,
    try_feedback,
    try_measures,
    try_organisation,
    try_servers_words,
)
from upturn.voice import commands as voice
from upturn.voice.engine.direction import Better, measure_name
from upturn.voice.engine.intake import Comment
from upturn.voice.engine.intake_mapping import ColumnMap, map_from
from upturn.voice.engine.intake_servers import ServersComment
from upturn.voice.engine.masking import mask

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from upturn.graph.models import Import
    from upturn.people.models import Person


Typed = TypeVar("Typed", str, str | None)


class Stored(NamedTuple):
    """What an import did."""

    new: int
    same: int


def _folder(made: "Import") -> Path:
    return settings.DATA / "uploads" / made.ref


def hand_in(viewer: "Person", subject: str, files: "list[UploadedFile[bytes]]") -> "Import":
    """Put the files aside; nothing of them is stored in a table yet."""
    digest = hashlib.sha256()
    for file in files:
        for chunk in file.chunks():
            digest.update(chunk)
    names = [file.name or "file" for file in files]
    made = graph.register_import(
        viewer, subject=subject, file_names=names, digest=digest.hexdigest()
    )
    folder = _folder(made)
    folder.mkdir(parents=True, mode=0o700)
    for position, file in enumerate(files):
        with (folder / str(position)).open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
    return made


def given_of(viewer: "Person", made: "Import") -> Given:
    """The files of a registered import, with what was decided about them."""
    names = made.file_name.split(", ")
    better = made.columns.get("better", {}) if made.columns else {}
    paths = sorted(_folder(made).iterdir(), key=lambda path: int(path.name))
    return Given(
        viewer=viewer,
        files=tuple(zip(names, paths, strict=False)),
        asked=map_from(made.columns) if made.columns and not better else None,
        better={name: Better(which) for name, which in better.items()},
        repairs=tuple(repairs_from(data) for data in made.repairs or ()),
    )


def decide(
    made: "Import",
    *,
    columns: ColumnMap | None,
    repairs: dict[int, Repairs],
    better: Mapping[str, Better],
) -> None:
    """Keep decisions beside those that were made before."""
    files = len(list(_folder(made).iterdir()))
    before = [repairs_from(data) for data in made.repairs or ()]
    before += [Repairs()] * (files - len(before))
    merged = [
        _masked(_merged(old, repairs.get(position, Repairs())))
        for position, old in enumerate(before)
    ]
    graph.decide_import(
        made,
        columns={"better": dict(better)} if better else columns.as_data() if columns else {},
        repairs=[one.as_data() for one in merged],
    )


def _merged(old: Repairs, new: Repairs) -> Repairs:
    rows = {**old.cells}
    for row, cells in new.cells.items():
        rows[row] = {**rows.get(row, {}), **cells}
    names = {**old.names}
    for column, chosen in new.names.items():
        names[column] = {**names.get(column, {}), **chosen}
    return Repairs(rows, names, old.left_out | new.left_out, old.shortened | new.shortened)


def _masked(repairs: Repairs) -> Repairs:
    """What is typed in a dry run waits in a table too, so no number of a card may stand there."""
    cells = {row: _without_numbers(cells) for row, cells in repairs.cells.items()}
    names = {column: _without_numbers(names) for column, names in repairs.names.items()}
    return Repairs(cells, names, repairs.left_out, repairs.shortened)


def _without_numbers(said: Mapping[str, Typed]) -> dict[str, Typed]:
    return {mask(key)[0]: mask(value)[0] if value else value for key, value in said.items()}


def try_out(viewer: "Person", made: "Import") -> list[Tried]:
    """Read everything and store nothing."""
    return TRIALS[made.subject](given_of(viewer, made))


TRIALS: dict[str, Callable[[Given], list[Tried]]] = {
    "feedback": try_feedback,
    "servers": try_servers_words,
    "organisation": lambda given: try_organisation(given)[0],
    "measures": lambda given: try_measures(given)[0],
}


@transaction.atomic
def store(viewer: "Person", made: "Import") -> Stored:
    """Store what is ready, whole or not at all; a second press finds it done."""
    if not graph.claim_import(made):
        return Stored(0, made.rows)
    stored = STORES[made.subject](given_of(viewer, made), made)
    graph.finish_import(made, rows=stored.new)
    transaction.on_commit(lambda: shutil.rmtree(_folder(made), ignore_errors=True))
    return stored


def store_feedback(given: Given, made: "Import | None") -> Stored:
    with opened(given) as (table,):
        _guesses, rows = comments(given, table)
        ready = _ticking((row for row in rows if isinstance(row, Comment)), given.tick)
        stored = voice.store_feedback(ready, origin=made, by=given.viewer)
    return Stored(stored.new, stored.same)


def store_servers_words(given: Given, made: "Import | None") -> Stored:
    with opened(given) as (table,):
        _guesses, rows = servers_words(given, table)
        said = [
            voice.SaidByServers(row.party, row.text, row.at, row.external_id, row.masked)
            for row in rows
            if isinstance(row, ServersComment)
        ]
    stored = voice.store_servers_words(given.viewer, said, origin=made)
    return Stored(stored.new, stored.same)


def _ticking(rows: Iterable[Comment], tick: Callable[[int], None]) -> Iterable[Comment]:
    for count, row in enumerate(rows, start=1):
        if count % 1_000 == 0:
            tick(count)
        yield row


def store_organisation(given: Given, _made: "Import | None") -> Stored:
    _tried, found = try_organisation(given)
    stored = graph.store_organisation(
        given.viewer,
        parties=[graph.PartyRecord(**_fields(row)) for row in found.parties],
        serves=[graph.ServesRecord(**_fields(row)) for row in found.serves],
        touchpoints=[_touchpoint(row, at) for at, row in enumerate(found.touchpoints)],
    )
    return _rows_of_files(found, stored)


def _rows_of_files(found: Organisation, stored: graph.Stored) -> Stored:
    """Count the rows as the files have them; storing also adds edges that touchpoints imply."""
    moved = stored.serving.added + stored.serving.changed
    same = (
        min(len(found.parties), stored.parties.same)
        + min(len(found.serves), stored.serves.same)
        + max(0, stored.touchpoints.same - moved)
    )
    return Stored(len(found.parties) + len(found.serves) + len(found.touchpoints) - same, same)


def _fields(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__ if name != "row"}


def _touchpoint(row: Any, position: int) -> graph.TouchpointRecord:
    fields = _fields(row)
    direct = [(key, True) for key in fields.pop("servers")]
    behind = [(key, False) for key in fields.pop("behind")]
    return graph.TouchpointRecord(**fields, position=position, servers=direct + behind)


def store_measures(given: Given, _made: "Import | None") -> Stored:
    (tried,), rows = try_measures(given)
    better = {found.name: found.better for found in tried.directions}
    records = [
        voice.MeasureRecord(**_fields(row) | {"better": better[measure_name(row.name)]})
        for row in rows
    ]
    return Stored(voice.store_measures(given.viewer, records), 0)


STORES: dict[str, Callable[[Given, "Import | None"], Stored]] = {
    "feedback": store_feedback,
    "servers": store_servers_words,
    "organisation": store_organisation,
    "measures": store_measures,
}


@transaction.atomic
def take_back(viewer: "Person", made: "Import") -> int:
    """Remove the comments that came with an import; 0 if that was done before."""
    if not graph.mark_taken_back(made):
        return 0
    return voice.take_back(made, by=viewer)


def sentence(stored: Stored) -> str:
    """What an import did, in words."""
    new = ngettext("%(n)d row came in.", "%(n)d rows came in.", stored.new) % {"n": stored.new}
    if not stored.same:
        return new
    same = ngettext("%(n)d was there already.", "%(n)d were there already.", stored.same) % {
        "n": stored.same
    }
    return f"{new} {same}" if stored.new else _("Nothing new: %(same)s") % {"same": same}
