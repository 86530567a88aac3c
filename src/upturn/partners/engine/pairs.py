"""Gaps by pairs of levels, where a level is the distance from a customer (S1.14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from upturn.partners.engine.base_table import Shown
from upturn.partners.engine.gaps import GapMap, GapRow
from upturn.partners.engine.shapes import Relation
from upturn.stats import Figure, Withheld

LEADERS = -1
"""Level of those who lead; all others are steps from a customer, 0 for customers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelPair:
    """All edges from one level to another.

    Parameters
    ----------
    server, served : int or None
        Levels; None where no path leads to a customer.
    gap : Figure or Withheld
        Mean of the edges' gaps, 0..1; ``n`` counts the edges.
    edges : int
        Edges between these levels that the wave asked about, shown or not.
    """

    server: int | None
    served: int | None
    gap: Shown
    edges: int


class LevelLine(NamedTuple):
    """One serving level, and its cell for every served level."""

    level: int | None
    cells: tuple[tuple[int | None, LevelPair | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Level pairs, from those who serve customers downwards."""

    levels: tuple[int | None, ...]
    pairs: tuple[LevelPair, ...]

    @property
    def widest(self) -> LevelPair | None:
        """The pair furthest from no gap, where the serving level thinks better of the work."""
        shown = [pair for pair in self.pairs if isinstance(pair.gap, Figure)]
        return max(shown, key=lambda pair: getattr(pair.gap, "value", 0.0), default=None)

    @property
    def served_levels(self) -> tuple[int | None, ...]:
        """Levels that are served on any edge the wave asked about."""
        served = {pair.served for pair in self.pairs}
        return tuple(level for level in self.levels if level in served)

    @property
    def lines(self) -> tuple[LevelLine, ...]:
        """The matrix row by row."""
        return tuple(
            LevelLine(
                server, tuple((served, self.at(server, served)) for served in self.served_levels)
            )
            for server in self.levels
            if any(pair.server == server for pair in self.pairs)
        )

    def at(self, server: int | None, served: int | None) -> LevelPair | None:
        """One cell; None where the wave asked about no such edge."""
        return next((p for p in self.pairs if (p.server, p.served) == (server, served)), None)


def level_pairs(found: GapMap, *, level: Mapping[str, int | None]) -> Matrix:
    """Say between which levels both sides see the work differently.

    Parameters
    ----------
    found : GapMap
    level : mapping of str to int or None
        Level of each party by key; parties that are not there have none.

    Returns
    -------
    Matrix

    Notes
    -----
    The range of a pair is the mean of its edges' ranges. That is wider than independent edges would
    make it, and holds however many people answered on more than one of them.
    """
    grouped: dict[tuple[int | None, int | None], list[GapRow]] = {}
    for row in found.shown:
        grouped.setdefault(_levels(row.relation, level), []).append(row)
    levels = {each for pair in grouped for each in pair}
    ordered = sorted(grouped.items(), key=lambda pair: (_place(pair[0][1]), _place(pair[0][0])))
    pairs = [
        LevelPair(server=at[0], served=at[1], gap=_mean(rows), edges=len(rows))
        for at, rows in ordered
    ]
    return Matrix(levels=tuple(sorted(levels, key=_place)), pairs=tuple(pairs))


def _levels(relation: Relation, level: Mapping[str, int | None]) -> tuple[int | None, int | None]:
    return level.get(relation.server), level.get(relation.served)


def _place(level: int | None) -> tuple[bool, bool, int]:
    return level is None, level == LEADERS, level or 0


def _mean(rows: Sequence[GapRow]) -> Shown:
    gaps = [row.gap for row in rows if isinstance(row.gap, Figure)]
    if not gaps:
        held = [row.gap for row in rows if isinstance(row.gap, Withheld)]
        few = [each for each in held if each.reason == "too_few"]
        return max(few or held, key=lambda each: each.got)
    n = len(gaps)
    return Figure(
        sum(gap.value for gap in gaps) / n,
        sum(gap.low for gap in gaps) / n,
        sum(gap.high for gap in gaps) / n,
        n,
    )
