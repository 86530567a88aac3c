"""Targets and the roll-out as their pages show them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from upturn.graph import queries as graph
from upturn.plan.engine import sides_missing
from upturn.plan.models import Outcome, Plan, PlanState
from upturn.plan.queries import by_hand
from upturn.plan.queries.conditions import UnitHere, conditions, units_here
from upturn.plan.queries.reckoning import WEEKS_APART, is_due
from upturn.plan.queries.results import SIDES, baseline_of, may_see_figures, unit_names
from upturn.record.kept import keep
from upturn.stats import Figure, Withheld
from upturn.voice import queries as voice

if TYPE_CHECKING:
    from upturn.people.models import Person

_UNITS = "SELECT COUNT(*) FROM plan_planunit WHERE plan_id = %s"


class TargetRow(NamedTuple):
    """An outcome with its baseline, None before it was measured."""

    row: Outcome
    baseline: Figure | None


@dataclass(frozen=True, slots=True)
class TargetPair:
    """A pair; ``lacks`` names the sides without an outcome."""

    number: int
    rows: tuple[TargetRow, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TargetsPage:
    """All pairs, and the number the next one gets."""

    pairs: tuple[TargetPair, ...]
    next_pair: int
    measures: tuple[str, ...]
    moments: tuple[str, ...]
    units: int


class OfferHere(NamedTuple):
    """What a number of steps would find of one outcome."""

    outcome: Outcome
    steps: int
    units: int
    weeks: int
    finds: Figure | Withheld
    chosen: bool


@dataclass(frozen=True, slots=True)
class StepHere:
    """Units that begin together; step 0 are those that do not begin."""

    number: int
    starts_on: date | None
    units: tuple[tuple[UnitHere, str], ...]


@dataclass(frozen=True, slots=True)
class RollOutPage:
    """Who takes part and when, and what that would find; ``seed`` repeats the lots.

    ``places`` and ``teams`` are what may be chosen, and whether it is: houses, names of teams.
    ``waits`` says that the worker has still to reckon what these steps could find.
    """

    steps: tuple[StepHere, ...]
    offers: tuple[OfferHere, ...]
    seed: int | None
    weeks_apart: int
    places: tuple[tuple[str, bool], ...]
    teams: tuple[tuple[str, bool], ...]
    waits: bool

    @property
    def units(self) -> int:
        """How many take part."""
        return sum(len(step.units) for step in self.steps)

    @property
    def dealt(self) -> bool:
        """Whether what was reckoned is for steps that stand."""
        return any(offer.chosen for offer in self.offers)


def targets_page(viewer: "Person", plan: Plan) -> TargetsPage:
    """Outcomes pair by pair, and the names of figures one may choose; one query if kept."""
    if not may_see_figures(viewer):
        return TargetsPage((), 1, (), (), 0)
    rows, units = keep(
        ("targets of a plan", plan.pk),
        as_of=plan.figures_version,
        read=partial(_read_targets, plan),
    )
    lacking = sides_missing((row.pair, row.side) for row in rows)
    numbers = sorted({row.pair for row in rows})
    pairs = tuple(
        TargetPair(
            number,
            tuple(TargetRow(row, baseline_of(row)) for row in rows if row.pair == number),
            lacking.get(number, ()),
        )
        for number in numbers
    )
    moments = sorted({row.name for row in graph.snapshot().points.values()})
    next_pair = next(n for n in range(1, len(numbers) + 2) if n not in numbers)
    return TargetsPage(pairs, next_pair, voice.measure_names(viewer), tuple(moments), units)


def _read_targets(plan: Plan) -> tuple[list[Outcome], int]:
    rows = sorted(plan.outcomes.all(), key=lambda row: (row.pair, SIDES[row.side]))
    ((units,),) = by_hand.rows(_UNITS, plan.pk)
    return rows, units


def roll_out_page(viewer: "Person", plan: Plan) -> RollOutPage:
    """Units by step, and what the stored reckoning says; kept until the plan changes."""
    if not may_see_figures(viewer):
        return RollOutPage((), (), None, WEEKS_APART, (), (), waits=False)
    as_of = plan.figures_version, plan.state, graph.snapshot().number
    return keep(("roll-out of a plan", plan.pk), as_of=as_of, read=partial(_read_roll_out, plan))


def _read_roll_out(plan: Plan) -> RollOutPage:
    units = units_here(plan)
    names = unit_names(units)
    steps = tuple(
        StepHere(
            number,
            next((u.starts_on for u in units if u.step == number and u.starts_on), None),
            tuple((unit, names[unit.ref]) for unit in units if unit.step == number),
        )
        for number in sorted({unit.step for unit in units}, key=lambda step: (not step, step))
    )
    now = graph.snapshot()
    ids = {unit.party_id for unit in units}
    own = [row for row in now.party.values() if row.id in ids]
    taking = {unit.place for unit in units} | {row.place for row in own}
    named = {row.name for row in own}
    power: dict[str, Any] = plan.power or {}
    rows = list(plan.outcomes.order_by("pair"))
    outcomes = {row.ref: row for row in rows}
    waits = is_due(conditions(plan, outcomes=rows, units=units), power)
    offers = [
        OfferHere(
            outcomes[row["outcome"]],
            row["steps"],
            row["units"],
            row["weeks"],
            finds_of(row["finds"]),
            row["steps"] == power["steps"],
        )
        for row in (() if waits else power.get("offers", ()))
        if row["outcome"] in outcomes
    ]
    offers.sort(key=lambda each: (each.outcome.pair, SIDES[each.outcome.side], each.steps))
    return RollOutPage(
        steps,
        tuple(offers),
        power.get("seed"),
        power.get("weeks_apart", WEEKS_APART),
        tuple((place, place in taking) for place in now.places),
        tuple((name, name in named) for name in sorted({row.name for row in _teams()})),
        waits=waits and plan.state != PlanState.ENDED,
    )


def teams_of(places: Collection[str], names: Collection[str]) -> list[int]:
    """Ids of the teams of these houses that have one of these names."""
    return [row.id for row in _teams() if row.place in places and row.name in names]


def _teams() -> Iterator[graph.PartyRow]:
    now = graph.snapshot()
    return (row for row in now.party.values() if row.place and row.id not in now.customers)


def finds_of(told: list[Any]) -> Figure | Withheld:
    """Take up what was written down of a reckoning."""
    return Withheld(*told) if isinstance(told[0], str) else Figure(*told)
