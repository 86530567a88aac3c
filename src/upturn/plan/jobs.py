"""What the worker and the command line do for this room; a look when there is nothing new."""

from datetime import date

from upturn.plan.commands.reading import Tell, read_due, read_results
from upturn.plan.commands.reckoning import reckon_if_due
from upturn.plan.queries.reckoning import versions_to_look_at
from upturn.plan.queries.results import plans_in_action

_looked_at: dict[str, int] = {}  # version of each plan's figures; forgotten with the process


def work(today: date) -> bool:
    """Read what a whole week has brought, and reckon one roll-out; say whether there was any."""
    return read_due(today=today) > 0 or reckon_next()


def reckon_next() -> bool:
    """Reckon what the next roll-out could find that changed since the last look."""
    for ref, version in versions_to_look_at().items():
        if _looked_at.get(ref) != version:
            _looked_at[ref] = version
            if reckon_if_due(ref):
                return True
    return False


def read_again(today: date, *, tell: Tell) -> int:
    """Read all plans in action, also where only the conditions changed; return how many."""
    return sum(read_results(plan, today=today, tell=tell) for plan in plans_in_action())
