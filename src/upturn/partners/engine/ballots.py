"""Opened ballots, what a wave asked of whom, and what is kept of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upturn.partners.engine.shapes import Group, Instrument, Relation, Wide
from upturn.privacy import PreBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One opened ballot: categories from 1 by question, and words by question."""

    answers: Mapping[str, int]
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatOf:
    """A seat as it was when the wave opened."""

    number: int
    name: str
    block: PreBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationOf:
    """A relationship as it was asked, and the seats on its sides; None where nobody sits."""

    relation: Relation
    serving: int | None
    served: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A text, under what it belongs to and the side it came from."""

    parent: str
    side: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """All that is kept of a wave; ``seats`` are the numbers of the seats in each group."""

    relations: tuple[Relation, ...]
    groups: tuple[Group, ...]
    seats: tuple[tuple[int, ...], ...]
    left_out: tuple[Group, ...]
    left_out_seats: tuple[tuple[int, ...], ...]
    items: tuple[str, ...]
    counts: NDArray[np.int64]
    missing: NDArray[np.int64]
    wide: tuple[Wide, ...]
    words: tuple[Written, ...]
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOf:
    """What was asked of whom, with which n."""

    instrument: Instrument
    seats: tuple[SeatOf, ...]
    relations: tuple[RelationOf, ...]
    k: int
    words_k: int
