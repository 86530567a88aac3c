"""A trace from the shell, out of two files, without a database."""

from pathlib import Path

import click
from rich.console import Console

from upturn.graph.engine.tabular_errors import TabularError
from upturn.house.trace_files import FilesRefused, read_files, touchpoint_called, week_called
from upturn.house.trace_page import show
from upturn.trace.engine import Alarm, TraceError, alarm_at, to_json, trace

file_argument = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("trace")
@click.option("--graph", type=file_argument, required=True, help="Who serves whom (CSV or XLSX).")
@click.option("--measures", type=file_argument, required=True, help="Weekly figures.")
@click.option("--at", required=True, help="The touchpoint that fell.")
@click.option("--week", help="The week in which it began, if you know it: 2026-W40.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def trace_(graph: Path, measures: Path, at: str, week: str | None, *, as_json: bool) -> None:
    """Trace a touchpoint that fell to what inside moved together with it, and say the doubt."""
    try:
        told = read_files(graph, measures)
        point = touchpoint_called(at, told.graph)
        onset = week_called(week, told.measures) if week else None
        alarm = alarm_at(told.measures, graph=told.graph, touchpoint=point, onset=onset)
        nothing = Alarm(point, onset or 0, 0.0, 1.0)
        found = trace(told.measures, graph=told.graph, alarm=alarm or nothing)
    except (TabularError, FilesRefused, TraceError) as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(to_json(found, told.graph))
    else:
        show(found, told, Console(highlight=False))
