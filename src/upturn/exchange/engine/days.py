"""Days of the calendar: months and years later, and what is due."""

from calendar import monthrange
from datetime import date


def months_later(day: date, months: int) -> date:
    """Give the same day so many months later, or the last one of a month that is shorter.

    Examples
    --------
    >>> months_later(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
