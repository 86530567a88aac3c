"""Days to begin from: what usually happens, to be changed until it is true here."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upturn.plan.queries.day import points_for

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.models import Plan

Words = str | Promise
CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
DAY = 1440
OWN = "own"


class FirstMoment(NamedTuple):
    """A moment to begin from; `at` is minutes after midnight."""

    at: int
    name: Words
    wants: Words
    point: int | None = None


@dataclass(frozen=True, slots=True)
class FirstDay:
    """A day to begin from."""

    key: str
    name: Words
    about: Words
    day_from: int
    day_until: int
    moments: tuple[FirstMoment, ...]


def _at(hours: int, minutes: int = 0) -> int:
    return 60 * hours + minutes


EVENING = FirstDay(
    "evening",
    _("An evening in a restaurant"),
    _("from finding a table to the way home"),
    _at(16),
    _at(24),
    (
        FirstMoment(_at(17, 30), _("Finding a table"), _("a yes within a minute")),
        FirstMoment(_at(19), _("Getting there"), _("to find the door, and a place to park")),
        FirstMoment(_at(19, 15), _("Arriving"), _("to be expected")),
        FirstMoment(_at(19, 25), _("The first drink"), _("not to wait with nothing")),
        FirstMoment(_at(19, 35), _("Ordering"), _("to hear what is good today, and what is off")),
        FirstMoment(_at(20), _("Food at the table"), _("hot food hot, all of us together")),
        FirstMoment(_at(20, 45), _("Being asked"), _("a question that wants an answer")),
        FirstMoment(_at(21, 20), _("Paying"), _("to leave when we want to leave")),
        FirstMoment(_at(21, 35), _("The way home"), _("a coat, a taxi, a good night")),
    ),
)
STAY = FirstDay(
    "stay",
    _("A night in a hotel"),
    _("from the search to the invoice, over midnight"),
    _at(9),
    _at(36),
    (
        FirstMoment(_at(9, 30), _("Choosing a room"), _("pictures that are true")),
        FirstMoment(_at(14), _("The journey"), _("to know how to get in if it gets late")),
        FirstMoment(_at(16, 30), _("Checking in"), _("a key before the bags get heavy")),
        FirstMoment(_at(16, 45), _("The room, first look"), _("what was promised, and clean")),
        FirstMoment(_at(18), _("Something does not work"), _("somebody who comes at once")),
        FirstMoment(_at(19, 30), _("Dinner"), _("not to go out again")),
        FirstMoment(_at(23), _("The night"), _("quiet, dark, the right warmth")),
        FirstMoment(_at(31, 30), _("Breakfast"), _("coffee before questions")),
        FirstMoment(_at(34), _("Checking out"), _("an invoice without a surprise")),
        FirstMoment(_at(35), _("Bags until the afternoon"), _("a safe corner, and a smile")),
    ),
)
CALL = FirstDay(
    "call",
    _("A call to a contact centre"),
    _("one day with one problem, from the first search to the answer that holds"),
    _at(8),
    _at(20),
    (
        FirstMoment(_at(8, 20), _("It stops working"), _("not to be alone with it")),
        FirstMoment(_at(8, 40), _("Looking it up"), _("an answer without a call")),
        FirstMoment(_at(10), _("Finding the number"), _("a number that is not hidden")),
        FirstMoment(_at(10, 5), _("Choosing from a menu"), _("words that fit the problem")),
        FirstMoment(_at(10, 10), _("Waiting"), _("to know for how long")),
        FirstMoment(_at(10, 20), _("Telling it"), _("to tell it once")),
        FirstMoment(_at(10, 35), _("Being passed on"), _("that the next one knows it already")),
        FirstMoment(_at(10, 50), _("A promise"), _("a date, and a name for it")),
        FirstMoment(_at(16), _("Hearing nothing"), _("a word before I have to ask")),
        FirstMoment(_at(18, 30), _("It works again"), _("that somebody looks whether it does")),
    ),
)
FIRST_DAYS = {day.key: day for day in (EVENING, STAY, CALL)}


def own_day(viewer: "Person", plan: "Plan") -> FirstDay | None:
    """The touchpoints that are drawn already, those with a time; None with fewer than two."""
    found = [
        FirstMoment(at, point.name, "", point.id)
        for point in points_for(viewer, plan)
        if point.customers_id == plan.customers_id and (at := clock(point.moment)) is not None
    ]
    if len(found) < 2:
        return None
    found.sort(key=lambda moment: moment.at)
    first, last = found[0].at // 60 * 60, -(-found[-1].at // 60) * 60
    about = _("what is drawn in the pyramid already, with its scores and words")
    return FirstDay(OWN, _("Your own touchpoints"), about, first, max(last, first + 60),
                    tuple(found))  # fmt: skip


def clock(words: str) -> int | None:
    """Minutes after midnight of a time such as 19:50 or 7.30, None where it is none."""
    found = CLOCK.fullmatch(words.strip())
    return _at(int(found[1]), int(found[2])) if found else None


def minutes_of_day(at: int, plan: "Plan") -> int:
    """A time of the clock as a minute of the plan's day, which may end after midnight."""
    later = at + DAY
    return later if at < plan.day_from and later <= plan.day_until else at


def days_to_begin_from(viewer: "Person", plan: "Plan") -> list[FirstDay]:
    """The plan's own touchpoints, then what usually happens elsewhere."""
    own = own_day(viewer, plan)
    return ([own] if own else []) + list(FIRST_DAYS.values())
