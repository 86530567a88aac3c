"""Where the answers of one side fall among those of the other: kernels over columns of counts."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upturn.stats.errors import ImpossibleCounts
from upturn.stats.tables import Figures, Floats, as_counts, by_pieces, figures_where

PULL = 1.0  # answer on each side, spread evenly over the categories
SIDES = 2  # observations a side needs for a spread
Ends = Callable[[Floats, Floats], tuple[Floats, Floats, Floats]]  # value, low, high of each row


def two_sides(a: ArrayLike, b: ArrayLike) -> tuple[Floats, Floats]:
    """Check both sides and give them the same shape, (..., categories)."""
    one, other = as_counts(a), as_counts(b)
    if one.shape[-1] != other.shape[-1]:
        raise ImpossibleCounts("Both sides need the same categories", (one.shape, other.shape))
    one, other = np.broadcast_arrays(one, other)
    return one, other


def plain_superiority(one: Floats, other: Floats) -> tuple[Floats]:
    """Give the probability of superiority of each column of (categories, rows)."""
    n, under, wins = np.zeros_like(one[0]), np.zeros_like(one[0]), np.zeros_like(one[0])
    for mine, theirs in zip(one, other, strict=True):
        wins += mine * (2 * under + theirs)
        n += mine
        under += theirs
    return (wins / (2 * n * under),)


def spread(one: Floats, other: Floats) -> tuple[Floats, Floats, Floats]:
    """Give superiority, Brunner and Munzel's standard error and degrees of freedom."""
    n, m, wins, squares, against = (np.zeros_like(one[0]) for _ in range(5))
    for mine, theirs in zip(one, other, strict=True):
        below, beside = 2 * m + theirs, 2 * n + mine  # twice the placements: whole numbers
        won = mine * below
        wins += won
        squares += won * below
        against += theirs * beside * beside
        n += mine
        m += theirs
    value = wins / (2 * n * m)
    first = (squares / (4 * m * m * n) - value**2) / (n - 1)
    second = (against / (4 * n * n * m) - (1 - value) ** 2) / (m - 1)
    squared = first + second
    return value, np.sqrt(squared), squared**2 / (first**2 / (n - 1) + second**2 / (m - 1))


def pulled(one: Floats, other: Floats) -> tuple[Floats, Floats]:
    """Give superiority and standard error after a pull to the middle; never 0 or 1."""
    share = PULL / len(one)
    value, error, _freedom = spread(one + share, other + share)
    return value, error


def sizes(one: Floats, other: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Count the answers on each side, and say whether a figure may be shown."""
    n, m = one.sum(0), other.sum(0)
    alike = (one + other).max(0) == n + m
    return n, m, (np.minimum(n, m) >= SIDES) & ~alike


def figures_of_sides(ends: Ends, a: ArrayLike, b: ArrayLike) -> Figures:
    """Make figures of a kernel that gives value, low and high, withheld where they must be."""

    def kernel(one: Floats, other: Floats) -> tuple[Floats, ...]:
        n, m, shown = sizes(one, other)
        value, low, high = ends(one, other)
        return n, m, np.where(np.isnan(value), 0.0, shown), value, low, high

    n, m, shown, value, low, high = by_pieces(kernel, *two_sides(a, b), results=6)
    least = np.minimum(n, m)
    return figures_where(shown > 0, (value, low, high), n=n + m, least=least, needed=SIDES)
