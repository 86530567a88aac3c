"""Signs and keys from both sides: those who serve, and those who lead them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from upturn.partners.engine.base_table import (
    TOP,
    Shown,
    counts_at,
    design_effect,
    figure_at,
    items_of,
    places,
    rows_where,
    why_nothing,
)
from upturn.partners.engine.comparing import Compared, compare
from upturn.partners.engine.shapes import Form, Group, Item, Published, Side
from upturn.stats import Figure, Withheld
from upturn.stats.components import shrink, totals_of_counts, variance_components

SIGNS = tuple(f"sign-{number}" for number in range(1, 10))
KEYS = tuple(f"key-{number}" for number in range(1, 7))
BOTH = (Side.SERVERS, Side.LEADERS)


class Reach(StrEnum):
    """Of whom a page of signs speaks."""

    EVERYBODY = "everybody"
    PLACE = "place"
    TEAM = "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose answers a page of signs puts beside each other.

    Parameters
    ----------
    reach : Reach
    name : str
        Of the place or the team; empty for everybody.
    servers, leaders : tuple of int
        Numbers of the groups on each side.
    of_leaders : str
        Names of the leaders who answered, in the words of the wave.
    """

    reach: Reach
    name: str
    servers: tuple[int, ...]
    leaders: tuple[int, ...]
    of_leaders: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """One question put to both sides.

    Parameters
    ----------
    item : Item
    servers, leaders : Figure or Withheld
        On 0 to 10, where more is better.
    gap : Figure or Withheld
        The chance, 0..1, that somebody who leads, drawn at random, answers more favourably than
        somebody who serves; ties count half.
    clear : bool
        Whether the gap is told from none, the number of questions shown allowed for.
    likely : Figure or Withheld or None
        Of one team: what its mean is likely to be, given all teams; None for more than a team.
    weight : float
        Share of the team's own mean in it, 0..1.
    """

    item: Item
    servers: Shown
    leaders: Shown
    gap: Shown
    clear: bool = False
    likely: Shown | None = None
    weight: float = 0.0

    @property
    def waits(self) -> bool:
        """Whether those who lead see it clearly better than those who serve."""
        return self.clear and isinstance(self.gap, Figure) and self.gap.low > 0.5


def scope(published: Published, *, at: str = "") -> Scope:
    """Say whose answers stand beside each other at a place, in a team, or everywhere.

    Parameters
    ----------
    published : Published
        Of an instrument that is asked once a person.
    at : str
        Name of a place, key of a block of servers, or nothing for everybody.

    Returns
    -------
    Scope
        Everybody's, if there is no such place or block.

    Notes
    -----
    Those who lead are pooled: one who leads a team alone is one person. Where a place has no block
    of leaders of its own, the blocks that were pooled over places stand in for it.
    """
    block = next(
        (n for n, g in enumerate(published.groups) if g.block == at and g.side is Side.SERVERS),
        None,
    )
    if block is not None:
        group = published.groups[block]
        leaders = _leaders(published, group.parent)
        return _scope(published, Reach.TEAM, group.name, (block,), leaders)
    if at in places(published):
        servers = rows_where(published, lambda g: g.side is Side.SERVERS and g.parent == at)
        return _scope(published, Reach.PLACE, at, servers, _leaders(published, at))
    servers = rows_where(published, lambda g: g.side is Side.SERVERS)
    leaders = rows_where(published, lambda g: g.side is Side.LEADERS)
    return _scope(published, Reach.EVERYBODY, "", servers, leaders)


def _scope(
    published: Published,
    reach: Reach,
    name: str,
    servers: tuple[int, ...],
    leaders: tuple[int, ...],
) -> Scope:
    names = ", ".join(published.groups[row].name for row in leaders)
    return Scope(reach=reach, name=name, servers=servers, leaders=leaders, of_leaders=names)


def _leaders(published: Published, place: str) -> tuple[int, ...]:
    own = rows_where(published, lambda g: g.side is Side.LEADERS and g.parent == place)
    if own:
        return own
    known = places(published)
    return rows_where(published, lambda g: g.side is Side.LEADERS and g.parent not in known)


def mirrors(
    published: Published,
    *measures: str,
    within: Scope,
) -> tuple[Mirror, ...]:
    """Put both sides' answers to the same questions beside each other.

    Parameters
    ----------
    published : Published
    *measures : str
        What the questions measure, such as ``"sign-1"``.
    within : Scope

    Returns
    -------
    tuple of Mirror
        In the order of the instrument.

    Notes
    -----
    People of one team answer alike, so ranges and tests count each side's answers as fewer by the
    design effect of its teams.

    References
    ----------
    Seed items S1.8 to S1.16 and S1.17 to S1.22.
    """
    rows, counts = [], []
    for item in items_of(published, *measures):
        one = _mirror(published, item, within)
        rows.append(one)
        if isinstance(one.gap, Figure):
            counts.append(
                tuple(
                    counts_at(published, at, item) / design_effect(published, at, item)
                    for at in _both(within)
                )
            )
    return _told_apart(rows, counts)


def _both(within: Scope) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return within.servers, within.leaders


def _mirror(published: Published, item: Item, within: Scope) -> Mirror:
    servers, leaders = (
        one_side(published, item, rows, side)
        for rows, side in zip(_both(within), BOTH, strict=True)
    )
    why = next((each for each in (servers, leaders) if isinstance(each, Withheld)), None)
    gap = why or Figure(0.5, 0.0, 1.0, servers.n + leaders.n)  # type: ignore[union-attr]
    likely, weight = None, 0.0
    if within.reach is Reach.TEAM and isinstance(servers, Figure):
        likely, weight = _likely(published, item, within.servers[0])
    return Mirror(
        item=item, servers=servers, leaders=leaders, gap=gap, likely=likely, weight=weight
    )


def _likely(published: Published, item: Item, row: int) -> tuple[Shown, float]:
    """A team's mean pulled to that of all teams by as much as its few answers leave open."""
    rows = rows_where(published, lambda group: group.side is Side.SERVERS)
    counts = np.array([counts_at(published, (each,), item) for each in rows])
    units = totals_of_counts(counts, scores=np.linspace(0, TOP, item.categories))
    shrunken, at = shrink(units, variance_components(units)), rows.index(row)
    return shrunken.figures.at(at), float(np.nan_to_num(shrunken.weight[at]))


def one_side(published: Published, item: Item, rows: Sequence[int], side: Side) -> Shown:
    """What one side answered to a question on 0 to 10, or why it is not shown."""
    if not rows or side not in item.sides:
        return why_nothing(published, lambda group: _left_out(group, side))
    return figure_at(published, rows, item)


def _left_out(group: Group, side: Side) -> bool:
    return group.side is side


def _told_apart(
    rows: Sequence[Mirror], counts: Sequence[tuple[NDArray[np.float64], ...]]
) -> tuple[Mirror, ...]:
    found = iter(compare([leaders for _s, leaders in counts], [servers for servers, _l in counts]))
    return tuple(
        row if isinstance(row.gap, Withheld) else _compared(row, next(found)) for row in rows
    )


def _compared(row: Mirror, found: Compared) -> Mirror:
    """The gap with the people it stands for, not with what they count as for the range."""
    people = row.gap.n if isinstance(row.gap, Figure) else 0
    gap = replace(found.gap, n=people) if isinstance(found.gap, Figure) else found.gap
    return replace(row, gap=gap, clear=found.clear)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneSided:
    """A question that one side alone is asked."""

    item: Item
    figure: Shown


def said_by_servers(published: Published, *measures: str, within: Scope) -> tuple[OneSided, ...]:
    """Give what those who serve answer to questions of their own (S1.2, S1.3)."""
    return tuple(
        OneSided(item=item, figure=one_side(published, item, within.servers, Side.SERVERS))
        for item in items_of(published, *measures)
        if item.form is not Form.CHOICE
    )
