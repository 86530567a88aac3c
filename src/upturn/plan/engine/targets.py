"""Targets: where one comes from, what belongs beside it, and how far one has come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from upturn.plan.engine.reading import Reading
from upturn.plan.engine.weekly import Level, level
from upturn.stats.figures import Figure, Withheld
from upturn.stats.tables import Floats

PAIR = ("customer", "employee")  # money may stand beside them, never instead of one
WEEKS_OF_BASELINE = 26
WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one has come.

    Parameters
    ----------
    now : Figure
        Baseline plus what changed since; its range allows for looking every week.
    reached : bool or None
        None while the range holds the wish, so that it cannot be told.
    """

    now: Figure
    reached: bool | None


def sides_missing(outcomes: Iterable[tuple[int, str]]) -> Mapping[int, tuple[str, ...]]:
    """Find pairs that lack the outcome of customers or of those who serve (S2.8).

    Parameters
    ----------
    outcomes : iterable of (int, str)
        Pair and side of each.

    Returns
    -------
    mapping of int to tuple of str
        Empty where every pair is whole.

    Examples
    --------
    >>> sides_missing([(1, "customer"), (1, "employee"), (2, "money"), (2, "customer")])
    {2: ('employee',)}
    """
    found: dict[int, set[str]] = {}
    for pair, side in outcomes:
        found.setdefault(pair, set()).add(side)
    lacking = {pair: tuple(s for s in PAIR if s not in sides) for pair, sides in found.items()}
    return {pair: sides for pair, sides in lacking.items() if sides}


def baseline(values: Floats, *, withheld: int = 0) -> Level | Withheld:
    """Give where an outcome stands, over all units, before a target is set (S2.9).

    Parameters
    ----------
    values : float array, (units, weeks)
        Only weeks before the start; nan where missing or withheld.
    withheld : int
        Weeks of units that may not be shown, for too few answered.

    Returns
    -------
    Level or Withheld
        With the reasons of `level`; ``withheld`` where every week that is missing is so because
        too few answered.

    Notes
    -----
    A unit enters by its distance from its own mean, so that a unit with few weeks does not move
    the line by being there.

    Examples
    --------
    >>> weeks = np.array([[7.1, 7.3, 6.9, 7.0, 7.4, 7.2, 6.8, 7.1], [5.1] * 4 + [4.9] * 4])
    >>> round(baseline(weeks).figure.value, 2)
    6.05
    """
    found = level(line_of(values))
    if isinstance(found, Withheld) and found.reason == "too_few_weeks" and withheld:
        return Withheld(WITHHELD, found.needed, found.got)
    return found


def line_of(values: Floats) -> Floats:
    """Give one line for all units, (weeks,); nan where none has a figure."""
    seen = ~np.isnan(values)
    values, seen = values[seen.any(1)], seen[seen.any(1)]
    if not len(values):
        return np.full(seen.shape[1], np.nan)
    own = np.nanmean(values, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.where(seen, values - own[:, None], 0.0).sum(0) / seen.sum(0)
    return np.asarray(apart + own.mean())


def progress(
    start: Figure, reading: Reading | None, *, wish: float | None, better: str
) -> Progress | None:
    """Say how far one has come from a baseline, at the last look.

    Parameters
    ----------
    start : Figure
        The baseline.
    reading : Reading or None
    wish : float or None
    better : {"more", "less"}

    Returns
    -------
    Progress or None
        None before there is a week to look at.

    Notes
    -----
    The ends of baseline and change are added as if one did not know of the other, which is wider
    than needed. Whatever it comes to, it does not say why.
    """
    if reading is None or not reading.watched:
        return None
    last = reading.watched[-1]
    low = start.value + last.low - (start.value - start.low)
    high = start.value + last.high + (start.high - start.value)
    now = Figure(start.value + last.value, low, high, last.since + 1)
    if wish is None:
        return Progress(now, None)
    best, least = (now.high, now.low) if better == "more" else (-now.low, -now.high)
    goal = wish if better == "more" else -wish
    return Progress(now, True if least >= goal else False if best < goal else None)
