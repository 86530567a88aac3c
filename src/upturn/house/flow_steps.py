"""Two processes from their first step to their last: when each step is done, as data (S1.23)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeVar

from upturn.plan.engine import PlanFacts, Standing, StepKey, steps

F = TypeVar("F")
DAY_100 = timedelta(days=100)


class Stand(StrEnum):
    """Where a step stands; the first that is neither done nor left open is for now."""

    DONE = "done"
    LEFT_OPEN = "left_open"
    NOW = "now"
    NEXT = "next"


class FlowStep(NamedTuple):
    """A step and where it stands."""

    key: str
    stand: Stand


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningFacts:
    """What strategic improvement planning looks at.

    ``plan`` counts what the plan's own steps look at, ``acting`` the lines that were put into
    action, ``readings`` the results that were read, the last of them on ``read_on``.
    """

    plan: PlanFacts = field(default_factory=PlanFacts)
    acting: int = 0
    readings: int = 0
    read_on: date | None = None
    started_on: date | None = None

    @property
    def day_100(self) -> date | None:
        """The day on which the whole plan is looked at again."""
        return self.started_on + DAY_100 if self.started_on else None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapFacts:
    """What gap analysis looks at.

    ``compared`` counts pairs of figures that can be put beside each other, ``apart`` those that
    differ by more than chance; ``causes`` what was named, tried, ruled or traced since the wave
    closed, ``asked`` and ``promised`` the asks since then, as far as the viewer sees them.
    """

    wave: bool = False
    closed: bool = False
    compared: int = 0
    apart: int = 0
    causes: int = 0
    asked: int = 0
    promised: int = 0


def _looked_again(facts: PlanningFacts) -> bool:
    """On day 100 or later, or when the plan was ended before."""
    if facts.plan.state == "ended":
        return True
    late = facts.read_on and facts.day_100 and facts.read_on >= facts.day_100
    return bool(late)


def _done_in_plan(key: StepKey) -> Callable[[PlanningFacts], bool]:
    def done(facts: PlanningFacts) -> bool:
        return any(step.key is key and step.standing is Standing.DONE for step in steps(facts.plan))

    return done


PLANNING: Mapping[str, Callable[[PlanningFacts], bool]] = {
    **{key.value: _done_in_plan(key) for key in StepKey},
    "asks": lambda facts: facts.acting > 0,
    "results": lambda facts: facts.readings > 0,
    "day_100": _looked_again,
}
GAPS: Mapping[str, Callable[[GapFacts], bool]] = {
    "instrument": lambda facts: facts.wave,
    "wave": lambda facts: facts.wave,
    "answers": lambda facts: facts.closed,
    "gap": lambda facts: facts.compared > 0,
    "causes": lambda facts: facts.causes > 0,
    "asks": lambda facts: facts.asked > 0,
    "promises": lambda facts: facts.promised > 0,
}


def planning_steps(facts: PlanningFacts) -> tuple[FlowStep, ...]:
    """Say where each step of planning stands.

    What was open when the plan started is left open: nobody is sent back to it.
    """
    draft = facts.plan.state == "draft"
    return steps_of(PLANNING, facts, left=() if draft else tuple(key.value for key in StepKey))


def steps_of(
    table: Mapping[str, Callable[[F], bool]], facts: F, *, left: Collection[str] = ()
) -> tuple[FlowStep, ...]:
    """Say where each step stands, ``left`` being those that no longer wait.

    Examples
    --------
    >>> [step.stand.value for step in steps_of(GAPS, GapFacts(wave=True))][:4]
    ['done', 'done', 'now', 'next']
    """
    found: list[FlowStep] = []
    now = False
    for key, done in table.items():
        here = Stand.DONE if done(facts) else Stand.NEXT if now else Stand.NOW
        if here is not Stand.DONE and key in left:
            here = Stand.LEFT_OPEN
        now = now or here is Stand.NOW
        found.append(FlowStep(key, here))
    return tuple(found)
