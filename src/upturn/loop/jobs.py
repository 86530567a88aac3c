"""What the house's clocks do for this room; a look when nothing is due."""

from datetime import date, datetime

from upturn.loop.commands.hundred import open_day_100
from upturn.loop.commands.stages import ring
from upturn.loop.queries.rooms import some_clock_runs


def open_cards(now: datetime) -> bool:
    """Open the cards where writing time is over; say whether there were any."""
    return ring(now) > 0


def is_needed() -> bool:
    """Whether writing time runs anywhere, so that cards may have to be opened soon."""
    return some_clock_runs()


def meet_again(today: date, *, now: datetime) -> bool:
    """Open each day 100 that has come; say whether there were any."""
    return open_day_100(today, now=now) > 0
