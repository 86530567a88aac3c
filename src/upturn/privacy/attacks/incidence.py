"""Who is in which published cell, with people no cell tells apart taken together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upturn.privacy.attacks.surface import Members

Floats = NDArray[np.float64]

NEAR = 1e-7  # below which a length is none: entries are 0 and 1


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """Cells against classes of people who are in the same cells.

    Parameters
    ----------
    matrix : float array, (cells, classes)
        1 where a class is in a cell.
    sizes : int array, (classes,)
    of_person : int array, (people,)
        Class of each person; -1 for who is in no cell.
    """

    matrix: Floats
    sizes: NDArray[np.int64]
    of_person: NDArray[np.intp]

    def people_of(self, classes: NDArray[np.bool_]) -> Members:
        """Give the positions of the people in these classes."""
        return np.flatnonzero((self.of_person >= 0) & classes[self.of_person])


def incidence(members: Sequence[Members], people: int) -> Incidence:
    """Take together whom no cell tells apart.

    Parameters
    ----------
    members : sequence of int array, (cells,)
    people : int

    Returns
    -------
    Incidence
    """
    inside = np.zeros((len(members), people), dtype=bool)
    for row, who in enumerate(members):
        inside[row, who] = True
    packed = np.packbits(inside, axis=0).T
    _, first, found = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    found = found.reshape(-1)
    seen = inside.any(axis=0)
    kept = np.flatnonzero(np.take(seen, first))
    renumber = np.full(len(first), -1)
    renumber[kept] = np.arange(len(kept))
    of_person = renumber[found]
    sizes = np.bincount(of_person[of_person >= 0], minlength=len(kept))
    return Incidence(inside[:, first[kept]].astype(np.float64), sizes, of_person)


def row_space(matrix: Floats) -> Floats:
    """Find an orthonormal basis of what sums and differences of the rows can reach.

    Parameters
    ----------
    matrix : float array, (cells, classes)

    Returns
    -------
    float array, (classes, rank)
    """
    from scipy.linalg import qr  # noqa: PLC0415 - slow to load

    if not matrix.size:
        return np.zeros((matrix.shape[1], 0))
    basis, upper, _ = qr(matrix.T, mode="economic", pivoting=True)
    diagonal = np.abs(np.diag(upper))
    return np.asarray(basis[:, : int((diagonal > NEAR * max(1, diagonal[0])).sum())])


def independent_rows(matrix: Floats) -> list[int]:
    """Find rows, the smallest first, of which all others are sums and differences.

    Parameters
    ----------
    matrix : float array, (cells, classes)

    Returns
    -------
    list of int
        In order.
    """
    basis = np.zeros((min(matrix.shape), matrix.shape[1]))
    kept: list[int] = []
    for row in np.argsort(matrix.sum(axis=1), kind="stable"):
        if len(kept) == len(basis):
            break
        rest = matrix[row]
        for _ in range(2):  # once more against rounding
            rest = rest - (basis[: len(kept)] @ rest) @ basis[: len(kept)]
        length = float(np.linalg.norm(rest))
        if length > NEAR * max(1.0, float(np.linalg.norm(matrix[row]))):
            basis[len(kept)] = rest / length
            kept.append(int(row))
    return sorted(kept)


def components(matrix: Floats) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Split cells and classes into parts that have nothing to do with each other.

    Returns
    -------
    list of (int array, int array)
        Rows and columns of each part.
    """
    from scipy.sparse import csr_array  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    rows, columns = matrix.shape
    cells, classes = np.nonzero(matrix)
    size = rows + columns
    graph = csr_array((np.ones(len(cells)), (cells, rows + classes)), shape=(size, size))
    count, label = connected_components(graph, directed=False)
    order = np.argsort(label, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if count else []
    return [(part[part < rows], part[part >= rows] - rows) for part in parts]
