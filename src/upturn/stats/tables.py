"""Many figures at once, each with its range and its n, or the reason why it is not shown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upturn.stats.errors import ImpossibleCounts
from upturn.stats.figures import Figure, Withheld

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Index = int | tuple[int, ...]

TOO_FEW = "too_few"  # fewer observations than a range takes
ALL_ALIKE = "all_alike"  # one category alone was used: no spread, so no range
PIECE = 8192  # rows worked on together, so that they stay in the cache


@dataclass(frozen=True, slots=True)
class Figures:
    """A table of figures, some of which may not be shown.

    Parameters
    ----------
    value, low, high : float array, (...)
        Estimates and the ends of their intervals; nan where withheld.
    n, least : int64 array, (...)
        Observations behind a figure, and in its smallest part (of two sides, the smaller).
    needed : int
        How many observations each part needs.
    """

    value: Floats
    low: Floats
    high: Floats
    n: Integers
    least: Integers
    needed: int

    def at(self, index: Index = ()) -> Figure | Withheld:
        """Take one figure, or the reason why it is withheld: ``too_few`` or ``all_alike``."""
        least = int(self.least[index])
        if least < self.needed:
            return Withheld(TOO_FEW, needed=self.needed, got=least)
        if np.isnan(self.value[index]):
            return Withheld(ALL_ALIKE, needed=2, got=1)
        low, high = float(self.low[index]), float(self.high[index])
        return Figure(float(self.value[index]), low, high, int(self.n[index]))


def figures_where(
    shown: NDArray[np.bool_],
    ends: tuple[Floats, Floats, Floats],
    *,
    n: Floats,
    least: Floats,
    needed: int,
) -> Figures:
    """Keep a table of figures where they may be shown, and leave nan elsewhere.

    Parameters
    ----------
    shown : bool array, (...)
    ends : tuple of three float arrays, (...)
        Value, low and high.
    n, least : float array, (...)
        Whole numbers.
    needed : int

    Returns
    -------
    Figures
    """
    value, low, high = (np.asarray(np.where(shown, figure, np.nan)) for figure in ends)
    n, least = np.broadcast_to(n, value.shape), np.broadcast_to(least, value.shape)
    whole, smallest = n.astype(np.int64), least.astype(np.int64)
    return Figures(value, low, high, n=whole, least=smallest, needed=needed)


def as_counts(counts: ArrayLike) -> Floats:
    """Check a table of counts and hand it back as floats, which hold integers up to 2**53 exactly.

    Parameters
    ----------
    counts : int array, (..., categories)

    Returns
    -------
    float array, (..., categories)

    Raises
    ------
    ImpossibleCounts
        If there is no axis of categories, or a count is negative or no number.
    """
    return checked(np.asarray(as_table(counts), dtype=np.float64))


def checked(table: Floats) -> Floats:
    """Refuse counts that are negative or no numbers."""
    if table.size and not 0 <= table.min() <= table.max() < np.inf:  # also catches nan
        raise ImpossibleCounts("Counts are 0 or more", (float(table.min()), float(table.max())))
    return table


def as_table(counts: ArrayLike) -> NDArray[Any]:
    """Check that counts have a last axis of categories; `by_pieces` looks at the counts themselves.

    Raises
    ------
    ImpossibleCounts
        If there is no axis of categories.
    """
    table = np.asarray(counts)
    if table.ndim == 0 or table.shape[-1] == 0:
        raise ImpossibleCounts("Counts need a last axis of categories", table.shape)
    return table


def by_pieces(
    kernel: Callable[[Floats], Iterable[Floats]], *tables: NDArray[Any], results: int
) -> tuple[Floats, ...]:
    """Run a kernel over all rows of tables of counts, a cacheful of rows at a time.

    Parameters
    ----------
    kernel : callable
        Takes (tables, categories, rows), its own to change; gives ``results`` arrays (rows,).
    *tables : int or float array, (..., categories)
        Turned into floats and checked piece by piece, so that the whole is never copied.
    results : int

    Returns
    -------
    tuple of float array, (...)

    Raises
    ------
    ImpossibleCounts
        If a count is negative or no number.
    """
    shape = np.broadcast_shapes(*(table.shape for table in tables))
    lead = shape[:-1] or (1,)
    longest, together = lead.index(max(lead)), max(1, PIECE * max(lead) // max(1, prod(lead)))
    whole = (np.broadcast_to(table, (*lead, shape[-1])) for table in tables)
    columns = [np.moveaxis(table, (-1, longest), (0, 1)) for table in whole]
    found = np.empty((results, *lead))
    into = np.moveaxis(found, 1 + longest, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        for start in range(0, lead[longest], together):
            rows = slice(start, start + together)
            piece = np.array([column[:, rows] for column in columns], np.float64, order="C")
            worked_out = kernel(checked(piece).reshape(len(tables), shape[-1], -1))
            for place, result in zip(into[:, rows], worked_out, strict=True):
                place[...] = result.reshape(place.shape)
    return tuple(found.reshape(results, *shape[:-1]))
