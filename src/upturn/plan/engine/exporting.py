"""A whole plan for others: as a document of JSON, and as rows of one table."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, TypeAlias

from upturn.stats.figures import Figure, Withheld

FORMAT, VERSION = "upturn-plan", 1
COLUMNS = (
    "kind", "ref", "moment", "time", "party", "column", "words", "provider", "makes possible",
    "state", "from", "until", "value", "low", "high", "n",
)  # fmt: skip
Cell: TypeAlias = str | int | float | None
Shown: TypeAlias = Figure | Withheld


@dataclass(frozen=True, slots=True)
class Meeting:
    """A party that meets the customer; `direct` within his or her sight."""

    party: str
    direct: bool


@dataclass(frozen=True, slots=True)
class ExportedMoment:
    """A moment of the day, `at` minutes after midnight; `score` where the reader may see it."""

    ref: str
    at: int
    name: str
    wants: str
    touchpoint: str
    well_enough: str
    parties: tuple[Meeting, ...]
    score: Shown | None


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for a line, in whose name."""

    party: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedLine:
    """A line of be, do and have.

    Parameters
    ----------
    provider_was : str
        Name of a provider who left.
    enables : str
        Ref of the line that a HAVE makes possible.
    stands : str
        ``"gap"``, ``"late"``, ``"asked"``, ``"noted"``, ``"promised"`` or ``"kept"``.
    """

    ref: str
    moment: str
    party: str
    column: str
    words: str
    provider: str = ""
    provider_was: str = ""
    enables: str = ""
    state: str = "noted"
    stands: str = "noted"
    due_on: date | None = None
    active_on: date | None = None
    settled_on: date | None = None
    owners: tuple[Owner, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedTarget:
    """One figure of a pair, where it stands at the beginning, and where it is to be."""

    ref: str
    pair: int
    side: str
    source: str
    name: str
    unit: str
    better: str
    baseline: Figure | None = None
    baseline_from: date | None = None
    baseline_until: date | None = None
    wish: float | None = None
    wish_by: date | None = None


@dataclass(frozen=True, slots=True)
class ExportedUnit:
    """A house or team that takes part."""

    ref: str
    name: str
    step: int
    starts_on: date | None
    picked_as_worst: bool


@dataclass(frozen=True, slots=True)
class ExportedResult:
    """One reading; `found` is all that the engine said."""

    ref: str
    target: str
    read_on: date
    until: date
    design: str
    found: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Remembered:
    """Something else that changed."""

    on: date
    words: str
    where: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """A figure of somebody else: claimed, not proven."""

    words: str
    source: str


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many of a function sit in the group."""

    function: str
    present: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedPlan:
    """Everything a plan holds that its reader may see."""

    ref: str
    name: str
    place: str
    customers: str
    serve_first: str
    day_from: int
    day_until: int
    state: str
    opened_on: date
    started_on: date | None = None
    ended_on: date | None = None
    group: tuple[Attendance, ...] = ()
    moments: tuple[ExportedMoment, ...] = ()
    lines: tuple[ExportedLine, ...] = ()
    targets: tuple[ExportedTarget, ...] = ()
    units: tuple[ExportedUnit, ...] = ()
    results: tuple[ExportedResult, ...] = ()
    other_changes: tuple[Remembered, ...] = ()
    claims: tuple[Claimed, ...] = ()
    agreed: dict[str, Any] | None = None


def clock(at: int) -> str:
    """Write minutes after midnight as a time; a day that goes on after midnight goes on counting.

    >>> clock(1190), clock(1500)
    ('19:50', '25:00')
    """
    return f"{at // 60:02}:{at % 60:02}"


def as_document(plan: ExportedPlan, *, synthetic: bool = False) -> dict[str, Any]:
    """Give a plan as plain JSON.

    Parameters
    ----------
    plan : ExportedPlan
    synthetic : bool
        Whether all of it is generated; the document says so.

    Returns
    -------
    dict
        As `docs/reference/plan-export.md` tells. Days are ISO 8601.
    """
    head = {"format": FORMAT, "version": VERSION, "synthetic": synthetic}
    told = _plain(plan)
    for moment in told["moments"]:
        moment["time"] = clock(moment["at"])
    return {**head, **told}


def _plain(value: Any) -> Any:
    if isinstance(value, Withheld):
        return {"withheld": value.reason, "needed": value.needed, "got": value.got}
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def as_rows(plan: ExportedPlan) -> Iterator[tuple[Cell, ...]]:
    """Give a plan as rows below `COLUMNS`, the plan itself first, its day in order."""
    yield _row(
        kind="plan",
        ref=plan.ref,
        party=plan.customers,
        words=plan.name,
        state=plan.state,
        since=plan.started_on or plan.opened_on,
        until=plan.ended_on,
    )
    yield _row(kind="question", words=plan.serve_first)
    by_moment: dict[str, list[ExportedLine]] = {}
    for line in plan.lines:
        by_moment.setdefault(line.moment, []).append(line)
    for moment in plan.moments:
        yield from _moment_rows(moment, by_moment.get(moment.ref, []))
    yield from _target_rows(plan)
    for unit in plan.units:
        yield _row(
            kind="unit", ref=unit.ref, party=unit.name, state=unit.step, since=unit.starts_on
        )
    for change in plan.other_changes:
        yield _row(kind="also changed", party=change.where, words=change.words, since=change.on)
    for claim in plan.claims:
        yield _row(kind="claimed", party=claim.source, words=claim.words)


def _moment_rows(moment: ExportedMoment, lines: list[ExportedLine]) -> Iterator[tuple[Cell, ...]]:
    here = {"moment": moment.name, "time": clock(moment.at)}
    score = _figure(moment.score)
    yield _row(kind="moment", ref=moment.ref, words=moment.wants, **here, **score)
    for each in moment.parties:
        column = "in sight" if each.direct else "behind it"
        yield _row(kind="meets", party=each.party, column=column, **here)
    for line in lines:
        yield _row(
            kind="line",
            ref=line.ref,
            party=line.party,
            column=line.column,
            words=line.words,
            provider=line.provider,
            enables=line.enables,
            state=line.stands,
            since=line.active_on,
            until=line.settled_on or line.due_on,
            **here,
        )


def _target_rows(plan: ExportedPlan) -> Iterator[tuple[Cell, ...]]:
    for target in plan.targets:
        named = {"ref": target.ref, "party": target.side, "words": target.name}
        since, until = target.baseline_from, target.baseline_until
        baseline = _figure(target.baseline)
        yield _row(
            kind="baseline", since=since, until=until, column=target.unit, **named, **baseline
        )
        if target.wish is not None:
            yield _row(kind="target", until=target.wish_by, value=target.wish, **named)
    for result in plan.results:
        found = result.found.get("change") or []
        numbers = dict(zip(("value", "low", "high", "n"), found, strict=False))
        shown = {} if found and isinstance(found[0], str) else numbers
        state = str(result.found.get("says", ""))
        yield _row(
            kind="result", ref=result.target, column=result.design, state=state,
            until=result.until, **shown,
        )  # fmt: skip


def _figure(shown: Shown | None) -> dict[str, Cell]:
    if isinstance(shown, Figure):
        return {"value": shown.value, "low": shown.low, "high": shown.high, "n": shown.n}
    return {"state": f"withheld: {shown.reason}"} if shown else {}


def _row(**cells: Cell | date) -> tuple[Cell, ...]:
    """Put cells below their columns; a day is written by ISO 8601."""
    renamed = {"since": "from", "enables": "makes possible"}
    told = {renamed.get(name, name): value for name, value in cells.items()}
    row = (told.get(column) for column in COLUMNS)
    return tuple(each.isoformat() if isinstance(each, date) else each for each in row)
