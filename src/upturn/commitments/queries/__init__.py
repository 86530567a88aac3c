"""Who sees which ask, on which side of it somebody stands, and what waits for whom."""

from upturn.commitments.queries.lists import asks_in_lists, asks_on
from upturn.commitments.queries.sides import (
    AskRow,
    ask_by_ref,
    ask_by_ticket,
    may_raise,
    our_edges,
    sides_of,
    ticket_hash,
    visible,
)
from upturn.commitments.queries.standing import (
    Given,
    Promised,
    Standing,
    dates_of,
    promise_of,
    standing,
    talk,
)
from upturn.commitments.queries.verdicts import (
    Judged,
    Thanked,
    VerdictOn,
    changed_for_customers,
    latest_verdicts,
    thanks_for_us,
    verdicts_on,
)

__all__ = [
    "AskRow",
    "Given",
    "Judged",
    "Promised",
    "Standing",
    "Thanked",
    "VerdictOn",
    "ask_by_ref",
    "ask_by_ticket",
    "asks_in_lists",
    "asks_on",
    "changed_for_customers",
    "dates_of",
    "latest_verdicts",
    "may_raise",
    "our_edges",
    "promise_of",
    "sides_of",
    "standing",
    "talk",
    "thanks_for_us",
    "ticket_hash",
    "verdicts_on",
    "visible",
]
