"""No published histogram lets anybody be certain of somebody's answer, not even a colleague."""

import numpy as np
from numpy.typing import NDArray

from upturn.privacy.errors import ThinCell

Counts = NDArray[np.int64]

SCALE = 5  # categories of a scale with an unfavourable and a favourable end
LOW_END, MIDDLE, HIGH_END = (0, 1), 2, (4, 3)  # of each end the outermost first
THINNEST = 4  # answers below which no histogram leaves two outside each category


def outside_category(n: int) -> int:
    """Say how many of n answers must lie outside every single category.

    At least two, and so many that a colleague who is outside and subtracts the own answer finds at
    most .95 of the others alike.

    Examples
    --------
    >>> [outside_category(n) for n in (5, 21, 22, 42)]
    [2, 2, 3, 4]
    """
    return (n + 38) // 20


def outside_end(n: int) -> int:
    """Say how many of n answers must lie outside each end of a scale of five.

    As for a single category, and at least a tenth, so that nobody is known to be at the
    unfavourable end with more than .90; which end that is depends on the wording, so both are kept.

    Examples
    --------
    >>> [outside_end(n) for n in (5, 20, 21, 50)]
    [2, 2, 3, 5]
    """
    return max(outside_category(n), (n + 9) // 10)


def without_thin(counts: Counts, *, k: int) -> Counts:
    """Empty every cell with fewer than k answers.

    Who answered the wave may leave a question out, so a block of k can hold fewer answers to one.

    Parameters
    ----------
    counts : int64 array, (..., categories)
    k : int

    Returns
    -------
    int64 array, (..., categories)

    Examples
    --------
    >>> without_thin(np.array([[2, 0, 1], [3, 1, 1]]), k=5).tolist()
    [[0, 0, 0], [3, 1, 1]]
    """
    enough = counts.sum(axis=-1, keepdims=True) >= k
    return np.where(enough, counts, 0).astype(np.int64)


def guard_unanimous(counts: Counts, *, rng: np.random.Generator) -> Counts:
    """Move answers where nearly everybody answered alike, so that nobody's answer is certain.

    In every cell with answers, `outside_category` of them come to lie outside each category and,
    on a scale of five, `outside_end` outside the two lowest and outside the two highest.

    Parameters
    ----------
    counts : int64 array, (..., categories)
        The base table; cells of one number of categories, thin ones emptied. Categories nobody
        could choose must not be in it.
    rng : numpy.random.Generator
        Decides the direction where both neighbours will do. Its state must not be kept.

    Returns
    -------
    int64 array, (..., categories)
        The same number of answers in each cell. Which cells were changed must not be kept either.

    Raises
    ------
    ThinCell
        If a cell has one to three answers.

    Notes
    -----
    As few answers as possible move as few steps as possible, towards the middle from an end. A cell
    changes only where fewer than two (in cells of more than twenty answers: a tenth) stood outside,
    and by one or two answers up to n = 20; the mean moves by at most 2/n from a unanimous inner
    category and by at most 4/n from a unanimous last one. The shift points to the middle: it never
    makes a good figure better or a bad one worse.

    Examples
    --------
    >>> guard_unanimous(np.array([[0, 0, 0, 3, 4]]), rng=np.random.default_rng(1)).tolist()
    [[0, 0, 2, 1, 4]]
    """
    guarded = counts.astype(np.int64).copy()
    categories = counts.shape[-1]
    flat = guarded.reshape(-1, categories)
    totals = flat.sum(axis=1)
    thin = (totals > 0) & (totals < THINNEST)
    if thin.any():
        raise ThinCell(int(totals[thin][0]))
    for row in np.flatnonzero((totals > 0) & _too_alike(flat, totals)):
        if categories == SCALE:
            _empty_end(flat[row], LOW_END)
            _empty_end(flat[row], HIGH_END)
        _spread(flat[row], rng)
    return guarded


def _too_alike(flat: Counts, totals: Counts) -> NDArray[np.bool_]:
    alike = totals - flat.max(axis=1) < (totals + 38) // 20
    if flat.shape[1] != SCALE:
        return np.asarray(alike)
    at_end = np.maximum(flat[:, LOW_END].sum(axis=1), flat[:, HIGH_END].sum(axis=1))
    needed = np.maximum((totals + 38) // 20, (totals + 9) // 10)
    return np.asarray(alike | (totals - at_end < needed))


def _empty_end(cell: Counts, end: tuple[int, int]) -> None:
    """Bring answers from an end to the middle, the nearer ones first."""
    n = int(cell.sum())
    excess = int(cell[list(end)].sum()) - (n - outside_end(n))
    for category in reversed(end):
        moved = min(max(excess, 0), int(cell[category]))
        cell[category] -= moved
        cell[MIDDLE] += moved
        excess -= moved


def _spread(cell: Counts, rng: np.random.Generator) -> None:
    """Move what is too much in one category to its neighbours."""
    n, mode = int(cell.sum()), int(cell.argmax())
    excess = int(cell[mode]) - (n - outside_category(n))
    neighbours = [one for one in (mode - 1, mode + 1) if 0 <= one < len(cell)]
    for _ in range(excess):
        cell[mode] -= 1
        cell[rng.choice(neighbours)] += 1
