"""What a plan is held to: its outcomes, who begins when, and the weeks that are looked at."""

from datetime import date, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from django.utils import timezone

from upturn.plan.engine import differences
from upturn.plan.engine.conditions import Changed, conditions_for
from upturn.plan.models import Outcome, Plan
from upturn.plan.queries.by_hand import rows
from upturn.voice.queries import monday

WEEKS_BEFORE = timedelta(weeks=52)  # older weeks tell little of today's
WEEKS_AFTER = timedelta(weeks=26)
OF_OUTCOME = (
    "pair", "side", "source", "name", "unit", "better",
    "baseline", "baseline_low", "baseline_high", "baseline_n", "baseline_from", "baseline_until",
    "wish", "wish_by",
)  # fmt: skip
_UNITS = """SELECT ref, place, party_id, step, starts_on, picked_as_worst
FROM plan_planunit WHERE plan_id = %s ORDER BY step, id"""
OF_UNIT = ("place", "party_id", "step", "starts_on", "picked_as_worst")


class UnitHere(NamedTuple):
    """A house or team that takes part, and when it begins."""

    ref: str
    place: str
    party_id: int | None
    step: int
    starts_on: date | None
    picked_as_worst: bool


def units_here(plan: Plan) -> tuple[UnitHere, ...]:
    """Who takes part, step by step; one query."""
    return tuple(UnitHere(*row) for row in rows(_UNITS, plan.pk))


def conditions(
    plan: Plan, *, outcomes: list[Outcome] | None = None, units: tuple[UnitHere, ...] | None = None
) -> dict[str, Any]:
    """Write down, as plain JSON, what the plan's results will be read by; two queries at most."""
    if outcomes is None:
        outcomes = list(plan.outcomes.all())
    if units is None:
        units = units_here(plan)
    return {
        "outcomes": {row.ref: _plain(row, OF_OUTCOME) for row in outcomes},
        "units": {row.ref: _plain(row, OF_UNIT) for row in units},
        "window": _window(plan, outcomes, units),
    }


def changed_since(plan: Plan, now: dict[str, Any], outcome: str) -> tuple[Changed, ...]:
    """What of an outcome, the units or the weeks is not as it was agreed at the start."""
    if plan.frozen is None:
        return ()
    return differences(conditions_for(plan.frozen, outcome), conditions_for(now, outcome))


def _plain(row: Outcome | UnitHere, names: tuple[str, ...]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in zip(names, attrgetter(*names)(row), strict=True)
    }


def _window(plan: Plan, outcomes: list[Outcome], units: tuple[UnitHere, ...]) -> dict[str, str]:
    """From a year before the first start to half a year after the last, or the day of a wish.

    An earlier baseline and a later wish stretch it.
    """
    starts = [row.starts_on for row in units if row.starts_on]
    began = starts or [plan.started_on or timezone.localdate()]
    froms = [row.baseline_from for row in outcomes if row.baseline_from]
    wishes = [row.wish_by for row in outcomes if row.wish_by]
    first = min([min(began) - WEEKS_BEFORE, *froms])
    until = max([max(began) + WEEKS_AFTER, *wishes])
    return {"from": monday(first).isoformat(), "until": monday(until).isoformat()}
