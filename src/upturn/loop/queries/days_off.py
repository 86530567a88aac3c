"""Days on which nobody of the house meets, and what they do to a day 100."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from upturn.commitments.engine import day_100 as hundredth
from upturn.loop.engine.hundred import SATURDAY_SUNDAY, day_100, working_day
from upturn.loop.models import DayOff, Workshop, WorkshopState
from upturn.loop.queries.sight import workshops_seen

if TYPE_CHECKING:
    from upturn.people.models import Person


@dataclass(frozen=True, slots=True)
class Booked:
    """A day to meet on. `wished` is the day that was meant, `because` what keeps people from it.

    `because` is empty where the day stands, and where it is a weekend alone.
    """

    day: date
    wished: date
    because: str = ""

    @property
    def has_moved(self) -> bool:
        """Whether it is another day than the one that was meant."""
        return self.day != self.wished


def days_off() -> dict[date, str]:
    """Give the house's days off with what they are, in the order of the calendar."""
    return dict(DayOff.objects.order_by("day").values_list("day", "name"))


def days_off_text() -> str:
    """Give them as they are written down: a date a line."""
    return "\n".join(f"{day.isoformat()} {name}".strip() for day, name in days_off().items())


def booked_after(closed_on: date) -> Booked:
    """Give the hundredth day, or the next on which people work.

    Raises
    ------
    NoDay
    """
    off, wished = days_off(), hundredth(closed_on)
    return Booked(day_100(closed_on, days_off=off), wished, off.get(wished, ""))


def booked_on(day: date) -> Booked:
    """Give the day somebody chose; only a day off moves it, for some work at weekends.

    Raises
    ------
    NoDay
    """
    off = days_off()
    weekend = SATURDAY_SUNDAY if day in off else frozenset[int]()
    return Booked(working_day(day, days_off=off, weekend=weekend), day, off.get(day, ""))


def to_move(viewer: "Person") -> tuple[Workshop, ...]:
    """Give the closed workshops in sight whose day 100 is a day off by now."""
    rows = workshops_seen(viewer).filter(state=WorkshopState.CLOSED, day_100_on__in=days_off())
    return tuple(rows.defer("script").order_by("day_100_on", "pk"))
