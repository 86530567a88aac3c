"""Who sees, changes and opens plans: one truth table over roles, seats and states."""

import pytest

from tests import factories as f
from tests.plan import planned as p
from upturn.people.models import Membership, Person, Role
from upturn.plan.commands import opening
from upturn.plan.engine import NotYours
from upturn.plan.models import Plan, PlanSeat, PlanState
from upturn.plan.queries.groups import group
from upturn.plan.queries.live import topics_of_plans
from upturn.plan.queries.sight import in_group, may_edit, may_open, plan_by_ref, plans_seen

pytestmark = pytest.mark.django_db
ALL = frozenset(PlanState.values)
OPEN = frozenset({"started", "ended"})
# role, seated -> states in which it is seen, whether it may be edited before it has ended
SIGHT = {
    ("server", False): (OPEN, False),
    ("server", True): (ALL, True),
    ("leader", False): (OPEN, False),
    ("leader", True): (ALL, True),
    ("executive", False): (ALL, True),
    ("facilitator", False): (ALL, True),
    ("administrator", False): (ALL, False),
    ("guest", False): (frozenset(), False),
    ("guest", True): (ALL, True),
    ("inactive", True): (frozenset(), False),
    ("opener", False): (ALL, True),
    ("opener who is a guest now", False): (frozenset(), False),
}


def at_state(plan: Plan, state: str) -> Plan:
    day = None if state == "draft" else f.TODAY
    Plan.objects.filter(pk=plan.pk).update(state=state, started_on=day, frozen={})
    plan.refresh_from_db()
    return plan


def somebody(role: str, opener: Person) -> Person:
    if role.startswith("opener"):
        if "guest" in role:
            Person.objects.filter(pk=opener.pk).update(role=Role.GUEST)
        return Person.objects.get(pk=opener.pk)
    made = f.person(role=Role.EXECUTIVE if role == "inactive" else role)
    if role == "inactive":
        Person.objects.filter(pk=made.pk).update(is_active=False)
    return Person.objects.get(pk=made.pk)


@pytest.mark.parametrize("state", PlanState.values)
@pytest.mark.parametrize(("role", "seated"), SIGHT)
def test_sight_and_hand_of_every_role(role: str, seated: bool, state: str) -> None:
    here = p.Setting()
    plan = at_state(p.plan_of(here.leader, here.guests), state)
    viewer = somebody(role, here.leader)
    if seated:
        PlanSeat.objects.create(plan=plan, person=viewer, party=here.floor)
    seen_in, edits = SIGHT[role, seated]
    assert plans_seen(viewer).filter(pk=plan.pk).exists() is (state in seen_in)
    assert may_edit(viewer, plan) is (edits and state != "ended")
    assert (f"plan:{plan.ref}" in topics_of_plans(viewer)) is (
        state in seen_in and state != "ended"
    )
    if state in seen_in:
        assert plan_by_ref(viewer, plan.ref) == plan
    else:
        with pytest.raises(Plan.DoesNotExist):
            plan_by_ref(viewer, plan.ref)


@pytest.mark.parametrize("role", Role.values)
def test_plans_are_opened_by_those_who_lead_carry_or_facilitate(role: str) -> None:
    here = p.Setting()
    viewer = f.person(role=role)
    expected = role in {"leader", "executive", "facilitator"}
    assert may_open(viewer) is expected
    if expected:
        assert p.plan_of(viewer, here.guests).opened_by == viewer
    else:
        with pytest.raises(NotYours):
            p.plan_of(viewer, here.guests)


def test_names_of_those_present_are_for_the_group_and_functions_for_everybody() -> None:
    here = p.Setting()
    plan, _have, _do = p.ready(here)
    cook = f.member(here.kitchen, name="Anna")
    opening.seat(here.leader, plan, person=cook, party_id=here.kitchen.pk)
    p.started(here.leader, plan)
    plan.refresh_from_db()
    outside = f.person()
    assert not in_group(outside, plan)
    seen = group(outside, plan, calling=False)
    assert [(party.name, n) for party, n in seen.functions] == [("Kitchen", 1)]
    assert seen.seated == ()
    assert "Anna" not in f.signed_in(outside).get(f"/plans/{plan.ref}/group/").content.decode()
    assert "Anna" in f.signed_in(cook).get(f"/plans/{plan.ref}/group/").content.decode()


def test_a_group_below_three_functions_is_told_which_are_missing() -> None:
    here = p.Setting()
    plan = p.plan_of(here.leader, here.guests)
    people = {party: f.member(party) for party in (here.floor, here.kitchen, here.bakery)}
    for n, (party, someone) in enumerate(people.items()):
        found = group(here.leader, plan, calling=True)
        assert found.few
        assert len(found.functions) == n
        assert (party.pk in {row.id for row in found.missing}) is (party != here.bakery)
        opening.seat(here.leader, plan, person=someone, party_id=party.pk)
    assert not group(here.leader, plan, calling=True).few


def test_a_seat_is_for_a_function_that_somebody_has() -> None:
    here = p.Setting()
    plan = p.plan_of(here.leader, here.guests)
    cook = f.member(here.kitchen)
    with pytest.raises(ValueError, match="belongs to this party"):
        opening.seat(here.leader, plan, person=cook, party_id=here.floor.pk)
    Membership.objects.create(person=cook, party=here.floor)
    cook = Person.objects.get(pk=cook.pk)
    opening.seat(here.leader, plan, person=cook, party_id=here.floor.pk)
    opening.seat(here.leader, plan, person=cook, party_id=here.kitchen.pk)
    seat = PlanSeat.objects.get(plan=plan)
    assert seat.party == here.kitchen
    opening.unseat(here.leader, plan, seat_id=seat.pk)
    opening.unseat(here.leader, plan, seat_id=seat.pk)
    assert not PlanSeat.objects.exists()
