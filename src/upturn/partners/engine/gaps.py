"""How far apart both sides of an edge see the same work, and how sure one can be of the order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from upturn.partners.engine.base_table import (
    Counts,
    Shown,
    counts_at,
    difference,
    figures_by_group,
    items_of,
    rows_by_side,
    why_nothing,
)
from upturn.partners.engine.comparing import compare
from upturn.partners.engine.shapes import Published, Relation, Side
from upturn.stats import Figure, Withheld
from upturn.stats.widest import probability_widest

WIDEST_DRAWS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one side of a gap said.

    Parameters
    ----------
    side : Side
    name : str
        Whose answers stand together, in the words of the wave; empty where nobody answered.
    figure : Figure or Withheld
        On 0 to 10, more is better.
    guess : Figure or Withheld
        What this side thought the other would say, on the same scale.
    """

    side: Side
    name: str
    figure: Shown
    guess: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRow:
    """Both sides of one relationship.

    Parameters
    ----------
    relation : Relation
    serving, served : Part
    gap : Figure or Withheld
        The chance, 0..1, that somebody drawn from the serving side answers higher than somebody
        drawn from the served side; ties count half. ``n`` is of both sides together.
    clear : bool
        Whether the gap is told from none with the number of gaps shown allowed for.
    widest : float
        Probability that this is truly the widest gap of those shown, in whichever direction; 0
        where it is withheld.
    """

    relation: Relation
    serving: Part
    served: Part
    gap: Shown
    clear: bool = False
    widest: float = 0.0

    @property
    def waits(self) -> bool:
        """Whether the serving side sees its work clearly better than those it serves."""
        return self.clear and isinstance(self.gap, Figure) and self.gap.low > 0.5

    @property
    def held(self) -> bool:
        """Whether there is no gap to show."""
        return isinstance(self.gap, Withheld)

    @property
    def nothing(self) -> bool:
        """Whether neither side is shown."""
        return not any(isinstance(p.figure, Figure) for p in (self.serving, self.served))


@dataclass(frozen=True, slots=True, kw_only=True)
class GapMap:
    """Gaps of one wave, or of one place in it.

    Parameters
    ----------
    rows : tuple of GapRow
        Those with a gap, the widest first.
    held : tuple of GapRow
        Those of which at least one side is not shown, in the order of the wave.
    """

    rows: tuple[GapRow, ...]
    held: tuple[GapRow, ...]

    @property
    def apart(self) -> tuple[GapRow, ...]:
        """Edges whose sides differ by more than chance makes, in either direction."""
        return tuple(row for row in self.rows if row.clear)

    @property
    def waiting(self) -> tuple[GapRow, ...]:
        """Those of them on which the serving side thinks better of the work."""
        return tuple(row for row in self.rows if row.waits)

    @property
    def shown(self) -> tuple[GapRow, ...]:
        """Every row, in the order of the page."""
        return self.rows + self.held


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """How far one side's guess lay from what the other side said."""

    row: GapRow
    side: Side
    off: Figure


def gap_map(published: Published, *, place: str = "", rng: np.random.Generator) -> GapMap:
    """Put both sides of every edge beside each other, the widest gap first.

    Parameters
    ----------
    published : Published
        Of an instrument that is asked per relation.
    place : str
        Only relations of this place; all of them if empty.
    rng : numpy.random.Generator

    Returns
    -------
    GapMap

    Notes
    -----
    The number of gaps shown is allowed for by Benjamini-Hochberg at 5 %.

    References
    ----------
    Brunner & Munzel (2000); Benjamini & Hochberg (1995); seed items S1.7, S1.14.
    """
    wanted = [one for one in published.relations if not place or one.place == place]
    seen = _seen(published)
    pairs = [_row(seen, relation) for relation in wanted]
    both = [(row, counts) for row, counts in pairs if counts is not None]
    rows = _compared([row for row, _counts in both], [counts for _row, counts in both], rng=rng)
    held = tuple(row for row, counts in pairs if counts is None)
    return GapMap(rows=rows, held=held)


def _row(seen: "_Seen", relation: Relation) -> tuple[GapRow, tuple[Counts, Counts] | None]:
    parts, counts = [], []
    for side in (Side.SERVING, Side.SERVED):
        part, counted = _part(seen, relation, side)
        parts.append(part)
        counts.append(counted)
    why = next((p.figure for p in parts if isinstance(p.figure, Withheld)), None)
    row = GapRow(
        relation=relation,
        serving=parts[0],
        served=parts[1],
        gap=why or Withheld("too_few", seen.published.k, 0),
    )
    return row, None if why else (counts[0], counts[1])


def _part(seen: "_Seen", relation: Relation, side: Side) -> tuple[Part, Counts]:
    rows = seen.rows.get((relation.id, side), ())
    if not rows:
        why = why_nothing(
            seen.published, lambda group: (group.relation, group.side) == (relation.id, side)
        )
        return Part(side=side, name="", figure=why, guess=why), np.zeros(5, dtype=np.int64)
    part = Part(
        side=side,
        name=seen.published.groups[rows[0]].name,
        figure=seen.well[rows[0]],
        guess=seen.guess[rows[0]],
    )
    return part, seen.counts[rows[0]]


@dataclass(frozen=True, slots=True)
class _Seen:
    """Figures of all groups at once; of a pulse, each side of a relation is one group."""

    published: Published
    rows: Mapping[tuple[int, Side], tuple[int, ...]]
    well: tuple[Shown, ...]
    guess: tuple[Shown, ...]
    counts: Counts


def _seen(published: Published) -> _Seen:
    well, guess = (
        figures_by_group(published, items[0]) if items else _none(published)
        for items in (items_of(published, "performance"), items_of(published, "guess"))
    )
    asked = items_of(published, "performance")
    counts = [counts_at(published, (row,), asked[0]) for row in range(len(published.groups))]
    return _Seen(published, rows_by_side(published), well, guess, np.array(counts))


def _none(published: Published) -> tuple[Shown, ...]:
    return (Withheld("not_asked_here", published.k, 0),) * len(published.groups)


def _compared(
    rows: Sequence[GapRow],
    counts: Sequence[tuple[Counts, Counts]],
    *,
    rng: np.random.Generator,
) -> tuple[GapRow, ...]:
    if not rows:
        return ()
    serving, served = ([pair[at] for pair in counts] for at in (0, 1))
    first = probability_widest(np.stack(serving), np.stack(served), draws=WIDEST_DRAWS, rng=rng)
    done = [
        replace(row, gap=found.gap, clear=found.clear, widest=float(np.nan_to_num(chance)))
        for row, found, chance in zip(rows, compare(serving, served), first, strict=True)
    ]
    return tuple(sorted(done, key=lambda row: -_width(row.gap)))


def _width(gap: Shown) -> float:
    return abs(gap.value - 0.5) if isinstance(gap, Figure) else -1.0


def guesses(found: GapMap) -> tuple[Guess, ...]:
    """Say how well each side knew what the other would say.

    Parameters
    ----------
    found : GapMap

    Returns
    -------
    tuple of Guess
        ``off`` is the guess less what was said, on 0 to 10, with its interval.
    """
    made = []
    for row in found.shown:
        for one, other in ((row.serving, row.served), (row.served, row.serving)):
            off = difference(one.guess, other.figure)
            if isinstance(off, Figure):
                made.append(Guess(row=row, side=one.side, off=off))
    return tuple(made)
