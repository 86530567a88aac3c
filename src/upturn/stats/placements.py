"""Where the answers of one side fall among those of the other: kernels over columns of counts."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upturn.stats.errors import ImpossibleCounts
from upturn.stats.tables import Figures, Floats, as_table, by_pieces

PULL = 1.0  # answer on each side, spread evenly over the categories
SIDES = 2  # observations a side needs for a spread
Ends = Callable[[Floats, Floats], tuple[Floats, Floats, Floats]]  # value, low, high of each row


def two_sides(a: ArrayLike, b: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Check that both sides have the same categories, and give them the same shape."""
    one, other = as_table(a), as_table(b)
    if one.shape[-1] != other.shape[-1]:
        raise ImpossibleCounts("Both sides need the same categories", (one.shape, other.shape))
    one, other = np.broadcast_arrays(one, other)
    return one, other


def placed(counts: Floats) -> Floats:
    """Count answers below each category and half of those in it, twice: whole numbers, so exact."""
    categories = len(counts)
    return np.asarray((np.tri(categories) + np.tri(categories, k=-1)) @ counts)


def plain_superiority(one: Floats, other: Floats) -> tuple[Floats]:
    """Give the probability of superiority of each column of (categories, rows)."""
    won = placed(other)
    won *= one
    return (won.sum(0) / (2 * one.sum(0) * other.sum(0)),)


def spread(one: Floats, other: Floats, *, pull: float = 0.0) -> tuple[Floats, Floats, Floats]:
    """Give superiority, and what each side adds to Brunner and Munzel's squared error.

    ``pull`` is how many answers to spread evenly over the categories on each side.
    """
    share = pull / len(one)
    twice = share * (2 * np.arange(len(one)) + 1)[:, None]
    n, m = one.sum(0) + pull, other.sum(0) + pull
    below, beside = placed(other), placed(one)
    below += twice
    beside += twice
    won = one + share
    won *= below
    value = won.sum(0) / (2 * n * m)
    won *= below
    first = (won.sum(0) / (4 * m * m * n) - value**2) / (n - 1)
    beside *= beside
    beside *= other + share
    second = (beside.sum(0) / (4 * n * n * m) - (1 - value) ** 2) / (m - 1)
    return value, first, second


def pulled(one: Floats, other: Floats) -> tuple[Floats, Floats]:
    """Give superiority and standard error after a pull to the middle; never 0 or 1."""
    value, first, second = spread(one, other, pull=PULL)
    return value, np.sqrt(first + second)


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
        hidden = ~shown | np.isnan(value)
        for figure in (value, low, high):
            figure[hidden] = np.nan
        return n + m, np.minimum(n, m), value, low, high

    n, least, value, low, high = by_pieces(kernel, *two_sides(a, b), results=5)
    whole, smallest = n.astype(np.int64), least.astype(np.int64)
    return Figures(value, low, high, n=whole, least=smallest, needed=SIDES)
