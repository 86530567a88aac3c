"""Shares on both sides: where trouble comes from (S1.4), where working time goes (S1.13)."""

from dataclasses import dataclass

import numpy as np

from upturn.partners.engine.base_table import Counts, Shown, difference, items_of, why_held
from upturn.partners.engine.shapes import Item, Published
from upturn.partners.engine.signs import Scope
from upturn.stats import Figure, Withheld, share_interval
from upturn.stats.means import mean_of_counts


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseShare:
    """How often both sides name one cause.

    Parameters
    ----------
    choice : str
        Key of the choice.
    servers, leaders : Figure or Withheld
        Shares, 0..1.
    difference : Figure or Withheld
        The leaders' share less the servers', -1..1.
    """

    choice: str
    servers: Shown
    leaders: Shown
    difference: Shown

    @property
    def clear(self) -> bool:
        """Whether the range of the difference leaves out 0."""
        found = self.difference
        return isinstance(found, Figure) and (found.low > 0 or found.high < 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeShare:
    """Which part of the working time goes where, as those who do the work say, and who lead it.

    Parameters
    ----------
    item : Item
    servers, leaders : Figure or Withheld
        Shares, 0..1; the parts of one side add up to 1.
    """

    item: Item
    servers: Shown
    leaders: Shown


def causes(
    published: Published, *, within: Scope, coverage: float = 0.95
) -> tuple[CauseShare, ...]:
    """Say where trouble comes from, to those who serve and to those who lead.

    Parameters
    ----------
    published : Published
    within : Scope
    coverage : float
        Of all the differences together; each gets its part of what may be chance (Bonferroni).

    Returns
    -------
    tuple of CauseShare
        In the order of the choices; empty where the wave did not ask.

    References
    ----------
    Seed item S1.4; Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    items = items_of(published, "cause")
    if not items:
        return ()
    item = items[0]
    sides = [_asked(published, item, rows) for rows in (within.servers, within.leaders)]
    held = [_held(published, item, rows) for rows in (within.servers, within.leaders)]
    each = 1 - (1 - coverage) / len(item.choices)
    found = []
    for at, choice in enumerate(item.choices):
        servers, leaders, *strict = (
            why or share_interval(int(counts[at]), int(counts.sum()), coverage=shown)
            for shown in (coverage, each)
            for counts, why in zip(sides, held, strict=True)
        )
        apart = difference(strict[1], strict[0])
        found.append(CauseShare(choice=choice, servers=servers, leaders=leaders, difference=apart))
    return tuple(found)


def _asked(published: Published, item: Item, rows: tuple[int, ...]) -> Counts:
    column = published.items.index(item.key)
    counted: Counts = published.counts[list(rows), column, : item.categories].sum(axis=0)
    return counted


def _held(published: Published, item: Item, rows: tuple[int, ...]) -> Withheld | None:
    counts = _asked(published, item, rows)
    side = published.groups[rows[0]].side if rows else None
    if side not in item.sides:
        return Withheld("not_asked_here" if rows else "nobody_there", published.k, 0)
    return why_held(published, rows, item, int(counts.sum()))


def time_split(published: Published, *, within: Scope) -> tuple[TimeShare, ...]:
    """Say where the time goes: to customers, inside the house, to doing things again.

    Parameters
    ----------
    published : Published
    within : Scope

    Returns
    -------
    tuple of TimeShare
        In the order of the instrument; empty where the wave did not ask.

    Notes
    -----
    Each person's parts add up to ten tenths. Where one answer was moved to a neighbouring category
    so that nobody is singled out, the means are brought back to a sum of 1.
    """
    items = items_of(published, "time")
    sides = [
        _parts([_tenths(published, item, rows) for item in items], published.k)
        for rows in (within.servers, within.leaders)
    ]
    return tuple(
        TimeShare(item=item, servers=servers, leaders=leaders)
        for item, servers, leaders in zip(items, *sides, strict=True)
    )


def _parts(means: list[Shown], k: int) -> list[Shown]:
    whole = sum(mean.value for mean in means if isinstance(mean, Figure))
    if not whole or any(isinstance(mean, Withheld) for mean in means):
        why = next((each for each in means if isinstance(each, Withheld)), None)
        return [why or Withheld("too_few", k, 0) for _each in means]
    return [_scaled(mean, whole) for mean in means if isinstance(mean, Figure)]


def _tenths(published: Published, item: Item, rows: tuple[int, ...]) -> Shown:
    counts = _asked(published, item, rows)
    why = _held(published, item, rows)
    return why or mean_of_counts(counts, scores=np.arange(len(counts)))


def _scaled(mean: Figure, whole: float) -> Figure:
    return Figure(
        mean.value / whole, max(mean.low / whole, 0.0), min(mean.high / whole, 1.0), mean.n
    )
