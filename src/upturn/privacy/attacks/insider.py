"""E3: what any single member learns of the others by subtracting the own answer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upturn.privacy.attacks.certainty import cell_sets
from upturn.privacy.attacks.surface import Surface
from upturn.privacy.attacks.worlds import Part, certain, parts_of, possible


@dataclass(frozen=True, slots=True)
class InsiderFound:
    """What informers learn, each alone.

    Parameters
    ----------
    exact : tuple of (question, informer, own)
        Informers, one of each class of people no cell tells apart, who learn somebody's answer if
        their own is category ``own``.
    ends : tuple of (question, informer, own)
        The same for the end of a scale of five at which somebody is.
    certainty : float
        Greatest share of one answer, or of one end, among the others in a cell.
    """

    exact: tuple[tuple[int, int, int], ...]
    ends: tuple[tuple[int, int, int], ...]
    certainty: float


def insider(surface: Surface) -> InsiderFound:
    """Let every member of every cell inform, with every answer he or she can have given.

    Parameters
    ----------
    surface : Surface

    Returns
    -------
    InsiderFound

    Notes
    -----
    Exact where parts are single cells, as blocks are. Where cells overlap, worlds are fractional
    here: what only whole worlds show is left to `worlds`.
    """
    exact: list[tuple[int, int, int]] = []
    ends: list[tuple[int, int, int]] = []
    for cells in surface.questions().values():
        for part in parts_of(cells, surface.people):
            answers = part.counts.shape[1] - 1
            for klass, own, rest in _informed(part):
                known = certain(rest, integers=False)
                told = (part.question, int(part.people[klass][0]), own)
                exact += [told] * bool(known[:answers].any())
                ends += [told] * bool(known[answers:].any())
    return InsiderFound(tuple(exact), tuple(ends), _certainty(surface))


def _informed(part: Part) -> Iterator[tuple[int, int, Part]]:
    """Take each possible informer out of the cells he or she is in."""
    if part.sizes.sum() < 2:
        return
    for klass, own in np.argwhere(possible(part)).tolist():
        counts = part.counts.copy()
        counts[np.flatnonzero(part.matrix[:, klass]), own] -= 1
        sizes = part.sizes.copy()
        sizes[klass] -= 1
        left = np.flatnonzero(sizes)
        people = tuple(part.people[one] for one in left)
        rest = replace(
            part, matrix=part.matrix[:, left], counts=counts, sizes=sizes[left], people=people
        )
        yield klass, own, rest


def _certainty(surface: Surface) -> float:
    """Find the greatest share of a set among those in a cell who are not the informer."""
    return max((_share_of_others(cell.counts) for cell in surface.cells), default=0.0)


def _share_of_others(counts: tuple[int, ...]) -> float:
    row = np.array(counts, dtype=np.int64)
    n = int(row.sum())
    if n < 2:
        return 0.0
    inside: NDArray[np.int64] = np.array([row[list(one)].sum() for one in cell_sets(len(row))])
    return float((inside - (inside == n)).max() / (n - 1))
