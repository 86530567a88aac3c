"""How many agents a contact centre needs, from the shell; it needs no site and no database."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from click.core import ParameterSource
from rich.console import Console
from rich.table import Table as Shown

from upturn.floor.engine.errors import FloorError
from upturn.floor.engine.staffing.agents import Gives, Staffing, agents_for, staff_intervals
from upturn.floor.engine.staffing.intervals import Interval
from upturn.floor.engine.staffing.standards import DAY_CV, Standard
from upturn.floor.engine.staffing.volumes import RESULTS, read_volumes
from upturn.graph.engine.tabular import csv_lines, open_table
from upturn.graph.engine.tabular_errors import TabularError, named

console = Console(highlight=False, markup=False, emoji=False)
file_argument = click.Path(exists=True, dir_okay=False, path_type=Path)
new_file = click.Path(dir_okay=False, path_type=Path)
RESTAURANT = (
    "For contact centres. In a restaurant more staff is not automatically better: in five of them "
    "servers sold more with more tables each, up to a point (Tan & Netessine 2014). No headcount "
    "is recommended there; upturn lab compares what people do."
)
OF_FILES = ("target", "confidence", "floor", "days")


class TargetType(click.ParamType[tuple[float, float]]):
    """80/20: at least 80 % of all callers answered within 20 seconds."""

    name = "target"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float]:
        percent, _, seconds = str(value).partition("/")
        try:
            return float(percent) / 100, float(seconds)
        except ValueError:
            self.fail(f"“{value}” is no target. Write it as 80/20: 80 % within 20 seconds.")


class ZoneType(click.ParamType[ZoneInfo]):
    """A time zone by its name."""

    name = "zone"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> ZoneInfo:
        try:
            return ZoneInfo(str(value))
        except (ValueError, OSError, KeyError):
            self.fail(f"“{value}” is no time zone. Write it as Europe/Berlin or UTC.")


target_option = click.option("--target", type=TargetType(), default="80/20", show_default=True)
confidence_option = click.option(
    "--confidence", default=0.9, show_default=True, help="Share of days on which it must hold."
)
patience_option = click.option(
    "--patience",
    "patience_s",
    default=300.0,
    show_default=True,
    help="Mean seconds a caller is ready to wait; inf: for ever.",
)
day_cv_option = click.option(
    "--day-cv",
    default=DAY_CV,
    show_default=True,
    help="How far whole days stray from their forecast; 0.05 to 0.10 is typical.",
)
zone_option = click.option(
    "--time-zone", "zone", type=ZoneType(), help="Whose clocks a file without offsets follows."
)


@contextmanager
def refusals() -> Iterator[None]:
    """Show what a person can put right as one message."""
    try:
        yield
    except (FloorError, TabularError) as error:
        raise click.ClickException(str(error)) from None


@click.command("staff", epilog=RESTAURANT)
@click.option("--calls", type=float, help="Calls forecast for one interval.")
@click.option("--per-min", type=float, help="Length of an interval in minutes; 30 with --calls.")
@click.option("--aht", "aht_s", type=float, help="Mean handling time, seconds.")
@patience_option
@target_option
@confidence_option
@day_cv_option
@click.option("--volumes", type=file_argument, help="A table (CSV or XLSX): start, calls, aht.")
@zone_option
@click.option("--csv", "csv_out", type=new_file, help="Write the table of --volumes here.")
@click.option("--floor", type=file_argument, help="A contact centre with several skills (TOML).")
@click.option("--days", type=click.IntRange(20), help="Days simulated with --floor; mostly 100.")
@click.pass_context
def staff_(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    *,
    calls: float | None,
    per_min: float | None,
    aht_s: float | None,
    patience_s: float,
    target: tuple[float, float],
    confidence: float,
    day_cv: float,
    volumes: Path | None,
    zone: ZoneInfo | None,
    csv_out: Path | None,
    floor: Path | None,
    days: int | None,
) -> None:
    """Give the smallest staff of a contact centre that keeps a service level on most days.

    One interval (--calls 100 --per-min 30 --aht 180), each interval of a file (--volumes), or
    groups of agents with several skills (--floor), found by simulation.
    """
    if sum(given is not None for given in (calls, volumes, floor)) != 1:
        raise click.UsageError(
            "Give one of --calls, for one interval, --volumes, for a file of them, and --floor, "
            "for agents with several skills."
        )
    if floor:
        _check_options(context)
        from upturn.house.staff_floor import staff_floor  # noqa: PLC0415 - slow to load

        with refusals():
            staff_floor(floor, target=target, confidence=confidence, days=days)
        console.print(RESTAURANT, soft_wrap=True)
        return
    if days is not None:
        raise click.UsageError("--days is for --floor: only there are days simulated.")
    with refusals():
        if calls is not None:
            if aht_s is None:
                raise click.UsageError("Add --aht: the mean handling time in seconds.")
            found = agents_for(
                calls,
                per_min=30.0 if per_min is None else per_min,
                aht_s=aht_s,
                patience_s=patience_s,
                target=target,
                confidence=confidence,
                day_cv=day_cv,
            )
            _show_one(found)
            return
        standard = Standard(target, confidence, patience_s, day_cv)
        intervals = volumes_in(volumes, zone=zone, aht_s=aht_s, per_min=per_min)
        gives = staff_intervals(intervals, standard=standard)
    _show_table(intervals, gives, standard)
    if csv_out:
        _write(csv_out, intervals, gives)


def _check_options(context: click.Context) -> None:
    """What the file itself says is not said again."""
    for option in context.command.params:
        name = option.name or ""
        said = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if said and name not in OF_FILES:
            raise click.UsageError(f"{option.opts[0]} is not for --floor: the file says it all.")


def volumes_in(
    file: Path | None,
    *,
    zone: ZoneInfo | None,
    aht_s: float | None = None,
    per_min: float | None = None,
    with_staff: bool = False,
) -> tuple[Interval, ...]:
    """Read a file of volumes."""
    if file is None:
        return ()
    with file.open("rb") as stream, named(file.name):
        table = open_table(stream, name=file.name)
        return read_volumes(table, zone=zone, aht_s=aht_s, per_min=per_min, with_staff=with_staff)


def target_said(standard: Standard) -> str:
    """The target in words."""
    share, seconds = standard.target
    return f"{share:.0%} of all callers are answered within {seconds:g} seconds"


def assumed(standard: Standard) -> list[str]:
    """What every figure here rests on."""
    patience = standard.patience_s
    waits = (
        "Callers never give up."
        if patience == float("inf")
        else f"A caller is ready to wait {patience:g} seconds on average, exponentially spread."
    )
    strays = (
        "Each day comes exactly as forecast, which no day does: give --day-cv."
        if standard.day_cv == 0
        else f"Whole days stray from the forecast by {standard.day_cv:.0%} (--day-cv)."
    )
    calls = (
        "Calls come at random, handling times are exponentially spread, and every interval is "
        "looked at by itself, in a steady state (Erlang A)."
    )
    return [
        calls,
        f"{waits} {strays}",
        "Agents are those at the telephone; breaks, meetings and absence come on top.",
    ]


HEADS = ("calls in time", "give up", "wait of the answered", "time on calls", "days it holds")


def _cells(gives: Gives) -> list[str]:
    waits = gives.waits
    shares = (waits.service_level, waits.abandoned, waits.occupancy, gives.held_share)
    level, gone, busy, held = (f"{share:.1%}" for share in shares)
    return [level, gone, f"{waits.answered_wait_s:.1f} s", busy, held]


def _table(*heads: str) -> Shown:
    table = Shown(box=None, pad_edge=False)
    for head in heads:
        table.add_column(head, justify="right", no_wrap=head == "interval")
    return table


def _show_one(found: Staffing) -> None:
    standard = found.standard
    table = _table("agents", *HEADS)
    for gives in (found.fewer, found.least, found.more):
        if gives:
            style = "bold" if gives is found.least else None
            table.add_row(str(gives.agents), *_cells(gives), style=style)
    console.print(
        f"{found.agents} agents: the smallest staff with which {target_said(standard)} on "
        f"{standard.confidence:.0%} of days.\n",
        soft_wrap=True,
    )
    console.print(table)
    _say(standard)


def _show_table(intervals: Sequence[Interval], gives: list[Gives], standard: Standard) -> None:
    with_queue = any(one.queue for one in intervals)
    heads = ["interval", *(["queue"] * with_queue), "calls", "agents", *HEADS]
    table = _table(*heads)
    for one, given in zip(intervals, gives, strict=True):
        name = [one.queue] * with_queue
        start = f"{one.start:%a %d %b %H:%M}"
        table.add_row(start, *name, f"{one.calls:g}", str(given.agents), *_cells(given))
    console.print(table)
    console.print(
        f"\nIn each interval the smallest staff with which {target_said(standard)} on "
        f"{standard.confidence:.0%} of days.",
        soft_wrap=True,
    )
    if with_queue:
        console.print(
            "Each queue by itself. Who answers several queues may not be counted in each of them.",
            soft_wrap=True,
        )
    _say(standard)


def _say(standard: Standard) -> None:
    console.print("\nThe shares before the last hold at the forecast volume.", soft_wrap=True)
    for line in (*assumed(standard), RESTAURANT):
        console.print(line, soft_wrap=True)


def _write(file: Path, intervals: Sequence[Interval], gives: list[Gives]) -> None:
    rows: list[tuple[str | float, ...]] = [
        (
            one.start.isoformat(" ", "minutes"),
            one.calls,
            one.aht_s,
            given.agents,
            one.queue,
            *(round(value, 6) for value in _results(given)),
        )
        for one, given in zip(intervals, gives, strict=True)
    ]
    columns = ("start", "calls", "aht_s", "staff", "queue", *RESULTS)
    keep(file, b"".join(csv_lines(rows, columns=columns)))
    console.print(f"{len(rows)} intervals written to {file}.", soft_wrap=True)


def keep(file: Path, content: bytes) -> None:
    """Write a file, or say why not."""
    try:
        file.write_bytes(content)
    except OSError as error:
        msg = f"{file} cannot be written: {error.strerror}. Name a file elsewhere."
        raise click.ClickException(msg) from None


def _results(gives: Gives) -> tuple[float, ...]:
    waits = gives.waits
    return (
        waits.service_level,
        waits.abandoned,
        waits.answered_wait_s,
        waits.occupancy,
        gives.held_share,
    )
