"""What the room of privacy refuses.

PrivacyError
├── TooFewPeople    units that cannot be asked, because they reach no k even together
├── ThinCell        a histogram with too few answers to be guarded
├── NoSuchWorld     published counts that no answers can have given
├── BadToken        a key, a blinded message or a signature that is not what it should be
└── SigningFailed   a signature that did not verify where it was made
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Missing:
    """Units of one side that do not reach k together, and how many people they lack.

    Parameters
    ----------
    side : str
    units : tuple of str
        Keys of the units.
    people, needed : int
        How many they have, and k.
    """

    side: str
    units: tuple[str, ...]
    people: int
    needed: int

    @property
    def more(self) -> int:
        """The smallest change that would do: so many people more, in any of the units."""
        return self.needed - self.people


class PrivacyError(ValueError):
    """Everything `upturn.privacy` refuses."""


class TooFewPeople(PrivacyError):
    """Units that cannot be asked without somebody being singled out."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        self.missing = missing
        parts = [
            f"{', '.join(one.units)} ({one.side}): {one.people} people, {one.needed} needed. "
            f"Ask {one.more} more there, or leave them out."
            for one in missing
        ]
        super().__init__(" ".join(parts))


class ThinCell(PrivacyError):
    """A cell with answers, but too few of them."""

    def __init__(self, answers: int) -> None:
        super().__init__(
            f"A cell with {answers} answers cannot be guarded. Empty thin cells with "
            "without_thin first."
        )


class NoSuchWorld(PrivacyError):
    """Counts that contradict each other."""

    def __init__(self, question: int) -> None:
        super().__init__(
            f"No answers give all the counts published for question {question}. Read the "
            "pages again; two of them disagree."
        )


class BadToken(PrivacyError):
    """A key, a blinded message or a signature that is not what it should be."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(f"This is {what}. {advice}")


class SigningFailed(PrivacyError):
    """A signature that did not verify where it was made."""

    def __init__(self) -> None:
        super().__init__("The signature did not verify and was thrown away. Try once more.")
