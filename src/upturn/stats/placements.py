"""Where the answers of one side fall among those of the other: kernels over columns of counts."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upturn.stats.errors import ImpossibleCounts
from upturn.stats.tables import Figures, Floats, as_table, by_pieces

PULL = 1.0  # answer on each side, spread evenly over the categories
LEAST = 2  # observations a side needs for a spread


@dataclass(frozen=True, slots=True)
class Sides:
    """Two sides, and twice the places of each among the other: whole numbers, so exact.

    Parameters
    ----------
    one, other : float array, (categories, rows)
        Counts.
    n, m : float array, (rows,)
        Answers on each side.
    below, beside : float array, (categories, rows)
        Twice the answers of the other side, and of this one, that lie below a category, half of
        those in it counted.
    """

    one: Floats
    other: Floats
    n: Floats
    m: Floats
    below: Floats
    beside: Floats


Ends = Callable[[Sides], tuple[Floats, Floats, Floats]]  # value, low, high of each row


def two_sides(a: ArrayLike, b: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Check that both sides have the same categories, and give them the same shape."""
    one, other = as_table(a), as_table(b)
    if one.shape[-1] != other.shape[-1]:
        raise ImpossibleCounts("Both sides need the same categories", (one.shape, other.shape))
    one, other = np.broadcast_arrays(one, other)
    return one, other


def sides_of(one: Floats, other: Floats) -> Sides:
    """Place two sides, (categories, rows), among each other."""
    places = _places(len(one))
    beside, below = places @ one, places @ other
    return Sides(one, other, n=beside[-1], m=below[-1], below=below[:-1], beside=beside[:-1])


@lru_cache(maxsize=16)
def _places(categories: int) -> Floats:
    """Twice the places, and in the last row the number of answers, as a matrix on counts."""
    lower = np.tri(categories) + np.tri(categories, k=-1)
    return np.vstack([lower, np.ones(categories)])


def superiority_of(sides: Sides) -> Floats:
    """Give the probability of superiority of each row."""
    return np.asarray((sides.one * sides.below).sum(0) / (2 * sides.n * sides.m))


def plain_superiority(one: Floats, other: Floats) -> tuple[Floats]:
    """Give the probability of superiority of each column of (categories, rows)."""
    return (superiority_of(sides_of(one, other)),)


def pull(sides: Sides) -> None:
    """Pull both sides to the middle, in place, so that no superiority is 0 or 1."""
    categories = len(sides.one)
    share = PULL / categories
    places = share * np.arange(1, 2 * categories, 2)[:, None]
    for counts, n, placed in (
        (sides.one, sides.n, sides.beside),
        (sides.other, sides.m, sides.below),
    ):
        np.add(counts, share, out=counts)
        np.add(n, PULL, out=n)
        np.add(placed, places, out=placed)


def spread(sides: Sides) -> tuple[Floats, Floats, Floats]:
    """Give superiority, and what each side adds to Brunner and Munzel's squared error."""
    n, m, pairs = sides.n, sides.m, 2 * sides.n * sides.m
    won = sides.one * sides.below
    wins = won.sum(0)
    won *= sides.below
    lost = sides.other * sides.beside
    lost *= sides.beside
    squared = pairs * pairs
    first = (n * won.sum(0) - wins * wins) / (squared * (n - 1))
    second = (m * lost.sum(0) - (pairs - wins) ** 2) / (squared * (m - 1))
    return wins / pairs, first, second


def superiority_and_error(sides: Sides) -> tuple[Floats, Floats]:
    """Give superiority and its standard error."""
    value, first, second = spread(sides)
    return value, np.sqrt(first + second)


def may_be_shown(sides: Sides) -> NDArray[np.bool_]:
    """Say where there are answers enough on both sides, and not all of them the same."""
    alike = (sides.one + sides.other).max(0) == sides.n + sides.m
    return (np.minimum(sides.n, sides.m) >= LEAST) & ~alike


def figures_of_sides(ends: Ends, a: ArrayLike, b: ArrayLike) -> Figures:
    """Make figures of a kernel that gives value, low and high, withheld where they must be."""

    def kernel(one: Floats, other: Floats) -> tuple[Floats, ...]:
        sides = sides_of(one, other)
        sizes = sides.n + sides.m, np.minimum(sides.n, sides.m)
        shown = may_be_shown(sides)
        figures = ends(sides)
        hidden = ~shown | np.isnan(figures[0])
        for figure in figures:
            figure[hidden] = np.nan
        return *sizes, *figures

    n, least, value, low, high = by_pieces(kernel, *two_sides(a, b), results=5)
    whole, smallest = n.astype(np.int64), least.astype(np.int64)
    return Figures(value, low, high, n=whole, least=smallest, needed=LEAST)
