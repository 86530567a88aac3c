"""Every address of the room asks twelve times at most, and no more often when a plan is large."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as f
from tests.plan import planned as p
from tests.plan.largest_plan import largest_plan, pages_of
from tests.plan.whole_plan import viewers
from upturn.people.models import Person
from upturn.plan.models import Plan

MOST = 12
FILES = {"pdf", "csv", "json"}  # have their own budget in test_exporting.py
NOT_A_PAGE_OF_THEIRS = {403, 404, 405}


def opened(viewer: Person, plan: Plan) -> Iterator[tuple[str, int]]:
    """Queries of each page that shows something to the viewer, opened a second time."""
    client = f.signed_in(viewer)
    for name, path in pages_of(plan).items():
        if name in FILES or client.get(path).status_code in NOT_A_PAGE_OF_THEIRS:
            continue
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200, (name, viewer.role)
        yield name, len(captured)


@pytest.mark.django_db
def test_every_page_of_a_plan_asks_twelve_times_at_most_and_no_more_often_when_it_grows() -> None:
    here = p.Setting()
    small = largest_plan(here, moments=4, lines=30, units=6, weeks=60)
    large = largest_plan(here, moments=12, lines=120, units=9, weeks=70)
    shown = {}
    for role in ("leader", "server"):
        viewer = viewers(here, large)[role]
        few, many = dict(opened(viewer, small)), dict(opened(viewer, large))
        assert {page: n for page, n in many.items() if n > MOST} == {}, role
        assert {page: (few[page], n) for page, n in many.items() if n > few[page]} == {}
        shown |= many
    assert {"day", "moment", "lines", "pyramid", "targets", "roll_out", "results"} <= shown.keys()
