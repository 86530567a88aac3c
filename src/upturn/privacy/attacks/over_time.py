"""E4: what several waves, charts and days of one organisation give away together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from upturn.privacy.attacks.linear import linear
from upturn.privacy.attacks.surface import Cell, Surface

Counts = tuple[int, ...]
Floats = NDArray[np.float64]

LARGEST = 24  # answers in a cell above which one leaver changes too little to be worth the sum


@dataclass(frozen=True, slots=True, eq=False)
class TimeFound:
    """What changes give away.

    Parameters
    ----------
    singled_out : int
        People and waves whose answers are sums and differences of everything published of it.
    alone : int
        People and waves who are alone in what two cells of a wave, one in the other, differ by.
    lift : float
        By how much more often than from one wave alone the best guess at an answer of somebody
        who left is right; the mean over `leavers`.
    leavers : int
        People and questions the guess was made for.
    """

    singled_out: int
    alone: int
    lift: float
    leavers: int


def over_time(waves: Sequence[Surface], *, k: int, keep: float = 0.8) -> TimeFound:
    """Compare everything ever published.

    Parameters
    ----------
    waves : sequence of Surface
        In order. A surface holds what was published of its wave on any day, by any chart.
    k : int
    keep : float
        Share of those asked twice who give the same answer again.

    Returns
    -------
    TimeFound

    Notes
    -----
    For each cell of a wave the cell of the next one with the nearest members is looked at where
    one to k - 1 people are missing from it. Cells of more than 24 answers are passed over, and
    those whose people were all asked again, where only that is known: who then did not answer is
    on no list.
    """
    singled = alone = 0
    lifts: list[float] = []
    for wave in waves:
        singled += len(linear(wave, k=k).in_small)
        alone += len(_alone(wave))
    for before, after in pairwise(waves):
        for one, other, left, came in _pairs(before, after, k=k):
            guess, plain = leaver_guess(one.counts, other.counts, left=left, came=came, keep=keep)
            lifts += [guess - plain] * left
    return TimeFound(singled, alone, float(np.mean(lifts)) if lifts else 0.0, len(lifts))


def _alone(wave: Surface) -> set[int]:
    """Find who alone separates two cells of one question."""
    found: set[int] = set()
    for cells in wave.questions().values():
        inside = np.zeros((len(cells), wave.people), dtype=np.float32)
        for row, cell in enumerate(cells):
            inside[row, cell.who] = 1
        sizes = inside.sum(axis=1)
        nested = inside @ inside.T == sizes[:, None]  # row within column
        by_one = nested & (sizes[None, :] - sizes[:, None] == 1)
        found.update(int(np.argmax(inside[b] - inside[a])) for a, b in np.argwhere(by_one))
    return found


def _pairs(before: Surface, after: Surface, *, k: int) -> Iterator[tuple[Cell, Cell, int, int]]:
    """Match cells, and say how many left and came."""
    later = after.questions()
    for question, cells in before.questions().items():
        others = [cell for cell in later.get(question, ()) if _full(cell)]
        members = [set(cell.who.tolist()) for cell in others]
        for cell in filter(_full, cells):
            own = set(cell.who.tolist())
            near = min(range(len(others)), key=lambda n: len(own ^ members[n]), default=None)
            if near is None:
                continue
            left, came = len(own - members[near]), len(members[near] - own)
            if 0 < left < min(k, len(own)) and _left_the_roster(cell, others[near]):
                yield cell, others[near], left, came


def _left_the_roster(before: Cell, after: Cell) -> bool:
    """Whether anybody was asked before and not after; nobody knows who did not answer."""
    if before.asked is None or after.asked is None:
        return True
    return not np.isin(before.asked, after.asked).all()


def _full(cell: Cell) -> bool:
    return sum(cell.counts) == len(cell.who) <= LARGEST


def leaver_guess(
    before: Counts,
    after: Counts,
    *,
    left: int,
    came: int,
    keep: float,
    redrawn: Floats | None = None,
) -> tuple[float, float]:
    """Say how often the best guess at a leaver's answer is right, with a second wave and without.

    Parameters
    ----------
    before, after : tuple of int, (categories,)
        Histograms of the same question.
    left, came : int
        People only the first is about, and only the second.
    keep : float
        Share of the others who answer as before.
    redrawn : float array, (categories,)
        How those who do not, and those who came, answer; as both histograms together if not given.

    Returns
    -------
    float, float
        0..1.

    Notes
    -----
    Exact: every histogram those who left can have had, weighed by how likely the rest of the first
    wave is to have become the second.

    Examples
    --------
    >>> with_, without = leaver_guess((4, 3), (4, 2), left=1, came=0, keep=1.0)
    >>> with_, round(without, 2)
    (1.0, 0.57)
    """
    n = sum(before)
    mixed = np.array(before, dtype=np.float64) + np.array(after)
    drawn = mixed / mixed.sum() if redrawn is None else redrawn
    expected = np.zeros(len(before))
    total = 0.0
    for gone in product(*(range(min(count, left) + 1) for count in before)):
        if sum(gone) != left:
            continue
        stayed = tuple(count - one for count, one in zip(before, gone, strict=True))
        ways = prod(comb(count, one) for count, one in zip(before, gone, strict=True))
        weight = ways * _chance(stayed, after, came=came, keep=keep, drawn=drawn)
        total += weight
        expected += weight * np.array(gone) / left
    plain = max(before) / n
    return (float(expected.max() / total) if total > 0 else plain), plain


def _chance(stayed: Counts, after: Counts, *, came: int, keep: float, drawn: Floats) -> float:
    """Compute how likely those who stayed, and those who came, give the second histogram."""
    reached = np.zeros([count + 1 for count in after])
    reached[(0,) * len(after)] = 1.0
    for category, people in enumerate(stayed):
        own = (1 - keep) * drawn
        own[category] += keep
        for _ in range(people):
            reached = _one_more(reached, own)
    for _ in range(came):
        reached = _one_more(reached, drawn)
    return float(reached[after])


def _one_more(reached: Floats, chances: Floats) -> Floats:
    """Let one more person answer."""
    found = np.zeros_like(reached)
    for axis, chance in enumerate(chances):
        if reached.shape[axis] > 1:
            to = [slice(None)] * reached.ndim
            since = [slice(None)] * reached.ndim
            to[axis], since[axis] = slice(1, None), slice(None, -1)
            found[tuple(to)] += chance * reached[tuple(since)]
    return found
