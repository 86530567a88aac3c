"""Intervals from totals alone, so that a database sums and nothing else leaves it."""

from functools import cache
from math import sqrt
from statistics import NormalDist

from upturn.stats.errors import ImpossibleCoverage, ImpossibleTotals
from upturn.stats.figures import Figure, Withheld

ROUNDING = 1e-9  # share of total squared by which summed floats may miss n * squares >= total ** 2


def mean_interval(
    n: int, total: float, squares: float, *, coverage: float = 0.95
) -> Figure | Withheld:
    """Where does the mean lie, given what the sample says? Student's t interval.

    Parameters
    ----------
    n : int
        Number of observations.
    total, squares : float
        Their sum and the sum of their squares; exact when both are integers.
    coverage : float
        Share of such intervals that hold the true mean, 0..1.

    Returns
    -------
    Figure or Withheld
        ``Withheld("too_few", 2, n)`` below two observations.

    Raises
    ------
    ImpossibleTotals
        If no n numbers have this sum and these squares.
    ImpossibleCoverage
        If coverage is not between 0 and 1.

    Notes
    -----
    Assumes independent observations, and a mean that is near enough to normal.

    References
    ----------
    Student (1908), Biometrika 6(1), doi:10.1093/biomet/6.1.1.

    Examples
    --------
    >>> figure = mean_interval(4, 28, 200)
    >>> print(f"{figure.value:.1f}, {figure.low:.1f} to {figure.high:.1f}, n {figure.n}")
    7.0, 5.2 to 8.8, n 4
    >>> mean_interval(1, 7, 49)
    Withheld(reason='too_few', needed=2, got=1)
    """
    _check_coverage(coverage)
    spread = n * squares - total * total
    if not (n >= 0 and spread >= -ROUNDING * total * total):  # also catches nan
        raise ImpossibleTotals("No numbers sum up like this", n=n, total=total, squares=squares)
    if n < 2:
        return Withheld("too_few", needed=2, got=n)
    mean = total / n
    half = _student_quantile(n - 1, 0.5 + coverage / 2) * sqrt(max(spread, 0) / (n - 1)) / n
    return Figure(mean, mean - half, mean + half, n)


def share_interval(hits: int, n: int, *, coverage: float = 0.95) -> Figure | Withheld:
    """Where does the share lie, given `hits` of `n`? Wilson's score interval.

    Parameters
    ----------
    hits, n : int
        How many of how many.
    coverage : float
        Share of such intervals that hold the true share, 0..1.

    Returns
    -------
    Figure or Withheld
        All in 0..1; ``Withheld("too_few", 1, 0)`` when there is nothing to take a share of.

    Raises
    ------
    ImpossibleTotals
        If hits is not between 0 and n.
    ImpossibleCoverage
        If coverage is not between 0 and 1.

    References
    ----------
    Wilson (1927), doi:10.1080/01621459.1927.10502953; method 3 of Newcombe (1998),
    Statistics in Medicine 17, 857-872.

    Examples
    --------
    >>> figure = share_interval(81, 263)
    >>> print(f"{figure.value:.3f}, {figure.low:.4f} to {figure.high:.4f}, n {figure.n}")
    0.308, 0.2553 to 0.3662, n 263
    """
    _check_coverage(coverage)
    if not 0 <= hits <= n:
        raise ImpossibleTotals("A part is never more than the whole", hits=hits, n=n)
    if n < 1:
        return Withheld("too_few", needed=1, got=n)
    share, z = hits / n, NormalDist().inv_cdf(0.5 + coverage / 2)
    pull = z * z / n
    centre = (share + pull / 2) / (1 + pull)
    half = sqrt(share * (1 - share) * pull + pull * pull / 4) / (1 + pull)
    low = centre - half if hits else 0.0  # exact, where rounding would leave 1e-17
    return Figure(share, low, centre + half if hits < n else 1.0, n)


def _check_coverage(coverage: float) -> None:
    if not 0 < coverage < 1:
        raise ImpossibleCoverage(coverage)


@cache
def _student_quantile(freedom: int, probability: float) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415 - half a second that a share does not need

    return float(stdtrit(freedom, probability))
