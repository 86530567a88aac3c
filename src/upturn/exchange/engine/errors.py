"""What an exchange refuses.

ExchangeError
├── NoSuchWord           a code that none of the shipped lists has
├── RulesBroken          ground rules that are not kept, each with its value and what to do next
├── MoveRefused          a move that cannot be made here, or not by this party
├── Incomplete           a part is missing without which nothing can be kept
├── BadSeal              a sealed answer that is not the one that was sealed
├── BadGuard             a guard record whose salt would hide nothing
├── BadKit               a file that is no kit, or one of which a line does not hold
└── BallotError          everything of the sealed benchmark
    ├── Malformed        bytes that are not written the one way the specification knows
    ├── BadRoster        fewer than five unaffiliated companies, a key twice, a signature missing
    ├── BadSheet         a sheet that does not fit its roster or its own bounds
    ├── BadValue         a figure that cannot be put into a bin
    ├── BadBallot        a ballot that is not this member's, not of this round, or does not prove
    ├── BadBox           a sealed box that does not open, or was sealed for something else
    ├── BadList          an accepted list that a member's own device does not confirm
    ├── AlreadySigned    a second list, or sums on a second list, in one round
    ├── TooFew           confirmations or sums that do not reach the number on the sheet
    ├── BadSums          sums that are not this opener's, or two that differ
    ├── BadTally         totals that the commitments do not bear out: nothing is shown
    ├── BadBundle        an audit bundle that is not whole, or not as it was written
    └── BadKey           a key file or recovery words that cannot be read
"""

from collections.abc import Sequence
from typing import Protocol


class Said(Protocol):
    """What can be said in a language."""

    def said(self, language: str) -> str:
        """Give its sentences, in English where there are no words in the language."""
        ...


class ExchangeError(ValueError):
    """Everything that `upturn.exchange` refuses; nothing of what was refused is stored."""


class NoSuchWord(ExchangeError):
    """A code that none of the shipped lists has; the message names those it could be."""


class RulesBroken(ExchangeError):
    """Ground rules that are not kept.

    Parameters
    ----------
    refusals : sequence of Said
        Each a `Refusal` of `upturn.exchange.engine.rules`, in the order of the rules.
    """

    def __init__(self, refusals: Sequence[Said]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("\n".join(map(str, self.refusals)))


class MoveRefused(ExchangeError):
    """A move that cannot be made here, or not by this party.

    Parameters
    ----------
    message : str
    code : str
        Why, as a code that pages put into words.
    """

    def __init__(self, message: str, *, code: str) -> None:
        self.code = code
        super().__init__(message)


class Incomplete(ExchangeError):
    """A part is missing, or does not hold, without which nothing can be kept."""


class BadSeal(ExchangeError):
    """A sealed answer that is not the one that was sealed, or a token that does not fit."""


class BadGuard(ExchangeError):
    """A guard record whose salt would hide nothing."""


class BadKit(ExchangeError):
    """A file that is no kit of this version, or one of which a line does not hold.

    Parameters
    ----------
    faults : sequence of Said
        Each a `Fault` of `upturn.exchange.engine.kit_form`; the first dozen are said.
    """

    def __init__(self, faults: Sequence[Said]) -> None:
        self.faults = tuple(faults)[:12]
        super().__init__("\n".join(self.said("en")))

    def said(self, language: str) -> tuple[str, ...]:
        """Give a sentence or two for each fault."""
        return tuple(fault.said(language) for fault in self.faults)


class BallotError(ExchangeError):
    """Everything that the sealed benchmark refuses."""


class Malformed(BallotError):
    """Bytes that are not written the one way the specification knows."""


class BadRoster(BallotError):
    """Fewer than five unaffiliated companies, a key twice, a signature missing or wrong."""


class BadSheet(BallotError):
    """A sheet that does not fit its roster or its own bounds."""


class BadValue(BallotError):
    """A figure that cannot be put into a bin."""


class BadBallot(BallotError):
    """A ballot that is not this member's, not of this round, or does not prove what it must."""


class BadBox(BallotError):
    """A sealed box that does not open with this key, or was sealed for something else."""


class BadList(BallotError):
    """An accepted list that a member's own device does not confirm."""


class AlreadySigned(BallotError):
    """A second list, or sums on a second list, in one round."""


class TooFew(BallotError):
    """Fewer confirmations or sums than the sheet asks for.

    Parameters
    ----------
    what : str
        What is counted, in the plural.
    needed, got : int
    """

    def __init__(self, what: str, *, needed: int, got: int) -> None:
        self.needed, self.got = needed, got
        super().__init__(
            f"{needed} {what} are needed and {got} are here. Wait for the others; nothing is lost."
        )


class BadSums(BallotError):
    """Sums that are not this opener's, or two of one opener that differ."""


class BadTally(BallotError):
    """Totals that the commitments do not bear out; no result is shown."""


class BadBundle(BallotError):
    """An audit bundle that is not whole, or not as it was written."""


class BadKey(BallotError):
    """A key file or recovery words that cannot be read."""
