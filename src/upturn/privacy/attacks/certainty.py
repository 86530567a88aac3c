"""E5: how sure one can be of a member's answer, from the histogram of the group alone."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upturn.privacy.attacks.surface import Surface
from upturn.privacy.attacks.worlds import Part, parts_of
from upturn.privacy.guard import HIGH_END, LOW_END, SCALE

ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class CertaintyFound:
    """Greatest share of a group in one category, and at one end of a scale of five.

    Parameters
    ----------
    exact, end : float
        0..1.
    """

    exact: float
    end: float


def certainty(surface: Surface) -> CertaintyFound:
    """Find the greatest posterior on any member's answer, and on the end of the scale.

    Parameters
    ----------
    surface : Surface

    Returns
    -------
    CertaintyFound

    Notes
    -----
    Members of a group are alike to whoever reads its histogram, so the posterior is the share.
    Groups are the published cells and all groups derivable from them that no cell cuts. Who left
    the question out is taken as known.
    """
    exact = end = 0.0
    for row in _groups(surface):
        shares = np.array([row[list(one)].sum() for one in cell_sets(len(row))]) / row.sum()
        exact = max(exact, float(shares[: len(row)].max()))
        end = max(end, float(shares[len(row) :].max(initial=0)))
    return CertaintyFound(exact, end)


def cell_sets(categories: int) -> list[tuple[int, ...]]:
    """List each single category, then the two ends of a scale of five."""
    alone: list[tuple[int, ...]] = [(one,) for one in range(categories)]
    return [*alone, LOW_END, HIGH_END] if categories == SCALE else alone


def _groups(surface: Surface) -> Iterator[NDArray[np.float64]]:
    for cells in surface.questions().values():
        published = [np.array(cell.counts, dtype=np.float64) for cell in cells]
        derived = [row for part in parts_of(cells, surface.people) for row in _derived(part)]
        yield from (row for row in (*published, *derived) if row.sum() > 0.5)


def _derived(part: Part) -> Iterator[NDArray[np.float64]]:
    """Compute the histograms of single classes, where sums and differences of cells give them."""
    if len(part.sizes) < 2:
        return
    wanted = np.eye(len(part.sizes))
    shares = np.linalg.lstsq(part.matrix.T, wanted, rcond=None)[0]
    off = np.abs(part.matrix.T @ shares - wanted).max(axis=0)
    for klass in np.flatnonzero(off < ROUNDING):
        yield np.rint(shares[:, klass] @ part.counts)[:-1]
