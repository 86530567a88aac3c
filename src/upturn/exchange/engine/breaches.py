"""When a rule was not kept: a word, a talk, a pause, a parting, one at a time, and a way back."""

from collections.abc import Mapping
from enum import StrEnum

from upturn.exchange.engine.errors import MoveRefused


class Breach(StrEnum):
    """Where a report that a rule was not kept stands."""

    REPORTED = "reported"
    REMINDED = "reminded"
    TALKED = "talked"
    PAUSED = "paused"
    PARTED = "parted"
    NONE = "none"


ANSWERS: Mapping[Breach, frozenset[Breach]] = {
    Breach.REPORTED: frozenset({Breach.REMINDED, Breach.NONE}),
    Breach.REMINDED: frozenset({Breach.TALKED, Breach.NONE}),
    Breach.TALKED: frozenset({Breach.PAUSED, Breach.NONE}),
    Breach.PAUSED: frozenset({Breach.PARTED, Breach.NONE}),
    Breach.PARTED: frozenset(),
    Breach.NONE: frozenset(),
}
"""What may follow: the next grade, or that it was none or is settled. Nobody is parted with at
once."""


def answered_with(at: Breach, to: Breach) -> Breach:
    """Answer a report by the next grade.

    Raises
    ------
    MoveRefused
        With ``over`` where it is settled, ``skips`` where a grade would be left out.

    Examples
    --------
    >>> answered_with(Breach.REPORTED, Breach.REMINDED).value
    'reminded'
    """
    if not ANSWERS[at]:
        raise MoveRefused("This is settled. Report anew what happened since.", code="over")
    if to not in ANSWERS[at]:
        raise MoveRefused("One grade at a time: a word, a talk, a pause, a parting.", code="skips")
    return to
