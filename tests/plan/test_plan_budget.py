"""Pages of a plan of 40 moments and 400 lines ask at most twelve times, and no more than small."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as f
from tests.plan import planned as p
from tests.plan.whole_plan import viewers, whole_plan
from upturn.people.models import Person
from upturn.plan.models import Plan, PlanLine

MOST = 12
PAGES = ("", "question/", "group/", "lines/", "lines/?gap=on&page=2", "lines/?state=active",
         "roadmap/", "start/", "lines/{line}/act/")  # fmt: skip


def opened(viewer: Person, plan: Plan) -> Iterator[tuple[str, int]]:
    client = f.signed_in(viewer)
    line = PlanLine.objects.filter(plan=plan, column="do").earliest("pk").ref
    for page in ("/plans/", *(f"/plans/{plan.ref}/{page}" for page in PAGES)):
        path = page.format(line=line)
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        yield path.replace(plan.ref, "ref").replace(line, "line"), len(captured)


@pytest.mark.django_db
def test_pages_of_a_plan_ask_twelve_times_and_no_more_often_when_there_is_more() -> None:
    here = p.Setting()
    small, large = whole_plan(here, moments=4, lines=30, parties=8), whole_plan(here)
    for viewer in viewers(here, large).values():
        few, many = dict(opened(viewer, small)), dict(opened(viewer, large))
        assert {page: n for page, n in many.items() if n > MOST} == {}, viewer.role
        assert {page: (few[page], n) for page, n in many.items() if n > few[page]} == {}
