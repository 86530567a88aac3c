"""What the house's clocks do for this room."""

from datetime import datetime

from upturn.exchange.commands.closing_benchmarks import close_due, open_due
from upturn.exchange.commands.rounds import reveal_due


def work(now: datetime) -> bool:
    """Do what the clock asks of exchanges; say whether there was anything."""
    return close_benchmarks(now) | open_benchmarks(now) | reveal_rounds(now)


def close_benchmarks(now: datetime) -> bool:
    """Close the benchmarks whose time is over; say whether there were any."""
    return close_due(now) > 0


def open_benchmarks(now: datetime) -> bool:
    """Open benchmarks whose sums were in when the host stopped; say whether there were any."""
    return open_due(now) > 0


def reveal_rounds(now: datetime) -> bool:
    """Let everybody read where writing time is over; say whether there were any such rounds."""
    return reveal_due(now) > 0
