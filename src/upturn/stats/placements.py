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
    counts : float array, (2, categories, rows)
    n : float array, (2, rows)
        Answers on each side.
    places : float array, (2, categories, rows)
        Twice the answers of the other side below each category, half of those in it counted.
    """

    counts: Floats
    n: Floats
    places: Floats


Ends = Callable[[Sides], tuple[Floats, Floats, Floats]]  # value, low, high of each row


def two_sides(a: ArrayLike, b: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Check that both sides have the same categories, and give them the same shape."""
    one, other = as_table(a), as_table(b)
    if one.shape[-1] != other.shape[-1]:
        raise ImpossibleCounts("Both sides need the same categories", (one.shape, other.shape))
    one, other = np.broadcast_arrays(one, other)
    return one, other


def sides_of(counts: Floats) -> Sides:
    """Place two sides, (2, categories, rows), among each other."""
    placed = _places(counts.shape[1]) @ counts
    return Sides(counts, n=placed[:, -1], places=placed[::-1, :-1])


@lru_cache(maxsize=16)
def _places(categories: int) -> Floats:
    """Twice the places, and in the last row the number of answers, as a matrix on counts."""
    lower = np.tri(categories) + np.tri(categories, k=-1)
    return np.vstack([lower, np.ones(categories)])


def superiority_of(sides: Sides) -> Floats:
    """Give the probability of superiority of each row."""
    return np.asarray((sides.counts[0] * sides.places[0]).sum(0) / (2 * sides.n.prod(0)))


def plain_superiority(counts: Floats) -> tuple[Floats]:
    """Give the probability of superiority of each row of (2, categories, rows)."""
    return (superiority_of(sides_of(counts)),)


def pull(sides: Sides) -> None:
    """Pull both sides to the middle, in place, so that no superiority is 0 or 1."""
    categories = sides.counts.shape[1]
    share = PULL / categories
    np.add(sides.counts, share, out=sides.counts)
    np.add(sides.n, PULL, out=sides.n)
    places = share * np.arange(1, 2 * categories, 2)
    np.add(sides.places, places[:, None], out=sides.places)


def spread(sides: Sides) -> tuple[Floats, Floats]:
    """Give superiority, and what each side adds to Brunner and Munzel's squared error, (2, rows)."""
    pairs = 2 * sides.n.prod(0)
    won = sides.counts * sides.places
    wins = won.sum(1)
    won *= sides.places
    errors = (sides.n * won.sum(1) - wins * wins) / (pairs * pairs * (sides.n - 1))
    return wins[0] / pairs, errors


def superiority_and_error(sides: Sides) -> tuple[Floats, Floats]:
    """Give superiority and its standard error."""
    value, errors = spread(sides)
    return value, np.sqrt(errors.sum(0))


def may_be_shown(sides: Sides) -> NDArray[np.bool_]:
    """Say where there are answers enough on both sides, and not all of them the same."""
    alike = sides.counts.sum(0).max(0) == sides.n.sum(0)
    return np.asarray((sides.n.min(0) >= LEAST) & ~alike)


def figures_of_sides(ends: Ends, a: ArrayLike, b: ArrayLike) -> Figures:
    """Make figures of a kernel that gives value, low and high, withheld where they must be."""

    def kernel(counts: Floats) -> tuple[Floats, ...]:
        sides = sides_of(counts)
        sizes = sides.n.sum(0), sides.n.min(0)
        shown = may_be_shown(sides)
        figures = ends(sides)
        hidden = ~shown | np.isnan(figures[0])
        for figure in figures:
            figure[hidden] = np.nan
        return *sizes, *figures

    n, least, value, low, high = by_pieces(kernel, *two_sides(a, b), results=5)
    whole, smallest = n.astype(np.int64), least.astype(np.int64)
    return Figures(value, low, high, n=whole, least=smallest, needed=LEAST)
