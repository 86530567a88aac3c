"""What was taken by somebody who is not heard of any more is anybody's again: no need is lost."""

from collections.abc import Mapping
from datetime import datetime

from upturn.floor.commands.changes import Change, begin, remember, written


def give_back(shift: int, keys: Mapping[str, str], *, now: datetime) -> int:
    """Open needs again that are still taken by these keys, and tell everybody; return how many.

    `keys` gives each need the key of the tap that took it. Whoever took it can still meet it.

    Raises
    ------
    SeatGone
        If the shift is closed.
    """

    def work() -> Change:
        change = begin(shift, now)
        change.open_again(keys)
        change.store()
        return change

    change = written(work)
    remember(change.shift.ref, change.settled)
    return len(change.settled)
