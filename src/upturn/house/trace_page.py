"""A trace as a page of a terminal: the path, the figures, and what speaks against it."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
from rich.console import Console
from rich.table import Table

from upturn.house.trace_files import Told
from upturn.trace.engine import (
    WORLDS_DRAWN,
    WORLDS_KINDS,
    Confidence,
    Moved,
    Reason,
    Remark,
    Step,
    Trace,
    Wanted,
    calibrate,
)

CLASSES = {
    Confidence.TWO_AGREE: "Two methods agree.",
    Confidence.ONE_ONLY: "One method only, or both with a doubt.",
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
    Reason.OTHERS_FIT: "Other parties hold a part of the evidence too.",
    Reason.NEAR_CHANCE: "The change is not far enough beyond what happens by chance.",
    Reason.ALSO_FELL: "More touchpoints nearby fell in the same weeks, out of the path's reach, "
    "than chance makes.",
    Reason.WEAK: "What was found does not stand out clearly enough.",
    Reason.SUSPECT_UNMEASURED: "The likeliest party has no figures of its own.",
    Reason.COMMON_FACTOR: "A movement common to most parties may account for it as well.",
}
REMARKS = {
    Remark.UNIT_CHANGED: "Left out, for the unit of the figures changes: {names}.",
    Remark.CONSTANT: "The same every week, which says nothing: {names}.",
    Remark.GAPS: "Left out, for more than half of the weeks are missing: {names}.",
    Remark.RING: "Serve each other in a ring, so that which came first is hard to say: {names}.",
}
WANTED = {
    Wanted.FIRST: "one weekly figure of {name}.",
    Wanted.FULLER: "the figure of {name} in every week, in one unit.",
    Wanted.ANOTHER: "a second weekly figure of {name}.",
    Wanted.SCORES: "more weeks of {name} itself, without gaps and in one unit.",
}
SHOWN_LEAST = 0.01
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
        f"{text} In {WORLDS_DRAWN} synthetic organisations of {WORLDS_KINDS} kinds, traces of this "
        f"class were right in {record.share:.0%} of cases or more, even in the worst kind. Yours "
        "may be unlike all of them."
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
        (against.also_fell, "Fell in the same weeks, though the path does not reach it: {}."),
        (against.unmeasured, "On the path without figures: {}."),
        (against.allowed_for, "Changed as well, without serving it, and taken out first: {}."),
    ):
        if nodes:
            yield sentence.format(", ".join(keys[node] for node in nodes))
    yield from _others(found, told)
    if against.common_factor is not None:
        share = f"{against.common_factor:.0%} of the fall"
        yield f"A movement common to most parties accounts for {share}."
    yield from _noticed(found, told)
    if against.ask_next is not None and found.confidence is Confidence.CANNOT_TELL:
        name = keys[against.ask_next]
        yield f"Would help most: {WANTED[against.ask_for or Wanted.FIRST].format(name=name)}"


def _others(found: Trace, told: Told) -> Iterator[str]:
    keys, second, differ = told.graph.keys, found.against.runner_up, found.against.disagree
    if second and second.score >= SHOWN_LEAST:
        title = "Runner-up" if found.suspect is not None else "Fits best, not enough to name it"
        yield f"{title}: {keys[second.node]}, {second.score:.0%} of the evidence."
    elif found.suspect is not None and not differ:
        yield "No other party that is drawn comes near."
    if differ:
        one, other = (keys[node] for node in differ)
        yield f"The methods disagree: along the edges {one}, over all figures {other}."


def _noticed(found: Trace, told: Told) -> Iterator[str]:
    """Say what is odd about the path and those who serve there; of the rest, how many."""
    point = found.alarm.touchpoint
    near = {step.node for step in found.path} | {point}
    near |= set(np.flatnonzero(told.graph.serves[:, point]).tolist())
    for remark, sentence in REMARKS.items():
        nodes = [one.node for one in found.noticed if one.remark is remark and one.node in near]
        if nodes:
            yield sentence.format(names=", ".join(told.graph.keys[node] for node in nodes))
    further = sum(one.node not in near for one in found.noticed)
    if further:
        yield f"Further off, could not be read or only in part: {further}."


def _check(found: Trace, told: Told) -> str:
    last = _week(found, found.n_weeks - 1) + CHECK
    at, name = told.graph.keys[found.alarm.touchpoint], told.graph.keys[found.path[-1].node]
    share = found.share_on_path
    part = f" {share:.0%} of the fall moved together with it." if share is not None else ""
    return (
        f"This is association along a path, not proof.{part} "
        f"Check: change one thing at {name}, and see whether {at} moves by {last:%G-W%V}."
    )
