"""Runs in figures: waiting, walking, help and balance, each with its interval."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

import numpy as np

from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.lab.balance import SeatRow, SectionRow, balance_values, seats, sections
from upturn.floor.engine.lab.measures import (
    BATCHES,
    Cell,
    Groups,
    Measure,
    Scope,
    figure_of,
    quantile_values,
    ratio_values,
)
from upturn.floor.engine.laid import Flags, Floats, Ints
from upturn.floor.engine.policy import Policy
from upturn.floor.engine.runs import Outcome, Records, Runs
from upturn.stats import Figure, Withheld


class Ends(NamedTuple):
    """What the start and the end of the runs did to the figures.

    `left_out` needs came before the `warm_up_s` that are left out; `counted` were counted;
    `late_share` of these began after the last hour, when nothing new came; `open_share` never
    began and nobody had given up.
    """

    warm_up_s: float
    left_out: int
    counted: int
    late_share: float
    open_share: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What one policy came to on one floor.

    Parameters
    ----------
    policy : Policy
    seed, reps, hours : int, int, float
    ends : Ends
    figures : mapping of Cell to Figure or Withheld
        `n` counts replications; for quantiles, batches of them. Without the cells that make no
        sense on this floor (walking where there are no tables, being in time where nothing is
        due).
    sections, seats : tuple
        Help and balance by section and by synthetic server.
    values : mapping of Cell to float array
        One value a replication (a batch, for quantiles), whose mean is the figure.
    marks : tuple
        What two summaries must share to be compared pair by pair.
    """

    policy: Policy
    seed: int
    reps: int
    hours: float
    ends: Ends
    figures: Mapping[Cell, Figure | Withheld]
    sections: tuple[SectionRow, ...]
    seats: tuple[SeatRow, ...]
    values: Mapping[Cell, Floats] = field(repr=False)
    marks: tuple[float, ...] = field(repr=False)


class Change(NamedTuple):
    """One figure of a policy beside another's, on the same needs.

    `difference` is the first less the second, in the unit of the figure; `ratio` is the first
    over the second, withheld where the second is not above zero.
    """

    first: Figure | Withheld
    second: Figure | Withheld
    difference: Figure | Withheld
    ratio: Figure | Withheld


def summarise(runs: Runs, *, warm_up_s: float | None = None, coverage: float = 0.95) -> Summary:
    """Bring runs into figures.

    Parameters
    ----------
    runs : Runs
    warm_up_s : float, optional
        Needs that came before are left out; the runs' own rule without it. Give policies that are
        compared the largest of theirs.
    coverage : float
        Of the intervals, 0..1.

    Returns
    -------
    Summary

    Notes
    -----
    Waiting is from when a need arises until somebody begins to meet it, over needs that were
    begun; those who gave up or were never met are shares of their own. Walking, trips and idle
    time are of the whole run, warm-up included. "Known" is when somebody first knew; its mean is
    over kinds that may go unasked, and over such needs as anybody ever knew of.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> from upturn.floor.engine.policy import ScanSection
    >>> from upturn.floor.engine.simulating import simulate
    >>> runs = simulate(grid(), policy=ScanSection(), hours=1, reps=20, seed=1)
    >>> found = summarise(runs).figures[Cell(Measure.WAIT_MEAN)]
    >>> 10 < found.low < found.value < found.high < 30, found.n
    (True, 20)
    """
    begin = runs.warm_up_s if warm_up_s is None else warm_up_s
    rows = _Rows(runs, begin)
    values = {**_need_values(rows), **_quantiles(rows), **balance_values(runs, begin)}
    return Summary(
        policy=runs.policy,
        seed=runs.seed,
        reps=runs.reps,
        hours=runs.hours,
        ends=rows.ends(),
        figures={cell: figure_of(found, coverage=coverage) for cell, found in values.items()},
        sections=sections(runs, begin),
        seats=seats(runs, begin),
        values=values,
        marks=(runs.seed, runs.reps, runs.hours, begin, *rows.mark()),
    )


def paired(first: Summary, second: Summary, *, coverage: float = 0.95) -> dict[Cell, Change]:
    """Compare two policies, replication by replication, on the same needs.

    Parameters
    ----------
    first, second : Summary
        Of runs with the same seed, replications and hours, on floors with the same needs, and
        with the same warm-up.
    coverage : float
        Of each interval, 0..1.

    Returns
    -------
    dict of Cell to Change

    Raises
    ------
    BadSetting
        If they do not belong to the same needs.
    """
    if first.marks != second.marks:
        remedy = "compare runs with the same seed, replications, hours, needs and warm-up"
        raise BadSetting("what the two runs share", (first.marks, second.marks), remedy)
    return {
        cell: Change(
            first.figures[cell],
            second.figures[cell],
            figure_of(first.values[cell] - second.values[cell], coverage=coverage),
            _ratio(first.values[cell], second.values[cell], coverage=coverage),
        )
        for cell in first.figures
        if cell in second.figures and len(first.values[cell]) == len(second.values[cell])
    }


def _ratio(top: Floats, bottom: Floats, *, coverage: float) -> Figure | Withheld:
    both = np.isfinite(top) & np.isfinite(bottom)
    if not both.any() or bottom[both].mean() <= 0:
        return Withheld("nothing", needed=1, got=0)
    return figure_of(ratio_values(top[both], bottom[both]), coverage=coverage)


class _Rows:
    """Columns that the measures share."""

    def __init__(self, runs: Runs, warm_up_s: float) -> None:
        records: Records = runs.records
        self.runs, self.records, self.warm_up_s = runs, records, warm_up_s
        self.kinds = runs.floor.need_types
        self.counted: Flags = records.created_s >= warm_up_s
        self.begun: Flags = np.isfinite(records.started_s) & self.counted
        self.gave_up: Flags = (records.outcome == Outcome.GAVE_UP) & self.counted
        self.open: Flags = self.counted & ~self.begun & ~self.gave_up
        with np.errstate(invalid="ignore"):
            self.wait_s: Floats = np.where(self.begun, records.started_s - records.created_s, 0.0)
        ids = [section.id for section in runs.floor.sections]
        place = [ids.index(n.section) if n.section else len(ids) for n in runs.floor.nodes]
        self.section: Ints = np.array(place, np.int64)[records.node]
        number = records.replication * len(self.kinds) + records.kind
        self.cell: Ints = number * (len(ids) + 1) + self.section
        self.cells = runs.reps * len(self.kinds) * (len(ids) + 1)

    def groupings(self) -> Iterator[Groups]:
        records, ids = self.records, tuple(section.id for section in self.runs.floor.sections)
        yield Groups(np.zeros(len(records.kind), np.int64), Scope.ALL, ("",))
        yield Groups(records.kind, Scope.KIND, tuple(kind.name for kind in self.kinds))
        if ids:
            yield Groups(np.where(self.section < len(ids), self.section, -1), Scope.SECTION, ids)
        alone = self.of_kinds([kind.owner_only for kind in self.kinds])
        if alone.any():
            yield Groups(np.where(alone, 0, -1), Scope.OWNER_ONLY, ("",))

    def table(self, which: Flags, weights: Floats | float = 1.0) -> Floats:
        """Add up weights of rows; (replications, kinds, sections and one for no section)."""
        found = np.bincount(self.cell, which * weights, minlength=self.cells)
        return np.asarray(found.reshape(self.runs.reps, len(self.kinds), -1))

    def of_kinds(self, flags: list[bool]) -> Flags:
        return np.array(flags, np.bool_)[self.records.kind]

    def mark(self) -> tuple[float, ...]:
        created = self.records.created_s
        return float(len(created)), float(created.sum()), float(self.records.kind.sum())

    def ends(self) -> Ends:
        counted = int(self.counted.sum())
        late = self.begun & (self.records.started_s > self.runs.hours * 3600)
        return Ends(
            warm_up_s=self.warm_up_s,
            left_out=len(self.counted) - counted,
            counted=counted,
            late_share=float(late.sum()) / max(counted, 1),
            open_share=float(self.open.sum()) / max(counted, 1),
        )


def _need_values(rows: _Rows) -> dict[Cell, Floats]:
    """Means and shares, in every group where they make sense."""
    records = rows.records
    due_s = np.array([kind.due_s for kind in rows.kinds])[records.kind]
    is_due = np.isfinite(due_s) & rows.counted
    unasked = rows.of_kinds([kind.asks_after is not None for kind in rows.kinds]) & rows.counted
    leaves = rows.of_kinds([kind.patience is not None for kind in rows.kinds]) & rows.counted
    owned = rows.begun & (records.owner >= 0)
    noticed = unasked & np.isfinite(records.known_s)
    notice_s = np.where(noticed, records.known_s - records.created_s, 0.0)
    before = unasked & (records.started_s < records.asks_s)
    shares: list[tuple[Measure, Flags, Floats | float, Flags]] = [
        (Measure.WAIT_MEAN, rows.begun, rows.wait_s, rows.begun),
        (Measure.IN_TIME, is_due & rows.begun & (rows.wait_s <= due_s), 1.0, is_due),
        (Measure.GAVE_UP, rows.gave_up, 1.0, leaves),
        (Measure.OPEN, rows.open, 1.0, rows.counted),
        (Measure.NOTICE, noticed, notice_s, noticed),
        (Measure.BEFORE_ASKED, before, 1.0, unasked),
        (Measure.HELPED, owned & (records.server != records.owner), 1.0, owned),
    ]
    found = {Cell(Measure.WAITING): _waiting(rows)}
    for measure, top, weights, bottom in shares:
        if bottom.any():
            above, below = rows.table(top, weights), rows.table(bottom)
            found |= dict(_ratios(rows, measure, above, below))
    return found


def _ratios(
    rows: _Rows, measure: Measure, above: Floats, below: Floats
) -> Iterator[tuple[Cell, Floats]]:
    """Give ratios of two tables (replications, kinds, sections), in every group."""
    alone = np.array([kind.owner_only for kind in rows.kinds])
    sums = [(Cell(measure), above.sum((1, 2)), below.sum((1, 2)))]
    if alone.any():
        of_owners = Cell(measure, Scope.OWNER_ONLY)
        sums += [(of_owners, above[:, alone].sum((1, 2)), below[:, alone].sum((1, 2)))]
    for at, kind in enumerate(rows.kinds):
        cell = Cell(measure, Scope.KIND, kind.name)
        sums += [(cell, above[:, at].sum(1), below[:, at].sum(1))]
    for at, section in enumerate(rows.runs.floor.sections):
        cell = Cell(measure, Scope.SECTION, section.id)
        sums += [(cell, above[:, :, at].sum(1), below[:, :, at].sum(1))]
    return ((cell, ratio_values(top, bottom)) for cell, top, bottom in sums if bottom.any())


def _waiting(rows: _Rows) -> Floats:
    """Needs waiting at the same time, on average over the hours that are counted."""
    records, horizon = rows.records, rows.runs.hours * 3600
    leaves = np.where(rows.gave_up, records.ended_s, inf)
    until = np.minimum(np.where(rows.begun, records.started_s, leaves), horizon)
    spent = (until - records.created_s).clip(0)
    total = rows.table(rows.counted, spent).sum((1, 2))
    return np.asarray(total / max(horizon - rows.warm_up_s, 1e-9))


def _quantiles(rows: _Rows) -> dict[Cell, Floats]:
    reps = rows.runs.reps
    batches = min(reps, BATCHES)
    batch: Ints = rows.records.replication * batches // reps
    begun = np.flatnonzero(rows.begun)
    order = begun[np.argsort(rows.wait_s[begun])]
    return {
        Cell(measure, groups.scope, name): values
        for groups in rows.groupings()
        for (measure, name), values in quantile_values(
            rows.wait_s, order, groups, batch=batch, batches=batches
        ).items()
    }
