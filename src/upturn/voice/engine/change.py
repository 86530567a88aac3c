"""Did a mean move between two stretches of weeks? Said only when the intervals support it."""

from dataclasses import dataclass
from enum import StrEnum
from math import hypot

from upturn.stats import Figure, Withheld

SAME_WITHIN = 0.5  # points of ten: a difference this small changes nobody's day


class Moved(StrEnum):
    """What can be said of a difference."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict on a difference, and the difference with its interval if there is one."""

    moved: Moved
    figure: Figure | None

    @property
    def fell(self) -> bool:
        """Whether it surely went down."""
        return self.moved == Moved.DOWN


def compare(before: Figure | Withheld, now: Figure | Withheld) -> Change:
    """Say what two independent means allow to say of their difference.

    Parameters
    ----------
    before, now : Figure or Withheld
        Means with intervals of one coverage, on 0 to 10; the difference has that coverage too.

    Returns
    -------
    Change
        ``UP`` or ``DOWN`` if the interval of the difference leaves out zero, ``SAME`` if all of it
        lies within half a point of zero, else ``CANNOT_TELL``.

    References
    ----------
    Method 10 of Newcombe (1998), Statistics in Medicine 17, 873-890 (MOVER): the interval of a
    difference from the intervals of its two parts.

    Examples
    --------
    >>> change = compare(Figure(8.1, 7.9, 8.3, 945), Figure(6.7, 6.6, 6.8, 1525))
    >>> change.moved.value, round(change.figure.low, 1), round(change.figure.high, 1)
    ('down', -1.6, -1.2)
    """
    if isinstance(before, Withheld) or isinstance(now, Withheld):
        return Change(Moved.CANNOT_TELL, None)
    value = now.value - before.value
    low = value - hypot(now.value - now.low, before.high - before.value)
    high = value + hypot(now.high - now.value, before.value - before.low)
    return Change(_verdict(low, high), Figure(value, low, high, before.n + now.n))


def _verdict(low: float, high: float) -> Moved:
    if low > 0:
        return Moved.UP
    if high < 0:
        return Moved.DOWN
    return Moved.SAME if max(-low, high) <= SAME_WITHIN else Moved.CANNOT_TELL
