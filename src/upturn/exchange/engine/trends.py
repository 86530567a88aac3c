"""Does it move? Counts of an earlier time against those of a later one, and what goes together.

Where chance alone could have made a difference, the answer is that nobody can tell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from upturn.exchange.engine.lists import CONDITIONS
from upturn.exchange.engine.metrics import FEWEST
from upturn.stats.correlation import correlation_interval
from upturn.stats.figures import Figure, Withheld
from upturn.stats.intervals import share_interval
from upturn.stats.superiority import superiority_interval

__all__ = ["Trend", "Way", "counted", "trends", "way"]

MISTAKEN = 0.05
"""How often any of the answers of one page may be wrong by chance, all of them together."""


class Way(StrEnum):
    """Where something went."""

    UP = "up"
    DOWN = "down"
    CANNOT_TELL = "cannot_tell"


def way(before: Sequence[int], after: Sequence[int], *, asked: int = 1) -> Way:
    """Say whether answers moved to higher or lower bins.

    Parameters
    ----------
    before, after : sequence of int
        Answers a bin, from the lowest, in the same bins.
    asked : int
        How many such questions are answered beside each other; the more, the surer each must be.

    Examples
    --------
    >>> way([5, 1, 0], [0, 1, 5]).value, way([2, 2, 2], [1, 3, 2]).value
    ('up', 'cannot_tell')
    """
    found = superiority_interval(after, before, coverage=1 - MISTAKEN / max(asked, 1))
    if isinstance(found, Withheld):
        return Way.CANNOT_TELL
    if found.low > 0.5:
        return Way.UP
    return Way.DOWN if found.high < 0.5 else Way.CANNOT_TELL


@dataclass(frozen=True, slots=True)
class Trend:
    """How one condition held, meeting by meeting.

    Parameters
    ----------
    shares : tuple of Figure or None
        One a meeting; None where fewer than five were asked about this condition.
    since : Way
        The later half of the meetings against the earlier half.
    together : bool
        Whether it clearly holds more often in meetings in which more of the others held.
    """

    shares: tuple[Figure | None, ...]
    since: Way
    together: bool


def counted(held: Mapping[str, Sequence[int]]) -> bool:
    """Whether enough people said what held in a meeting for it to be shown.

    Examples
    --------
    >>> counted({"vision": (3, 4)}), counted({"vision": (3, 5)})
    (False, True)
    """
    return any(of >= FEWEST for _yes, of in held.values())


def trends(meetings: Sequence[Mapping[str, Sequence[int]]]) -> Mapping[str, Trend]:
    """Follow each condition over meetings.

    Parameters
    ----------
    meetings : sequence of mapping of str to (int, int)
        From the first to the last: by condition how many said that it held, and how many said
        anything. Meetings in which fewer than five did are left out by `counted`.

    Returns
    -------
    mapping of str to Trend
        In the order of the list.

    Examples
    --------
    >>> found = trends([{"vision": (1, 12)}, {"vision": (12, 12)}])["vision"]
    >>> [round(share.value, 2) for share in found.shares if share], found.since.value
    ([0.08, 1.0], 'up')
    """
    rows = {
        item.code: tuple(_share(each.get(item.code, (0, 0))) for each in meetings)
        for item in CONDITIONS
    }
    return {
        code: Trend(shares, _since(code, meetings), _together(code, rows))
        for code, shares in rows.items()
    }


def _share(held: Sequence[int]) -> Figure | None:
    yes, of = held
    found = share_interval(yes, of) if of >= FEWEST else None
    return None if isinstance(found, Withheld) else found


def _since(code: str, meetings: Sequence[Mapping[str, Sequence[int]]]) -> Way:
    half = len(meetings) // 2
    if not half:
        return Way.CANNOT_TELL
    before, after = _answers(code, meetings[:half]), _answers(code, meetings[-half:])
    return way(before, after, asked=len(CONDITIONS))


def _answers(code: str, meetings: Sequence[Mapping[str, Sequence[int]]]) -> tuple[int, int]:
    """Add up who said that it did not hold, and that it did."""
    told = [each.get(code, (0, 0)) for each in meetings]
    yes, of = sum(each[0] for each in told), sum(each[1] for each in told)
    return of - yes, yes


def _together(code: str, rows: Mapping[str, Sequence[Figure | None]]) -> bool:
    others = [shares for other, shares in rows.items() if other != code]
    own, rest = [], []
    for at, share in enumerate(rows[code]):
        beside = [each.value for shares in others if (each := shares[at]) is not None]
        if share is not None and beside:
            own.append(share.value)
            rest.append(sum(beside) / len(beside))
    found = correlation_interval(own, rest, coverage=1 - MISTAKEN / len(CONDITIONS))
    return isinstance(found, Figure) and found.low > 0
