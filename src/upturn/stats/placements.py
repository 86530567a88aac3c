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


Ends = Callable[[Sides, Floats], tuple[Floats, Floats]]  # low and high of each row's value


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


def spread(sides: Sides, *, pull: float = 0.0) -> tuple[Floats, Floats]:
    """Give superiority, and what each side adds to Brunner and Munzel's squared error.

    ``pull`` is how many answers to spread evenly over the categories on each side first.
    """
    share, n = pull / sides.counts.shape[1], sides.n + pull
    wins, squares = np.zeros_like(n[0]), np.zeros_like(n)
    for category in range(sides.counts.shape[1]):
        place = sides.places[:, category] + share * (2 * category + 1)
        won = sides.counts[:, category] + share
        won *= place
        wins += won[0]
        won *= place
        squares += won
    pairs = 2 * n[0] * n[1]
    squares *= n
    squares[0] -= wins * wins
    squares[1] -= (pairs - wins) ** 2
    squares /= pairs * pairs * (n - 1)
    return wins / pairs, squares


def pulled(sides: Sides) -> tuple[Floats, Floats]:
    """Give superiority and standard error after a pull to the middle; never 0 or 1."""
    value, errors = spread(sides, pull=PULL)
    return value, np.sqrt(errors[0] + errors[1])


def may_be_shown(sides: Sides, value: Floats) -> NDArray[np.bool_]:
    """Say where there are answers enough on both sides, and not all of them the same."""
    shown = np.asarray(sides.n.min(0) >= LEAST)
    even = np.flatnonzero(value == 0.5)  # as it is wherever all are the same
    most = sides.counts[..., even].sum(0).max(0)
    shown[even] &= most < sides.n[:, even].sum(0)
    return shown


def figures_of_sides(ends: Ends, a: ArrayLike, b: ArrayLike) -> Figures:
    """Make figures of a kernel that gives low and high, withheld where they must be, or are nan."""

    def kernel(counts: Floats) -> tuple[Floats, ...]:
        sides = sides_of(counts)
        sizes = sides.n.sum(0), sides.n.min(0)
        value = superiority_of(sides)
        shown = may_be_shown(sides, value)
        low, high = ends(sides, value)
        hidden = ~shown | np.isnan(low)
        for figure in (value, low, high):
            figure[hidden] = np.nan
        return *sizes, value, low, high

    n, least, value, low, high = by_pieces(kernel, *two_sides(a, b), results=5)
    whole, smallest = n.astype(np.int64), least.astype(np.int64)
    return Figures(value, low, high, n=whole, least=smallest, needed=LEAST)
