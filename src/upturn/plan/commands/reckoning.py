"""What the steps of a roll-out could find: reckoned by the worker, for it may take seconds."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from upturn.plan.commands.edits import tell
from upturn.plan.engine import Offer, power_of
from upturn.plan.models import Plan, PlanState
from upturn.plan.queries.conditions import conditions
from upturn.plan.queries.reckoning import Lots, is_due, lots_of, mark_of
from upturn.plan.queries.series import last_whole_week, outcome_series, weekly
from upturn.stats import Withheld

if TYPE_CHECKING:
    from upturn.stats.swings import Swing

WEEKS_LOOKED_AT = 52
OFFERED = (1, 2, 3, 4, 5)


def keep_lots(plan: Plan, lots: Lots) -> None:
    """Keep the draw with the steps; what was reckoned for others is of no use any more."""
    plan.power = {"seed": lots.seed, "weeks_apart": lots.weeks_apart}
    Plan.objects.filter(pk=plan.pk).update(power=plan.power)


def reckon_if_due(ref: str) -> bool:
    """Reckon what the steps of a plan could find, unless it was reckoned of what stands.

    Outside any transaction, so that nobody waits for it; nothing is kept of a reckoning that was
    cut off, or of one whose units, steps or outcomes changed meanwhile. Say whether it was due.
    """
    plan = Plan.objects.exclude(state=PlanState.ENDED).filter(ref=ref).first()
    held = conditions(plan) if plan else None
    if plan is None or held is None or not is_due(held, plan.power):
        return False
    lots = lots_of(plan.power)
    chosen = max((unit["step"] for unit in held["units"].values()), default=0)
    found = {"steps": chosen, "offers": list(_offers(plan, held, lots)), "of": mark_of(held, lots)}
    _keep(plan, found)
    return True


@transaction.atomic
def _keep(plan: Plan, found: dict[str, Any]) -> None:
    now = Plan.objects.select_for_update().filter(pk=plan.pk).first()
    if now and mark_of(conditions(now), lots_of(now.power)) == found["of"]:
        Plan.objects.filter(pk=now.pk).update(power=(now.power or {}) | found)
        tell(now, kind="unit", ref=now.ref)


def _offers(plan: Plan, held: dict[str, Any], lots: Lots) -> Iterator[dict[str, Any]]:
    from upturn.stats.swings import swing_of  # noqa: PLC0415 - numbers are for those who plan

    steps = [unit["step"] for unit in held["units"].values()]
    starts = [date.fromisoformat(u["starts_on"]) for u in held["units"].values() if u["starts_on"]]
    last = last_whole_week(min([plan.opened_on, *starts]))
    first = last - timedelta(weeks=WEEKS_LOOKED_AT - 1)
    found = weekly(None, since=first)
    for ref, outcome in held["outcomes"].items():
        values = outcome_series(found, outcome, held["units"], first=first, last=last).values
        swing, chosen = swing_of(values), max(steps, default=0)
        numbers = {chosen or 1} if isinstance(swing, Withheld) else {*OFFERED, chosen} - {0}
        for number in sorted(numbers):
            if number <= len(steps):
                dealt = steps if number == chosen else _even(len(steps), number)
                yield {"outcome": ref, **_offer(swing, dealt, lots)}


def _even(units: int, steps: int) -> list[int]:
    return [unit * steps // units + 1 for unit in range(units)]


def _offer(swing: "Swing | Withheld", steps: list[int], lots: Lots) -> dict[str, Any]:
    offer = (
        Offer(max(steps), len(steps), 0, swing)
        if isinstance(swing, Withheld)
        else power_of(steps, swing, weeks_apart=lots.weeks_apart, seed=lots.seed or 0)
    )
    finds = offer.finds
    told: list[Any] = (
        [finds.reason, finds.needed, finds.got]
        if isinstance(finds, Withheld)
        else [finds.value, finds.low, finds.high, finds.n]
    )
    return {"steps": offer.steps, "units": offer.units, "weeks": offer.weeks, "finds": told}
