"""Columns of dates: which order their numbers have, and the moment or week each of them means."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from upturn.graph.engine.tabular_dates import (
    CHARACTERS_MAX,
    NUMERIC,
    UNREADABLE,
    DateOrder,
    read_date,
)
from upturn.graph.engine.tabular_errors import gettext_noop
from upturn.graph.engine.tabular_problems import Fault, Problem, Remedy

CACHED = 1 << 14
WEEK = re.compile(r"(?P<year>\d{4})[ -]?(?:W|KW)-?(?P<week>\d{1,2})", re.IGNORECASE)
WEEK_FIRST = re.compile(r"(?:W|KW|CW|week) ?(?P<week>\d{1,2})[ /,-]+(?P<year>\d{4})", re.IGNORECASE)

NO_SUCH_WEEK = Problem(
    "no_such_week",
    gettext_noop("The year %(year)d has no week %(week)d."),
    gettext_noop("Write it as 2026-W45."),
    Remedy.MEND,
)


def read_moment(value: str, order: DateOrder, *, zone: tzinfo) -> datetime | Fault:
    """Give the moment a text means, in UTC.

    Parameters
    ----------
    value : str
    order : DateOrder
    zone : tzinfo
        Where a date without a zone was written down; a date without a time is its midnight there.
    """
    moment = read_date(value, order)
    if isinstance(moment, Fault):
        return moment
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        return Fault(UNREADABLE)


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """What a column of dates says about the order of its numbers.

    Parameters
    ----------
    day_first, month_first : int
        Dates that only fit this order.
    either : int
        Dates that fit both.
    plain : int
        Dates in which the order is no question.
    unreadable : int
        Texts that are no dates.
    """

    day_first: int = 0
    month_first: int = 0
    either: int = 0
    plain: int = 0
    unreadable: int = 0

    @property
    def order(self) -> DateOrder:
        """The order that more dates need; day first where none needs any."""
        return DateOrder.MONTH_FIRST if self.month_first > self.day_first else DateOrder.DAY_FIRST

    @property
    def readable_share(self) -> float:
        """Share of the texts that are dates."""
        readable = self.day_first + self.month_first + self.either + self.plain
        return readable / max(readable + self.unreadable, 1)


def weigh_dates(values: Iterable[str]) -> DateEvidence:
    """Count what the dates of a column say about their order.

    >>> weigh_dates(["03/11/2026", "14/11/2026", "2026-11-03", "soon"])
    DateEvidence(day_first=1, month_first=0, either=1, plain=1, unreadable=1)
    """
    counts = dict.fromkeys(DateEvidence.__slots__, 0)
    fits = lru_cache(maxsize=CACHED)(_fits)
    for value in values:
        counts[fits(value.strip()) if len(value) <= CHARACTERS_MAX else "unreadable"] += 1
    return DateEvidence(**counts)


def _fits(value: str) -> str:
    numeric = NUMERIC.match(value)
    if not numeric or len(numeric[1]) == 4 or numeric[2] == ".":
        return "unreadable" if isinstance(read_date(value), Fault) else "plain"
    fits = [order for order in DateOrder if not isinstance(read_date(value, order), Fault)]
    if len(fits) == 2:
        return "either"
    if not fits:
        return "unreadable"
    return "day_first" if fits[0] is DateOrder.DAY_FIRST else "month_first"


def read_week(value: str, order: DateOrder = DateOrder.DAY_FIRST) -> date | Fault:
    """Give the Monday of a week, named by its number or by any day in it.

    >>> read_week("2026-W40"), read_week("3 Oct 2026")
    (datetime.date(2026, 9, 28), datetime.date(2026, 9, 28))
    """
    value = value.strip()
    found = WEEK.fullmatch(value) or WEEK_FIRST.fullmatch(value)
    if not found:
        moment = read_date(value, order)
        if isinstance(moment, Fault):
            return moment
        return moment.date() - timedelta(days=min(moment.weekday(), moment.toordinal() - 1))
    year, week = int(found["year"]), int(found["week"])
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return Fault(NO_SUCH_WEEK, (), {"year": year, "week": week})
