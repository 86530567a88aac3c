"""How a figure's spread divides between outer groups, the groups inside them, and the rest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.draws import generator
from upturn.stats.errors import ImpossibleCounts
from upturn.stats.figures import Figure, Withheld
from upturn.stats.quantiles import normal_quantile
from upturn.stats.tables import ALL_ALIKE, TOO_FEW, Floats, Integers

FEWEST_GROUPS = 5  # below it a spread between groups is little more than a guess
DRAWS = 20_000
LARGEST = 1e100  # its square is still a number
SAME = 1e-24  # of the size of the figures squared: what rounding leaves of equal figures


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a spread.

    Parameters
    ----------
    variance : float
        In the unit of the figure, squared; 0 where the estimate fell below.
    share : Figure
        Of the whole, 0..1; its n counts groups, or rows for the rest.
    below_zero : bool
        The groups differ less than chance alone would make them; the variance is set to 0.
    """

    variance: float
    share: Figure
    below_zero: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """The parts of a spread; their shares add up to 1.

    Parameters
    ----------
    outer : Part, Withheld or None
        Between outer groups; None without such groups. Where it is withheld, the other two are
        shares of the spread within outer groups.
    inner : Part
        Between inner groups of one outer group.
    rest : Part
        Within inner groups: persons and chance together, which one figure each cannot tell apart.
    """

    outer: Part | Withheld | None
    inner: Part
    rest: Part


@dataclass(frozen=True, slots=True)
class _Level:
    """A mean square, its freedom, what of the levels below is in it, and how far ends weigh in."""

    square: float
    freedom: int
    inner: float = 0.0
    rest: float = 0.0
    heavy: float = 1.0  # half the kurtosis less 1: 1 for normal effects


def nested_spread(
    figures: ArrayLike,
    inner: ArrayLike,
    outer: ArrayLike | None = None,
    *,
    coverage: float = 0.95,
    seed: int = 0,
) -> Spread | Withheld:
    """Where do differences lie: between outer groups, groups inside them, or within? By shares.

    Parameters
    ----------
    figures : float array, (rows,)
    inner, outer : int array, (rows,)
        Numbers of the groups, 0 or more. Inner groups of the same number in two outer groups are
        two groups.
    coverage : float
        0..1.
    seed : int
        Of the draws behind the intervals.

    Returns
    -------
    Spread or Withheld
        ``too_few_units`` where inner groups leave fewer than four comparisons within outer groups
        (five groups, if there is no outer one), ``too_few`` where no inner group has two rows,
        ``all_alike`` without spread within groups. Between fewer than five outer groups the outer
        part alone is withheld, ``too_few_units``.

    Raises
    ------
    ImpossibleCounts
        Rows that do not fit together, or figures that are no numbers.
    ImpossibleCoverage
        If coverage is not between 0 and 1.

    Notes
    -----
    Random effects, from unweighted means: of inner groups over their rows, and of outer groups over
    their inner ones. Mean squares of these are set equal to what they are expected to be, so
    estimates have no bias and equal those of the analysis of variance where all groups are of one
    size. The intervals draw each mean square as its expectation times chi-square over freedom,
    which is exact for equal sizes and normal effects; a part that a draw puts below 0 is 0 there.
    Where a few inner groups lie far off, that freedom is fewer (Box); of outer groups there are too
    few to see it. Where groups may not differ at all, the rest reaches up to 1 less their low ends.
    docs/background/exchange-rules.md says how often intervals hold, and when they are too narrow.

    References
    ----------
    Sen, Graybill and Ting (1992), doi:10.1002/bimj.4710340302, and Thomas and Hultquist (1978),
    doi:10.1214/aos/1176344202 (unweighted means); Chiang (2001), Technometrics 43, 356 (draws);
    Box (1953), Biometrika 40, 318 (effects far off).

    Examples
    --------
    >>> found = nested_spread([5, 6, 5, 6, 1, 2, 1, 2, 9, 8], [0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
    >>> print(f"{found.inner.share.value:.2f}, {found.inner.share.low:.2f} or more")
    0.95, 0.66 or more
    """
    normal_quantile(coverage)
    values, groups, owners = _grouped(figures, inner, outer)
    sizes = np.bincount(groups)
    means = np.bincount(groups, values) / sizes
    rest = _rest(values, groups, means)
    between = _inner(means, sizes, owners)
    if between.freedom < FEWEST_GROUPS - 1:
        return Withheld("too_few_units", needed=FEWEST_GROUPS, got=between.freedom + 1)
    if rest.freedom < 1:
        return Withheld(TOO_FEW, needed=2, got=int(sizes.max()))
    if rest.square <= SAME * float(np.square(np.asarray(figures, float)).max()):
        return Withheld(ALL_ALIKE, needed=2, got=1)
    companies = int(owners.max()) + 1
    above = [_outer(means, sizes, owners)] if companies >= FEWEST_GROUPS else []
    counts = [*([companies] * len(above)), sizes.size, values.size]
    parts = _parts([*above, between, rest], counts, coverage=coverage, seed=seed)
    if above:
        return Spread(*parts)
    few = Withheld("too_few_units", needed=FEWEST_GROUPS, got=companies)
    return Spread(None if outer is None else few, *parts)


def _grouped(
    figures: ArrayLike, inner: ArrayLike, outer: ArrayLike | None
) -> tuple[Floats, Integers, Integers]:
    """Give centred figures, the inner group of each, and the outer group of each inner group."""
    values, within = np.asarray(figures, np.float64), np.asarray(inner)
    above = np.zeros_like(within) if outer is None else np.asarray(outer)
    if values.ndim != 1 or not values.shape == within.shape == above.shape or not values.size:
        shapes = (values.shape, within.shape, above.shape)
        raise ImpossibleCounts("Each row needs a figure and its groups", shapes)
    if (bad := ~(np.abs(values) < LARGEST)).any():  # also catches nan
        raise ImpossibleCounts(f"Each figure is a number below {LARGEST:g}", float(values[bad][0]))
    if min(within.min(), above.min()) < 0:
        raise ImpossibleCounts("Groups are numbered from 0", int(min(within.min(), above.min())))
    _names, owner = np.unique(above, return_inverse=True)
    width = int(within.max()) + 1
    pairs, groups = np.unique(owner * width + within, return_inverse=True)
    return values - values.mean(), groups, pairs // width


def _rest(values: Floats, groups: Integers, means: Floats) -> _Level:
    freedom = values.size - means.size
    own = values - means[groups]
    return _Level(float(own @ own) / max(freedom, 1), freedom)


def _inner(means: Floats, sizes: Integers, owners: Integers) -> _Level:
    """Mean square of inner groups' means around those of their outer group, unweighted."""
    many = np.bincount(owners)
    apart = means - (np.bincount(owners, means) / many)[owners]
    freedom = means.size - many.size
    chance = float(((1 - 1 / many) * np.bincount(owners, 1 / sizes)).sum())
    square, chance = float(apart @ apart) / max(freedom, 1), chance / max(freedom, 1)
    return _Level(square, freedom, inner=1.0, rest=chance, heavy=_heavy(apart, many[owners]))


def _heavy(apart: Floats, many: Integers) -> float:
    """How much less the freedom of a spread is worth than if its effects were normal."""
    squares = (apart**2)[many > 1] / (1 - 1 / many[many > 1])
    if not squares.any():
        return 1.0
    kurtosis = float((squares**2).mean() / squares.mean() ** 2)
    return max((kurtosis - 1) / 2, 1.0)


def _outer(means: Floats, sizes: Integers, owners: Integers) -> _Level:
    """Mean square of outer groups' means, each the mean of its inner groups' means."""
    many = np.bincount(owners)
    above = np.bincount(owners, means) / many
    chance = float((np.bincount(owners, 1 / sizes) / many**2).mean())
    square, inner = float(above.var(ddof=1)), float((1 / many).mean())
    return _Level(square, many.size - 1, inner=inner, rest=chance)


def _parts(
    levels: list[_Level], counts: list[int], *, coverage: float, seed: int
) -> tuple[Part, ...]:
    """Solve for the variances, once as estimated and once for each draw of the mean squares."""
    stream = generator(seed, "spread")
    raw = _solved(levels, [np.array([level.square]) for level in levels])
    worth = [(level.square, level.freedom / level.heavy) for level in levels]
    drawn = _solved(
        levels, [square * freedom / stream.chisquare(freedom, DRAWS) for square, freedom in worth]
    )
    value, every = _shares(raw)[:, 0], _shares(drawn)
    tail = (1 - coverage) / 2
    low, high = np.quantile(every, [tail, 1 - tail], axis=1)
    if not low[:-1].all():
        high[-1] = max(high[-1], 1 - low[:-1].sum())
    ends = (each.tolist() for each in (raw[:, 0], value, low, high))
    return tuple(
        Part(max(variance, 0.0), Figure(share, least, most, n=n), variance < 0)
        for variance, share, least, most, n in zip(*ends, counts, strict=True)
    )


def _solved(levels: list[_Level], squares: list[Floats]) -> Floats:
    """Give variances (levels, draws) from outer to rest, below 0 where that is what comes out."""
    rest = squares[-1]
    inner = squares[-2] - levels[-2].rest * rest
    found = [inner, rest]
    if len(levels) == 3:
        found.insert(0, squares[0] - levels[0].inner * inner - levels[0].rest * rest)
    return np.stack(found)


def _shares(variances: Floats) -> Floats:
    kept = variances.clip(0)
    return np.asarray(kept / kept.sum(axis=0))
