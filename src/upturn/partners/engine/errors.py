"""What partners refuse.

PartnersError
├── Overtaken          somebody else moved it since it was read
├── Incomplete         a part is missing without which nothing can be stored
├── MoveClosed         a move that the table of states does not have
├── WaveRefused        a wave that cannot open, or an act on it that belongs to somebody else
├── CannotClose        a wave that cannot be counted
├── NotCast            a card that can put nothing into the ballot box
├── NoSuchInstrument   a key under which nothing is kept
├── InstrumentRefused  questions that cannot be asked like this
├── QuestionRefused    an own question that asks for a person, or that nobody can answer
└── ExchangeRefused    a file of another tool that cannot be read
"""

from collections.abc import Sequence


class PartnersError(ValueError):
    """Everything that `upturn.partners.engine` refuses."""


class MoveClosed(PartnersError):
    """A move that the table of states does not have, or not for this side."""


class WaveRefused(PartnersError):
    """A wave that cannot open as it was drafted, or an act on it that is not this person's.

    The message names the smallest change that would do.
    """


class CannotClose(PartnersError):
    """A wave that cannot be counted: there is none, or its ballots or its key are gone."""


class NotCast(PartnersError):
    """A card that can put nothing into the ballot box.

    Parameters
    ----------
    reason : str
        ``"used"``, ``"expired"``, ``"closed"``, ``"cancelled"``, ``"forged"`` or ``"foreign"``.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"The answers were not put into the box: the card is {reason}.")


class NoSuchInstrument(PartnersError):
    """A key under which nothing is kept."""

    def __init__(self, key: str, *, known: Sequence[str]) -> None:
        self.key = key
        super().__init__(f"No instrument is called “{key}”. There are: {', '.join(known)}.")


class InstrumentRefused(PartnersError):
    """Questions that cannot be asked like this."""

    def __init__(self, where: str, value: str, remedy: str) -> None:
        self.where, self.value, self.remedy = where, value, remedy
        super().__init__(f"{where}: {value}. {remedy}")


class QuestionRefused(PartnersError):
    """An own question that asks for a person, or that nobody can answer."""

    def __init__(self, question: str, reason: str) -> None:
        self.question, self.reason = question, reason
        super().__init__(f"“{question}”: {reason}")


class ExchangeRefused(PartnersError):
    """A file of another tool that cannot be read."""

    def __init__(self, what: str, value: str, remedy: str) -> None:
        self.value = value
        super().__init__(f"{what}: {value}. {remedy}")


class Incomplete(PartnersError):
    """A part is missing, or does not hold, without which nothing can be stored."""


class Overtaken(PartnersError):
    """Somebody else moved it since it was read; nothing was stored."""
