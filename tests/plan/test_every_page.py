"""Every address of the room asks twelve times at most, and no more often when a plan is large.

So it does where a change was made since it was looked at: everything that changed is read anew.
"""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as f
from tests.plan import planned as p
from tests.plan.every_change import CHANGES
from tests.plan.largest_plan import largest_plan, pages_of
from tests.plan.whole_plan import viewers
from upturn.graph import queries as graph
from upturn.people.models import Person
from upturn.plan.models import Plan
from upturn.record import kept

MOST = 12
FILES = {"pdf", "csv", "json"}  # have their own budget in test_exporting.py
NOT_A_PAGE_OF_THEIRS = {403, 404, 405}


def every_page(plan: Plan) -> dict[str, str]:
    """All pages, and a moment of which something was asked."""
    asked = plan.lines.exclude(ask_ref="").earliest("pk").moment.ref
    return pages_of(plan) | {"moment with an ask": f"/plans/{plan.ref}/moments/{asked}/"}


def opened(viewer: Person, plan: Plan) -> Iterator[tuple[str, int]]:
    """Queries of each page that shows something to the viewer, opened a second time."""
    client = f.signed_in(viewer)
    for name, path in every_page(plan).items():
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


def asked_first(viewer: Person, paths: dict[str, str], before: dict[Any, Any]) -> dict[str, int]:
    """Queries of each page when it is the first to be opened since the change."""
    client, asked = f.signed_in(viewer), {}
    for name, path in paths.items():
        with (
            patch.object(kept, "_kept", dict(before)),
            CaptureQueriesContext(connection) as captured,
        ):
            assert client.get(path).status_code == 200, (name, viewer.role)
        asked[name] = len(captured)
    return asked


@pytest.mark.django_db
def test_the_first_view_after_a_change_of_any_sort_asks_twelve_times_at_most() -> None:
    here = p.Setting()
    plan = largest_plan(here, moments=12, lines=120, units=9, weeks=70)
    people = [viewers(here, plan)[role] for role in ("leader", "server")]
    every = every_page(plan)
    for change in CHANGES:
        shown = [dict(opened(each, plan)) for each in people]
        before = dict(kept._kept)
        change(here, Plan.objects.get(pk=plan.pk))
        assert graph.snapshot().points  # read anew once a process, by whichever page comes first
        for viewer, opened_again in zip(people, shown, strict=True):
            paths = {name: at for name, at in every.items() if name in opened_again}
            asked = asked_first(viewer, paths, before)
            many = {name: n for name, n in asked.items() if n > MOST}
            assert many == {}, (change.__name__, viewer.role)
            assert sum(asked.values()) > sum(opened_again.values()), "nothing was read anew"
