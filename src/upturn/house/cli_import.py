"""Bringing in files from the shell: look, confirm, store."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import click
from django.db import transaction
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table as Lines

from upturn.graph import commands as graph
from upturn.graph.engine.names import nearest
from upturn.graph.engine.tabular import open_table
from upturn.graph.engine.tabular_errors import TabularError
from upturn.graph.engine.tabular_problems import describe
from upturn.house import imports
from upturn.house.cli_ready import need_database
from upturn.house.dry_run import (
    Given,
    Tried,
    limits,
    try_feedback,
    try_measures,
    try_organisation,
    try_servers_words,
)
from upturn.voice import jobs
from upturn.voice.engine.direction import Better, how_known, measure_name
from upturn.voice.engine.errors import IntakeError
from upturn.voice.engine.intake_guess import describe_guess
from upturn.voice.engine.intake_mapping import ColumnMap, parse_map

console = Console()
SHOWN = 20
T = TypeVar("T")
REFUSALS = (TabularError, IntakeError)
file_argument = click.Path(exists=True, dir_okay=False, path_type=Path)
yes_option = click.option("--yes", is_flag=True, help="Do not ask; store what is ready.")


@click.group("import")
def import_() -> None:
    """Bring in files. Each is tried first; nothing is stored before you say so."""
    need_database()


def _progress(what: str) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn(what),
        TextColumn("{task.completed:,.0f} rows"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _watched(what: str, work: Callable[[Callable[[int], None]], T]) -> T:
    with _progress(what) as progress:
        task = progress.add_task(what, total=None)
        return work(lambda rows: progress.update(task, completed=rows))


def _show(tried: list[Tried]) -> None:
    for one in tried:
        rows = one.counts
        counts = f"{rows.in_file:,} rows, {rows.ready:,} ready, {rows.same:,} the same as before"
        left = f"{rows.left_out:,} left out, {rows.need_you:,} need you"
        click.echo(f"{one.table.name}: {counts}, {left}.")
        _show_columns(one)
        _show_directions(one)
        for group in one.counts.problems.groups[:SHOWN]:
            found = group.first
            times = f" ({group.count} rows)" if group.count > 1 else ""
            where = f"row {found.row}, {found.column}: {found.value!r}{times}"
            click.echo(f"  {where} {describe(found)}")
        if (more := len(one.counts.problems.groups) - SHOWN) > 0:
            click.echo(f"  … and {more} more of that kind.")


def _show_columns(one: Tried) -> None:
    if not one.guesses:
        return
    lines = Lines("your column", "becomes", "how sure")
    for guess in one.guesses:
        scale = f", scale {guess.scale.label}" if guess.scale else ""
        lines.add_row(guess.column, f"{guess.becomes or 'left out'}{scale}", describe_guess(guess))
    console.print(lines)


def _show_directions(one: Tried) -> None:
    if not one.directions:
        return
    lines = Lines("measure", "better is", "how we know")
    for found in one.directions:
        lines.add_row(found.name, found.better, how_known(found.known))
    console.print(lines)


def _confirm(tried: list[Tried], *, yes: bool) -> None:
    _show(tried)
    ready = sum(one.counts.ready for one in tried)
    if not ready:
        click.echo("Nothing new to store.")
        raise SystemExit(0)
    if not yes:
        click.confirm(f"Bring in {ready:,} rows? Nothing has been stored yet.", abort=True)


def _given(files: tuple[Path, ...]) -> tuple[tuple[str, Path], ...]:
    return tuple((path.name, path) for path in files)


@import_.command("feedback")
@click.argument("file", type=file_argument)
@click.option("--map", "spec", help="Say what columns are: text=review,score=stars:1-5,at=date")
@click.option(
    "--side",
    type=click.Choice(["customers", "servers"]),
    default="customers",
    help="Whose words: servers' need columns party, text and at.",
)
@yes_option
def feedback(file: Path, spec: str | None, side: str, *, yes: bool) -> None:
    """Bring in customers' words from FILE (CSV or XLSX), whatever its columns are called."""
    if side == "servers":
        _servers_words(file, spec, yes=yes)
        return
    try:
        asked = _asked(file, spec)
        given = Given(viewer=None, files=_given((file,)), asked=asked)
        tried = _watched("Looking", lambda tick: try_feedback(_ticking(given, tick)))
        _confirm(tried, yes=yes)
        stored = _watched("Storing", lambda tick: _store("feedback", _ticking(given, tick)))
    except REFUSALS as error:
        raise click.ClickException(str(error)) from None
    click.echo(imports.sentence(stored))
    _watched("Reading", lambda tick: jobs.read_unread(progress=lambda done, _all: tick(done)))


def _servers_words(file: Path, spec: str | None, *, yes: bool) -> None:
    """Bring in what those who serve said; no reader reads it."""
    if spec is not None:
        raise click.UsageError("--map is for customers' words. Name columns party, text and at.")
    given = Given(viewer=None, files=_given((file,)))
    try:
        _confirm(try_servers_words(given), yes=yes)
        stored = _store("servers", given)
    except REFUSALS as error:
        raise click.ClickException(str(error)) from None
    click.echo(imports.sentence(stored))


def _ticking(given: Given, tick: Callable[[int], None]) -> Given:
    return Given(viewer=None, files=given.files, asked=given.asked, tick=tick)


def _asked(file: Path, spec: str | None) -> ColumnMap | None:
    if spec is None:
        return None
    with file.open("rb") as stream:
        return parse_map(spec, open_table(stream, name=file.name, limits=limits()).columns)


@transaction.atomic
def _store(subject: str, given: Given) -> imports.Stored:
    """Store words as an import, so that they can be taken back."""
    name = given.files[0][0]
    made = graph.register_import(None, subject=subject, file_names=[name], digest="")
    graph.claim_import(made)
    stored = imports.STORES[subject](given, made)
    graph.finish_import(made, rows=stored.new)
    return stored


@import_.command("organisation")
@click.argument("files", type=file_argument, nargs=-1, required=True)
@yes_option
def organisation(files: tuple[Path, ...], *, yes: bool) -> None:
    """Bring in who serves whom: parties.csv, serves.csv and perhaps touchpoints.csv."""
    given = Given(viewer=None, files=_given(files))
    try:
        _confirm(try_organisation(given)[0], yes=yes)
        stored = imports.store_organisation(given, None)
    except REFUSALS as error:
        raise click.ClickException(str(error)) from None
    click.echo(imports.sentence(stored))


@import_.command("measures")
@click.argument("file", type=file_argument)
@click.option("--better", "said", multiple=True, help="Say which is better: 'minutes=less'.")
@yes_option
def measures(file: Path, *, said: tuple[str, ...], yes: bool) -> None:
    """Bring in weekly figures of parties and edges from FILE."""
    given = Given(viewer=None, files=_given((file,)), better=dict(map(_said_better, said)))
    try:
        tried = try_measures(given)[0]
        _refuse_unknown(given.better, tried[0])
        _confirm(tried, yes=yes)
        stored = imports.store_measures(given, None)
    except REFUSALS as error:
        raise click.ClickException(str(error)) from None
    click.echo(imports.sentence(stored))


def _said_better(said: str) -> tuple[str, Better]:
    name, _, which = said.rpartition("=")
    if not name.strip() or which not in set(Better):
        raise click.BadParameter(f"'{said}' is neither NAME=more nor NAME=less.")
    return measure_name(name), Better(which)


def _refuse_unknown(better: Mapping[str, Better], tried: Tried) -> None:
    names = [found.name for found in tried.directions]
    for name in better:
        if name not in names:
            near = ", ".join(nearest(name, names)) or "none like it"
            raise click.BadParameter(f"The file has no measure '{name}'. It has: {near}.")
