"""The spine without a database: ask, promise, done, verdict."""

from upturn.commitments.engine.errors import MissingPart, MoveRefused, Overtaken, SpineError
from upturn.commitments.engine.spine import (
    DAYS_TO_THE_LAST_QUESTION,
    STEPS,
    Dates,
    Moment,
    Move,
    Outcome,
    RaisedAs,
    Side,
    State,
    Step,
    When,
    after,
    day_100,
    diagram,
    open_moves,
    waits_for,
)

__all__ = [
    "DAYS_TO_THE_LAST_QUESTION",
    "STEPS",
    "Dates",
    "MissingPart",
    "Moment",
    "Move",
    "MoveRefused",
    "Outcome",
    "Overtaken",
    "RaisedAs",
    "Side",
    "SpineError",
    "State",
    "Step",
    "When",
    "after",
    "day_100",
    "diagram",
    "open_moves",
    "waits_for",
]
