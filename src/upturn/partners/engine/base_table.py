"""Reading the base table: whose answers to which question, turned so that more is better."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upturn.partners.engine.shapes import Form, Group, Item, Published, Side
from upturn.stats import Figure, Withheld
from upturn.stats.agreement import icc1
from upturn.stats.components import mean_squares, totals_of_counts
from upturn.stats.means import means_of_counts

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


def rows_by_side(published: Published) -> dict[tuple[int, Side], tuple[int, ...]]:
    """Numbers of the groups on each side of each relation; -1 where the wave asked once."""
    found: dict[tuple[int, Side], tuple[int, ...]] = {}
    for row, group in enumerate(published.groups):
        at = group.relation, group.side
        found[at] = (*found.get(at, ()), row)
    return found


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


def figures_by_group(published: Published, item: Item) -> tuple[Shown, ...]:
    """What every group answered to an item, on 0 to 10 with more being better, or why not.

    Parameters
    ----------
    published : Published
    item : Item

    Returns
    -------
    tuple of Figure or Withheld
        One a group; see `figure_at`.
    """
    column = published.items.index(item.key)
    counts = published.counts[:, column, : item.categories]
    return _figures(published, counts, [[row] for row in range(len(counts))], item)


def figure_at(published: Published, rows: Sequence[int], item: Item) -> Shown:
    """What some groups together answered to an item, on 0 to 10, or why it is not shown.

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
    column = published.items.index(item.key)
    counts = published.counts[list(rows), column, : item.categories].sum(axis=0)
    alone = counts / design_effect(published, rows, item)
    found = _figures(published, alone[None], [rows], item)[0]
    return found if isinstance(found, Withheld) else replace(found, n=int(counts.sum()))


def design_effect(published: Published, rows: Sequence[int], item: Item) -> float:
    """By how much people of one team answering alike widens the variance of all together.

    Parameters
    ----------
    published : Published
    rows : sequence of int
        Groups that are read together.
    item : Item

    Returns
    -------
    float
        1 or more; 1 for one group, and where groups differ no more than chance makes them.

    References
    ----------
    Kish (1965), Survey Sampling, section 5.4: 1 + (n - 1) ICC(1).
    """
    column = published.items.index(item.key)
    counts = published.counts[list(rows), column, : item.categories]
    counts = counts[counts.sum(axis=1) > 0]
    if len(counts) < 2:
        return 1.0
    units = totals_of_counts(counts)
    _between, _within, size = mean_squares(units)
    alike = float(np.nan_to_num(icc1(units)))
    return 1 + max(float(size) - 1, 0) * max(alike, 0)


def _figures(
    published: Published, counts: NDArray[Any], rows: Sequence[Sequence[int]], item: Item
) -> tuple[Shown, ...]:
    worth = np.linspace(0, TOP, item.categories)
    means = means_of_counts(counts, scores=worth[::-1] if item.reversed_ else worth)
    drawn = published.deniable
    low, value, high = (
        ((each - drawn * TOP / 2) / (1 - drawn)).clip(0, TOP)
        for each in (means.low, means.value, means.high)
    )
    whole = replace(means, low=low, value=value, high=high)
    column = published.items.index(item.key)
    return tuple(
        why_held(published, groups, item, int(published.counts[list(groups), column].sum()))
        or whole.at(at)
        for at, groups in enumerate(rows)
    )


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
