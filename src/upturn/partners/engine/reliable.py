"""How well signs and keys measure: over questions (alpha, omega) and over teams (ICC, rwg)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upturn.partners.engine.base_table import Shown, counted_items, has_scale
from upturn.partners.engine.shapes import Form, Item, Published, Side, Wide
from upturn.partners.engine.signs import KEYS, SIGNS
from upturn.stats import Withheld
from upturn.stats.agreement import icc1, icc2, rwg
from upturn.stats.components import totals_of_counts
from upturn.stats.reliability import cronbach_alpha, omega_total

GROUPS_NEEDED = 2
Sums = tuple[int, NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleReliability:
    """How far some questions measure one thing.

    Parameters
    ----------
    name : str
        ``"all"`` for the signs or keys, ``"servers"`` for the three of S1.3.
    side : Side
    items : int
    alpha, omega : Figure or Withheld
        At most 1.
    """

    name: str
    side: Side
    items: int
    alpha: Shown
    omega: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far teams differ in a question, and agree within.

    Parameters
    ----------
    item : Item
    icc1, icc2 : float or Withheld
        Share of the variance between teams, and reliability of their means.
    rwg : float
        Of the middle team; 1 is full agreement.
    teams, n : int
        Blocks of servers and their answers.
    """

    item: Item
    icc1: float | Withheld
    icc2: float | Withheld
    rwg: float
    teams: int
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """All that is known of how well a wave measured."""

    scales: tuple[ScaleReliability, ...]
    items: tuple[Agreement, ...]


def reliability(published: Published, *, rng: np.random.Generator) -> Reliability:
    """Say how reliable the questions were in this wave.

    Parameters
    ----------
    published : Published
    rng : numpy.random.Generator

    Returns
    -------
    Reliability

    Notes
    -----
    Alpha and omega need joint answers, which are kept for unions of at least fifty people alone.
    They are taken of the largest union of each side.

    References
    ----------
    Seed item S1.3; Cronbach (1951); McDonald (1999); Bliese (2000); James et al. (1984).
    """
    scales = []
    for wide in largest_by_side(published):
        for name, measures in (("all", (*SIGNS, *KEYS)), ("servers", ("servers",))):
            items = measured(published, wide, *measures)
            if len(items) > 1:
                scales.append(_scale(name, wide, items, rng=rng))
    asked = [item for item in counted_items(published) if _by_teams(item)]
    return Reliability(
        scales=tuple(scales), items=tuple(_agreement(published, item) for item in asked)
    )


def largest_by_side(published: Published) -> tuple[Wide, ...]:
    """Of each side the union with the most people, for joint figures."""
    found: dict[Side, Wide] = {}
    for wide in published.wide:
        if wide.side not in found or wide.n > found[wide.side].n:
            found[wide.side] = wide
    return tuple(found.values())


def measured(published: Published, wide: Wide, *measures: str) -> tuple[Item, ...]:
    """Items of a union that measure one of these things."""
    return tuple(
        item
        for item in counted_items(published)
        if item.measures in measures and item.key in wide.items
    )


def turned_sums(wide: Wide, items: Sequence[Item]) -> Sums:
    """Sums and products of some items, reversed ones turned so that more is better.

    Parameters
    ----------
    wide : Wide
    items : sequence of Item

    Returns
    -------
    n : int
    sums : int64 array, (items,)
    products : int64 array, (items, items)
    """
    at = [wide.items.index(item.key) for item in items]
    sums, products = wide.sums[at], wide.products[np.ix_(at, at)]
    sign = np.array([-1 if item.reversed_ else 1 for item in items], dtype=np.int64)
    shift = np.array([item.categories + 1 if item.reversed_ else 0 for item in items])
    signed = sign * sums
    crossed = np.outer(signed, shift)
    whole = np.outer(sign, sign) * products + crossed + crossed.T + wide.n * np.outer(shift, shift)
    return wide.n, signed + wide.n * shift, whole


def _scale(
    name: str, wide: Wide, items: Sequence[Item], *, rng: np.random.Generator
) -> ScaleReliability:
    n, sums, products = turned_sums(wide, items)
    return ScaleReliability(
        name=name,
        side=wide.side,
        items=len(items),
        alpha=cronbach_alpha(n, sums, products),
        omega=omega_total(n, sums, products, rng=rng),
    )


def _by_teams(item: Item) -> bool:
    return has_scale(item) and item.form is not Form.SPLIT and Side.SERVERS in item.sides


def _agreement(published: Published, item: Item) -> Agreement:
    column = published.items.index(item.key)
    rows = [at for at, group in enumerate(published.groups) if group.side is Side.SERVERS]
    counts = published.counts[rows, column, : item.categories]
    counts = counts[counts.sum(axis=1) >= published.k]
    between, means = _between(counts)
    spread = rwg(counts) if len(counts) else np.zeros(0)
    return Agreement(
        item=item,
        icc1=between,
        icc2=means,
        rwg=float(np.median(spread)) if len(spread) else 0.0,
        teams=len(counts),
        n=int(counts.sum()),
    )


def _between(counts: NDArray[np.int64]) -> tuple[float | Withheld, float | Withheld]:
    if len(counts) < GROUPS_NEEDED:
        why = Withheld("one_group", GROUPS_NEEDED, len(counts))
        return why, why
    totals = totals_of_counts(counts)
    one, two = float(icc1(totals)), float(icc2(totals))
    if not np.isfinite(one):
        why = Withheld("all_alike", GROUPS_NEEDED, 1)
        return why, why
    return one, two if np.isfinite(two) else 0.0
