"""Whom do you serve, who serves you: whether every layer can say it, and finds it drawn so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from upturn.partners.engine.base_table import Shown, design_effect, items_of, why_held
from upturn.partners.engine.pairs import LEADERS
from upturn.partners.engine.shapes import Item, Published, Side
from upturn.stats import Figure, share_interval

SEVERAL = -2
"""Layer of those who answered in one block with people of another layer."""
UNDERSTOOD = "understood"
_AGREES = 3
_DRAWN_AGREES = 2 / 5


@dataclass(frozen=True, slots=True)
class LayerShare:
    """How many of a layer agree.

    Parameters
    ----------
    level : int or None
        Steps to the nearest customer, None without a path to one; `LEADERS` or `SEVERAL`.
    people : int
        Who answered.
    shares : tuple of Figure or Withheld
        One a question: share of those who chose the fourth or the fifth of five steps, 0..1.
    """

    level: int | None
    people: int
    shares: tuple[Shown, ...]


def agreement_by_layer(
    published: Published, *, level: Mapping[str, int | None]
) -> tuple[tuple[Item, ...], tuple[LayerShare, ...]]:
    """Say by layer how many can say whom they serve, and find it drawn rightly (S2.4).

    Parameters
    ----------
    published : Published
        Of an instrument that is asked once a person.
    level : mapping of str to int or None
        Steps of each party to the nearest customer, by its key.

    Returns
    -------
    items : tuple of Item
    layers : tuple of LayerShare
        The nearest to customers first; whoever answered is in one of them.

    Notes
    -----
    A layer is a union of frozen blocks. A block whose teams stand on different layers is in none of
    them but in `SEVERAL`, so that no difference of two figures is a smaller group.
    """
    items = items_of(published, UNDERSTOOD)
    rows: dict[int | None, list[int]] = {}
    for row in range(len(published.groups)):
        rows.setdefault(_level(published, row, level), []).append(row)
    ordered = sorted(rows, key=_place)
    layers = tuple(
        LayerShare(
            each,
            sum(published.groups[row].people for row in rows[each]),
            tuple(agreeing(published, rows[each], item) for item in items),
        )
        for each in ordered
    )
    return items, layers


def _level(published: Published, row: int, level: Mapping[str, int | None]) -> int | None:
    group = published.groups[row]
    if group.side is Side.LEADERS:
        return LEADERS
    found = {level.get(unit) for unit in group.units}
    return found.pop() if len(found) == 1 else SEVERAL


def _place(level: int | None) -> tuple[int, int]:
    order = {LEADERS: 1, None: 2, SEVERAL: 3}
    return (order[level], 0) if level in order else (0, level or 0)


def agreeing(published: Published, rows: Sequence[int], item: Item) -> Shown:
    """Share of some groups' people who agree, or why it is not shown.

    Parameters
    ----------
    published : Published
    rows : sequence of int
    item : Item
        Answered in five steps.

    Returns
    -------
    Figure or Withheld
        0..1, with Wilson's range; answers count as fewer by the design effect of their teams, and
        answers that were drawn, so that everybody can deny theirs, are taken out.

    References
    ----------
    Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    column = published.items.index(item.key)
    counts = published.counts[list(rows), column, : item.categories].sum(axis=0)
    counted = int(counts.sum())
    if why := why_held(published, rows, item, counted):
        return why
    hits = int(counts[_AGREES:].sum())
    wide = max(round(counted / design_effect(published, rows, item)), 1)
    found = share_interval(round(hits / counted * wide), wide)
    if not isinstance(found, Figure):
        return found
    low, value, high = (
        _without_drawn(each, published.deniable) for each in (found.low, hits / counted, found.high)
    )
    return Figure(value, low, high, counted)


def _without_drawn(share: float, drawn: float) -> float:
    return min(max((share - drawn * _DRAWN_AGREES) / (1 - drawn), 0.0), 1.0)
