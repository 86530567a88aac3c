"""What the worker and the command line do for this room; a look when there is nothing new."""

from datetime import date

from upturn.plan.commands.reading import Tell, read_due, read_results
from upturn.plan.queries.results import plans_in_action


def work(today: date) -> bool:
    """Read what a whole week since the last reading has brought; say whether there was any."""
    return read_due(today=today) > 0


def read_again(today: date, *, tell: Tell) -> int:
    """Read all plans in action, also where only the conditions changed; return how many."""
    return sum(read_results(plan, today=today, tell=tell) for plan in plans_in_action())
