"""Where companies agree: a share that counts each company once, with its range, and no groups."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from upturn.exchange.engine.metrics import FEWEST
from upturn.stats.figures import Figure, Withheld
from upturn.stats.intervals import share_interval

VOTERS = 5
"""Of a company, from which it counts."""
COMMON = 0.6
SPLIT = 0.25


class Vote(StrEnum):
    """What somebody taps on a statement."""

    AGREE = "agree"
    PASS = "pass"  # noqa: S105 - what is tapped
    DISAGREE = "disagree"


class Ground(StrEnum):
    """What a statement is, if it can be told."""

    COMMON = "common"
    WORTH_TALKING = "worth_talking"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Agreement:
    """How companies see a statement.

    Parameters
    ----------
    agree, disagree : Figure
        Mean over companies, 0..1; n voters. Who passes is in neither.
    companies : int
        With enough voters to count.
    ground : Ground
    """

    agree: Figure
    disagree: Figure
    companies: int
    ground: Ground


Counts = Mapping[Vote, int]


def common_ground(votes: Sequence[tuple[str, Vote]]) -> Agreement | Withheld:
    """Say how companies see one statement.

    Parameters
    ----------
    votes : sequence of (company, Vote)
        One a voter.

    Returns
    -------
    Agreement or Withheld
        ``too_few`` below five companies of five voters each. `ground` is common where the lower
        bound lies above 0.6 in every such company; worth talking about where both agreeing and
        disagreeing lie above a quarter for sure; else open.

    Notes
    -----
    Each company's share has Wilson's interval; the mean over companies has the interval that
    recovers their variances from those limits. The companies are these, not a sample of others.
    Nobody is grouped: below sixty voters, grouping finds groups where there are none.

    References
    ----------
    Wilson (1927), doi:10.1080/01621459.1927.10502953; Zou and Donner (2008), doi:10.1002/sim.3095.

    Examples
    --------
    >>> six = [(company, Vote.AGREE) for company in "ABCDE" for _voter in range(6)]
    >>> common_ground(six).ground.value, common_ground(six[:20])
    ('common', Withheld(reason='too_few', needed=5, got=0))
    """
    counted = _counted(votes)
    if len(counted) < FEWEST:
        return Withheld("too_few", needed=FEWEST, got=0)
    agree = [_share(counts, Vote.AGREE) for counts in counted]
    disagree = [_share(counts, Vote.DISAGREE) for counts in counted]
    both = _mean(agree), _mean(disagree)
    if all(figure.low > COMMON for figure in agree):
        ground = Ground.COMMON
    elif min(figure.low for figure in both) > SPLIT:
        ground = Ground.WORTH_TALKING
    else:
        ground = Ground.OPEN
    return Agreement(*both, len(counted), ground)


def most_split(statements: Mapping[str, Agreement | Withheld]) -> str:
    """Name the statement that is most worth talking about, or nothing if none is.

    It is the one on which the smaller side is largest; the others are not put in an order.
    """
    smaller = {
        key: min(found.agree.value, found.disagree.value)
        for key, found in statements.items()
        if isinstance(found, Agreement) and found.ground is Ground.WORTH_TALKING
    }
    return max(smaller, key=lambda key: smaller[key], default="")


def _counted(votes: Sequence[tuple[str, Vote]]) -> list[Counts]:
    by_company: dict[str, dict[Vote, int]] = defaultdict(lambda: dict.fromkeys(Vote, 0))
    for company, vote in votes:
        by_company[company][vote] += 1
    return [counts for counts in by_company.values() if sum(counts.values()) >= VOTERS]


def _share(counts: Counts, vote: Vote) -> Figure:
    found = share_interval(counts[vote], sum(counts.values()))
    assert isinstance(found, Figure)  # noqa: S101 - there are voters
    return found


def _mean(shares: Sequence[Figure]) -> Figure:
    count = len(shares)
    value = sum(figure.value for figure in shares) / count
    below = sqrt(sum((figure.value - figure.low) ** 2 for figure in shares)) / count
    above = sqrt(sum((figure.high - figure.value) ** 2 for figure in shares)) / count
    return Figure(value, value - below, value + above, sum(figure.n for figure in shares))
