"""Weekly figures of the units of a plan made ready to be read: what is there, and since when."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upturn.stats.contrasts import NEVER
from upturn.stats.tables import Floats, Integers

Bools = NDArray[np.bool_]
BASE_WEEKS = 8  # before the start, whose mean is what a unit came from
UNIT_RATIO = 8.0  # days to hours, minutes to seconds, a share to per cent are all beyond it
SIDE_WEEKS = 3  # on both sides of a change of the unit, or it is a week that went wrong
KEPT_SPREAD = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What was measured.

    Parameters
    ----------
    values : float array, (units, weeks)
        In the unit of the outcome; nan where missing or withheld.
    starts : int array, (units,)
        Week each unit began, counted from the first column; ``NEVER`` for one that did not.
    better : {"more", "less"}
        Which way it gets better.
    picked : bool array, (units,)
        Said to be chosen for a bad figure.
    withheld : int
        Weeks of units that may not be shown, for too few answered.
    """

    values: Floats
    starts: Integers
    better: str
    picked: Bools
    withheld: int = 0

    @property
    def started(self) -> Bools:
        """Units that begin within the weeks at hand."""
        return np.asarray(self.starts < self.values.shape[1])


@dataclass(frozen=True, slots=True)
class Facts:
    """What a design asks for, counted.

    Parameters
    ----------
    units, started, compared : int
        Units with figures; those that began; those that had not yet when the first began.
    groups : int
        Different weeks of beginning; never beginning counts as one.
    together : int
        1 where all that began did so in one week, else 0.
    spare : int
        Units beyond the groups, so that there is a spread to take an error from.
    before, after : int
        Weeks with figures before and since, of the unit that has the most of them.
    donors : int
        Units that never began and miss no week.
    """

    units: int
    started: int
    compared: int
    groups: int
    together: int
    spare: int
    before: int
    after: int
    donors: int


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """Units side by side, so that the week each of them began is week 0.

    Parameters
    ----------
    since : int array, (weeks,)
        Weeks since the start, below 0 before it.
    units, others : float array, (weeks,)
        Mean of those that began, and of those that had not by then; nan where nobody is.
    n : int array, (weeks,)
        Units behind ``units``.
    """

    since: Integers
    units: Floats
    others: Floats
    n: Integers


def counted_anew(values: Floats) -> Bools:
    """Find units that seem to be counted in another unit since some week.

    Parameters
    ----------
    values : float array, (units, weeks)

    Returns
    -------
    bool array, (units,)
        Where every later figure is eight times every earlier one or more, or the reverse, three
        weeks at least on either side, and both sides keep their relative spread.

    Examples
    --------
    >>> counted_anew(np.array([[5, 6, 5, 300, 330, 310], [5, 6, 5, 6, 5, 7.0]])).tolist()
    [True, False]
    """
    return np.array([_breaks(row[~np.isnan(row)]) for row in values], dtype=bool)


def _breaks(row: Floats) -> bool:
    if len(row) < 2 * SIDE_WEEKS or row.min() <= 0:
        return False
    most, least = np.maximum.accumulate(row)[:-1], np.minimum.accumulate(row)[:-1]
    most_later = np.maximum.accumulate(row[::-1])[-2::-1]
    least_later = np.minimum.accumulate(row[::-1])[-2::-1]
    jumped = (least_later > UNIT_RATIO * most) | (least > UNIT_RATIO * most_later)
    kept = (most < KEPT_SPREAD * least) & (most_later < KEPT_SPREAD * least_later)
    found = jumped & kept
    return bool(found[SIDE_WEEKS - 1 : len(row) - SIDE_WEEKS].any())


def readable(evidence: Evidence) -> tuple[Evidence, int, int]:
    """Leave out units without any figure, and units counted in another unit midway.

    Returns
    -------
    evidence : Evidence
        Of the others.
    silent, changed : int
        How many were left out, for either reason.
    """
    silent = np.isnan(evidence.values).all(1)
    changed = counted_anew(evidence.values)
    kept = ~silent & ~changed
    left = Evidence(
        evidence.values[kept],
        evidence.starts[kept],
        evidence.better,
        evidence.picked[kept],
        evidence.withheld,
    )
    return left, int(silent.sum()), int(changed.sum())


def facts_of(evidence: Evidence) -> Facts:
    """Count what designs ask for.

    Examples
    --------
    >>> weeks = np.ones((4, 10))
    >>> starts = np.array([5, 7, NEVER, NEVER])
    >>> facts = facts_of(Evidence(weeks, starts, "more", np.zeros(4, bool)))
    >>> facts.started, facts.groups, facts.before, facts.after, facts.donors
    (2, 3, 7, 5, 2)
    """
    seen, started = ~np.isnan(evidence.values), evidence.started
    starts = np.where(started, evidence.starts, NEVER)
    first = starts.min(initial=NEVER)
    weeks = np.arange(evidence.values.shape[1])
    since = weeks >= np.minimum(starts, len(weeks))[:, None]
    groups = len(np.unique(starts))
    return Facts(
        units=len(starts),
        started=int(started.sum()),
        compared=int((starts > first).sum()) if started.any() else 0,
        groups=groups,
        together=int(len(np.unique(starts[started])) == 1),
        spare=len(starts) - groups,
        before=_most(seen & ~since, started),
        after=_most(seen & since, started),
        donors=int((seen.all(1) & ~started).sum()),
    )


def _most(there: Bools, started: Bools) -> int:
    return int(there[started].sum(1).max()) if started.any() else 0


def align(evidence: Evidence) -> Aligned:
    """Put the weeks in which units began on top of each other.

    Each figure is taken as its distance from what the unit was in its eight weeks before the
    start, and the mean of these levels is added again, so that a unit with few weeks does not move
    the line by being there. Those not yet begun are aligned with each start in turn.

    Examples
    --------
    >>> weeks = np.array([[5, 5, 6, 6], [5, 5, 5, 7], [5, 5, 5, 5.0]])
    >>> found = align(Evidence(weeks, np.array([2, 3, NEVER]), "more", np.zeros(3, bool)))
    >>> found.since.tolist(), found.units.tolist()
    ([-3, -2, -1, 0, 1], [5.0, 5.0, 5.0, 6.5, 6.0])
    """
    weeks = evidence.values.shape[1]
    starts = evidence.starts[evidence.started]
    if not len(starts):
        return _unbegun(evidence)
    since = np.arange(-int(starts.max()), weeks - int(starts.min()))
    own = np.array(
        [
            _shifted(evidence.values[unit], int(evidence.starts[unit]), since)
            for unit in np.flatnonzero(evidence.started)
        ]
    ).reshape(-1, len(since))
    level = _level(own, since)
    beside = _waiting(evidence, since)
    mean, n = _mean(own - level[:, None])
    return Aligned(
        since,
        mean + _of(level),
        _mean(beside - _level(beside, since)[:, None])[0] + _of(level),
        n,
    )


def _unbegun(evidence: Evidence) -> Aligned:
    """All units before a start to come: week 0 is the one after the last."""
    weeks = evidence.values.shape[1]
    apart = evidence.values - _mean(evidence.values.T)[0][:, None]
    mean, n = _mean(apart)
    level = _of(_mean(evidence.values.T)[0])
    return Aligned(np.arange(-weeks, 0), mean + level, np.full(weeks, np.nan), n)


def _waiting(evidence: Evidence, since: Integers) -> Floats:
    """Give, for each week somebody began in, the figures of those that had not, (rows, weeks)."""
    waits = np.arange(evidence.values.shape[1]) < evidence.starts[:, None]
    rows = [
        _shifted(row, int(start), since)
        for start in np.unique(evidence.starts[evidence.started])
        for row in np.where(waits, evidence.values, np.nan)[evidence.starts != start]
    ]
    return np.array(rows).reshape(-1, len(since))


def _shifted(row: Floats, start: int, since: Integers) -> Floats:
    at = since + start
    inside = (at >= 0) & (at < len(row))
    return np.where(inside, row[np.clip(at, 0, len(row) - 1)], np.nan)


def _level(rows: Floats, since: Integers) -> Floats:
    """Mean of each row in its base; nan where it has none, which leaves the row out."""
    return _mean(rows[:, (since < 0) & (since >= -BASE_WEEKS)].T)[0]


def _mean(rows: Floats) -> tuple[Floats, Integers]:
    n = (~np.isnan(rows)).sum(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(n > 0, np.nansum(rows, 0) / n, np.nan)), n


def _of(level: Floats) -> float:
    known = level[~np.isnan(level)]
    return float(known.mean()) if len(known) else 0.0
