"""Means and shares of counted answers, for many tables at once."""

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.figures import Figure, Withheld
from upturn.stats.quantiles import normal_quantile, student_quantile
from upturn.stats.tables import Figures, Floats, as_counts, as_table, by_pieces, figures_where


def mean_of_counts(
    counts: ArrayLike, *, scores: ArrayLike | None = None, coverage: float = 0.95
) -> Figure | Withheld:
    """Where does the mean of counted answers lie? One interval; see `means_of_counts`.

    Parameters
    ----------
    counts : int array, (categories,)
    scores : float array, (categories,), optional
        What each category is worth; 1, 2, 3 ... without it.
    coverage : float
        0..1.

    Returns
    -------
    Figure or Withheld
        ``Withheld("too_few", 2, n)`` below two answers, ``Withheld("all_alike", 2, 1)`` when all
        are the same.

    Examples
    --------
    >>> figure = mean_of_counts([0, 1, 3, 6, 5])
    >>> print(f"{figure.value:.2f}, {figure.low:.2f} to {figure.high:.2f}, n {figure.n}")
    4.00, 3.49 to 4.51, n 15
    >>> mean_of_counts([0, 0, 7, 0, 0])
    Withheld(reason='all_alike', needed=2, got=1)
    """
    return means_of_counts(counts, scores=scores, coverage=coverage).at()


def means_of_counts(
    counts: ArrayLike, *, scores: ArrayLike | None = None, coverage: float = 0.95
) -> Figures:
    """Where do the means of many counted answers lie? Student's t interval, one a row.

    Parameters
    ----------
    counts : int array, (..., categories)
    scores : float array, (categories,), optional
        What each category is worth; 1, 2, 3 ... without it. Tenths of the week: 0, 10 ... 100.
    coverage : float
        0..1.

    Returns
    -------
    Figures
        (...), in the unit of the scores.

    Raises
    ------
    ImpossibleCounts
        If a count is negative.

    Notes
    -----
    Takes the distance between neighbouring categories as equal wherever it is read as more than a
    place on the scale. The ends are not held within the scale.

    References
    ----------
    Student (1908), doi:10.1093/biomet/6.1.1.
    """
    table = as_table(counts)
    worth = _scores(table.shape[-1], scores)

    def kernel(counts: Floats) -> tuple[Floats, ...]:
        (columns,) = counts
        n, total, squares = np.stack([np.ones_like(worth), worth, worth**2]) @ columns
        mean = total / n
        reach = student_quantile(np.maximum(n - 1, 1), coverage=coverage)
        error = np.sqrt((squares - total * mean).clip(0) / ((n - 1) * n))
        shown = (n >= 2) & (columns.max(0) < n)
        return n, np.where(shown, 1.0, 0.0), mean, reach * error

    n, shown, mean, half = by_pieces(kernel, table, results=4)
    return figures_where(shown > 0, (mean, mean - half, mean + half), n=n, least=n, needed=2)


def category_shares(counts: ArrayLike, *, coverage: float = 0.95) -> Figures:
    """Where do the shares of all categories lie, all of them at the same time? Goodman.

    Parameters
    ----------
    counts : int array, (..., categories)
    coverage : float
        Share of tables in which every category's interval holds, 0..1.

    Returns
    -------
    Figures
        (..., categories), shares 0..1; withheld without any answer.

    Raises
    ------
    ImpossibleCounts
        If a count is negative.

    References
    ----------
    Goodman (1965), doi:10.1080/00401706.1965.10490252: Wilson's interval at the coverage
    1 - (1 - coverage) / categories; his variant with the quantile by Bonferroni.

    Examples
    --------
    >>> shares = category_shares([56, 72, 73, 59, 62, 87, 58])
    >>> shares.low.round(3).tolist()
    [0.085, 0.115, 0.116, 0.091, 0.096, 0.143, 0.089]
    """
    table = as_counts(counts)
    normal_quantile(coverage)
    z = normal_quantile(1 - (1 - coverage) / table.shape[-1])
    n = table.sum(-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        share, pull = table / n, z * z / n
        centre = (share + pull / 2) / (1 + pull)
        half = np.sqrt(share * (1 - share) * pull + pull * pull / 4) / (1 + pull)
    low, high = np.where(table > 0, centre - half, 0), np.where(table < n, centre + half, 1)
    return figures_where(n > 0, (share, low, high), n=n, least=n, needed=1)


def _scores(categories: int, scores: ArrayLike | None) -> Floats:
    if scores is None:
        return np.arange(1, categories + 1, dtype=np.float64)
    return np.asarray(scores, dtype=np.float64)
