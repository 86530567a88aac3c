"""Whether and where a series changed its level once, given how sure each of its points is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.errors import ImpossibleCounts
from upturn.stats.figures import Withheld
from upturn.stats.tables import TOO_FEW, Floats

POINTS = 4  # below, a break fits any series


@dataclass(frozen=True, slots=True)
class Break:
    """The likeliest single change of level.

    Parameters
    ----------
    after : int
        Points before the change.
    before, since : float
        Mean of the points on either side, each weighted by how sure it is.
    chance : float
        Of a change at least as clear, anywhere, in a series that never changes, 0..1.
    """

    after: int
    before: float
    since: float
    chance: float


def one_break(
    values: ArrayLike, *, errors: ArrayLike, draws: int = 2000, rng: np.random.Generator
) -> Break | Withheld:
    """When did a series change its level, and could that be noise? Least squares, every split.

    Parameters
    ----------
    values : float array, (points,)
    errors : float array, (points,)
        Standard errors, above 0: a point of few answers weighs little.
    draws : int
        Of series that never change.
    rng : numpy.random.Generator

    Returns
    -------
    Break or Withheld
        ``Withheld("too_few", 4, points)`` below four points.

    Raises
    ------
    ImpossibleCounts
        If an error is not above 0, or there are not as many as values.

    Notes
    -----
    The place is chosen by the data, which ``chance`` allows for. Independent points are assumed
    that vary by their errors alone: where waves swing for reasons of their own, the chance is too
    small.

    References
    ----------
    Hinkley (1970), doi:10.1093/biomet/57.1.1.

    Examples
    --------
    >>> found = one_break([5, 6, 5, 9, 8, 9], errors=[1] * 6, rng=np.random.default_rng(1))
    >>> found.after, round(found.before, 2), round(found.since, 2)
    (3, 5.33, 8.67)
    """
    series = np.asarray(values, dtype=np.float64)
    spread = np.asarray(errors, dtype=np.float64)
    if series.ndim != 1 or spread.shape != series.shape or not (spread > 0).all():
        raise ImpossibleCounts("Each value needs a standard error above 0", spread.shape)
    if len(series) < POINTS:
        return Withheld(TOO_FEW, needed=POINTS, got=len(series))
    weights = spread**-2
    clear = _clearness(series[None], weights)[0]
    after = int(clear.argmax()) + 1
    quiet = _clearness(rng.standard_normal((draws, len(series))) * spread, weights).max(-1)
    chance = (1 + int((quiet >= clear[after - 1]).sum())) / (draws + 1)
    before, since = (
        float(np.average(series[part], weights=weights[part]))
        for part in (slice(after), slice(after, None))
    )
    return Break(after, before, since, chance)


def _clearness(series: Floats, weights: Floats) -> Floats:
    """Squares explained by a split after each point but the last, (series, points - 1)."""
    early = np.cumsum(weights)[:-1]
    late = weights.sum() - early
    sums = np.cumsum(series * weights, axis=-1)
    first = sums[:, :-1] / early
    second = (sums[:, -1:] - sums[:, :-1]) / late
    return np.asarray((first - second) ** 2 / (1 / early + 1 / late))
