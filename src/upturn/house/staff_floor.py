"""A contact centre out of a file, staffed by simulation: what `upturn staff --floor` shows."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Shown

from upturn.floor.engine.described.toml_floor import floor_from_toml
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.needs import needs_expected
from upturn.house.floor_shell import console_of_tables, text_of
from upturn.stats.figures import Figure
from upturn.stats.intervals import share_interval

if TYPE_CHECKING:
    from upturn.floor.engine.staffing.adding_up import AddedUp
    from upturn.floor.engine.staffing.centre import Centre, Counts, Level
    from upturn.floor.engine.staffing.skills import SkilledStaff, Tell

DAYS, DAYS_LEAST, CALLS_MOST = 100, 20, 4_000_000
RANGE = 1.96  # standard errors on either side


def staff_floor(
    file: Path, *, target: tuple[float, float], confidence: float, days: int | None
) -> None:
    """Find the smallest groups for the contact centre of a file, and say what they give."""
    from upturn.floor.engine.staffing.adding_up import add_up  # noqa: PLC0415 - slow to load
    from upturn.floor.engine.staffing.centre import centre_of  # noqa: PLC0415
    from upturn.floor.engine.staffing.skills import staff_centre  # noqa: PLC0415

    floor = floor_from_toml(text_of(file))
    centre, now = centre_of(floor, target=target, confidence=confidence, days=days or DAYS)
    centre = _of_a_size(centre, days)
    with _searching() as tell:
        found = staff_centre(centre, tell=tell)
        added = add_up(centre, tell=tell)
    console = console_of_tables()
    _show(found, now, console)
    _show_added(found, added, console)
    for line in _assumed(centre):
        console.print(line, soft_wrap=True)


def _of_a_size(centre: "Centre", days: int | None) -> "Centre":
    """As many days as were asked for, or as fit."""
    a_day = needs_expected(centre.floor, hours=centre.hours)
    most = CALLS_MOST // max(a_day, 1)
    if days is None:
        return replace(centre, reps=max(DAYS_LEAST, min(DAYS, most)))
    if days > most:
        remedy = f"give at most {most}: a day has {a_day:,} calls, and all are kept"
        raise BadSetting("days", days, remedy)
    return centre


@contextmanager
def _searching() -> "Iterator[Tell]":
    """Say which staff was tried last; how many will be tried nobody knows."""
    console = Console(stderr=True, markup=False, emoji=False)
    if not console.is_terminal:
        click.echo("Trying one staff after the other; this takes some seconds.", err=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed} tried"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task("Making the engine ready", total=None)

        def tell(counts: "Counts", levels: "Mapping[str, Level]") -> None:
            worst = max(levels, key=lambda name: levels[name].short)
            said = f"{sum(counts)} agents: {worst} {levels[worst].share:.0%} in time"
            progress.update(task, advance=1, description=said)

        yield tell


def _show(found: "SkilledStaff", now: "Counts", console: Console) -> None:
    share, seconds = found.centre.targets[next(iter(found.levels))]
    console.print(
        f"{found.total} agents: the smallest staff found with which, in every queue, {share:.0%} "
        f"of all callers are answered within {seconds:g} seconds on "
        f"{found.centre.confidence:.0%} of days.\n",
        soft_wrap=True,
    )
    table = _table("group", "agents", "in the file")
    for (name, agents), has in zip(found.agents.items(), now, strict=True):
        table.add_row(name, str(agents), str(has))
    table.add_row("all", str(found.total), str(sum(now)), style="bold")
    console.print(table)
    console.print("\nWhat they give", style="bold")
    console.print(_levels(found.levels))
    console.print("\nOne agent fewer in a group, and the queue that suffers most", style="bold")
    table = _table("one fewer in", "queue", "calls in time", "days it holds")
    for name, levels in found.fewer.items():
        worst = max(levels, key=lambda queue: levels[queue].short)
        table.add_row(name, worst, _share(levels[worst]), _days(levels[worst]))
    console.print(table)


def _table(*heads: str) -> Shown:
    table = Shown(box=None, pad_edge=False)
    for at, head in enumerate(heads):
        table.add_column(head, justify="right" if at else "left")
    return table


def _levels(levels: "Mapping[str, Level]") -> Shown:
    table = _table(
        "queue", "calls a day", "calls in time", "in the worst hour", "give up", "days it holds"
    )
    for queue, level in levels.items():
        share, worst, gone = _share(level), f"{level.worst_hour:.1%}", f"{level.gave_up:.1%}"
        table.add_row(queue, f"{level.calls:,.0f}", share, worst, gone, _days(level))
    return table


def _share(level: "Level") -> str:
    return f"{level.share:.1%} ±{100 * RANGE * level.error:.1f}"


def _days(level: "Level") -> str:
    figure = share_interval(level.days_held, level.days)
    if not isinstance(figure, Figure):
        return "unknown"
    return f"{figure.value:.1%} ({100 * figure.low:.0f} to {100 * figure.high:.0f})"


def _show_added(found: "SkilledStaff", added: "AddedUp", console: Console) -> None:
    console.print("\nWhat adding up would have said", style="bold")
    numbers = " + ".join(f"{number} for {queue}" for queue, number in added.alone.items())
    alone, counted = sum(added.alone.values()), sum(added.agents.values())
    said = f"Agents of its own for each queue: {numbers} = {alone}. Together it takes {found.total}"
    even = ": who can answer several queues evens them out, which a sum cannot know."
    console.print(said + (even if found.total < alone else "."), soft_wrap=True)
    if counted == alone:
        console.print("Nobody is counted in two queues.", soft_wrap=True)
        return
    staff = ", ".join(f"{number} {group}" for group, number in added.agents.items())
    console.print(
        f"So many able to answer each queue, who can answer several counted in each: {counted} "
        f"({staff}). But nobody is on two calls at once; with them:",
        soft_wrap=True,
    )
    console.print(_levels(added.levels))


def _assumed(centre: "Centre") -> list[str]:
    """What every figure here rests on."""
    day = centre.floor.day
    simulated = (
        f"\nSimulated: {centre.reps} days of {centre.hours:g} hours as the file describes them, "
        f"the same calls for every staff; days stray by {day.day_cv:.0%}, hours around their day "
        f"by {day.noise_cv:.0%}. The figures in brackets and after ± are 95 % ranges."
    )
    same = (
        "The same agents are there all day, so a busy hour is worse than the day: see the worst "
        "hour. Nobody can be taken away; quite another mix of groups may do with fewer."
    )
    return [
        simulated,
        same,
        "Agents are those at the telephone; breaks, meetings and absence come on top.",
    ]
