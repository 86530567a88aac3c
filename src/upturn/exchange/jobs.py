"""What the house's clocks do for this room."""

from datetime import datetime

from upturn.exchange.commands.charters import rotate_due
from upturn.exchange.commands.closing_benchmarks import close_due, open_due
from upturn.exchange.commands.meaning import pack_due
from upturn.exchange.commands.rounds import reveal_due


def work(now: datetime) -> bool:
    """Do what the clock asks of exchanges; say whether there was anything."""
    return close_due(now) + open_due(now) + reveal_due(now) + rotate_due(now) > 0


def prepare() -> bool:
    """Make ready what devices of an exchange will fetch; say whether anything was made."""
    return pack_due()
