"""Opening a plan, who sits in its group, starting it and ending it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from upturn.graph import queries as graph
from upturn.people.queries import parties_of
from upturn.plan.commands.allowed import (
    LATEST,
    NAME_MAX,
    check_answer,
    check_may_edit,
    check_seen,
    checked,
)
from upturn.plan.commands.edits import overtaken, tell
from upturn.plan.engine import Incomplete, NotReady, NotYours, ready_to_start
from upturn.plan.models import Plan, PlanSeat, PlanState
from upturn.plan.queries.conditions import conditions
from upturn.plan.queries.plans import facts_of_plan
from upturn.plan.queries.sight import may_open
from upturn.record import journal
from upturn.record.keys import ref_of

if TYPE_CHECKING:
    from upturn.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """A plan before it is opened; ``code`` is drawn when the form opens."""

    name: str
    customers_id: int
    code: str
    place: str = ""
    serve_first: str = ""
    day_from: int = 420
    day_until: int = 1380


@transaction.atomic
def open_plan(viewer: "Person", draft: PlanDraft, *, today: date) -> Plan:
    """Open a plan, or find it if this draft was sent before.

    Raises
    ------
    NotYours, Incomplete
        If the viewer opens no plans, or a part is missing.
    """
    if not may_open(viewer):
        raise NotYours(_("Plans are opened by leaders, executives and facilitators. Ask one."))
    if not draft.code:
        raise Incomplete(_("The form is incomplete. Open it again; your words are kept."))
    name = checked(draft.name, what=_("what the plan is called"), most=NAME_MAX)
    if draft.customers_id not in graph.snapshot().customers:
        raise Incomplete(_("A plan is for customers. Choose whose day it is about."))
    if not 0 <= draft.day_from < draft.day_until <= LATEST:
        raise Incomplete(_("A day ends after it begins, and within 48 hours."))
    ref = ref_of(f"plan {viewer.pk} {draft.code}")
    plan, new = Plan.objects.get_or_create(
        ref=ref,
        defaults={
            "name": name,
            "place": checked(draft.place, what=_("where"), most=NAME_MAX, needed=False),
            "customers_id": draft.customers_id,
            "serve_first": check_answer(None, draft.serve_first),
            "day_from": draft.day_from,
            "day_until": draft.day_until,
            "opened_by": viewer,
            "opened_on": today,
        },
    )
    if new:
        journal.write("open plan", subject_kind="plan", subject_ref=ref, actor_id=viewer.pk)
    return plan


@transaction.atomic
def seat(viewer: "Person", plan: Plan, *, person: "Person", party_id: int) -> PlanSeat:
    """Give somebody a seat for a function; given again, it changes the function.

    Raises
    ------
    Incomplete
        If the person is not of the party.
    """
    check_may_edit(viewer, plan)
    check_seen(viewer, party_id)
    if party_id not in parties_of(person):
        raise Incomplete(_("Nobody of that name belongs to this party. Choose from the list."))
    taken, _new = PlanSeat.objects.update_or_create(
        plan=plan, person=person, defaults={"party_id": party_id}
    )
    viewer.__dict__.pop("sits_in_plans", None)
    tell(plan, kind="group", ref=plan.ref)
    return taken


@transaction.atomic
def unseat(viewer: "Person", plan: Plan, *, seat_id: int) -> None:
    """Take a seat away; a seat that is gone already is no error."""
    check_may_edit(viewer, plan)
    PlanSeat.objects.filter(plan=plan, pk=seat_id).delete()
    viewer.__dict__.pop("sits_in_plans", None)
    tell(plan, kind="group", ref=plan.ref)


def check_start(viewer: "Person", plan: Plan) -> None:
    """Raise NotReady with all that is missing, or NotYours."""
    check_may_edit(viewer, plan)
    if plan.state != PlanState.DRAFT:
        raise NotYours(_("This plan is in action already."))
    missing = ready_to_start(facts_of_plan(plan))
    if missing:
        raise NotReady(missing)


@transaction.atomic
def start_plan(viewer: "Person", plan: Plan, *, turn: int, today: date) -> Plan:
    """Put a plan into action; what was agreed is kept as it stands on this day.

    Raises
    ------
    NotReady
        With everything that is missing.
    Overtaken
        If the plan's own words were changed since they were read.
    """
    check_start(viewer, plan)
    frozen = conditions(plan)
    _set_state(plan, turn=turn, state=PlanState.STARTED, started_on=today, frozen=frozen)
    return _told(viewer, plan, "start plan")


@transaction.atomic
def end_plan(viewer: "Person", plan: Plan, *, turn: int, today: date) -> Plan:
    """End a plan that is in action; its lines and results stay to be read."""
    check_may_edit(viewer, plan)
    if plan.state != PlanState.STARTED:
        raise NotYours(_("Only a plan in action can end."))
    _set_state(plan, turn=turn, state=PlanState.ENDED, ended_on=today)
    return _told(viewer, plan, "end plan")


def _set_state(plan: Plan, *, turn: int, **changes: Any) -> None:
    stood: Mapping[str, Any] = changes
    if not Plan.objects.filter(pk=plan.pk, turn=turn).update(**stood, turn=turn + 1):
        raise overtaken("plan", Plan.objects.filter(pk=plan.pk).first(), yours=None)
    plan.refresh_from_db()


def _told(viewer: "Person", plan: Plan, verb: str) -> Plan:
    journal.write(verb, subject_kind="plan", subject_ref=plan.ref, actor_id=viewer.pk)
    tell(plan, kind="plan", ref=plan.ref, turn=plan.turn)
    return plan
