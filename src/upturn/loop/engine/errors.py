"""What the loop refuses.

LoopError
├── ScriptRefused   a script that cannot be read, with each place that is wrong
├── NoSuchScript    a script that is not shipped
├── MoveRefused     a move that cannot be made where the workshop stands
├── Overtaken       somebody else moved the workshop on since it was read
├── NotYours        an act that belongs to somebody else
├── Incomplete      a part is missing without which nothing can be kept
├── TooLong         more words than a card holds
└── NoDay           no working day is left for day 100
"""

from collections.abc import Sequence
from dataclasses import dataclass


class LoopError(ValueError):
    """Everything that `upturn.loop` refuses; nothing of what was refused is stored."""


@dataclass(frozen=True, slots=True)
class ScriptProblem:
    """One thing that is wrong in a script.

    Attributes
    ----------
    line : int
        Of the file, from 1; 0 where a script does not come from lines.
    place : str
        ``"step 3, minutes"``.
    found : str
        What stands there.
    remedy : str
        What helps.
    """

    line: int
    place: str
    found: str
    remedy: str

    def __str__(self) -> str:
        where = f"Line {self.line}, {self.place}" if self.line else self.place
        return f"{where}: “{self.found}”. {self.remedy}"


class ScriptRefused(LoopError):
    """A script that cannot be read.

    Parameters
    ----------
    problems : sequence of ScriptProblem
        All of them, in the order of the file.
    """

    def __init__(self, problems: Sequence[ScriptProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class NoSuchScript(LoopError):
    """A script that is not shipped."""

    def __init__(self, key: str, *, known: Sequence[str]) -> None:
        self.key = key
        super().__init__(f"No script is called {key!r}. Those that ship: {', '.join(known)}.")


class MoveRefused(LoopError):
    """A move that cannot be made where the workshop stands.

    Parameters
    ----------
    code : str
        Why: a `Refusal` of `upturn.loop.engine.stage`.
    """

    def __init__(self, message: str, *, code: str) -> None:
        self.code = code
        super().__init__(message)


class Overtaken(LoopError):
    """Somebody else moved the workshop on since it was read.

    Parameters
    ----------
    turn : int
        The turn it is at now.
    """

    def __init__(self, message: str, *, turn: int) -> None:
        self.turn = turn
        super().__init__(message)


class NotYours(LoopError):
    """An act that belongs to somebody else; the message says to whom."""


class Incomplete(LoopError):
    """A part is missing, or does not hold, without which nothing can be kept."""


class TooLong(LoopError):
    """More words than a card holds.

    Parameters
    ----------
    words, at_most : int
    """

    def __init__(self, message: str, *, words: int, at_most: int) -> None:
        self.words, self.at_most = words, at_most
        super().__init__(message)


class NoDay(LoopError):
    """No working day is left for day 100."""
