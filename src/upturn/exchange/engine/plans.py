"""Joint plans: a customer outcome, a part for each or an open abstention, and a win for all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from upturn.exchange.engine.acting_rules import AskedPromise, check_promise
from upturn.exchange.engine.rules import Refusal
from upturn.stats.figures import Withheld
from upturn.stats.rollouts import FEWEST_UNITS

GROUPS = 3
WEEKS_APART = 4
HOUR = 60


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """What a party does by itself, what its customers get by it, and what it wins; or no part."""

    words: str = ""
    customer: str = ""
    win: str = ""
    abstains: bool = False


@dataclass(frozen=True, slots=True)
class JointPlan:
    """A plan as proposed.

    Parameters
    ----------
    customer_outcome : str
        What gets better for customers.
    parts : mapping of str to PlannedPart
        By party.
    """

    customer_outcome: str
    parts: Mapping[str, PlannedPart]


@dataclass(frozen=True, slots=True)
class Gap:
    """What keeps a plan from being collective: a code, and whose cell is empty."""

    code: str
    party: str = ""


def gaps(plan: JointPlan, *, members: Collection[str]) -> tuple[Gap, ...]:
    """List what keeps a plan from being called collective; nothing when it is.

    Returns
    -------
    tuple of Gap
        ``outcome`` without an outcome for customers; ``part``, ``customer`` and ``win`` for each
        empty cell of a member that has not openly abstained; ``nobody`` where all abstain.

    Examples
    --------
    >>> part = PlannedPart("A week of coaching", "", "New leaders")
    >>> plan = JointPlan("Fewer calls come back", {"Amber": part, "Birch": PlannedPart("", "", "")})
    >>> [(gap.code, gap.party) for gap in gaps(plan, members=["Amber", "Birch"])]
    [('customer', 'Amber'), ('part', 'Birch'), ('customer', 'Birch'), ('win', 'Birch')]
    """
    found = [] if plan.customer_outcome.strip() else [Gap("outcome")]
    cells = {member: plan.parts.get(member, PlannedPart()) for member in sorted(members)}
    for member, part in cells.items():
        if part.abstains:
            continue
        said = {"part": part.words, "customer": part.customer, "win": part.win}
        found += [Gap(code, member) for code, words in said.items() if not words.strip()]
    if cells and all(part.abstains for part in cells.values()):
        found.append(Gap("nobody"))
    return tuple(found)


def broken(plan: JointPlan) -> Mapping[str, tuple[Refusal, ...]]:
    """Say by party which parts do not keep rule 18; nothing when all do."""
    checked = {
        party: check_promise(AskedPromise(companies=(party,), words=part.words)).refused
        for party, part in plan.parts.items()
        if not part.abstains
    }
    return {party: refused for party, refused in checked.items() if refused}


def focus_weeks(
    units: Sequence[str],
    *,
    first: date,
    draws: np.random.Generator,
    together: bool = False,
    groups: int = GROUPS,
    weeks_apart: int = WEEKS_APART,
) -> Mapping[str, date]:
    """Give each unit the Monday of its focus week: all in one, or in drawn groups one by one.

    Parameters
    ----------
    units : sequence of str
        Companies or places, each once.
    first : date
        Weeks begin on the Monday on it or after.
    draws : numpy.random.Generator
    together : bool
        All in the same week: nobody is left then to compare with.
    groups, weeks_apart : int
        Groups as equal in size as can be.

    Examples
    --------
    >>> from upturn.stats.draws import generator
    >>> weeks = focus_weeks("ABCDEF", first=date(2027, 1, 1), draws=generator(1, "focus"))
    >>> sorted({str(week) for week in weeks.values()})
    ['2027-01-04', '2027-02-01', '2027-03-01']
    """
    monday = first + timedelta(days=-first.weekday() % 7)
    if together:
        return dict.fromkeys(units, monday)
    order = [units[at] for at in draws.permutation(len(units))]
    apart = timedelta(weeks=weeks_apart)
    drawn = {unit: monday + apart * (at % groups) for at, unit in enumerate(order)}
    return {unit: drawn[unit] for unit in units}


def readable(weeks: Mapping[str, date]) -> Withheld | None:
    """Say why the effect of focus weeks could not be read; None where their order allows it.

    It takes six units, two starts, and three units more than starts, as the roll-out of `stats`.
    """
    starts = len(set(weeks.values()))
    if starts < 2:
        return Withheld("all_start_together", needed=2, got=starts)
    needed = max(FEWEST_UNITS, starts + 3)
    return None if len(weeks) >= needed else Withheld("too_few_units", needed, len(weeks))


@dataclass(frozen=True, slots=True)
class MeetingCost:
    """What a month asks of a leader.

    Parameters
    ----------
    minutes : int
    within_the_hour : bool
    """

    minutes: int
    within_the_hour: bool


def meeting_cost(*, meetings: Sequence[int], pair_minutes: int, round_minutes: int) -> MeetingCost:
    """Add up a leader's month: meetings, a pair, and rounds done on the phone.

    Parameters
    ----------
    meetings : sequence of int
        Minutes of each.
    pair_minutes, round_minutes : int

    Examples
    --------
    >>> meeting_cost(meetings=[45], pair_minutes=30, round_minutes=0)
    MeetingCost(minutes=75, within_the_hour=False)
    >>> meeting_cost(meetings=[], pair_minutes=30, round_minutes=20)
    MeetingCost(minutes=50, within_the_hour=True)
    """
    minutes = sum(meetings) + pair_minutes + round_minutes
    return MeetingCost(minutes, minutes < HOUR)
