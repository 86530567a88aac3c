"""What follows from a comparison of policies, and what does not: codes and numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

from upturn.floor.engine.lab.measures import Cell, Measure, Scope
from upturn.floor.engine.lab.summary import Change, Summary, paired
from upturn.floor.engine.policy import OwnTheWhole, Pooled, ScanSection, Serves
from upturn.stats import Figure

COMPARED = (Measure.WAIT_P95, Measure.WAIT_MEAN, Measure.WALK_A_NEED)
"""What every two policies are compared by."""
ALIKE_SHARE = 0.02
"""Two figures are alike when their ratio lies, with all its interval, within this of 1."""
OWN_TABLES_BOUND = 1.05
"""By how much help elsewhere may lengthen the wait at one's own tables (S0.12)."""
ERROR_SHARE = 0.05
"""Chance that any of the verdicts of one comparison is wrong: divided among all of them."""
FEW_REPS = 20
OPEN_SHARE, LATE_SHARE, GAVE_UP_SHARE = 0.005, 0.05, 0.01


class Verdict(StrEnum):
    """The first beside the second."""

    LESS = "less"
    MORE = "more"
    ALIKE = "alike"
    CANNOT_TELL = "cannot_tell"


class Code(StrEnum):
    """What can be said; the page and the command line make sentences of them."""

    SHORTEST = "shortest"  # policy, wait_s, low_s, high_s: 95 of 100 needs begin within
    COMPARED = "compared"  # first, second, verdict, ratio, low, high: of p95
    STEPS = "steps"  # the same, of metres walked for a need
    BEFORE_ASKED = "before_asked"  # policy, share, low, high
    OWN_KEPT = "own_kept"  # policy, without, section, ratio, low, high
    OWN_NOT_KEPT = "own_not_kept"
    OWN_CANNOT_TELL = "own_cannot_tell"
    OWNERS_ALONE = "owners_alone"  # first, second, verdict, ratio, low, high
    NOT_SALES = "not_sales"
    NO_HEADCOUNT = "no_headcount"
    NUMBERS_GIVEN = "numbers_given"
    LOAFING_GIVEN = "loafing_given"
    POOLED_ANYBODY = "pooled_anybody"  # policy: does what owners alone do under the others
    GAVE_UP = "gave_up"  # share: the largest; waits are of those who were served
    LEFT_OPEN = "left_open"  # share, policy
    BEGAN_LATE = "began_late"  # share, policy
    WARM_UP = "warm_up"  # minutes, needs
    FEW_REPS = "few_reps"  # reps
    FAMILY = "family"  # verdicts, coverage


Number = float | int | str


class Finding(NamedTuple):
    """Something that follows, or a warning; policies are given by their place in the list."""

    code: Code
    numbers: Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two policies by one measure; `change.ratio` carries the interval behind the verdict."""

    first: int
    second: int
    measure: Measure
    change: Change
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Conclusions:
    """What follows and what does not.

    Parameters
    ----------
    order : tuple of int
        Policies by their p95 wait, the shortest first.
    comparisons : tuple of Comparison
        Every two policies, the one with the shorter p95 first, by each measure.
    coverage : float
        Of each interval behind a verdict, so that all of them hold together at 95 %.
    follows, does_not_follow : tuple of Finding
    """

    order: tuple[int, ...]
    comparisons: tuple[Comparison, ...]
    coverage: float
    follows: tuple[Finding, ...]
    does_not_follow: tuple[Finding, ...]


def conclude(summaries: Sequence[Summary]) -> Conclusions:
    """Say what follows from a comparison and what does not.

    Parameters
    ----------
    summaries : sequence of Summary
        On the same needs, with the same warm-up.

    Returns
    -------
    Conclusions

    Raises
    ------
    BadSetting
        If they are not on the same needs.

    Notes
    -----
    Every two policies are compared by three measures, and own tables with and without help. The
    error of 5 % is divided among all these verdicts (Bonferroni), so that the chance of any wrong
    one is at most 5 %, whichever pair is looked at. Never about how many people should work: more
    staff is not better in itself (Tan and Netessine 2014), and what an hour costs is not known
    here.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> from upturn.floor.engine.policy import OneAtATime
    >>> from upturn.floor.engine.simulating import compare
    >>> from upturn.floor.engine.lab.summary import summarise
    >>> both = (OneAtATime(), ScanSection())
    >>> runs = compare(grid(), policies=both, hours=1, reps=40, seed=1)
    >>> found = conclude([summarise(one, warm_up_s=0.0) for one in runs])
    >>> found.order, found.comparisons[0].verdict.value
    ((1, 0), 'less')
    """
    order = tuple(sorted(range(len(summaries)), key=lambda at: _p95(summaries[at])))
    pairs = list(combinations(order, 2))
    own = _own_pairs(summaries)
    verdicts = len(pairs) * len(COMPARED) + sum(_own_verdicts(summaries[a]) for a, _ in own)
    coverage = 1 - ERROR_SHARE / max(verdicts, 1)
    changes = {pair: _changes(summaries, pair, coverage=coverage) for pair in {*pairs, *own}}
    comparisons = tuple(
        Comparison(
            *pair, measure, changes[pair][Cell(measure)], verdict_of(changes[pair][Cell(measure)])
        )
        for pair in pairs
        for measure in COMPARED
        if Cell(measure) in changes[pair]
    )
    follows = (
        *_waits(summaries, order, comparisons),
        *_before_asked(summaries),
        *(found for pair in own for found in _own_tables(pair, changes[pair])),
    )
    doubts = list(_warnings(summaries))
    if verdicts:
        doubts.append(Finding(Code.FAMILY, {"verdicts": verdicts, "coverage": coverage}))
    return Conclusions(order, comparisons, coverage, follows, tuple(doubts))


def verdict_of(change: Change) -> Verdict:
    """Read a verdict off the interval of a ratio.

    Examples
    --------
    >>> one = Figure(0.9, 0.85, 0.95, 20)
    >>> verdict_of(Change(one, one, one, one)).value
    'less'
    """
    ratio = change.ratio
    if not isinstance(ratio, Figure):
        return Verdict.CANNOT_TELL
    if ratio.low >= 1 - ALIKE_SHARE and ratio.high <= 1 + ALIKE_SHARE:
        return Verdict.ALIKE
    if ratio.high < 1:
        return Verdict.LESS
    return Verdict.MORE if ratio.low > 1 else Verdict.CANNOT_TELL


def _changes(
    summaries: Sequence[Summary], pair: tuple[int, int], *, coverage: float
) -> dict[Cell, Change]:
    return paired(summaries[pair[0]], summaries[pair[1]], coverage=coverage)


def _p95(summary: Summary) -> float:
    found = summary.figures.get(Cell(Measure.WAIT_P95))
    return found.value if isinstance(found, Figure) else float("inf")


def _waits(
    summaries: Sequence[Summary], order: Sequence[int], comparisons: Sequence[Comparison]
) -> Iterator[Finding]:
    """The shortest wait, then its policy against each other one, and their steps."""
    best = order[0]
    found = summaries[best].figures.get(Cell(Measure.WAIT_P95))
    if not isinstance(found, Figure):
        return
    yield Finding(
        Code.SHORTEST,
        {"policy": best, "wait_s": found.value, "low_s": found.low, "high_s": found.high},
    )
    for measure, code in ((Measure.WAIT_P95, Code.COMPARED), (Measure.WALK_A_NEED, Code.STEPS)):
        for one in comparisons:
            if one.measure is measure and one.first == best:
                yield _finding(code, one.first, one.second, one.change)


def _finding(code: Code, first: int, second: int, change: Change) -> Finding:
    numbers: dict[str, Number] = {
        "first": first,
        "second": second,
        "verdict": verdict_of(change).value,
    }
    if isinstance(change.ratio, Figure):
        ratio = change.ratio
        numbers |= {"ratio": ratio.value, "low": ratio.low, "high": ratio.high}
    return Finding(code, numbers)


def _before_asked(summaries: Sequence[Summary]) -> Iterator[Finding]:
    """The policy under which most is met before anybody asks, and the one with least."""
    shares = [
        (found.value, at, found)
        for at, one in enumerate(summaries)
        if isinstance(found := one.figures.get(Cell(Measure.BEFORE_ASKED)), Figure)
    ]
    if len(shares) > 1:
        for _share, at, found in (max(shares, key=_place), min(shares, key=_place)):
            numbers = {"policy": at, "share": found.value, "low": found.low, "high": found.high}
            yield Finding(Code.BEFORE_ASKED, numbers)


def _place(row: tuple[float, int, Figure]) -> tuple[float, int]:
    return row[:2]


def _own_pairs(summaries: Sequence[Summary]) -> list[tuple[int, int]]:
    """Each policy with help beside the same walking without it."""
    found = []
    for at, one in enumerate(summaries):
        for other, without in enumerate(summaries):
            mine, theirs = one.policy, without.policy
            if not isinstance(mine, OwnTheWhole) or not isinstance(theirs, ScanSection):
                continue
            if theirs.serves is Serves.NEAREST and theirs.cadence_s == mine.cadence_s:
                found.append((at, other))
                break
    return found


def _own_verdicts(summary: Summary) -> int:
    return len(summary.sections) + (Cell(Measure.WAIT_P95, Scope.OWNER_ONLY) in summary.figures)


def _own_tables(pair: tuple[int, int], changes: Mapping[Cell, Change]) -> Iterator[Finding]:
    """The section where help elsewhere cost its own tables most, and needs of owners alone."""
    ratios = {
        cell.name: change.ratio
        for cell, change in changes.items()
        if cell.scope is Scope.SECTION and cell.measure is Measure.WAIT_P95
        if isinstance(change.ratio, Figure)
    }
    if ratios:
        section = max(ratios, key=lambda name: ratios[name].high)
        worst = ratios[section]
        code = Code.OWN_CANNOT_TELL
        if worst.high <= OWN_TABLES_BOUND:
            code = Code.OWN_KEPT
        elif any(ratio.low > OWN_TABLES_BOUND for ratio in ratios.values()):
            code = Code.OWN_NOT_KEPT
            section = max(ratios, key=lambda name: ratios[name].low)
            worst = ratios[section]
        numbers: dict[str, Number] = {"policy": pair[0], "without": pair[1], "section": section}
        yield Finding(code, numbers | {"ratio": worst.value, "low": worst.low, "high": worst.high})
    alone = changes.get(Cell(Measure.WAIT_P95, Scope.OWNER_ONLY))
    if alone:
        yield _finding(Code.OWNERS_ALONE, pair[0], pair[1], alone)


def _warnings(summaries: Sequence[Summary]) -> Iterator[Finding]:
    yield Finding(Code.NOT_SALES, {})
    yield Finding(Code.NO_HEADCOUNT, {})
    yield Finding(Code.NUMBERS_GIVEN, {})
    yield from _of_pooling(summaries)
    if (gave_up := _largest(summaries, Measure.GAVE_UP))[1] > GAVE_UP_SHARE:
        yield Finding(Code.GAVE_UP, {"policy": gave_up[0], "share": gave_up[1]})
    left = max(range(len(summaries)), key=lambda at: summaries[at].ends.open_share)
    if summaries[left].ends.open_share > OPEN_SHARE:
        yield Finding(Code.LEFT_OPEN, {"policy": left, "share": summaries[left].ends.open_share})
    late = max(range(len(summaries)), key=lambda at: summaries[at].ends.late_share)
    if summaries[late].ends.late_share > LATE_SHARE:
        yield Finding(Code.BEGAN_LATE, {"policy": late, "share": summaries[late].ends.late_share})
    ends = summaries[0].ends
    if ends.warm_up_s > 0:
        minutes = ends.warm_up_s / 60
        yield Finding(Code.WARM_UP, {"minutes": minutes, "needs": ends.left_out})
    if summaries[0].reps < FEW_REPS:
        yield Finding(Code.FEW_REPS, {"reps": summaries[0].reps})


def _of_pooling(summaries: Sequence[Summary]) -> Iterator[Finding]:
    pooled = [at for at, one in enumerate(summaries) if isinstance(one.policy, Pooled)]
    if pooled:
        yield Finding(Code.LOAFING_GIVEN, {})
        if Cell(Measure.WAIT_MEAN, Scope.OWNER_ONLY) in summaries[pooled[0]].figures:
            yield Finding(Code.POOLED_ANYBODY, {"policy": pooled[0]})


def _largest(summaries: Sequence[Summary], measure: Measure) -> tuple[int, float]:
    values = [
        (found.value if isinstance(found, Figure) else 0.0, at)
        for at, one in enumerate(summaries)
        for found in [one.figures.get(Cell(measure))]
    ]
    value, at = max(values)
    return at, value
