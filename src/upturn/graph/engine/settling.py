"""Things in a line that want to stand somewhere and must not touch."""

from collections.abc import Sequence
from itertools import accumulate


def settle(
    wanted: Sequence[float],
    *,
    sizes: Sequence[float],
    gap: float,
    low: float,
    high: float,
) -> list[float]:
    """Place the centres as near as can be to where they want to be, in the order given.

    Parameters
    ----------
    wanted, sizes : sequences of float, (n,)
        Wanted centres, from left to right, and widths.
    gap : float
        Least space between two neighbours; less where all of them would not fit.
    low, high : float
        The line on which everything stands.

    Returns
    -------
    list of float, (n,)
        The centres with the least sum of squared distances to the wanted ones.

    Notes
    -----
    Isotonic regression by pooling adjacent violators, O(n).

    References
    ----------
    Barlow, Bartholomew, Bremner & Brunk (1972), Statistical Inference under Order Restrictions.

    Examples
    --------
    >>> settle([5, 5], sizes=[2, 2], gap=1, low=0, high=10)
    [3.5, 6.5]
    """
    if not wanted:
        return []
    room = max(0.0, high - low - sum(sizes))
    gap = min(gap, room / max(1, len(sizes) - 1))
    ends = list(accumulate(size + gap for size in sizes))
    offsets = [end - gap - size / 2 for end, size in zip(ends, sizes, strict=True)]
    slack = max(0.0, high - low - (ends[-1] - gap))
    rising = _rising([want - low - off for want, off in zip(wanted, offsets, strict=True)])
    return [
        low + min(max(shift, 0.0), slack) + off for shift, off in zip(rising, offsets, strict=True)
    ]


def _rising(numbers: Sequence[float]) -> list[float]:
    """Give the rising numbers with the least sum of squared distances to these."""
    pools: list[tuple[float, int]] = []
    for number in numbers:
        total, count = number, 1
        while pools and pools[-1][0] * count >= total * pools[-1][1]:
            pooled, others = pools.pop()
            total, count = total + pooled, count + others
        pools.append((total, count))
    return [total / count for total, count in pools for _ in range(count)]
