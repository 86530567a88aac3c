"""IntakeError
├── BadMap         the words after --map cannot be read
├── UnknownColumn  a column that the file does not have, with the nearest names
├── IdentityAsked  a column that says who somebody is, which is never read
└── NothingToRead  no column holds the words or no row can have a date
ReadingError       texts, classes, labels or scores that cannot be read as they are
└── ModelAbsent    the sentence model or its runtime is not there, or is another one
"""  # noqa: D205, D400

from collections.abc import Sequence


class IntakeError(ValueError):
    """Comments cannot be brought in like this; the message says what helps."""


class BadMap(IntakeError):
    """The words after --map cannot be read."""

    def __init__(self, part: str, *, why: str) -> None:
        self.part = part
        super().__init__(
            f"“{part}”: {why} Write it as text=review,score=stars:1-5,at=date:day-first."
        )


class UnknownColumn(IntakeError):
    """A column that the file does not have."""

    def __init__(self, column: str, *, columns: Sequence[str], nearest: Sequence[str]) -> None:
        self.column = column
        self.nearest = tuple(nearest)
        others = f"Nearest: {', '.join(nearest)}." if nearest else f"It has {', '.join(columns)}."
        super().__init__(f"The file has no column “{column}”. {others}")


class IdentityAsked(IntakeError):
    """A column that says who somebody is."""

    def __init__(self, column: str) -> None:
        self.column = column
        super().__init__(
            f"“{column}” looks like it says who somebody is, and no identity is read. "
            "If it does not, give the column another name in the file."
        )


class NothingToRead(IntakeError):
    """No column holds the words, or no row can have a date."""

    def __init__(self, field: str, *, columns: Sequence[str]) -> None:
        self.field = field
        helps = {
            "text": "Say which one does with --map text=NAME",
            "at": "Say which one does with --map at=NAME, or give one day for all rows "
            "with --map at=2026-11-03",
        }[field]
        holds = "customers' words" if field == "text" else "a date"
        super().__init__(f"No column of {', '.join(columns)} holds {holds}. {helps}.")


class ReadingError(ValueError):
    """Texts, classes, labels or scores cannot be read as they are; the message says what helps."""


class ModelAbsent(ReadingError):
    """The sentence model cannot be used; the fast tier can."""
