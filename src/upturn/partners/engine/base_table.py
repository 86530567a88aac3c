"""Reading the base table: whose answers to which question, turned so that more is better."""

from collections.abc import Callable, Iterable, Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from upturn.partners.engine.shapes import Form, Group, Item, Published, Side
from upturn.stats import Figure, Withheld
from upturn.stats.means import mean_of_counts

Counts = NDArray[np.int64]
Shown = Figure | Withheld
TOP = 10.0
"""Where the scale of every page ends; it begins at 0."""


def counted_items(published: Published) -> tuple[Item, ...]:
    """Items with counts, in the order of the base table.

    Parameters
    ----------
    published : Published

    Returns
    -------
    tuple of Item
    """
    by_key = {item.key: item for item in published.instrument.items}
    return tuple(by_key[key] for key in published.items)


def items_of(published: Published, *measures: str) -> tuple[Item, ...]:
    """Items that measure one of these things, in the instrument's order.

    Parameters
    ----------
    published : Published
    *measures : str
        Values of ``Item.measures``.

    Returns
    -------
    tuple of Item
    """
    return tuple(item for item in counted_items(published) if item.measures in measures)


def rows_where(published: Published, wanted: Callable[[Group], bool]) -> tuple[int, ...]:
    """Numbers of the groups for which something holds."""
    return tuple(at for at, group in enumerate(published.groups) if wanted(group))


def counts_at(published: Published, rows: Iterable[int], item: Item) -> Counts:
    """How often each category was answered by these groups together.

    Parameters
    ----------
    published : Published
    rows : iterable of int
        Numbers of groups; their union is a union of frozen blocks.
    item : Item

    Returns
    -------
    int64 array, (categories,)
        From the least to the most favourable: the categories of a reversed item are turned.
    """
    column = published.items.index(item.key)
    whole: Counts = published.counts[list(rows), column, : item.categories].sum(axis=0)
    return whole[::-1] if item.reversed_ else whole


def on_ten(counts: Counts, *, k: int) -> Shown:
    """The mean of counted answers on 0 to 10, where 10 is the most favourable answer.

    Parameters
    ----------
    counts : int64 array, (categories,)
    k : int
        Fewest answers that may be shown together.

    Returns
    -------
    Figure or Withheld

    Examples
    --------
    >>> figure = on_ten(np.array([0, 1, 2, 3, 2]), k=5)
    >>> print(f"{figure.value:.2f}, {figure.low:.2f} to {figure.high:.2f}, n {figure.n}")
    6.88, 4.71 to 9.04, n 8
    >>> on_ten(np.array([0, 1, 1, 1, 1]), k=5)
    Withheld(reason='too_few', needed=5, got=4)
    """
    n = int(counts.sum())
    if n < k:
        return Withheld("too_few", k, n)
    found = mean_of_counts(counts, scores=np.linspace(0, TOP, len(counts)))
    if isinstance(found, Withheld):
        return found
    return Figure(found.value, max(found.low, 0.0), min(found.high, TOP), n)


def figure_at(published: Published, rows: Sequence[int], item: Item) -> Shown:
    """What some groups answered to an item, on 0 to 10, or why it is not shown.

    Parameters
    ----------
    published : Published
    rows : sequence of int
    item : Item

    Returns
    -------
    Figure or Withheld
        ``Withheld("protected", k, answers)`` where answers were too alike to be shown. Where the
        wave drew some answers so that everybody can deny theirs, the draws are taken out.
    """
    counts = counts_at(published, rows, item)
    if why := why_held(published, rows, item, int(counts.sum())):
        return why
    found = on_ten(counts, k=published.k)
    if isinstance(found, Withheld) or not published.deniable:
        return found
    low, value, high = (
        min(max((each - published.deniable * TOP / 2) / (1 - published.deniable), 0.0), TOP)
        for each in (found.low, found.value, found.high)
    )
    return Figure(value, low, high, found.n)


def why_held(
    published: Published, rows: Sequence[int], item: Item, counted: int
) -> Withheld | None:
    """Why these groups' answers to an item are not shown; None if they are.

    Parameters
    ----------
    published : Published
    rows : sequence of int
    item : Item
    counted : int
        Answers in the base table.

    Returns
    -------
    Withheld or None
    """
    if counted >= published.k:
        return None
    column = published.items.index(item.key)
    given = sum(published.groups[row].people - int(published.missing[row, column]) for row in rows)
    reason = "protected" if given >= published.k else "too_few"
    return Withheld(reason, published.k, given)


def difference(one: Shown, other: Shown) -> Shown:
    """By how much one figure exceeds another that other people gave.

    Parameters
    ----------
    one, other : Figure or Withheld

    Returns
    -------
    Figure or Withheld
        With the smaller n; the first of the two that is withheld, if one is.

    Notes
    -----
    The ends of both intervals are combined by squares, so that neither needs to be symmetric.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; Zou & Donner (2008).

    Examples
    --------
    >>> difference(Figure(6, 5, 7, 9), Figure(4, 3, 5, 12))
    Figure(value=2, low=0.5857864376269049, high=3.414213562373095, n=9)
    """
    if isinstance(one, Withheld):
        return one
    if isinstance(other, Withheld):
        return other
    value = one.value - other.value
    below = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    above = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Figure(value, value - below, value + above, min(one.n, other.n))


def why_nothing(published: Published, wanted: Callable[[Group], bool]) -> Withheld:
    """Why a side has no row: too few answered, or nobody is there to answer."""
    got = sum(group.people for group in published.left_out if wanted(group))
    if got:
        return Withheld("too_few", published.k, got)
    return Withheld("nobody_there", published.k, 0)


def places(published: Published) -> tuple[str, ...]:
    """Places with figures of their own, in order of their names."""
    named = {relation.place for relation in published.relations}
    named |= {group.parent for group in published.groups if group.side is Side.SERVERS}
    return tuple(sorted(named - {""}))


def has_scale(item: Item) -> bool:
    """Whether an item's categories are steps from little to much."""
    return item.form in {Form.AGREE, Form.HOW_WELL, Form.HOW_MUCH, Form.SPLIT}
