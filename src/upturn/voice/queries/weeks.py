"""The weeks that figures speak of. A week is named by its Monday."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Span:
    """Whole weeks from the Monday ``first`` to the Monday ``last``, both included."""

    first: date
    last: date

    @property
    def end(self) -> date:
        """The Sunday that closes the span."""
        return self.last + timedelta(days=6)

    @property
    def weeks(self) -> list[date]:
        """Every Monday of the span."""
        return [self.first + WEEK * i for i in range((self.last - self.first).days // 7 + 1)]

    def before(self) -> "Span":
        """As many weeks, directly before."""
        length = self.last - self.first + WEEK
        return Span(self.first - length, self.last - length)


def monday(day: date) -> date:
    """The Monday of the week a day lies in."""
    return day - timedelta(days=day.weekday())


def span(last: date, *, weeks: int) -> Span:
    """The ``weeks`` weeks that end with the week ``last``."""
    return Span(last - WEEK * (weeks - 1), last)


def this_week() -> date:
    """The Monday of the week that runs."""
    return monday(timezone.localdate())
