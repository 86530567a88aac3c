"""By which design a plan's figures can be read, strongest first, and what stronger ones lack."""

from dataclasses import dataclass
from enum import StrEnum

from upturn.plan.engine.evidence import Evidence, Facts, facts_of, readable

WEEKS_A_SIDE = 8


class Design(StrEnum):
    """How a change is told apart from what would have come anyway."""

    STAGGERED = "staggered"
    INTERRUPTED = "interrupted"
    SYNTHETIC = "synthetic"
    BEFORE_AFTER = "before_after"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing a design asks for: the name of a fact of `Facts`, and how much of it."""

    fact: str
    least: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A design with what it asks for; all of it, or the design says nothing."""

    design: Design
    needs: tuple[Need, ...]


DESIGNS: tuple[Asked, ...] = (
    Asked(
        Design.STAGGERED,
        (
            Need("started", 2),
            Need("groups", 2),
            Need("compared", 2),
            Need("units", 6),
            Need("spare", 3),
            Need("before", 4),
            Need("after", 1),
        ),
    ),
    Asked(
        Design.INTERRUPTED,
        (Need("started", 1), Need("before", WEEKS_A_SIDE), Need("after", WEEKS_A_SIDE)),
    ),
    Asked(
        Design.SYNTHETIC,
        (
            Need("started", 1),
            Need("together", 1),
            Need("donors", 3),
            Need("before", WEEKS_A_SIDE),
            Need("after", 1),
        ),
    ),
    Asked(Design.BEFORE_AFTER, ()),
)


@dataclass(frozen=True, slots=True)
class Missing:
    """What a design would need: `needed` of the fact (or the reason) `what`; there is `got`."""

    design: Design
    what: str
    needed: int
    got: int


@dataclass(frozen=True, slots=True)
class Choice:
    """The strongest design that the figures allow, and what each stronger one lacks."""

    design: Design
    missing: tuple[Missing, ...]


def choose(evidence: Evidence) -> Choice:
    """Choose the strongest design that these figures allow.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    Choice
        ``before_after`` where nothing stronger holds: it has figures and cannot tell.
    """
    left, _silent, _changed = readable(evidence)
    return choose_by(facts_of(left))


def choose_by(facts: Facts) -> Choice:
    """Take the first design of `DESIGNS` that lacks nothing.

    Examples
    --------
    >>> choice = choose_by(Facts(8, 8, 0, 1, 1, 7, 20, 5, 0))
    >>> str(choice.design), [(str(row.design), row.what) for row in choice.missing]
    ... # doctest: +NORMALIZE_WHITESPACE
    ('before_after', [('staggered', 'groups'), ('staggered', 'compared'), ('interrupted', 'after'),
    ('synthetic', 'donors')])
    """
    missing: list[Missing] = []
    for asked in DESIGNS:
        lacking = lacks(asked, facts)
        if not lacking:
            return Choice(asked.design, tuple(missing))
        missing += lacking
    return Choice(Design.BEFORE_AFTER, tuple(missing))


def lacks(asked: Asked, facts: Facts) -> tuple[Missing, ...]:
    """Say what a design lacks with these facts."""
    found = ((need, int(getattr(facts, need.fact))) for need in asked.needs)
    return tuple(
        Missing(asked.design, need.fact, need.least, got) for need, got in found if got < need.least
    )
