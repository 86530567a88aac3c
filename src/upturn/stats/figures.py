"""A number never stands alone: it has its range and its n, or a reason why it is not shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that may be shown.

    Parameters
    ----------
    value, low, high : float
        The estimate and the ends of its interval, in the unit of the data.
    n : int
        Observations behind it.
    """

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Withheld:
    """A figure that may not be shown; a value, never an exception and never a zero.

    Parameters
    ----------
    reason : str
        A code such as ``"too_few"``; templates make the sentence.
    needed, got : int
        How many observations (or people) it would take, and how many there are.
    """

    reason: str
    needed: int
    got: int
