"""A trace as a page of a terminal: the path, the figures, and what speaks against it."""

from collections.abc import Iterator
from datetime import date, timedelta

from rich.console import Console
from rich.table import Table

from upturn.house.trace_files import Told
from upturn.trace.engine import (
    Confidence,
    Moved,
    Reason,
    Remark,
    Step,
    Trace,
    calibrate,
)

CLASSES = {
    Confidence.TWO_AGREE: "Two methods agree.",
    Confidence.ONE_ONLY: "One method only.",
    Confidence.CANNOT_TELL: "Cannot tell.",
}
REASONS = {
    Reason.TOUCHPOINT_UNMEASURED: "{at} has no weekly figures.",
    Reason.TOO_FEW_WEEKS: "{at} has too few weeks: it takes twelve, and most of them measured.",
    Reason.CONSTANT: "The figures of {at} are the same every week.",
    Reason.UNIT_CHANGED: "The figures of {at} change their unit: every later one is more than "
    "twenty times every earlier one, or the reverse. Write them all in one unit.",
    Reason.NO_FALL: "What happened at {at} is not more than quiet weeks show.",
    Reason.NOBODY_SERVES: "Nobody is said to serve at {at}.",
    Reason.NOTHING_MEASURED: "Nobody who serves {at}, directly or through others, has figures.",
    Reason.ELSEWHERE: "The likeliest change is at a party that does not serve {at}.",
    Reason.DISAGREE: "The two methods name different parties.",
    Reason.WEAK: "The change is not much larger than what happens by chance.",
    Reason.SUSPECT_UNMEASURED: "The likeliest party has no figures of its own.",
    Reason.COMMON_FACTOR: "A movement common to most parties may account for it as well.",
}
REMARKS = {
    Remark.UNIT_CHANGED: "{name}: its figures change their unit, so they are left out.",
    Remark.CONSTANT: "{name}: the same every week, which says nothing.",
    Remark.GAPS: "{name}: more than half of the weeks are missing, so they are left out.",
    Remark.RING: "{name}: serves itself by way of others.",
}
NOTHING = "Nothing was looked for, since nothing is claimed."
CHECK = timedelta(weeks=8)


def show(found: Trace, told: Told, console: Console) -> None:
    """Print the page."""
    at = told.graph.keys[found.alarm.touchpoint]
    console.print(_headline(found, told), soft_wrap=True)
    console.print(_confidence(found), soft_wrap=True)
    for reason in found.reasons:
        console.print(f"  {REASONS[reason].format(at=at)}", soft_wrap=True, markup=False)
    if found.path:
        console.print()
        console.print(_path(found, told))
    console.print("\nAgainst", style="bold")
    for line in list(_against(found, told)) or [NOTHING]:
        console.print(f"  {line}", soft_wrap=True, markup=False)
    if found.suspect is not None:
        console.print(f"\n{_check(found, told)}", soft_wrap=True, markup=False)


def _week(found: Trace, row: int) -> date:
    return found.first_week + timedelta(weeks=row)


def _headline(found: Trace, told: Told) -> str:
    at = told.graph.keys[found.alarm.touchpoint]
    if found.suspect is None:
        return f"{at}: no cause is named."
    first, last = (f"{_week(found, row):%G-W%V}" for row in found.onset_window)
    began = f"between {first} and {last}" if first != last else f"in {first}"
    name = told.graph.keys[found.suspect]
    return f"{at}: the pattern fits a change at {name}; the fall began {began}."


def _confidence(found: Trace) -> str:
    text = CLASSES[found.confidence]
    record = calibrate([]).get(found.confidence)
    if record is None:
        return text
    return (
        f"{text} In made-up organisations a trace of this class was right in {record.share:.0%} "
        "or more, whatever their kind. Yours may be unlike them."
    )


def _path(found: Trace, told: Told) -> Table:
    table = Table("", "moves together", "before", "after", "difference, 95 %", "weeks")
    for place, step in enumerate(found.path):
        name, less = told.units.get(step.node, ("", False))
        label = told.graph.keys[step.node] + (f"\n  {name}" if name else "")
        table.add_row(label, _together(step) if place else "", *_figures(step.moved, less=less))
    return table


def _together(step: Step) -> str:
    later = {0: "same week", 1: "1 week earlier"}.get(
        step.lag_weeks, f"{step.lag_weeks} weeks earlier"
    )
    return f"{step.strength:.2f}, {later}" if step.moved else "on the path, not measured"


def _figures(moved: Moved | None, *, less: bool) -> tuple[str, ...]:
    if moved is None:
        return ("cannot tell",)
    sign = -1 if less else 1
    change = sign * (moved.mean_after - moved.mean_before)
    low, high = sorted((sign * moved.low, sign * moved.high))
    return (
        f"{sign * moved.mean_before:.4g}",
        f"{sign * moved.mean_after:.4g}",
        f"{change:+.3g} ({low:+.3g} to {high:+.3g})",
        f"{moved.n_before} + {moved.n_after}",
    )


def _against(found: Trace, told: Told) -> Iterator[str]:
    keys, against = told.graph.keys, found.against
    for nodes, sentence in (
        (against.spared, "Served by the same party and did not fall: {}."),
        (against.unmeasured, "On the path without figures: {}."),
        (against.allowed_for, "Changed as well, without serving it, and allowed for: {}."),
    ):
        if nodes:
            yield sentence.format(", ".join(keys[node] for node in nodes))
    if against.runner_up:
        share = f"{against.runner_up.score:.0%} of the evidence"
        yield f"Runner-up: {keys[against.runner_up.node]}, {share}."
    if against.common_factor is not None:
        share = f"{against.common_factor:.0%} of the fall"
        yield f"A movement common to most parties accounts for {share}."
    if against.disagree:
        one, other = (keys[node] for node in against.disagree)
        yield f"The methods disagree: along the edges {one}, over all figures {other}."
    for noticed in found.noticed:
        yield REMARKS[noticed.remark].format(name=keys[noticed.node])
    if against.ask_next is not None and found.confidence is not Confidence.TWO_AGREE:
        yield f"One weekly figure would help most: of {keys[against.ask_next]}."


def _check(found: Trace, told: Told) -> str:
    last = _week(found, found.n_weeks - 1) + CHECK
    at, name = told.graph.keys[found.alarm.touchpoint], told.graph.keys[found.path[-1].node]
    share = found.share_on_path
    part = f" {share:.0%} of the fall moved together with it." if share is not None else ""
    return (
        f"This is association along a path, not proof.{part} "
        f"Check: change one thing at {name}, and see whether {at} moves by {last:%G-W%V}."
    )
