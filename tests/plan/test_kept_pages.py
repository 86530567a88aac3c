"""What is kept of a plan's pages is what would be written anew, whatever changed, for everybody."""

import re
from itertools import product

import pytest
from django.core.cache import cache

from tests import factories as f
from tests.plan import planned as p
from tests.plan.every_change import CHANGES
from tests.plan.largest_plan import largest_plan, pages_of
from tests.plan.whole_plan import viewers
from upturn.people.models import Person
from upturn.plan.commands import opening
from upturn.plan.models import Plan
from upturn.plan.queries.sight import plan_by_ref, plans_seen
from upturn.record.kept import forget

pytestmark = pytest.mark.django_db
PAGES = (
    "plan", "lines", "roadmap", "day", "moment", "pyramid", "targets", "roll_out", "results",
)  # fmt: skip
ROLES = ("server", "leader", "executive", "facilitator", "guest")
DRAWN_ANEW = re.compile(
    r'(name="(?:csrfmiddlewaretoken|key|code)" value=")[^"]*|hx-headers=.[^>]*|data-since="[^"]*"'
    r'|nonce="[^"]*"|value="[^"]*"(?= name="(?:key|code)")'
)


def seen(plan: Plan, people: dict[str, Person]) -> dict[tuple[str, str], str]:
    """Every page as each of these people reads it, without what is drawn anew each time."""
    found, paths = {}, pages_of(plan)
    for role, person in people.items():
        client = f.signed_in(person)
        for page in PAGES:
            answer = client.get(paths[page])
            found[role, page] = f"{answer.status_code} " + DRAWN_ANEW.sub(
                "", answer.content.decode()
            )
    return found


def test_what_is_kept_is_what_would_be_written_anew_after_every_kind_of_change() -> None:
    here = p.Setting()
    plan = largest_plan(here, moments=4, lines=30, units=6, weeks=60)
    people = {role: viewers(here, plan)[role] for role in ("leader", "server")}
    before = seen(plan, people)
    for change in CHANGES:
        change(here, Plan.objects.get(pk=plan.pk))
        kept = seen(plan, people)
        forget()
        cache.clear()
        fresh = seen(plan, people)
        assert {at for at, page in fresh.items() if kept[at] != page} == set(), change.__name__
        assert fresh != before, f"{change.__name__} shows nowhere"
        before = fresh


@pytest.mark.parametrize("state", ["draft", "started", "ended"])
def test_one_plan_is_found_where_all_plans_show_it(state: str) -> None:
    here = p.Setting()
    plan, *_lines = p.ready(here)
    if state != "draft":
        plan = p.started(here.leader, plan)
    if state == "ended":
        opening.end_plan(here.leader, plan, turn=plan.turn, today=f.TODAY)
    shown = set()
    for role, seated in product(ROLES, (False, True)):
        viewer, gone = f.member(here.floor, role=role), f.member(here.floor, role=role)
        gone.is_active = False
        if seated:
            for one in (viewer, gone):
                plan.seats.create(person=one, party=here.floor)
        for one in (viewer, here.leader, gone):
            listed = plans_seen(one).filter(pk=plan.pk).exists()
            assert found(one, plan) == listed, (role, seated, one.is_active)
        if found(viewer, plan):
            shown.add((role, seated))
    everybody = set(product(ROLES, (False, True)))
    working = everybody - {("guest", False)}
    offices = {(role, False) for role in ("executive", "facilitator")}
    in_a_draft = {each for each in everybody if each[1]} | offices
    assert shown == (in_a_draft if state == "draft" else working)


def found(viewer: Person, plan: Plan) -> bool:
    """Whether the viewer gets to the plan by its ref."""
    try:
        return plan_by_ref(viewer, plan.ref) == plan
    except Plan.DoesNotExist:
        return False
