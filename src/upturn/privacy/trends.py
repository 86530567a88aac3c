"""When two waves of one block may be shown beside each other."""

from collections.abc import Set as AbstractSet


def may_show_trend(before: AbstractSet[str], after: AbstractSet[str], *, k: int) -> bool:
    """Say whether so many people, or none, separate two rosters that it points at nobody.

    Parameters
    ----------
    before, after : set of str
        Keys of the people on the two days of opening.
    k : int

    Returns
    -------
    bool
        Whether those who left are none or at least k, and those who came too.

    Notes
    -----
    Stricter than a difference of k in all: who alone left among four who came is one person still.

    Examples
    --------
    >>> may_show_trend({"a", "b", "c"}, {"a", "b", "c"}, k=5)
    True
    >>> may_show_trend({"a", "b", "c"}, {"a", "b"}, k=5)
    False
    """
    left, came = len(before - after), len(after - before)
    return all(n == 0 or n >= k for n in (left, came))
