"""What those who serve need to be, do and have, and the order in which a plan is made."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

MOST_ACTIVE = 3
FUNCTIONS_NEEDED = 3
MOMENTS_NEEDED = 3
LEVELS_NEEDED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence of be, do and have.

    Parameters
    ----------
    ref, moment : str
        The line and the moment it belongs to.
    party : int
        Whose line it is.
    column : str
        ``"be"``, ``"do"`` or ``"have"``.
    provider, edge : int or None
        Of a HAVE: who gives it, and the serves-edge over which it comes.
    enables : str
        Of a HAVE: the line that it makes possible, or "".
    state : str
        ``"noted"``, ``"active"`` or ``"settled"``.
    """

    ref: str
    moment: str
    party: int
    column: str
    provider: int | None = None
    edge: int | None = None
    enables: str = ""
    state: str = "noted"


def gaps(lines: Iterable[Line]) -> tuple[str, ...]:
    """List the HAVEs that no serves-edge brings: without a provider, or not drawn (S2.15).

    Examples
    --------
    >>> gaps([Line(ref="a", moment="m", party=1, column="have")])
    ('a',)
    """
    return tuple(each.ref for each in lines if each.column == "have" and each.edge is None)


def orphans(lines: Iterable[Line]) -> tuple[str, ...]:
    """List the HAVEs that name no promise to customers which they enable (S2.5).

    Examples
    --------
    >>> orphans([Line(ref="a", moment="m", party=1, column="have", enables="b")])
    ()
    """
    return tuple(each.ref for each in lines if each.column == "have" and not each.enables)


def served_first(lines: Iterable[Line], *, customers: Collection[int]) -> tuple[str, ...]:
    """List the HAVEs by which somebody who serves is served: provider, edge, and no customer.

    References
    ----------
    Seeds S1.6 and S2.10: the first step is to serve the servers better.
    """
    return tuple(
        each.ref
        for each in lines
        if each.column == "have"
        and each.provider is not None
        and each.edge is not None
        and each.party not in customers
    )


def active_by_party(lines: Iterable[Line]) -> dict[int, int]:
    """Count the lines in action of each party.

    Examples
    --------
    >>> active_by_party([Line(ref="a", moment="m", party=1, column="do", state="active")])
    {1: 1}
    """
    return dict(Counter(each.party for each in lines if each.state == "active"))


def owners_span_levels(distances: Iterable[int | None]) -> bool:
    """Tell whether owners stand on two levels at least (S1.21).

    Parameters
    ----------
    distances : iterable of int or None
        Steps of each owner to the nearest customer; None, without a path to one, is no level.

    Examples
    --------
    >>> owners_span_levels([1, 2]), owners_span_levels([1, 1, None])
    (True, False)
    """
    return len({each for each in distances if each is not None}) >= LEVELS_NEEDED


class StepKey(StrEnum):
    """The steps of a plan, in their order."""

    QUESTION = "question"
    GROUP = "group"
    DAY = "day"
    LINES = "lines"
    TARGETS = "targets"
    ROLL_OUT = "roll_out"
    START = "start"


class Standing(StrEnum):
    """Where a step stands: the first that is neither done nor skipped is the one for now."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """What the order of a plan looks at, counted.

    Parameters
    ----------
    answered : bool
        Whether the question at the head has an answer (S2.1).
    functions : int
        Different parties in the group.
    moments, unmet : int
        Moments of the day, and those at which nobody is said to meet the customer.
    haves, served_first, promises, gaps, orphans : int
        HAVEs for those who serve; those of them with provider and edge; BE and DO; see `gaps`,
        `orphans`.
    pairs, baselines : int
        Complete pairs of outcomes, and those of which both have a baseline.
    units, dated : int
        Units of the roll-out, and those with a day.
    state : str
        ``"draft"``, ``"started"`` or ``"ended"``.
    """

    answered: bool = False
    functions: int = 0
    moments: int = 0
    unmet: int = 0
    haves: int = 0
    served_first: int = 0
    promises: int = 0
    gaps: int = 0
    orphans: int = 0
    pairs: int = 0
    baselines: int = 0
    units: int = 0
    dated: int = 0
    state: str = "draft"


@dataclass(frozen=True, slots=True)
class Step:
    """A step, where it stands, and codes of what is missing or worth a warning."""

    key: StepKey
    standing: Standing
    open: tuple[str, ...]


def steps(facts: PlanFacts) -> tuple[Step, ...]:
    """Say of each step of a plan whether it is done, for now, or later.

    The first step that is not done is for now; what comes after it and is not done comes next.

    Examples
    --------
    >>> [step.standing.value for step in steps(PlanFacts(answered=True))][:3]
    ['done', 'now', 'next']
    """
    open_by_key = {
        StepKey.QUESTION: () if facts.answered else ("question",),
        StepKey.GROUP: _group(facts),
        StepKey.DAY: _day(facts),
        StepKey.LINES: _lines(facts),
        StepKey.TARGETS: _targets(facts),
        StepKey.ROLL_OUT: _roll_out(facts),
        StepKey.START: () if facts.state != "draft" else ("start",),
    }
    found: list[Step] = []
    now_seen = False
    for key, missing in open_by_key.items():
        standing = Standing.DONE if not missing else Standing.NEXT if now_seen else Standing.NOW
        now_seen = now_seen or standing is Standing.NOW
        found.append(Step(key, standing, missing))
    return tuple(found)


def _group(facts: PlanFacts) -> tuple[str, ...]:
    return () if facts.functions >= FUNCTIONS_NEEDED else ("functions",)


def _day(facts: PlanFacts) -> tuple[str, ...]:
    few = ("moments",) if facts.moments < MOMENTS_NEEDED else ()
    return few + (("unmet",) if facts.unmet else ())


def _lines(facts: PlanFacts) -> tuple[str, ...]:
    if not facts.haves:
        return ("haves",)
    unserved = () if facts.served_first else ("served_first",)
    return unserved + (() if facts.promises else ("promises",))


def _targets(facts: PlanFacts) -> tuple[str, ...]:
    if not facts.pairs:
        return ("pairs",)
    return () if facts.baselines >= facts.pairs else ("baselines",)


def _roll_out(facts: PlanFacts) -> tuple[str, ...]:
    if not facts.units:
        return ("units",)
    return () if facts.dated >= facts.units else ("dates",)


def ready_to_start(facts: PlanFacts) -> tuple[str, ...]:
    """List what keeps a plan from starting; empty when it can.

    Missing pairs of outcomes or units do not: a plan without them starts, and its result will be
    "before and after: cannot tell" (see `foreseen`).

    Examples
    --------
    >>> ready_to_start(PlanFacts(answered=True, moments=1))
    ('served_first',)
    """
    needed = {
        "question": facts.answered,
        "moments": facts.moments,
        "served_first": facts.served_first,
    }
    return tuple(code for code, there in needed.items() if not there)


def foreseen(facts: PlanFacts) -> tuple[str, ...]:
    """List codes of what a plan can do without and its result cannot.

    Examples
    --------
    >>> foreseen(PlanFacts(pairs=1, baselines=1, units=6, dated=6, functions=3))
    ()
    """
    return _targets(facts) + _roll_out(facts) + _group(facts)
