"""What somebody drafts before a wave opens, and the plan that comes of it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from upturn.partners.engine import Instrument

BOTH = "both"
K_LEAST, WORDS_K_LEAST = 5, 10
RELATIONS_MOST = 5
"""Relationships on one sheet; more of them are not answered with care."""
DAYS_MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A wave before it opens.

    Parameters
    ----------
    title : str
    instrument : str
        Key of the instrument.
    relations : tuple of int, or "all"
        Ids of serves-edges; ``"all"`` are all that one may ask about.
    closes_on : date
        The last day on which an answer is taken.
    k : int
        At least five.
    deniable : float
        Probability with which an answer is replaced by a drawn one.
    mode : "cards" or "blind"
        Whether a card admits an answer, or a token that was signed blindly for it.
    as_many_as_fit : bool
        Leave out relationships that are too many for one sheet, instead of refusing them all.
    """

    title: str
    instrument: str
    relations: tuple[int, ...] | Literal["all"]
    closes_on: date
    k: int = K_LEAST
    deniable: float = 0.0
    mode: Literal["cards", "blind"] = "cards"
    as_many_as_fit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSeat:
    """People who will answer together, and nobody of whom answers twice."""

    number: int
    key: str
    name: str
    side: str
    units: tuple[str, ...]
    parents: tuple[str, ...]
    people: tuple[int, ...]
    pooled: tuple[str, ...]
    """Names of the units, where there are several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRelation:
    """A relationship as it will be asked about; a side without people has no seat."""

    number: int
    server: str
    served: str
    server_name: str
    served_name: str
    place: str
    server_seat: int | None
    served_seat: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who would answer what, with whom.

    Parameters
    ----------
    instrument : Instrument
    seats : tuple of PlannedSeat
    relations : tuple of PlannedRelation
    within : tuple of str
        Relationships that fall away, because both their sides answer together.
    without : tuple of str
        Relationships left out, because one sheet would be too long.
    """

    instrument: Instrument
    seats: tuple[PlannedSeat, ...]
    relations: tuple[PlannedRelation, ...]
    within: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def people(self) -> int:
        """How many people are asked."""
        return sum(len(seat.people) for seat in self.seats)
