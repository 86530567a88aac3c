"""Sessions of coaching: wanted, placed, and why not."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from upturn.floor.engine.staffing.intervals import Interval
from upturn.floor.engine.staffing.standards import Standard


@dataclass(frozen=True, slots=True)
class Wanted:
    """A session somebody asked for. Names are ids of a roster, for a plan and nothing else.

    Parameters
    ----------
    agent, coach : str
    length_s : float
    queues : tuple of str
        Whose calls the agent does not take meanwhile; empty: of every queue.
    earliest, latest : datetime or None
        It begins no earlier and ends no later; None: as the forecast begins and ends.
    row : int
        In the file.
    """

    agent: str
    coach: str
    length_s: float
    queues: tuple[str, ...] = ()
    earliest: datetime | None = None
    latest: datetime | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class Slack:
    """Who can be spared in an interval: `staff` less `needed`; below 0 some are missing."""

    interval: Interval
    staff: int
    needed: int

    @property
    def free(self) -> int:
        """How many may be in a session at once."""
        return self.staff - self.needed


@dataclass(frozen=True, slots=True)
class Session:
    """A session with its time."""

    wanted: Wanted
    start: datetime

    @property
    def end(self) -> datetime:
        """When it is over."""
        over = self.start.astimezone(UTC) + timedelta(seconds=self.wanted.length_s)
        return over.astimezone(self.start.tzinfo)


class Why(StrEnum):
    """Why a session found no place."""

    OUTSIDE = "outside"
    """No interval of the forecast lies within its window."""
    NO_SLACK = "no slack"
    """Nobody can be spared for so long at any time within its window."""
    TAKEN = "taken"
    """What could be spared went to others, or agent or coach were in another session."""


class Method(StrEnum):
    """How a week was packed."""

    EXACT = "exact"
    """No other packing is better."""
    SEARCHED = "searched"
    """The search ended before that was proved."""
    GREEDY = "greedy"
    """One after the other, who has least first: too many starts for a search."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Sessions placed and not placed.

    Parameters
    ----------
    sessions : tuple of Session
        By time.
    unplaced : tuple of (Wanted, Why)
    slack : tuple of Slack
    methods : tuple of (str, Method)
        Week by week, as in 2026-W48.
    standard : Standard
    """

    sessions: tuple[Session, ...]
    unplaced: tuple[tuple[Wanted, Why], ...]
    slack: tuple[Slack, ...]
    methods: tuple[tuple[str, Method], ...]
    standard: Standard
