"""How far those who answer in one unit agree, and how far units can be told apart."""

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.components import UnitTotals, mean_squares
from upturn.stats.errors import ImpossibleCounts
from upturn.stats.tables import Floats, as_counts


def icc1(units: UnitTotals) -> Floats:
    """How alike are two answers from the same unit? Intraclass correlation.

    Parameters
    ----------
    units : UnitTotals, (..., units)

    Returns
    -------
    float array, (...)
        At most 1; below 0 where units differ less than chance makes them; nan where there are no
        two units, or all answers are the same.

    References
    ----------
    Bliese (2000), in Klein and Kozlowski, Multilevel Theory; McGraw and Wong (1996),
    doi:10.1037/1082-989X.1.1.30, case 1. With units of unequal size, n is n0 of Searle et al.
    """
    between, within, size = mean_squares(units)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((between - within) / (between + (size - 1) * within))


def icc2(units: UnitTotals) -> Floats:
    """How reliable are the units' means? Intraclass correlation of means.

    Parameters
    ----------
    units : UnitTotals, (..., units)

    Returns
    -------
    float array, (...)
        At most 1; .7 and more is often asked for before units are compared.

    References
    ----------
    As `icc1`.
    """
    between, within, _size = mean_squares(units)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((between - within) / between)


def rwg(counts: ArrayLike) -> Floats:
    """How far do a unit's answers to one question agree, against answers at random? 1 is fully.

    Parameters
    ----------
    counts : int array, (..., categories)

    Returns
    -------
    float array, (...)
        1 less the variance over that of a flat scale, (categories**2 - 1) / 12; below 0 where
        answers split to both ends; nan below two answers.

    Notes
    -----
    A unit in which all lean to one end by habit agrees by this figure too.

    References
    ----------
    James, Demaree and Wolf (1984), doi:10.1037/0021-9010.69.1.85.

    Examples
    --------
    >>> rwg([[0, 0, 2, 4, 2], [4, 0, 0, 0, 4]]).round(3).tolist()
    [0.714, -1.286]
    """
    table = as_counts(counts)
    return np.asarray(1 - _variance(table) / _flat(table.shape[-1]))


def rwg_of_scale(counts: ArrayLike) -> Floats:
    """How far do a unit's answers to several parallel questions agree? rwg(J).

    Parameters
    ----------
    counts : int array, (..., items, categories)

    Returns
    -------
    float array, (...)
        0..1; 0 where answers vary more than at random, as James et al. set it.

    Raises
    ------
    ImpossibleCounts
        If there is no axis of items.

    References
    ----------
    As `rwg`.

    Examples
    --------
    >>> float(rwg_of_scale([[0, 0, 2, 4, 2], [0, 1, 2, 4, 1]]).round(3))
    0.786
    """
    table = as_counts(counts)
    if table.ndim < 2:
        raise ImpossibleCounts("Counts need an axis of items before the categories", table.shape)
    items = table.shape[-2]
    one = (1 - _variance(table).mean(-1) / _flat(table.shape[-1])).clip(0)
    return np.asarray(items * one / (items * one + 1 - one))


def _flat(categories: int) -> float:
    return (categories**2 - 1) / 12


def _variance(table: Floats) -> Floats:
    worth = np.arange(table.shape[-1], dtype=np.float64)
    n, total, squares = table.sum(-1), table @ worth, table @ worth**2
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(n > 1, (squares - total**2 / n) / (n - 1), np.nan))
