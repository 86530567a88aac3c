"""What is worked out of sums and measures, kept in the process until these change."""

from datetime import date
from typing import NamedTuple

from django.db import connection

from upturn.graph import queries as graph
from upturn.record.kept import keep
from upturn.voice.models import TouchpointWeek
from upturn.voice.queries.weeks import this_week

CHANGES = """SELECT
    COALESCE((SELECT measures FROM voice_tally), 0),
    COALESCE((SELECT words FROM voice_tally), 0),
    (SELECT COUNT(*) FROM voice_feedback WHERE unread)"""


class Changes(NamedTuple):
    """When measures and sums of words last changed, in nanoseconds, 0 for never; and what waits.

    `unread` is how many comments wait to be read for the first time.
    """

    measures: int
    words: int
    unread: int


@graph.once_a_look
def changes() -> Changes:
    """Give what the one row of the tally says; one query a page, of an index of what waits too."""
    with connection.cursor() as cursor:
        cursor.execute(CHANGES)
        return Changes._make(cursor.fetchone())


def as_of_words() -> tuple[int, int, date]:
    """Give what the sums of words, and the pages made of them, stand for."""
    return graph.snapshot().number, changes().words, this_week()


def latest_week() -> date:
    """The newest week that has words, so that old data is shown as what it is; else this week."""
    return keep("latest week", as_of=as_of_words(), read=_latest_week)


def _latest_week() -> date:
    rows = TouchpointWeek.objects.filter(week__lte=this_week(), count__gt=0).order_by("-week")
    return rows.values_list("week", flat=True).first() or this_week()
