"""Which houses or teams take part, and in which steps they begin."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from upturn.graph import queries as graph
from upturn.plan.commands.allowed import check_may_edit, check_near
from upturn.plan.commands.edits import Edit, facts_of, repeated, tell, write_edit
from upturn.plan.commands.moments import ref_for
from upturn.plan.commands.reckoning import keep_lots
from upturn.plan.engine import InAction, Incomplete, UnknownUnit, draw_steps
from upturn.plan.models import Plan, PlanState, PlanUnit
from upturn.plan.queries.reckoning import Lots, lots_of

if TYPE_CHECKING:
    from upturn.people.models import Person

UNITS_MOST = 200
STEPS_MOST = 12
WEEKS_APART_MOST = 26
SEEDS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """A roll-out in steps; units are dealt to them by the lot that ``seed`` draws."""

    steps: int
    first_on: date
    weeks_apart: int
    seed: int


@transaction.atomic
def choose_units(
    viewer: "Person",
    plan: Plan,
    *,
    places: Collection[str],
    parties: Collection[int] | None = None,
) -> None:
    """Say which houses and teams take part; those that stay keep their step.

    Without ``parties`` the teams stay that are there.

    Raises
    ------
    UnknownUnit
        If there is no such place or party in sight.
    InAction
        Once the plan has started, for it was agreed who takes part.
    """
    check_may_edit(viewer, plan)
    _check_draft(plan)
    now, seen = graph.snapshot(), graph.visible_parties(viewer)
    if parties is None:
        own = plan.units.exclude(party=None).values_list("party_id", flat=True)
        parties = [each for each in own if each in seen]
    known = {now.party[each].place for each in seen}
    for place in places:
        if place not in known:
            raise UnknownUnit(_("No house is called “%(name)s”.") % {"name": place})
    if not set(parties) <= seen:
        raise UnknownUnit(_("There is no such party, or it is not for you to see."))
    if len(places) + len(parties) > UNITS_MOST:
        raise Incomplete(_("A plan takes up to %(most)d units.") % {"most": UNITS_MOST})
    plan.units.exclude(place__in=[*places, ""]).delete()
    plan.units.filter(place="").exclude(party__in=parties).delete()
    there = set(plan.units.values_list("place", "party_id"))
    wanted = [*((place, None) for place in sorted(places)), *(("", p) for p in sorted(parties))]
    PlanUnit.objects.bulk_create(
        PlanUnit(plan=plan, ref=ref_for("unit", plan, f"{place} {party}"), place=place,
                 party_id=party)
        for place, party in wanted
        if (place, party) not in there
    )  # fmt: skip
    keep_lots(plan, Lots(None, lots_of(plan.power).weeks_apart))
    tell(plan, kind="unit", ref=plan.ref)


@transaction.atomic
def deal_steps(viewer: "Person", plan: Plan, steps: Steps, *, today: date) -> None:
    """Deal the units to steps by lot, so that nobody picks who begins.

    Raises
    ------
    Incomplete
        If the steps do not fit.
    """
    check_may_edit(viewer, plan)
    _check_draft(plan)
    units = list(plan.units.order_by("pk"))
    if not units:
        raise Incomplete(_("Say first which houses or teams take part."))
    if not 1 <= steps.steps <= min(STEPS_MOST, len(units)):
        raise Incomplete(_("Take at least one step, and at most one for each unit."))
    if not 1 <= steps.weeks_apart <= WEEKS_APART_MOST or not 0 <= steps.seed < SEEDS:
        raise Incomplete(_("Leave between 1 and 26 weeks from one step to the next."))
    if steps.first_on <= today:
        raise Incomplete(_("The first step lies on a day to come."))
    check_near(plan, steps.first_on)
    dealt = draw_steps([unit.ref for unit in units], steps=steps.steps, seed=steps.seed)
    for unit in units:
        unit.step = dealt[unit.ref]
        unit.starts_on = steps.first_on + timedelta(weeks=(unit.step - 1) * steps.weeks_apart)
    PlanUnit.objects.bulk_update(units, ["step", "starts_on"])
    keep_lots(plan, Lots(steps.seed, steps.weeks_apart))
    tell(plan, kind="unit", ref=plan.ref)


@transaction.atomic
def place_unit(  # noqa: PLR0913 - one row of the table of units
    viewer: "Person",
    plan: Plan,
    ref: str,
    *,
    step: int,
    starts_on: date | None,
    picked_as_worst: bool,
    edit: Edit,
) -> PlanUnit:
    """Put one unit into a step by hand, and say whether it was chosen for a bad figure.

    After the start this is allowed and shown: the result is then read both ways.
    """
    check_may_edit(viewer, plan)
    unit = _unit(plan, ref)
    if not repeated(plan, edit):
        _place(plan, unit, step, starts_on, picked_as_worst=picked_as_worst, edit=edit)
    return unit


def _place(
    plan: Plan,
    unit: PlanUnit,
    step: int,
    starts_on: date | None,
    *,
    picked_as_worst: bool,
    edit: Edit,
) -> None:
    if not 0 <= step <= STEPS_MOST or (step > 0) != (starts_on is not None):
        raise Incomplete(_("A unit that begins has a step and a day; one that does not has none."))
    if starts_on:
        check_near(plan, starts_on)
    before = facts_of("unit", unit)
    unit.step, unit.starts_on, unit.picked_as_worst = step, starts_on, picked_as_worst
    unit.save(update_fields=["step", "starts_on", "picked_as_worst"])
    after = facts_of("unit", unit)
    write_edit(plan, key=edit.key, kind="unit", ref=unit.ref, before=before, after=after)


def _check_draft(plan: Plan) -> None:
    if plan.state != PlanState.DRAFT:
        raise InAction(_("Who takes part and when was agreed at the start. Move one unit by hand."))


def _unit(plan: Plan, ref: str) -> PlanUnit:
    try:
        return plan.units.get(ref=ref)
    except ObjectDoesNotExist as error:
        raise UnknownUnit(_("This unit is no longer in the plan.")) from error
