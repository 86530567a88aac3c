"""Two sides put beside each other, many questions at once."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from upturn.partners.engine.base_table import Shown
from upturn.stats.discoveries import false_discoveries
from upturn.stats.superiority import superiority_chances, superiority_intervals

RATE = 0.05
"""Share of the differences called clear that may be chance."""


class Compared(NamedTuple):
    """A gap as the chance that one side answers higher, and whether it is told from none."""

    gap: Shown
    clear: bool


def compare(one: Sequence[NDArray[Any]], other: Sequence[NDArray[Any]]) -> tuple[Compared, ...]:
    """Say how often one side answers higher than the other, question by question.

    Parameters
    ----------
    one, other : sequence of array, (categories,)
        Both sides' answers, a pair a question, all with the same categories.

    Returns
    -------
    tuple of Compared
        A gap is clear if it holds with the number of gaps in this call allowed for
        (Benjamini-Hochberg at 5 %); ``n`` is of both sides together.

    References
    ----------
    Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> wide, none = compare(
    ...     [np.array([0, 0, 2, 4, 6]), np.array([1, 2, 3, 2, 1])],
    ...     [np.array([6, 4, 2, 0, 0]), np.array([1, 2, 3, 2, 1])],
    ... )
    >>> wide.clear, none.clear
    (True, False)
    """
    if not one:
        return ()
    first, second = np.stack(one), np.stack(other)
    gaps = superiority_intervals(first, second)
    clear = told_apart(superiority_chances(first, second))
    return tuple(Compared(gaps.at(at), bool(clear[at])) for at in range(len(first)))


def told_apart(chances: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which differences are told from none, when one in twenty of them may be chance.

    Parameters
    ----------
    chances : float array, (differences,)
        Two-sided p of no difference; nan where there is none to judge.

    Returns
    -------
    bool array, (differences,)
    """
    return np.asarray(np.nan_to_num(false_discoveries(chances), nan=1.0) <= RATE)
