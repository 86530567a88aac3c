"""How often one side answers higher than the other, from counts alone."""

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.figures import Figure, Withheld
from upturn.stats.placements import (
    Sides,
    figures_of_sides,
    may_be_shown,
    plain_superiority,
    pulled,
    sides_of,
    superiority_of,
    two_sides,
)
from upturn.stats.quantiles import normal_quantile
from upturn.stats.tables import Figures, Floats, by_pieces


def probability_of_superiority(a: ArrayLike, b: ArrayLike) -> Floats:
    """How often does an answer of side a lie above one of side b? A tie counts as half.

    Parameters
    ----------
    a, b : int array, (..., categories)
        Answers in each category, from the lowest.

    Returns
    -------
    float array, (...)
        0..1; one half when neither is higher; nan where a side has no answers. Cliff's delta is
        twice this less one.

    Raises
    ------
    ImpossibleCounts
        If counts are negative, or the sides have other categories.

    References
    ----------
    Cliff (1993), doi:10.1037/0033-2909.114.3.494; Vargha and Delaney (2000),
    doi:10.3102/10769986025002101.

    Examples
    --------
    >>> float(probability_of_superiority([0, 1, 3], [2, 2, 0]))
    0.9375
    """
    return by_pieces(plain_superiority, *two_sides(a, b), results=1)[0]


def superiority_interval(
    a: ArrayLike, b: ArrayLike, *, coverage: float = 0.95
) -> Figure | Withheld:
    """Give one probability of superiority with its interval; see `superiority_intervals`.

    Parameters
    ----------
    a, b : int array, (categories,)
    coverage : float
        0..1.

    Returns
    -------
    Figure or Withheld
        ``n`` counts both sides. ``Withheld("too_few", 2, people of the smaller side)`` below two
        answers on a side; ``Withheld("all_alike", 2, 1)`` when all answers are the same.

    Examples
    --------
    >>> figure = superiority_interval([0, 1, 3, 6, 5], [2, 4, 5, 1, 1])
    >>> print(f"{figure.value:.3f}, {figure.low:.3f} to {figure.high:.3f}, n {figure.n}")
    0.826, 0.619 to 0.934, n 28
    >>> superiority_interval([0, 1, 3, 6, 5], [0, 1, 0, 0, 0])
    Withheld(reason='too_few', needed=2, got=1)
    """
    return superiority_intervals(a, b, coverage=coverage).at()


def superiority_intervals(a: ArrayLike, b: ArrayLike, *, coverage: float = 0.95) -> Figures:
    """Where do the true probabilities of superiority lie? One interval a row.

    Parameters
    ----------
    a, b : int array, (..., categories)
        Only the categories of the scale: each takes its part of the pull.
    coverage : float
        0..1.

    Returns
    -------
    Figures
        (...); withheld below two answers on a side, and where all answers are the same.

    Raises
    ------
    ImpossibleCounts
        If counts are negative, or the sides have other categories.

    Notes
    -----
    One answer a side is spread over the categories, Brunner and Munzel's variance is taken of these
    counts, and a normal interval laid on the angle arccos(1 - 2 PS), which evens errors out. At 5
    to 40 answers a side, 95 % held the truth in 92 to 98 % of simulated cases, where
    `brunner_munzel` fell to 79 and `superiority_bootstrap` to 54. It stays within 0..1, and keeps a
    width when one side lies wholly above the other. Independent answers are assumed.

    References
    ----------
    Brunner and Munzel (2000), doi:10.1002/(SICI)1521-4036(200001)42:1<17::AID-BIMJ17>3.0.CO;2-U;
    for counts pulled a little to the middle, Agresti and Coull (1998),
    doi:10.1080/00031305.1998.10480550.
    """
    reach = normal_quantile(coverage)

    def ends(sides: Sides, value: Floats) -> tuple[Floats, Floats]:
        centre, error = pulled(sides)
        angle, half = np.arccos(1 - 2 * centre), reach * error / np.sqrt(centre * (1 - centre))
        low = np.tan(np.maximum(angle - half, 0) / 2) ** 2  # t / (1 + t) is (1 - cos) / 2
        high = np.tan(np.minimum(angle + half, np.pi) / 2) ** 2
        return np.minimum(low / (1 + low), value), np.maximum(high / (1 + high), value)

    return figures_of_sides(ends, a, b)


def superiority_chances(a: ArrayLike, b: ArrayLike) -> Floats:
    """How likely is a gap at least this wide between sides that do not differ? Two-sided.

    Parameters
    ----------
    a, b : int array, (..., categories)

    Returns
    -------
    float array, (...)
        Two-sided p of a half, 0..1, from the interval of `superiority_intervals` turned into a
        test; nan where no figure may be shown.

    Examples
    --------
    >>> superiority_chances([[0, 1, 3, 6, 5], [1, 1, 0, 1, 1]], [2, 4, 5, 1, 1]).round(4).tolist()
    [0.0018, 0.7647]
    """
    from scipy.special import ndtr  # noqa: PLC0415 - half a second at the start

    centre, error = superiority_errors(a, b)
    off = (np.arccos(1 - 2 * centre) - np.pi / 2) * np.sqrt(centre * (1 - centre)) / error
    return np.asarray(2 * ndtr(-np.abs(off)))


def superiority_change(before: Figure, after: Figure) -> Figure:
    """By how much did a probability of superiority change between two waves? After less before.

    Parameters
    ----------
    before, after : Figure
        From `superiority_interval`, both with the same coverage.

    Returns
    -------
    Figure
        -1..1; ``n`` is that of the smaller wave.

    Notes
    -----
    The squares of the two half widths are added (Newcombe's square-and-add). The waves are taken
    as independent, because nobody knows who answered in both; people who keep their opinion make
    the interval wider than it had to be, never narrower.

    References
    ----------
    Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I, method
    10; Zou and Donner (2008), doi:10.1002/sim.3095.

    Examples
    --------
    >>> change = superiority_change(Figure(0.8, 0.6, 0.9, 30), Figure(0.6, 0.4, 0.75, 28))
    >>> print(f"{change.value:.2f}, {change.low:.2f} to {change.high:.2f}")
    -0.20, -0.42 to 0.05
    """
    value = after.value - before.value
    down = float(np.hypot(after.value - after.low, before.high - before.value))
    up = float(np.hypot(after.high - after.value, before.value - before.low))
    return Figure(value, value - down, value + up, min(before.n, after.n))


def superiority_errors(a: ArrayLike, b: ArrayLike) -> tuple[Floats, Floats]:
    """Give pulled probabilities of superiority and their standard errors, for models of many gaps.

    Parameters
    ----------
    a, b : int array, (..., categories)

    Returns
    -------
    centre, error : float array, (...)
        Strictly between 0 and 1, and above 0, also where one side lies wholly above the other;
        nan where `superiority_intervals` withholds.
    """

    def kernel(counts: Floats) -> tuple[Floats, ...]:
        sides = sides_of(counts)
        shown = may_be_shown(sides, superiority_of(sides))
        centre, error = pulled(sides)
        return np.where(shown, centre, np.nan), np.where(shown, error, np.nan)

    centre, error = by_pieces(kernel, *two_sides(a, b), results=2)
    return centre, error
