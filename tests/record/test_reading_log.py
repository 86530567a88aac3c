"""The log of reading knows that somebody read something on a day, and nothing finer."""

from datetime import date
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.record.elsewhere import in_threads
from upturn.record.models import ReadingLog
from upturn.record.reading_log import note_reading

DAY = date(2026, 11, 23)


@pytest.mark.django_db
def test_reading_twice_a_day_leaves_one_line_and_costs_no_write() -> None:
    note_reading(7, kind="touchpoint", ref="bar", day=DAY)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        note_reading(7, kind="touchpoint", ref="bar", day=DAY)
    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]
    note_reading(7, kind="touchpoint", ref="bar", day=DAY.replace(day=24))
    note_reading(8, kind="touchpoint", ref="bar", day=DAY)
    assert ReadingLog.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_pages_at_the_same_moment_leave_one_line() -> None:
    in_threads([partial(note_reading, 7, kind="ask", ref="3", day=DAY) for _ in range(6)])
    assert ReadingLog.objects.count() == 1
