"""E1: whom sums and differences of published cells single out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upturn.privacy.attacks.incidence import NEAR, Floats, Incidence, incidence, row_space
from upturn.privacy.attacks.surface import Cell, Members, Surface


@dataclass(frozen=True, slots=True, eq=False)
class LinearFound:
    """What adding and subtracting cells gives away.

    Parameters
    ----------
    singled_out : int array
        People whose own answer to some question is a sum and difference of cells.
    in_small : int array
        People in a group of less than k that is; those singled out among them.
    cells : int
        Groups of people with a published cell.
    """

    singled_out: Members
    in_small: Members
    cells: int


def linear(surface: Surface, *, k: int, natural: Sequence[Members] = ()) -> LinearFound:
    """Find everybody whom the row space of the published cells tells from all others.

    Parameters
    ----------
    surface : Surface
    k : int
    natural : sequence of int array
        Groups somebody may ask for, such as a team's women; those of k and more are passed over.
        People whom no cell tells apart, cells, and differences of two cells are always tried.

    Returns
    -------
    LinearFound

    Notes
    -----
    A group is derivable when its indicator lies in the row space of cells x people. Questions with
    the same groups are looked at once. One rank-revealing factorisation: seconds at 2,000 people.
    """
    families: dict[tuple[bytes, ...], tuple[Cell, ...]] = {}
    for cells in surface.questions().values():
        families.setdefault(tuple(sorted({_name(cell) for cell in cells})), cells)
    alone: set[int] = set()
    small: set[int] = set()
    for cells in families.values():
        members = list({_name(cell): cell.who for cell in cells}.values())
        found = incidence(members, surface.people)
        basis = row_space(found.matrix)
        held = (basis**2).sum(axis=1) > 1 - NEAR
        alone.update(found.people_of(held & (found.sizes == 1)).tolist())
        classes = held & (found.sizes < k) | _by_subtracting(found, k=k)
        small.update(found.people_of(classes).tolist())
        for who in natural:
            if len(who) < k and _derivable(found, basis, who):
                small.update(who.tolist())
    names = {name for family in families for name in family}
    return LinearFound(np.array(sorted(alone), int), np.array(sorted(small), int), len(names))


def _by_subtracting(found: Incidence, *, k: int) -> NDArray[np.bool_]:
    """Find classes in a cell of less than k, or in less than k that two cells differ by."""
    matrix = np.vstack([np.zeros_like(found.matrix[:1]), found.matrix])
    sizes = matrix @ found.sizes
    nested = (matrix * found.sizes) @ matrix.T == sizes[:, None]  # row within column
    more = sizes[None, :] - sizes[:, None]
    pairs = np.argwhere(nested & (more > 0) & (more < k))
    inside = np.zeros(len(found.sizes), dtype=bool)
    for smaller, larger in pairs:
        inside |= matrix[larger] > matrix[smaller]
    return inside


def _derivable(found: Incidence, basis: Floats, who: Members) -> bool:
    """Say whether sums and differences of cells give the histogram of a group."""
    indicator = _whole_classes(found, who)
    if indicator is None:
        return False
    return bool(((indicator @ basis) ** 2).sum() > indicator.sum() - NEAR)


def _whole_classes(found: Incidence, who: Members) -> Floats | None:
    """Write a group as classes, if it cuts none."""
    if not len(who) or (found.of_person[who] < 0).any():
        return None
    counts = np.bincount(found.of_person[who], minlength=len(found.sizes))
    if ((counts > 0) & (counts < found.sizes)).any():
        return None
    return (counts > 0).astype(np.float64)


def _name(cell: Cell) -> bytes:
    return cell.who.astype(np.int64).tobytes()
