"""What a trace takes and what it gives: arrays in, plain values out. Nodes are numbers."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from upturn.trace.engine.errors import GraphRefused, MeasuresRefused

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """One weekly figure a node.

    Parameters
    ----------
    value : float array (weeks, nodes)
        Higher is better, in the unit of each node; nan where nothing was measured.
    weeks : tuple of date
        Mondays, oldest first, without gaps: a week without figures is a row of nan.

    Raises
    ------
    MeasuresRefused
        If weeks and rows differ, a week is no Monday or out of order, or a value is infinite.
    """

    value: Floats
    weeks: tuple[date, ...]

    def __post_init__(self) -> None:
        if self.value.ndim != 2 or len(self.value) != len(self.weeks):
            raise MeasuresRefused(f"{len(self.weeks)} weeks, shape of values", self.value.shape)
        if np.isinf(self.value).any():
            raise MeasuresRefused("A figure is infinite in week", self.weeks[_first_infinite(self)])
        for at, week in enumerate(self.weeks):
            if week.weekday() or (at and week - self.weeks[at - 1] != WEEK):
                raise MeasuresRefused("A Monday is missing or out of order at", week)

    @property
    def observed(self) -> Bools:
        """Whether a node has any figure at all, (nodes,)."""
        return np.asarray(~np.isnan(self.value).all(axis=0))


def _first_infinite(measures: Measures) -> int:
    return int(np.flatnonzero(np.isinf(measures.value).any(axis=1))[0])


@dataclass(frozen=True, slots=True, eq=False)
class ServiceGraph:
    """Who serves whom. Touchpoints are nodes too: a party that serves there has an edge to it.

    Parameters
    ----------
    keys : tuple of str
        One a node, each once.
    serves : bool array (nodes, nodes)
        Row serves column. Cycles and islands are allowed; what a node is said to do for itself is
        not looked at.
    touchpoint : bool array (nodes,)

    Raises
    ------
    GraphRefused
        If the sizes differ or a key stands twice.
    """

    keys: tuple[str, ...]
    serves: Bools
    touchpoint: Bools

    def __post_init__(self) -> None:
        n = len(self.keys)
        if self.serves.shape != (n, n) or self.touchpoint.shape != (n,):
            shapes = self.serves.shape, self.touchpoint.shape
            raise GraphRefused(f"{n} keys, shapes of serves and touchpoint", shapes)
        if len(set(self.keys)) < n:
            raise GraphRefused("A key stands twice among", n)


@dataclass(frozen=True, slots=True)
class Alarm:
    """A touchpoint that fell.

    Parameters
    ----------
    touchpoint : int
    onset : int
        First week of the fall, as a row of the measures.
    z : float
        Size of the fall in standard errors; negative.
    adjusted_p : float
        Chance of a fall like this somewhere among the touchpoints screened when nothing happened.
    """

    touchpoint: int
    onset: int
    z: float
    adjusted_p: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Parties as one method sees them, best first; those with no evidence at all are left out."""

    method: str
    node: tuple[int, ...]
    score: tuple[float, ...]

    @property
    def first(self) -> int | None:
        """The party ranked first, if any."""
        return self.node[0] if self.node else None


@dataclass(frozen=True, slots=True)
class Moved:
    """A mean before and after, and the 95 % interval of after minus before."""

    mean_before: float
    mean_after: float
    low: float
    high: float
    n_before: int
    n_after: int


@dataclass(frozen=True, slots=True)
class Step:
    """One node of a path.

    Parameters
    ----------
    node : int
    lag_weeks : int
        Weeks by which the step before follows this one; 0 at the touchpoint.
    strength : float
        How closely the step before moves together with this one, 0..1; 1 at the touchpoint.
    moved : Moved or None
        None where the node has no measure.
    """

    node: int
    lag_weeks: int
    strength: float
    moved: Moved | None


class Confidence(StrEnum):
    """How far a trace may be believed; each class has its own track record."""

    TWO_AGREE = "two_agree"
    ONE_ONLY = "one_only"
    CANNOT_TELL = "cannot_tell"


class Reason(StrEnum):
    """Why a trace says less than it would; templates make the sentences."""

    TOUCHPOINT_UNMEASURED = "touchpoint_unmeasured"
    TOO_FEW_WEEKS = "too_few_weeks"
    CONSTANT = "constant"
    UNIT_CHANGED = "unit_changed"
    NO_FALL = "no_fall"
    NOBODY_SERVES = "nobody_serves"
    NOTHING_MEASURED = "nothing_measured"
    ELSEWHERE = "elsewhere"
    """The likeliest change is at a party that does not serve this touchpoint."""
    DISAGREE = "disagree"
    OTHERS_FIT = "others_fit"
    """Other parties together take a good part of the evidence."""
    NEAR_CHANCE = "near_chance"
    """The change at the likeliest party is not far beyond what chance does."""
    ALSO_FELL = "also_fell"
    """More moments nearby fell in the same weeks, out of the path's reach, than chance makes."""
    WEAK = "weak"
    """What version 1 wrote for either of `OTHERS_FIT` and `NEAR_CHANCE`."""
    SUSPECT_UNMEASURED = "suspect_unmeasured"
    COMMON_FACTOR = "common_factor"


class Remark(StrEnum):
    """What is odd about a node's figures or place."""

    UNIT_CHANGED = "unit_changed"
    CONSTANT = "constant"
    GAPS = "gaps"
    RING = "ring"


@dataclass(frozen=True, slots=True)
class Noticed:
    """A remark on one node; series with a changed unit or without change are left out."""

    node: int
    remark: Remark


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """The next best party, and its share of the evidence, 0..1."""

    node: int
    score: float


class Wanted(StrEnum):
    """Which measure would help most, of the node that is asked next."""

    FIRST = "first"
    """One weekly figure: it has none."""
    FULLER = "fuller"
    """The same in every week: too many are missing, or cannot be read."""
    ANOTHER = "another"
    """A second one: it has one, and everybody who serves has."""
    SCORES = "scores"
    """The touchpoint's own, more of them."""


@dataclass(frozen=True, slots=True)
class CounterEvidence:
    """What speaks against a trace; always there, perhaps empty.

    Parameters
    ----------
    spared : tuple of int
        Touchpoints that the suspect also serves and that did not fall.
    runner_up : RunnerUp or None
    unmeasured : tuple of int
        Nodes on the path without a measure.
    common_factor : float or None
        Share of the fall that a movement common to most parties accounts for, 0..1; None if too
        few are measured to say.
    disagree : (int, int) or None
        The first of either method, if they differ.
    allowed_for : tuple of int
        Parties that do not serve the touchpoint and seem to have changed as well; their effect on
        all figures was taken out first.
    ask_next : int or None
        The party whose measure would help most, or the touchpoint itself; None if nobody serves it.
    also_fell : tuple of int
        Touchpoints nearby that the suspect does not reach and that fell in the same weeks.
    ask_for : Wanted or None
        Which measure of ``ask_next``.
    """

    spared: tuple[int, ...] = ()
    runner_up: RunnerUp | None = None
    unmeasured: tuple[int, ...] = ()
    common_factor: float | None = None
    disagree: tuple[int, int] | None = None
    allowed_for: tuple[int, ...] = ()
    ask_next: int | None = None
    also_fell: tuple[int, ...] = ()
    ask_for: Wanted | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """An association along a path, never proof.

    Parameters
    ----------
    alarm : Alarm
    suspect : int or None
        None exactly when the confidence is ``CANNOT_TELL``.
    path : tuple of Step
        From the touchpoint down to the suspect; empty without one.
    rankings : (Ranking, Ranking)
        Of the two methods; at most ten parties each.
    confidence : Confidence
    reasons : tuple of Reason
        Why it is not surer; empty when two methods agree.
    against : CounterEvidence
    noticed : tuple of Noticed
    share_on_path : float or None
        Share of the fall that moved together with the suspect, 0..1.
    onset_window : (int, int)
        First and last week in which the fall may have begun, as rows.
    first_week : date
        Monday of row 0, so that a kept trace says its dates by itself.
    n_weeks : int
        Weeks that were given.
    inputs_hash, version : str
        Digest of measures and graph, and the version of the method: the same two give the same
        trace.
    """

    alarm: Alarm
    suspect: int | None
    path: tuple[Step, ...]
    rankings: tuple[Ranking, ...]
    confidence: Confidence
    reasons: tuple[Reason, ...]
    against: CounterEvidence
    noticed: tuple[Noticed, ...]
    share_on_path: float | None
    onset_window: tuple[int, int]
    first_week: date
    n_weeks: int
    inputs_hash: str
    version: str


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """How often a class was right.

    Parameters
    ----------
    share, low, high : float
        Of the prior and the closed traces together, with a 95 % interval.
    n : int
        Closed traces of the site.
    from_prior : bool
        Whether most of the weight still is the synthetic worlds'.
    """

    share: float
    low: float
    high: float
    n: int
    from_prior: bool
