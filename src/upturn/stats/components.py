"""How much of a figure's spread lies between units, and what a unit's own figure is worth."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.errors import ImpossibleCounts, ImpossibleTotals
from upturn.stats.figures import Withheld
from upturn.stats.quantiles import normal_quantile
from upturn.stats.tables import PIECE, Figures, Floats, as_table, by_pieces

NARROWINGS = 34  # of the interval that holds the share between units: to 1e-8 of itself
GRID = 33  # shares at which the criterion is looked at first
GOLDEN = 0.6180339887498949
ROUNDING = 1e-9  # share of total squared by which summed floats may miss n * squares >= total ** 2


@dataclass(frozen=True, slots=True)
class UnitTotals:
    """Totals of units, enough for every figure in this module.

    Parameters
    ----------
    n, total, squares : float array, (..., units)
        Answers, their sum and the sum of their squares; a unit without answers has n 0.
    """

    n: Floats
    total: Floats
    squares: Floats


@dataclass(frozen=True, slots=True)
class Components:
    """Mean over units, and variance between and within them.

    Parameters
    ----------
    mean, mean_error : float array, (...)
        Mean of the units' true means and its standard error.
    between, within : float array, (...)
        Variance of the true means, and of an answer around its unit's true mean. Nan where two
        units with answers, or a unit with two, are missing, or where all answers are the same.
    """

    mean: Floats
    mean_error: Floats
    between: Floats
    within: Floats


@dataclass(frozen=True, slots=True)
class Shrunken:
    """What units' means are likely to be, given all units.

    Parameters
    ----------
    figures : Figures, (..., units)
    weight : float array, (..., units)
        Share of a unit's own mean in its figure, 0..1; the rest is the mean over units.
    """

    figures: Figures
    weight: Floats


def totals_of_counts(counts: ArrayLike, *, scores: ArrayLike | None = None) -> UnitTotals:
    """Sum up counted answers by unit, exactly.

    Parameters
    ----------
    counts : int array, (..., units, categories)
    scores : float array, (categories,), optional
        What each category is worth; 1, 2, 3 ... without it.

    Returns
    -------
    UnitTotals

    Raises
    ------
    ImpossibleCounts
        If counts are negative or have no axis of units.
    """
    table = as_table(counts)
    if table.ndim < 2:
        raise ImpossibleCounts("Counts need an axis of units before the categories", table.shape)
    worth = np.arange(1.0, table.shape[-1] + 1) if scores is None else np.asarray(scores, float)
    worths = np.stack([np.ones_like(worth), worth, worth**2])
    return UnitTotals(*by_pieces(lambda counts: worths @ counts[0], table, results=3))


def variance_components(
    units: UnitTotals, *, method: Literal["reml", "moments"] = "reml"
) -> Components:
    """How much do units really differ, beyond what the few answers in each make? Random effects.

    Parameters
    ----------
    units : UnitTotals, (..., units)
    method : {"reml", "moments"}
        Restricted maximum likelihood, or from the two mean squares. The same where all units have
        as many answers and differ by more than chance.

    Returns
    -------
    Components
        (...), one for each question.

    Raises
    ------
    ImpossibleTotals
        If a unit's squares are less than its total allows.

    Notes
    -----
    REML works on the totals: at a share of variance between units, the variance within has a
    closed form, which leaves a criterion in the share alone. It is looked at on a grid, and
    narrowed around the best by golden section. The cost is about 100 passes over the units.

    References
    ----------
    Searle, Casella and McCulloch (1992), Variance Components, doi:10.1002/9780470316856, chapters 3
    and 6.

    Examples
    --------
    >>> found = variance_components(totals_of_counts([[4, 1, 0], [1, 3, 1], [0, 2, 5]]))
    >>> float(found.between.round(3)), float(found.within.round(3))
    (0.524, 0.302)
    """
    lead = units.n.shape[:-1]
    found = np.empty((4, prod(lead)))
    for questions, part in _parts(units):
        found[:, questions] = _components(part, method)
    return Components(*(figure.reshape(lead) for figure in found))


def shrink(units: UnitTotals, components: Components, *, coverage: float = 0.95) -> Shrunken:
    """What is each unit's true mean likely to be? Pulled to the mean over units, by its n.

    Parameters
    ----------
    units : UnitTotals, (..., units)
    components : Components, (...)
        From `variance_components` of these units.
    coverage : float
        0..1.

    Returns
    -------
    Shrunken
        Withheld where a unit has no answers (``too_few``), and where there are no components
        (``all_alike``).

    Notes
    -----
    B = between / (between + within / n); figure = mean + B (own mean - mean). The intervals count
    the uncertainty of the mean over units but not that of the components themselves, so they are
    a little narrow with fewer than about ten units.

    References
    ----------
    Robinson (1991), doi:10.1214/ss/1177011926.
    """
    reach = normal_quantile(coverage)
    found = np.empty((4, *units.n.shape))
    questions = found.reshape(4, prod(units.n.shape[:-1]), units.n.shape[-1])
    rows = [
        np.reshape(figure, (-1, 1))
        for figure in (
            components.mean,
            components.mean_error,
            components.between,
            components.within,
        )
    ]
    for some, part in _parts(units):
        of = Components(*(figure[some] for figure in rows))
        for into, figure in zip(questions[:, some], _shrunken(part, of, reach), strict=True):
            into[...] = figure
    value, low, high, weight = found
    n = units.n.astype(np.int64)
    return Shrunken(Figures(value, low, high, n=n, least=n, needed=1), weight)


def mean_squares(units: UnitTotals) -> tuple[Floats, Floats, Floats]:
    """Take the one-way analysis of variance.

    Parameters
    ----------
    units : UnitTotals, (..., units)

    Returns
    -------
    between, within, size : float array, (...)
        Mean squares, and the size of a unit that counts: the common one where all are equal.
    """
    everyone, groups = units.n.sum(-1), np.count_nonzero(units.n, axis=-1)
    means = unit_means(units)
    own = units.squares - units.total * means
    with np.errstate(divide="ignore", invalid="ignore"):
        within = np.maximum(own, 0, out=own).sum(-1) / (everyone - groups)
        means -= (units.total.sum(-1) / everyone)[..., None]
        means *= means
        means *= units.n
        between = means.sum(-1) / (groups - 1)
        size = (everyone - (units.n * units.n).sum(-1) / everyone) / (groups - 1)
    return between, within, size


def unit_means(units: UnitTotals) -> Floats:
    """Give the means of units, (..., units); 0 where there are no answers."""
    return np.asarray(units.total / np.maximum(units.n, 1))


def squares_within(units: UnitTotals) -> Floats:
    """Sum the squared distances of all answers from their units' means, (...)."""
    own = units.squares - units.total * unit_means(units)
    return np.asarray(own.clip(0).sum(-1))


def withheld_components(units: UnitTotals) -> Withheld | None:
    """Say why one question has no components: fewer than two units, or nothing repeated.

    Parameters
    ----------
    units : UnitTotals, (units,)

    Returns
    -------
    Withheld or None
        ``too_few_units`` below two units with answers, ``too_few`` where no unit has two answers,
        ``all_alike`` where there is no spread; None where there are components.
    """
    filled = int((units.n > 0).sum())
    if filled < 2:
        return Withheld("too_few_units", needed=2, got=filled)
    if (most := int(units.n.max())) < 2:
        return Withheld("too_few", needed=2, got=most)
    if np.isnan(variance_components(units, method="moments").within):
        return Withheld("all_alike", needed=2, got=1)
    return None


def _parts(units: UnitTotals) -> Iterator[tuple[slice, UnitTotals]]:
    """Give a cacheful of questions at a time, and which these are: (questions, units)."""
    *lead, many = units.n.shape
    rows = [each.reshape(prod(lead), many) for each in (units.n, units.total, units.squares)]
    together = max(1, PIECE // max(1, many))
    for start in range(0, prod(lead), together):
        some = slice(start, start + together)
        yield some, UnitTotals(*(each[some] for each in rows))


def _components(units: UnitTotals, method: str) -> tuple[Floats, Floats, Floats, Floats]:
    _check(units)
    with np.errstate(divide="ignore", invalid="ignore"):
        between, within = _moments(units) if method == "moments" else _reml(units)
        weights = units.n / (within[..., None] + units.n * between[..., None])
        mean = _weighted_mean(unit_means(units), weights)
        return mean, np.sqrt(1 / weights.sum(-1)), between, within


def _shrunken(
    units: UnitTotals, of: Components, reach: float
) -> tuple[Floats, Floats, Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        swollen = units.n * of.between
        weight = swollen / (swollen + of.within)
        value = of.mean + weight * (units.total / units.n - of.mean)
        rest = 1 - weight
        half = reach * np.sqrt(rest * of.between + (rest * of.mean_error) ** 2)
    weight[np.isnan(value)] = np.nan
    return value, value - half, value + half, weight


def _check(units: UnitTotals) -> None:
    spread = units.n * units.squares - units.total * units.total * (1 - ROUNDING)
    if spread.size and not spread.min() >= 0:  # also catches nan
        bad = ~(spread >= 0)
        at = np.unravel_index(int(bad.argmax()), bad.shape)
        n, total, squares = (float(x[at]) for x in (units.n, units.total, units.squares))
        raise ImpossibleTotals("No numbers sum up like this", n=n, total=total, squares=squares)


def _moments(units: UnitTotals) -> tuple[Floats, Floats]:
    between, within, size = mean_squares(units)
    known = (between + within > 0) & np.isfinite(between + within)
    tau = np.maximum((between - within) / size, 0)
    return np.where(known, tau, np.nan), np.where(known, within, np.nan)


def _weighted_mean(means: Floats, weights: Floats) -> Floats:
    return np.asarray((weights * means).sum(-1) / weights.sum(-1))


def _reml(units: UnitTotals) -> tuple[Floats, Floats]:
    start, own = _moments(units)[0], squares_within(units)
    grid = np.linspace(0, 1 - 1e-9, GRID)  # of roots of the share: small shares are the usual case
    values = np.stack([_criterion(units, own, np.full(start.shape, root))[0] for root in grid])
    best = np.where(np.isnan(values), np.inf, values).argmin(axis=0)
    low, high = grid[np.maximum(best - 1, 0)], grid[np.minimum(best + 1, GRID - 1)]
    for _ in range(NARROWINGS):
        left, right = low + (high - low) * (1 - GOLDEN), low + (high - low) * GOLDEN
        lower = _criterion(units, own, left)[0] <= _criterion(units, own, right)[0]
        low, high = np.where(lower, low, left), np.where(lower, right, high)
    _value, between, within = _criterion(units, own, (low + high) / 2)
    return np.where(np.isnan(start), np.nan, between), np.where(np.isnan(start), np.nan, within)


def _criterion(units: UnitTotals, own: Floats, root: Floats) -> tuple[Floats, Floats, Floats]:
    """REML criterion without constants, and both components, at a root of the share between."""
    ratio = root**2 / (1 - root**2)
    swollen = 1 + units.n * ratio[..., None]
    weights = units.n / swollen
    means = unit_means(units)
    apart = means - _weighted_mean(means, weights)[..., None]
    freedom = units.n.sum(-1) - 1
    within = (own + (weights * apart**2).sum(-1)) / freedom
    spread = np.log(swollen).sum(-1) + np.log(weights.sum(-1))
    return np.asarray(spread + freedom * np.log(within)), ratio * within, within
