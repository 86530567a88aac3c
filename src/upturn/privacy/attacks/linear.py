"""E1: whom sums and differences of published cells single out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from upturn.privacy.attacks.incidence import NEAR, Incidence, incidence, row_space
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
        People whom no cell tells apart are always tried.

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
        groups = _derivable(found, k=k, natural=natural)
        alone.update(int(who[0]) for who in groups if len(who) == 1)
        small.update(int(person) for who in groups for person in who)
    names = {name for family in families for name in family}
    return LinearFound(np.array(sorted(alone), int), np.array(sorted(small), int), len(names))


def _derivable(found: Incidence, *, k: int, natural: Sequence[Members]) -> list[Members]:
    """List groups of less than k whose indicator the row space holds."""
    basis = row_space(found.matrix)
    held = (basis**2).sum(axis=1) > 1 - NEAR
    small = np.flatnonzero(held & (found.sizes < k))
    order = np.argsort(found.of_person, kind="stable")
    starts = np.searchsorted(found.of_person[order], np.arange(len(found.sizes) + 1))
    groups = [order[starts[one] : starts[one + 1]] for one in small]
    for who in natural:
        indicator = _whole_classes(found, who)
        if len(who) < k and indicator is not None:
            reached = float(((indicator @ basis) ** 2).sum())
            if reached > indicator.sum() - NEAR:
                groups.append(who)
    return groups


def _whole_classes(found: Incidence, who: Members) -> np.ndarray | None:
    """Write a group as classes, if it cuts none."""
    if not len(who) or (found.of_person[who] < 0).any():
        return None
    counts = np.bincount(found.of_person[who], minlength=len(found.sizes))
    if ((counts > 0) & (counts < found.sizes)).any():
        return None
    return (counts > 0).astype(np.float64)


def _name(cell: Cell) -> bytes:
    return cell.who.astype(np.int64).tobytes()
