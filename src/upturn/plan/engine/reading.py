"""What a reading of an outcome consists of, and how it is written down and taken up again."""

from dataclasses import dataclass
from enum import StrEnum
from math import isnan
from typing import Any

import numpy as np

from upturn.plan.engine.designs import Design, Missing
from upturn.stats.figures import Figure, Withheld
from upturn.stats.tables import Floats, Integers

Shown = Figure | Withheld
Place = float | None  # of a line in the picture; None where there is no figure


class Says(StrEnum):
    """What the sentence of a reading comes to."""

    BETTER = "better"
    WORSE = "worse"
    HOLDS_NOTHING = "holds_nothing"  # the range holds no change at all, and both directions
    CANNOT_TELL = "cannot_tell"


class Remark(StrEnum):
    """Something odd about the figures, each with its sentence and its remedy."""

    UNIT_CHANGED = "unit_changed"
    MISSING_WEEKS = "missing_weeks"
    WITHHELD = "withheld"
    SILENT = "silent"
    TOGETHER = "together"
    FEW_POINTS = "few_points"
    APART_BEFORE = "apart_before"
    NOBODY_BEGAN = "nobody_began"


@dataclass(frozen=True, slots=True)
class Noticed:
    """A remark and how many units, weeks or figures it is about."""

    remark: Remark
    count: int


@dataclass(frozen=True, slots=True)
class Effect:
    """A figure of one week since the start; below 0 before it."""

    since: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Lines:
    """Weekly lines, week 0 is the start.

    Parameters
    ----------
    since : tuple of int
    units, others : tuple of float or None
        Mean of the units that began; what they are compared with.
    others_are : str
        ``"not_begun"``, ``"would_go_on"``, ``"mixture"`` or ``"before"``.
    """

    since: tuple[int, ...]
    units: tuple[Place, ...]
    others: tuple[Place, ...]
    others_are: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Units that began with a bad figure, which gets better by itself.

    Parameters
    ----------
    said : bool
        Whether somebody said so; else the figures do.
    before : float
        Their mean before the start.
    expected : Figure
        Their mean afterwards if nothing at all were done; n units.
    """

    said: bool
    before: float
    expected: Figure


@dataclass(frozen=True, slots=True)
class Placebo:
    """Share of units whose distance grew as much, itself among them; out of ``donors`` others."""

    chance: float
    donors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the figures of one outcome say of a plan.

    Parameters
    ----------
    design : Design
    says : Says
    change : Figure or Withheld
        Since the start against what would have been, in the unit of the outcome.
    missing : tuple of Missing
        What each stronger design lacks.
    noticed : tuple of Noticed
    lines : Lines
    effects : tuple of Effect
        The change week by week, where the design has one.
    watched : tuple of Effect
        Change since the start with a range that allows for looking every week.
    pretrend : Figure, Withheld or None
        How much those compared moved apart a week before the start.
    placebo : Placebo or None
    chosen : Chosen or None
    """

    design: Design
    says: Says
    change: Shown
    missing: tuple[Missing, ...]
    noticed: tuple[Noticed, ...]
    lines: Lines
    effects: tuple[Effect, ...] = ()
    watched: tuple[Effect, ...] = ()
    pretrend: Shown | None = None
    placebo: Placebo | None = None
    chosen: Chosen | None = None


def places(values: Floats) -> tuple[Place, ...]:
    """Give a line's heights, None where there is no figure."""
    return tuple(None if isnan(value) else value for value in values.tolist())


def effects_of(since: Integers, value: Floats, low: Floats, high: Floats) -> tuple[Effect, ...]:
    """Give a figure a week, to six decimals; weeks without one, or without an end, are left out."""
    told = np.isfinite(value) & np.isfinite(low) & np.isfinite(high)
    ends = [each[told].round(6).tolist() for each in (value, low, high)]
    return tuple(Effect(*row) for row in zip(since[told].tolist(), *ends, strict=True))


def as_data(reading: Reading) -> dict[str, Any]:
    """Write a reading down as plain JSON.

    Examples
    --------
    >>> lines = Lines((-1, 0), (5.0, None), (None, None), "before")
    >>> gone = Withheld("too_few_weeks", 8, 1)
    >>> reading = Reading(
    ...     design=Design.BEFORE_AFTER, says=Says.CANNOT_TELL, change=gone,
    ...     missing=(Missing(Design.STAGGERED, "started", 2, 1),),
    ...     noticed=(Noticed(Remark.TOGETHER, 1),), lines=lines,
    ... )
    >>> from_data(as_data(reading)) == reading
    True
    """
    lines = reading.lines
    return {
        "design": str(reading.design),
        "says": str(reading.says),
        "change": _figure(reading.change),
        "missing": [[str(row.design), row.what, row.needed, row.got] for row in reading.missing],
        "noticed": [[str(row.remark), row.count] for row in reading.noticed],
        "lines": [list(lines.since), list(lines.units), list(lines.others), lines.others_are],
        "effects": [_effect(row) for row in reading.effects],
        "watched": [_effect(row) for row in reading.watched],
        "pretrend": _figure(reading.pretrend),
        "placebo": reading.placebo and [reading.placebo.chance, reading.placebo.donors],
        "chosen": _chosen(reading.chosen),
    }


def from_data(data: dict[str, Any]) -> Reading:
    """Take up a reading that was written down."""
    since, units, others, others_are = data["lines"]
    chosen = data["chosen"]
    return Reading(
        design=Design(data["design"]),
        says=Says(data["says"]),
        change=_shown(data["change"]) or Withheld("too_few_weeks", 1, 0),
        missing=tuple(Missing(Design(row[0]), *row[1:]) for row in data["missing"]),
        noticed=tuple(Noticed(Remark(row[0]), row[1]) for row in data["noticed"]),
        lines=Lines(tuple(since), tuple(units), tuple(others), others_are),
        effects=tuple(Effect(*row) for row in data["effects"]),
        watched=tuple(Effect(*row) for row in data["watched"]),
        pretrend=_shown(data["pretrend"]),
        placebo=Placebo(*data["placebo"]) if data["placebo"] else None,
        chosen=Chosen(chosen[0], chosen[1], Figure(*chosen[2])) if chosen else None,
    )


def _figure(figure: Shown | None) -> list[Any] | None:
    if figure is None:
        return None
    if isinstance(figure, Withheld):
        return [figure.reason, figure.needed, figure.got]
    return [figure.value, figure.low, figure.high, figure.n]


def _shown(data: list[Any] | None) -> Shown | None:
    if data is None:
        return None
    return Withheld(*data) if isinstance(data[0], str) else Figure(*data)


def _effect(row: Effect) -> list[Any]:
    return [row.since, row.value, row.low, row.high]


def _chosen(chosen: Chosen | None) -> list[Any] | None:
    if chosen is None:
        return None
    return [chosen.said, chosen.before, _figure(chosen.expected)]
