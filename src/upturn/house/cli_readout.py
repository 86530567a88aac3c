"""``upturn exchange readout``: what a beginning in steps changed, on one's own machine."""

from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
from rich.console import Console

from upturn.graph.engine.tabular_errors import TabularError
from upturn.house.readout_file import ReadoutRefused, Told, read_weeks
from upturn.stats.errors import StatsError
from upturn.stats.figures import Figure, Withheld
from upturn.stats.rollouts import Rollout, group_time_effects

BASE_WEEKS = 8
"""Before a beginning, whose mean is what a place came from; as results of plans have it."""
FEWEST_SHOWN = 3
"""Places behind a line of one week since the beginning."""
file_argument = click.Path(exists=True, dir_okay=False, path_type=Path)
LIMITS = (
    "Lots make it fair: where somebody chose who begins first, or something else began with a "
    "step, it may be that instead. Places that began because their company did are one place for "
    "this: write a row a week for each company then, or the range is too narrow."
)
NOTHING = {
    "all_start_together": (
        "all places began in the same week, so nobody is left to compare with. Next time let them "
        "begin in steps, in an order drawn by lot."
    ),
    "nobody_started": "no place has begun within these weeks. Read it again when some have.",
    "no_baseline": (
        "no place that began has a figure in the weeks before it did. Add weeks from before."
    ),
    "too_few_units": (
        "there are {got} places with figures, and {needed} are needed: six, and three more than "
        "there are different weeks of beginning."
    ),
}


@click.command("readout")
@click.argument("file", type=file_argument)
def readout_(file: Path) -> None:
    """Say what changed in own places that began with something in steps, as in a focus week.

    FILE (CSV or XLSX) has a row for each place and week, with the columns place, week, value and
    began: the week, or a day of it, in which that place began; empty for one that has not yet.
    Those that began are compared with those that had not. FILE is read here; nothing of it is
    stored or sent, and no figure of a single place is printed.
    """
    try:
        told = read_weeks(file)
        found = _effects(told)
    except (TabularError, ReadoutRefused, StatsError) as error:
        raise click.ClickException(str(error)) from None
    console = Console(highlight=False, markup=False, emoji=False)
    for line in _read(told, file.name):
        console.print(line, soft_wrap=True)
    console.print()
    for line in _said(told, found):
        console.print(line, soft_wrap=True)


def _effects(told: Told) -> Rollout | Withheld:
    """Read it with the estimator, and the base, of the results of a plan."""
    weeks = told.values.shape[1]
    inside = told.starts[(told.starts > 0) & (told.starts < weeks)]
    base_weeks = min(BASE_WEEKS, int(inside.min())) if inside.size else 1
    return group_time_effects(told.values, told.starts, base_weeks=base_weeks)


def _read(told: Told, file: str) -> Iterator[str]:
    places, weeks = told.values.shape
    yield (
        f"{places:,} places, {weeks:,} weeks; {file} was read on this machine. "
        "Nothing was stored or sent."
    )
    began = [f"{day}: {n}" for day, n in told.begun.items()]
    left = places - sum(told.begun.values())
    yield f"Places that began, by week: {', '.join([*began, f'not yet: {left}'])}."
    if missing := int(np.isnan(told.values).sum()):
        yield f"{missing:,} weeks of places are missing; they stay empty and are never taken as 0."
    if told.passed_over:
        yield f"Columns that were not read: {', '.join(told.passed_over)}."


def _said(told: Told, found: Rollout | Withheld) -> Iterator[str]:
    if isinstance(found, Withheld):
        reason = NOTHING.get(found.reason, "these weeks leave nothing to compare.")
        yield f"Cannot tell: {reason.format(got=found.got, needed=found.needed)}"
        return
    yield (
        "Change since they began, beyond places that had not begun yet, in the unit of the value, "
        "each with the range that holds 19 times in 20:"
    )
    yield ""
    yield _row("all weeks since", found.overall, found.overall.n)
    yield from (weeks := tuple(_weeks(told, found)))
    yield ""
    yield _verdict(found)
    if weeks:
        yield "Go by the first line: of single weeks, one range in twenty misses by chance alone."
    yield _before(found.pretrend)
    yield LIMITS


def _weeks(told: Told, found: Rollout) -> Iterator[str]:
    for at, lag in enumerate(found.since.tolist()):
        if lag >= 0 and (n := _places(told, found, lag)) >= FEWEST_SHOWN:
            yield _row(f"week {lag + 1} since", found.by_since.at(at), n)


def _places(told: Told, found: Rollout, lag: int) -> int:
    """Count the places with a figure so many weeks after they began, where it was compared."""
    cells = found.weeks - found.starts == lag
    return sum(
        int((~np.isnan(told.values[told.starts == start, week])).sum())
        for start, week in zip(found.starts[cells], found.weeks[cells], strict=True)
    )


def _row(name: str, figure: Figure | Withheld, n: int) -> str:
    if isinstance(figure, Withheld):
        return f"{name:<18}  cannot tell"
    reach = f"{figure.low:+.3g} to {figure.high:+.3g}"
    return f"{name:<18}  {figure.value:>+9.3g}  {reach:<22}  {n} places"


def _verdict(found: Rollout) -> str:
    change = found.overall
    if change.low <= 0 <= change.high:
        return "Cannot tell: the range over all weeks holds 0, so chance alone may have done it."
    way = "rose" if change.value > 0 else "fell"
    return (
        f"Places that began {way} beyond those that had not, by {abs(change.value):.3g} on "
        "average, and by more than chance would do."
    )


def _before(pretrend: Figure | Withheld) -> str:
    if isinstance(pretrend, Withheld):
        return (
            "Whether they moved alike before nobody can tell: it takes "
            f"{pretrend.needed} weeks before a beginning to compare in."
        )
    if pretrend.low <= 0 <= pretrend.high:
        return "Before they began they did not move apart by more than chance would do."
    return (
        f"In doubt: before they began they moved apart already, by {pretrend.value:+.3g} a week "
        f"({pretrend.low:+.3g} to {pretrend.high:+.3g}). What came since may be more of that."
    )
