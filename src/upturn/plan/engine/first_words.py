"""What a room wrote on cards, read as moments of a day and as lines: no word of a card is added."""

import re
from dataclasses import dataclass
from textwrap import wrap

_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:h]([0-5]\d)(?!\d)(?:\s*([ap])\.?\s?m\b\.?)?", re.I)
_HALF_DAY = re.compile(r"(?<![\d.,:])(1[0-2]|0?[1-9])()\s*([ap])\.?\s?m\b\.?", re.I)
_UHR = re.compile(r"(?<!\d)([01]?\d|2[0-3])(?:[.:]([0-5]\d))?\s*Uhr\b()", re.I)
_BETWEEN = " \t,;:.–—-"
HOUR, NOON = 60, 12


@dataclass(frozen=True, slots=True)
class SaidMoment:
    """A moment as a card names it; `at` is in minutes after midnight, None where none is named."""

    at: int | None
    name: str


def said_moment(words: str) -> SaidMoment:
    """Read the first time that a card names; where the card begins with it, the rest is the name.

    Parameters
    ----------
    words : str
        Of one card. A time is such as 19:30, 7h05, 7 pm, 7:30 p.m. or 19 Uhr; 7.30 alone, which
        may be a price, is none.

    Examples
    --------
    >>> said_moment("19:30 Ordering")
    SaidMoment(at=1170, name='Ordering')
    >>> said_moment("The bill, at 9 pm")
    SaidMoment(at=1260, name='The bill, at 9 pm')
    >>> said_moment("Waiting for 7.30 euros").at is None
    True
    """
    found = next((m for kind in (_UHR, _CLOCK, _HALF_DAY) if (m := kind.search(words))), None)
    if found is None:
        return SaidMoment(None, words.strip())
    rest = words[found.end() :].strip(_BETWEEN) if not words[: found.start()].strip() else ""
    return SaidMoment(_minutes(found), rest or words.strip())


def _minutes(found: "re.Match[str]") -> int:
    hours, minutes, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and hours <= NOON:
        hours = hours % NOON + NOON * (half == "p")
    return hours * HOUR + minutes


def in_lines(words: str, *, most: int) -> tuple[str, ...]:
    """Cut a card that is longer than a line into several, between its words where that goes.

    Parameters
    ----------
    words : str
    most : int
        Letters of a line.

    Examples
    --------
    >>> in_lines("warm plates at seven", most=12)
    ('warm plates', 'at seven')
    """
    return tuple(wrap(words, most, break_on_hyphens=False))
