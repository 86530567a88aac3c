"""What can go wrong on the spine.

SpineError
├── MoveRefused     the move is not open from this state, to this side, or on this day
│   └── Overtaken   somebody else moved the ask between reading and writing
└── MissingPart     a promise, an answer or a verdict lacks a part it cannot do without
"""


class SpineError(Exception):
    """Something on the spine cannot be done; the message says what helps."""


class MoveRefused(SpineError):
    """The move is not open from this state, to this side, or on this day."""


class Overtaken(MoveRefused):
    """Somebody else moved the ask between reading and writing."""


class MissingPart(SpineError):
    """A promise, an answer or a verdict lacks a part it cannot do without."""
