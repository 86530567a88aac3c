"""Who may see which plan, and who may change it."""

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from upturn.people.queries import parties_of
from upturn.plan.models import Plan, PlanSeat, PlanState
from upturn.record import outbox

if TYPE_CHECKING:
    from upturn.people.models import Person

OPENING = frozenset({"leader", "executive", "facilitator"})
CARRYING = frozenset({"executive", "facilitator"})
LOOKING_ON = CARRYING | {"administrator"}
GUEST = "guest"
LONG = ("frozen", "power")  # read where they are needed: taking them up costs as much as the rest
_FIELDS = Plan._meta.concrete_fields  # noqa: SLF001 - Django's documented API
_READ = ", ".join(str(each.column) for each in _FIELDS if each.name not in LONG)
_BY_REF = f"""SELECT {_READ}, ({outbox.NEWEST}) AS since,
(SELECT COUNT(*) FROM plan_planseat WHERE plan_id = plan_plan.id AND person_id = %s)
AS seats_of_viewer FROM plan_plan WHERE ref = %s"""  # noqa: S608 - constants


def may_open(viewer: "Person") -> bool:
    """Those who lead, carry the whole or facilitate open plans."""
    return viewer.is_active and viewer.role in OPENING


def plans_seen(viewer: "Person") -> QuerySet[Plan]:
    """Plans in the viewer's sight.

    While it is being made a plan is for its group, for who opened it, and for those who carry the
    whole, facilitate or keep the installation. In action it is for everybody who works here.
    Guests see a plan in whose group they sit.
    """
    if not viewer.is_active:
        return Plan.objects.none()
    if viewer.role in LOOKING_ON:
        return Plan.objects.all()
    seat = Exists(PlanSeat.objects.filter(plan=OuterRef("pk"), person=viewer))
    if viewer.role == GUEST:
        return Plan.objects.filter(seat)
    return Plan.objects.filter(seat | Q(opened_by=viewer) | ~Q(state=PlanState.DRAFT))


def plan_by_ref(viewer: "Person", ref: str) -> Plan:
    """Find a plan, with the newest event of then and whether the viewer sits in it; one query.

    Raises
    ------
    Plan.DoesNotExist
        If there is none, or none in the viewer's sight.
    """
    plan = next(iter(Plan.objects.raw(_BY_REF, (viewer.pk, ref))), None)
    if plan is None:
        raise Plan.DoesNotExist
    viewer.__dict__["sits_in_plans"] = {plan.pk: bool(plan.seats_of_viewer)}
    if not sees(viewer, plan):
        raise Plan.DoesNotExist
    return plan


def sees(viewer: "Person", plan: Plan) -> bool:
    """Say of one plan that was read what `plans_seen` says of all: a third of the price."""
    if not viewer.is_active:
        return False
    if viewer.role in LOOKING_ON:
        return True
    if viewer.role == GUEST:
        return sits(viewer, plan)
    shown = plan.state != PlanState.DRAFT or plan.opened_by_id == viewer.pk
    return shown or sits(viewer, plan)


def sits(viewer: "Person", plan: Plan) -> bool:
    """Whether the viewer is in the plan's group; asked once a request."""
    if viewer.pk is None or not viewer.is_active:
        return False
    kept: dict[int, bool] = viewer.__dict__.setdefault("sits_in_plans", {})
    if plan.pk not in kept:
        kept[plan.pk] = PlanSeat.objects.filter(plan=plan, person=viewer).exists()
    return kept[plan.pk]


def in_group(viewer: "Person", plan: Plan) -> bool:
    """Whether the names of those present are for the viewer."""
    if not viewer.is_active:
        return False
    opened = viewer.role != GUEST and plan.opened_by_id == viewer.pk
    return opened or viewer.role in CARRYING or sits(viewer, plan)


def may_edit(viewer: "Person", plan: Plan) -> bool:
    """Its group, who opened it, and those who carry the whole, until the plan has ended."""
    return plan.state != PlanState.ENDED and in_group(viewer, plan)


def belongs_to(viewer: "Person", party_id: int) -> bool:
    """Whether the viewer is of the party, and so can say that its line is settled."""
    return viewer.is_active and party_id in parties_of(viewer)
