"""What changed between two waves, where their rosters allow it to be told (S1.7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from upturn.partners.engine.base_table import (
    Shown,
    counts_at,
    design_effect,
    difference,
    figure_at,
    items_of,
    rows_by_side,
)
from upturn.partners.engine.comparing import told_apart
from upturn.partners.engine.shapes import Group, Item, Published, Side
from upturn.partners.engine.signs import scope
from upturn.privacy import may_show_trend
from upturn.stats import Figure, Withheld
from upturn.stats.superiority import superiority_change, superiority_interval

Roster = frozenset[str]
SIDES_OF_EDGE = (Side.SERVING, Side.SERVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A closed wave with who was asked in each of its groups.

    Parameters
    ----------
    published : Published
    rosters : sequence of frozenset of str
        Keys of the people asked on the opening day, a set a group; never who answered.
    """

    published: Published
    rosters: Sequence[Roster]

    def roster(self, rows: Iterable[int]) -> Roster:
        """Everybody asked in these groups."""
        return frozenset().union(*(self.rosters[row] for row in rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveChange:
    """A figure in two waves.

    Parameters
    ----------
    before, after : Figure or Withheld
        In the unit of the figure.
    by : Figure or Withheld
        After less before. ``Withheld("roster", k, people)`` where so few people joined or left that
        the difference would point at them; ``Withheld("other_block", ...)`` where other teams
        answered together; ``Withheld("not_asked", ...)`` where one of the waves did not ask.
    clear : bool
        Whether it is told from no change, the number of changes shown allowed for.
    """

    before: Shown
    after: Shown
    by: Shown
    clear: bool = False

    @property
    def direction(self) -> str:
        """``more``, ``less`` or ``unclear``; ``cannot_tell`` where it is withheld."""
        if isinstance(self.by, Withheld):
            return "cannot_tell"
        if not self.clear:
            return "unclear"
        return "more" if self.by.value > 0 else "less"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """What changed on one edge, or in one question, from both sides.

    Parameters
    ----------
    name : str
        Key of the item; empty for an edge.
    relation : int
        Number of the relation in the later wave; -1 for a question asked once a person.
    lower, upper : WaveChange
        Those who are served and those who serve; of a question those who serve and who lead.
    gap : WaveChange
        Of the chance that the upper side answers higher, 0..1.
    """

    name: str
    relation: int
    lower: WaveChange
    upper: WaveChange
    gap: WaveChange

    @property
    def changes(self) -> tuple[WaveChange, WaveChange, WaveChange]:
        """Both sides, then the gap."""
        return self.lower, self.upper, self.gap

    @property
    def moved(self) -> bool:
        """Whether anything changed by more than chance makes."""
        return any(change.clear for change in self.changes)

    @property
    def silent(self) -> bool:
        """Whether nothing can be told at all."""
        return all(isinstance(change.by, Withheld) for change in self.changes)


@dataclass(frozen=True, slots=True)
class _Rows:
    before: tuple[int, ...]
    after: tuple[int, ...]


def edge_trends(before: Told, after: Told) -> tuple[Trend, ...]:
    """Say what changed on each edge of a pulse, in both directions.

    Parameters
    ----------
    before, after : Told

    Returns
    -------
    tuple of Trend
        In the order of the later wave.

    References
    ----------
    Seed item S1.7.
    """
    items = items_of(after.published, "performance")
    old = {(one.server, one.served): one.id for one in before.published.relations}
    then, now = rows_by_side(before.published), rows_by_side(after.published)
    found = []
    for relation in after.published.relations:
        earlier = old.get((relation.server, relation.served), -1)
        sides = {
            side: _Rows(then.get((earlier, side), ()), now.get((relation.id, side), ()))
            for side in SIDES_OF_EDGE
        }
        trend = _trend(before, after, items[0], (sides[Side.SERVED], sides[Side.SERVING]))
        found.append(replace(trend, name="", relation=relation.id))
    return _told_apart(found)


def question_trends(before: Told, after: Told, *measures: str, at: str = "") -> tuple[Trend, ...]:
    """Say what changed in each question that both waves put to both sides.

    Parameters
    ----------
    before, after : Told
    *measures : str
        What the questions measure.
    at : str
        Name of a place, or nothing for everybody.

    Returns
    -------
    tuple of Trend
    """
    scopes = [scope(told.published, at=at) for told in (before, after)]
    sides = (
        _Rows(scopes[0].servers, scopes[1].servers),
        _Rows(scopes[0].leaders, scopes[1].leaders),
    )
    items = items_of(after.published, *measures)
    return _told_apart([_trend(before, after, item, sides) for item in items])


def _trend(before: Told, after: Told, item: Item, sides: tuple[_Rows, _Rows]) -> Trend:
    lower, upper = (_change(before, after, item, rows) for rows in sides)
    why = next((c.by for c in (lower, upper) if isinstance(c.by, Withheld)), None)
    gap = WaveChange(before=why, after=why, by=why) if why else _gap(before, after, item, sides)
    return Trend(name=item.key, relation=-1, lower=lower, upper=upper, gap=gap)


def _change(before: Told, after: Told, item: Item, rows: _Rows) -> WaveChange:
    why = _why_not(before, after, item, rows)
    if why:
        return WaveChange(before=why, after=why, by=why)
    old, new = _figure(before, item, rows.before), _figure(after, item, rows.after)
    return WaveChange(before=old, after=new, by=difference(new, old))


def _why_not(before: Told, after: Told, item: Item, rows: _Rows) -> Withheld | None:
    k = max(before.published.k, after.published.k)
    if not rows.before and not rows.after:
        return Withheld("nobody_there", k, 0)
    if item.key not in before.published.items or not rows.before or not rows.after:
        return Withheld("not_asked", k, 0)
    if _units(before, rows.before) != _units(after, rows.after):
        return Withheld("other_block", k, 0)
    old, new = before.roster(rows.before), after.roster(rows.after)
    if not may_show_trend(old, new, k=k):
        return Withheld("roster", k, len(old ^ new))
    return None


def _units(told: Told, rows: Iterable[int]) -> frozenset[str]:
    groups = [told.published.groups[row] for row in rows]
    return frozenset(unit for group in groups for unit in _known(group))


def _known(group: Group) -> tuple[str, ...]:
    return tuple(filter(None, group.units)) or (group.block,)


def _figure(told: Told, item: Item, rows: tuple[int, ...]) -> Shown:
    return figure_at(told.published, rows, item)


def _gap(before: Told, after: Told, item: Item, sides: tuple[_Rows, _Rows]) -> WaveChange:
    lower, upper = sides
    old = _apart(before.published, upper.before, lower.before, item)
    new = _apart(after.published, upper.after, lower.after, item)
    if isinstance(old, Withheld) or isinstance(new, Withheld):
        why = old if isinstance(old, Withheld) else new
        return WaveChange(before=old, after=new, by=why)
    return WaveChange(before=old, after=new, by=superiority_change(old, new))


def _apart(
    published: Published, upper: tuple[int, ...], lower: tuple[int, ...], item: Item
) -> Shown:
    """The gap in one wave, with the people it stands for."""
    counts = [counts_at(published, rows, item) for rows in (upper, lower)]
    alone = [
        each / design_effect(published, rows, item)
        for each, rows in zip(counts, (upper, lower), strict=True)
    ]
    found = superiority_interval(*alone)
    people = int(sum(each.sum() for each in counts))
    return found if isinstance(found, Withheld) else replace(found, n=people)


def _told_apart(trends: Sequence[Trend]) -> tuple[Trend, ...]:
    changes = {
        (at, part): getattr(trend, part)
        for at, trend in enumerate(trends)
        for part in ("lower", "upper", "gap")
    }
    shown = {at: c for at, c in changes.items() if isinstance(c.by, Figure)}
    clear = _clear({at: c.by for at, c in shown.items()})
    return tuple(
        replace(
            trend,
            **{
                part: replace(changes[at, part], clear=(at, part) in clear)
                for part in ("lower", "upper", "gap")
            },
        )
        for at, trend in enumerate(trends)
    )


def _clear(changes: Mapping[tuple[int, str], Figure]) -> frozenset[tuple[int, str]]:
    """Changes that chance does not make, by Benjamini and Hochberg over all that are shown."""
    if not changes:
        return frozenset()
    clear = told_apart(np.array([_chance(by) for by in changes.values()]))
    return frozenset(at for at, sure in zip(changes, clear, strict=True) if sure)


def _chance(by: Figure) -> float:
    """Two-sided p of no change, from the half of the interval that faces it."""
    half = by.value - by.low if by.value > 0 else by.high - by.value
    if not half:
        return 1.0
    normal = NormalDist()
    return 2 * normal.cdf(-abs(by.value) / half * normal.inv_cdf(0.975))
