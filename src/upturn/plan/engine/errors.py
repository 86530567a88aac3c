"""What the plan refuses.

PlanError
├── Incomplete     a part is missing without which nothing can be stored
├── NotYours       an act that belongs to somebody else
├── Overtaken      somebody else changed it since it was read
├── OutsideTheDay  a moment before the day begins or after it ends
├── ServersFirst   a promise to customers before one to those who serve them
├── InAction       a change to what is in action, or has ended
├── Protected      a change to what works well enough
├── NoProvider     a support promise that nobody is said to keep
├── OneLevelOnly   owners who all stand equally far from the customer
├── TooManyActive  a party with as many lines in action as it can carry
├── NotReady       a plan that cannot start yet
├── NoBaseline     a target without a baseline
└── UnknownUnit    a unit that is not in the plan, or has no figures
"""

from collections.abc import Mapping

Row = Mapping[str, object]


class PlanError(ValueError):
    """Everything that `upturn.plan` refuses; nothing of what was refused is stored."""


class Incomplete(PlanError):
    """A part is missing, or does not hold, without which nothing can be stored."""


class NotYours(PlanError):
    """An act that belongs to somebody else; the message says to whom."""


class Overtaken(PlanError):
    """Somebody else changed the row since it was read.

    Parameters
    ----------
    stands : mapping of field to value, or None
        The row as it is now; None where it is gone.
    yours : mapping of field to value, or None
        What was to be stored; None where the row was to be dropped.
    """

    def __init__(
        self,
        message: str,
        *,
        stands: Mapping[str, object] | None,
        yours: Mapping[str, object] | None,
    ) -> None:
        self.stands, self.yours = stands, yours
        super().__init__(message)


class OutsideTheDay(PlanError):
    """A moment before the day begins or after it ends; minutes after midnight.

    Parameters
    ----------
    at, day_from, day_until : int
    """

    def __init__(self, at: int, *, day_from: int, day_until: int) -> None:
        self.at, self.day_from, self.day_until = at, day_from, day_until
        begins, ends = _clock(day_from), _clock(day_until)
        super().__init__(
            f"{_clock(at)} lies outside the day, which goes from {begins} to {ends}. "
            "Lengthen the day first, or choose a time within it."
        )


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


class ServersFirst(PlanError):
    """A promise to customers before the plan says what those have who serve them."""


class InAction(PlanError):
    """A change to what is in action or has ended."""


class Protected(PlanError):
    """A change at a moment that works well enough; ``why`` says in whose words it is to stay."""

    def __init__(self, message: str, *, why: str) -> None:
        self.why = why
        super().__init__(message)


class NoProvider(PlanError):
    """A support promise that nobody is said to keep."""


class OneLevelOnly(PlanError):
    """Owners who all stand equally far from the customer (S1.21)."""


class TooManyActive(PlanError):
    """A party with as many lines in action as it can carry (S2.21)."""

    def __init__(self, message: str, *, active: int) -> None:
        self.active = active
        super().__init__(message)


class NotReady(PlanError):
    """A plan that cannot start yet.

    Parameters
    ----------
    missing : tuple of str
        Codes of `upturn.plan.engine.ready_to_start`.
    """

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__(f"The plan cannot start yet. Missing: {', '.join(missing)}.")


class NoBaseline(PlanError):
    """A target on a figure whose baseline is not known with its interval (S2.9)."""


class UnknownUnit(PlanError):
    """A unit that is not in the plan, or has no figures."""
