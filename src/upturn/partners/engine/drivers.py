"""What goes with morale, and what matters beside how well it is done."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upturn.partners.engine.base_table import (
    Shown,
    counts_at,
    figures_by_group,
    items_of,
    rows_by_side,
)
from upturn.partners.engine.reliable import largest_by_side, measured, turned_sums
from upturn.partners.engine.shapes import Item, Published, Relation, Side, Wide
from upturn.partners.engine.signs import KEYS, SIGNS
from upturn.stats import Figure, Withheld
from upturn.stats.drivers import drivers as shares_of_variance
from upturn.stats.joint import joint_of_sums
from upturn.stats.quadrants import QUADRANTS, importance_and_performance, quadrant_shares

DRAWS = 1_000
NO_WIDE = Withheld("not_kept", 50, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """Which share of the differences in morale goes along with one question.

    Parameters
    ----------
    item : Item
    share : Figure
        Of the whole variance of morale, 0..1 (LMG).
    inflation : float
        Variance inflation; above 5, shares are hard to tell apart.
    """

    item: Item
    share: Figure
    inflation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DriversFound:
    """Shares of explained variance, which are not causes.

    Parameters
    ----------
    rows : tuple of Driver
        In the order of the instrument.
    explained : Figure or Withheld
        R squared, 0..1.
    condition : float
        Condition number; above 30, shares are hard to tell apart.
    """

    rows: tuple[Driver, ...]
    explained: Shown
    condition: float

    @property
    def entangled(self) -> bool:
        """Whether the questions repeat each other too much to part their shares."""
        return self.condition > 30 or any(row.inflation > 5 for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """How much something matters and how well it is done, and in which quadrant it lies.

    Parameters
    ----------
    relation : Relation or None
        For a pulse.
    item : Item or None
        For a question.
    importance, performance : Figure or Withheld
        On 0 to 10; of a question, importance is a share of variance, 0..1.
    quadrants : tuple of float
        Probability of each of ``QUADRANTS``; empty where it cannot be placed.
    """

    relation: Relation | None
    item: Item | None
    importance: Shown
    performance: Shown
    quadrants: tuple[float, ...] = ()

    @property
    def likeliest(self) -> str:
        """Name of the quadrant in which it lies in most draws; empty without one."""
        return QUADRANTS[int(np.argmax(self.quadrants))] if self.quadrants else ""

    @property
    def chance(self) -> float:
        """Probability of that quadrant."""
        return max(self.quadrants, default=0.0)


def drivers_of_morale(published: Published, *, rng: np.random.Generator) -> DriversFound:
    """Say which signs go along with morale, and by how much.

    Parameters
    ----------
    published : Published
    rng : numpy.random.Generator

    Returns
    -------
    DriversFound
        Without rows where it is withheld, with the reason as ``explained``.

    References
    ----------
    Lindeman, Merenda and Gold (1980); Groemping (2006), doi:10.18637/jss.v017.i01.
    """
    wide, items = _asked(published)
    found = shares_of_variance(*turned_sums(wide, items), rng=rng) if wide else NO_WIDE
    if isinstance(found, Withheld):
        return DriversFound(rows=(), explained=found, condition=0.0)
    rows = tuple(
        Driver(item=item, share=share, inflation=inflation)
        for item, share, inflation in zip(items[1:], found.shares, found.inflation, strict=True)
    )
    return DriversFound(rows=rows, explained=found.explained, condition=found.condition)


def _asked(published: Published) -> tuple[Wide | None, tuple[Item, ...]]:
    """The widest union of servers, and of its items morale first, then signs or keys."""
    wide = next((w for w in largest_by_side(published) if w.side is Side.SERVERS), None)
    if wide is None:
        return None, ()
    outcome = measured(published, wide, "morale")
    return (wide, outcome + measured(published, wide, *SIGNS, *KEYS)) if outcome else (None, ())


def questions_placed(published: Published, *, rng: np.random.Generator) -> tuple[Placed, ...]:
    """Place each question by how far it goes with morale and how it is answered.

    Parameters
    ----------
    published : Published
    rng : numpy.random.Generator

    Returns
    -------
    tuple of Placed
        Empty where joint sums are not kept.

    References
    ----------
    Martilla and James (1977), doi:10.1177/002224297704100112.
    """
    wide, items = _asked(published)
    if wide is None:
        return ()
    sums = turned_sums(wide, items)
    chances = importance_and_performance(*sums, draws=DRAWS, rng=rng)
    shares = {row.item.key: row.share for row in drivers_of_morale(published, rng=rng).rows}
    joint = joint_of_sums(*sums)
    if isinstance(chances, Withheld) or isinstance(joint, Withheld):
        return ()
    spread = 1.96 * np.sqrt(np.diagonal(joint.covariance) / joint.n)
    return tuple(
        Placed(
            relation=None,
            item=item,
            importance=shares.get(item.key, NO_WIDE),
            performance=_five_on_ten(joint.means[at], spread[at], joint.n),
            quadrants=tuple(map(float, chances[at - 1])),
        )
        for at, item in enumerate(items)
        if at
    )


def _five_on_ten(mean: float, reach: float, n: int) -> Figure:
    low, value, high = (
        float(np.clip((each - 1) * 2.5, 0, 10)) for each in (mean - reach, mean, mean + reach)
    )
    return Figure(value, low, high, n)


def edges_placed(published: Published, *, rng: np.random.Generator) -> tuple[Placed, ...]:
    """Place each edge by how much it matters to those served and how well it is done.

    Parameters
    ----------
    published : Published
    rng : numpy.random.Generator

    Returns
    -------
    tuple of Placed
        In the order of the wave; those without both figures have no quadrant.

    Notes
    -----
    The lines are the means over the edges in each draw. Both answers of a person are drawn as if
    they were independent, because the base table does not hold them together.
    """
    matters, well = items_of(published, "importance"), items_of(published, "performance")
    if not matters or not well:
        return ()
    sides = rows_by_side(published)
    rows = {one.id: sides.get((one.id, Side.SERVED), ()) for one in published.relations}
    says = [figures_by_group(published, item) for item in (matters[0], well[0])]
    nobody = Withheld("nobody_there", published.k, 0)
    placed = [
        Placed(
            relation=one,
            item=None,
            importance=says[0][rows[one.id][0]] if rows[one.id] else nobody,
            performance=says[1][rows[one.id][0]] if rows[one.id] else nobody,
        )
        for one in published.relations
    ]
    whole = [at for at, one in enumerate(placed) if _both(one)]
    if len(whole) < 2:
        return tuple(placed)
    means = [
        _drawn(
            [counts_at(published, rows[published.relations[at].id], item) for at in whole], rng=rng
        )
        for item in (matters[0], well[0])
    ]
    return _with_quadrants(placed, whole, quadrant_shares(*means))


def _both(one: Placed) -> bool:
    return isinstance(one.importance, Figure) and isinstance(one.performance, Figure)


def _with_quadrants(
    placed: Sequence[Placed], whole: Sequence[int], chances: NDArray[np.float64]
) -> tuple[Placed, ...]:
    found = dict(zip(whole, chances, strict=True))
    return tuple(
        Placed(
            relation=one.relation,
            item=one.item,
            importance=one.importance,
            performance=one.performance,
            quadrants=tuple(map(float, found[at])) if at in found else (),
        )
        for at, one in enumerate(placed)
    )


def _drawn(counts: Sequence[NDArray[np.int64]], *, rng: np.random.Generator) -> NDArray[np.float64]:
    """Means that other samples could have given, (draws, questions)."""
    whole = np.stack(counts)
    drawn = rng.standard_gamma(whole + 1 / whole.shape[1], size=(DRAWS, *whole.shape))
    return np.asarray(drawn @ np.arange(whole.shape[1]) / drawn.sum(-1))
