"""What is worked out of sums and measures, kept in the process until these change."""

from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, NamedTuple, TypeVar

from django.db import connection

from upturn.graph import queries as graph
from upturn.voice.models import TouchpointWeek
from upturn.voice.queries.weeks import this_week

MOST = 2_000
R = TypeVar("R")
_kept: dict[Hashable, tuple[Hashable, Any]] = {}


class Changes(NamedTuple):
    """When measures and sums of words last changed, in nanoseconds; 0 for never."""

    measures: int
    words: int


@graph.once_a_look
def changes() -> Changes:
    """Give what the one row of the tally says; one query a page."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT measures, words FROM voice_tally")
        return Changes._make(cursor.fetchone() or (0, 0))


def as_of_words() -> tuple[int, int, date]:
    """Give what the sums of words, and the pages made of them, stand for."""
    return graph.snapshot().number, changes().words, this_week()


def keep(what: Hashable, *, as_of: Hashable, read: Callable[[], R]) -> R:
    """Give what was read as of now, or read it; entries are replaced whole, so no lock."""
    kept = _kept.get(what)
    if kept is None or kept[0] != as_of:
        if len(_kept) >= MOST:
            for oldest in list(_kept)[: MOST // 4]:
                _kept.pop(oldest, None)
        kept = _kept[what] = (as_of, read())
    found: R = kept[1]
    return found


def latest_week() -> date:
    """The newest week that has words, so that old data is shown as what it is; else this week."""
    return keep("latest week", as_of=as_of_words(), read=_latest_week)


def _latest_week() -> date:
    rows = TouchpointWeek.objects.filter(week__lte=this_week(), count__gt=0).order_by("-week")
    return rows.values_list("week", flat=True).first() or this_week()
