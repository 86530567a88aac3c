"""What the worker and the command line do for this room; a look when there is nothing new."""

from collections import Counter
from datetime import date
from itertools import count

from upturn.plan.commands.reading import Tell, read_due, read_results
from upturn.plan.commands.reckoning import reckon_if_due
from upturn.plan.queries.reckoning import versions_to_look_at
from upturn.plan.queries.results import plans_in_action

TURNS_APART_MOST = 32
_looked_at: dict[str, int] = {}  # version of each plan's figures; forgotten with the process
_failed: Counter[str] = Counter()  # how often in a row a plan could not be reckoned
_turns = count(1)


def work(today: date) -> bool:
    """Read what a whole week has brought, and reckon one roll-out; say whether there was any."""
    return read_due(today=today) > 0 or reckon_next()


def reckon_next() -> bool:
    """Reckon what the next roll-out could find that changed since the last look.

    What could not be reckoned comes after the others, at the second turn, the fourth, the eighth:
    its error leaves the rest of the turn undone, which other work has to get to.
    """
    turn, versions = next(_turns), versions_to_look_at()
    changed = [ref for ref, version in versions.items() if _looked_at.get(ref) != version]
    for ref in sorted(changed, key=lambda ref: _failed[ref]):
        if turn % min(2 ** _failed[ref], TURNS_APART_MOST):
            continue
        try:
            reckoned = reckon_if_due(ref)
        except Exception:
            _failed[ref] += 1
            raise
        del _failed[ref]
        _looked_at[ref] = versions[ref]
        if reckoned:
            return True
    return False


def read_again(today: date, *, tell: Tell) -> int:
    """Read all plans in action, also where only the conditions changed; return how many."""
    return sum(read_results(plan, today=today, tell=tell) for plan in plans_in_action())
