"""What the steps of a roll-out are reckoned from, and where that is still to be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from upturn.plan.engine import digest
from upturn.plan.models import Outcome, Plan, PlanState, PlanUnit

WEEKS_APART = 6
OF_OUTCOME = ("source", "name")
OF_UNIT = ("place", "party_id", "step", "starts_on")


@dataclass(frozen=True, slots=True)
class Lots:
    """The number that the steps were drawn with, None before, and the weeks between two steps."""

    seed: int | None
    weeks_apart: int


def lots_of(power: Mapping[str, Any] | None) -> Lots:
    """What a plan keeps of the draw."""
    kept = power or {}
    return Lots(kept.get("seed"), kept.get("weeks_apart", WEEKS_APART))


def mark_of(held: Mapping[str, Any], lots: Lots) -> str:
    """Give the mark of everything that was chosen and bears on the reckoning."""
    asked = {
        part: {ref: {name: row[name] for name in names} for ref, row in held[part].items()}
        for part, names in (("outcomes", OF_OUTCOME), ("units", OF_UNIT))
    }
    return digest(asked | {"lots": [lots.seed, lots.weeks_apart]})


def is_due(held: Mapping[str, Any], power: Mapping[str, Any] | None) -> bool:
    """Whether what is kept is not of the units, steps and outcomes that stand."""
    chosen = bool(held["outcomes"] and held["units"])
    return chosen and mark_of(held, lots_of(power)) != (power or {}).get("of")


def versions_to_look_at() -> dict[str, int]:
    """Version of the figures of each plan with units and outcomes, by its ref; one query."""
    there = (Exists(model.objects.filter(plan=OuterRef("pk"))) for model in (PlanUnit, Outcome))
    rows = Plan.objects.filter(*there).exclude(state=PlanState.ENDED).order_by("pk")
    return dict(rows.values_list("ref", "figures_version"))
