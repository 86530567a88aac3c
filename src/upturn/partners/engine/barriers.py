"""The six things that stand between people who serve and people they serve (S1.20)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Barrier(StrEnum):
    """A kind of barrier, in the order of the seed."""

    STATUS_SYMBOLS = "status_symbols"
    HIERARCHY = "hierarchy"
    BUREAUCRACY = "bureaucracy"
    DEPARTMENTALISM = "departmentalism"
    TECHNICAL_ELITISM = "technical_elitism"
    LANGUAGE = "language"


def by_barrier(named: Iterable[tuple[str, T]]) -> Mapping[Barrier, tuple[T, ...]]:
    """Sort what was named under the six, all of which are always there.

    Parameters
    ----------
    named : iterable of (str, T)
        The key of a barrier and what belongs under it; an empty key belongs under none.

    Returns
    -------
    mapping of Barrier to tuple

    Raises
    ------
    ValueError
        For a key that is none of the six.

    Examples
    --------
    >>> found = by_barrier([("language", "acronyms in the rota")])
    >>> len(found), found[Barrier.LANGUAGE], found[Barrier.HIERARCHY]
    (6, ('acronyms in the rota',), ())
    """
    found: dict[Barrier, list[T]] = {barrier: [] for barrier in Barrier}
    for key, each in named:
        if key:
            found[Barrier(key)].append(each)
    return {barrier: tuple(rows) for barrier, rows in found.items()}
