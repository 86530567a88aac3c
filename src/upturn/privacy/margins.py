"""Whether figures by a self-reported attribute may stand beside the blocks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upturn.privacy.attacks.linear import linear
from upturn.privacy.attacks.surface import Cell, Members, Surface


@dataclass(frozen=True, slots=True)
class Margin:
    """Values of an attribute that may be shown for one group, or the reason why none may.

    Parameters
    ----------
    values : tuple of tuple of int
        Values that are shown together; each at least k people.
    reason : str
        Empty where they may be shown; ``"too_few"`` where fewer than two groups of k can be made,
        ``"singled_out"`` where blocks and margins together would single somebody out.
    people : int
        Whom they would single out, or put into a group of less than k.
    """

    values: tuple[tuple[int, ...], ...]
    reason: str = ""
    people: int = 0


def audit_margin(
    blocks: Sequence[Members], values: NDArray[np.int8], *, shown: Sequence[Members] = (), k: int
) -> Margin:
    """Say which values of an attribute may be shown, merged until each has k people.

    Parameters
    ----------
    blocks : sequence of int array
        Who is in each published block.
    values : int8 array, (people,)
        What each says of herself; 0 for nothing, which counts as a value as well.
    shown : sequence of int array
        Groups that are shown by the attribute: the whole, or divisions. Everybody in a block if
        none is given. Several are audited together.
    k : int

    Returns
    -------
    Margin

    Notes
    -----
    Margins lie outside the theorem of the blocks, so they are tried by sums and differences (E1).
    Below divisions they fail as a rule. The smallest value joins the next smallest until it
    reaches k in every group.

    Examples
    --------
    >>> blocks = [np.arange(0, 6), np.arange(6, 12)]
    >>> audit_margin(blocks, np.array([1, 1, 1, 2, 2, 2] * 2, dtype=np.int8), k=5).values
    ((1,), (2,))
    """
    everybody = np.concatenate(list(blocks)) if len(blocks) else np.zeros(0, np.intp)
    groups = [np.intersect1d(one, everybody) for one in shown] or [everybody]
    merged = _merge(groups, values, k=k)
    if len(merged) < 2:
        return Margin((), "too_few")
    parts = [one[np.isin(values[one], both)] for one in groups for both in merged]
    cells = [Cell(who, 0, ()) for who in (*blocks, *groups, *parts) if len(who)]
    found = linear(Surface(len(values), tuple(cells)), k=k)
    if len(found.in_small):
        return Margin((), "singled_out", len(found.in_small))
    return Margin(merged)


def _merge(
    groups: Sequence[Members], values: NDArray[np.int8], *, k: int
) -> tuple[tuple[int, ...], ...]:
    """Merge the smallest with the next smallest until each has k people in every group."""
    everybody = np.concatenate(list(groups))
    merged: list[tuple[int, ...]] = [(int(value),) for value in np.unique(values[everybody])]

    def least(one: tuple[int, ...]) -> int:
        return min(int(np.isin(values[group], one).sum()) for group in groups)

    while len(merged) > 1:
        merged.sort(key=least)
        if least(merged[0]) >= k:
            break
        merged = [tuple(sorted(merged[0] + merged[1])), *merged[2:]]
    return tuple(sorted(merged))
