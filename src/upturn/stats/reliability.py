"""Whether the questions of one instrument measure one thing, and how reliably."""

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.figures import Figure, Withheld
from upturn.stats.joint import correlations_of, joint_of_sums, redraw_covariances
from upturn.stats.quantiles import normal_quantile
from upturn.stats.tables import Floats

TURNS = 2000  # of the fit of one factor at the most; it needs 20 to 200
STILL = 1e-12  # largest step of a loading at which the fit has ended
ITEMS = 3  # below three, one factor has no single solution


def cronbach_alpha(
    n: int, sums: ArrayLike, products: ArrayLike, *, coverage: float = 0.95
) -> Figure | Withheld:
    """How reliable is the sum of the questions? Cronbach's alpha with Feldt's interval.

    Parameters
    ----------
    n : int
        Respondents who answered every question (listwise).
    sums : int array, (items,)
    products : int array, (items, items)
        Sums of products of answers.
    coverage : float
        0..1.

    Returns
    -------
    Figure or Withheld
        At most 1; below 0 where questions run against each other (turn mirrored ones round
        first). ``Withheld("too_few_items", 2, items)`` for a single question; otherwise as
        `joint_of_sums`.

    Raises
    ------
    ImpossibleCounts, ImpossibleTotals
        As `joint_of_sums`.

    Notes
    -----
    A lower bound of reliability if errors are independent. High alpha does not show one factor.

    References
    ----------
    Cronbach (1951), doi:10.1007/BF02310555; Feldt (1965), doi:10.1007/BF02289499.

    Examples
    --------
    >>> sums = [30, 31]
    >>> alpha = cronbach_alpha(10, sums, [[104, 98], [98, 109]])
    >>> print(f"{alpha.value:.3f}, {alpha.low:.3f} to {alpha.high:.3f}")
    0.542, -0.844 to 0.886
    """
    normal_quantile(coverage)
    joint = joint_of_sums(n, sums, products)
    if isinstance(joint, Withheld):
        return joint
    items = len(joint.means)
    if items < 2:
        return Withheld("too_few_items", needed=2, got=items)
    alpha = float(alpha_of_covariance(joint.covariance))
    return _with_interval(alpha, n, items, coverage=coverage)


def alpha_of_squares(
    n: int, sums: ArrayLike, squares: int, of_totals: int, *, coverage: float = 0.95
) -> Figure | Withheld:
    """Cronbach's alpha where nothing else of the rows is wanted, so no products are needed.

    Parameters
    ----------
    n : int
        Respondents who answered every question.
    sums : int array, (items,)
    squares : int
        Sum of the squares of all answers.
    of_totals : int
        Sum of the squares of each respondent's total.
    coverage : float
        0..1.

    Returns
    -------
    Figure or Withheld
        As `cronbach_alpha`, to the last digits; withheld also where all totals are the same.

    References
    ----------
    Cronbach (1951), doi:10.1007/BF02310555; Feldt (1965), doi:10.1007/BF02289499.

    Examples
    --------
    >>> alpha = alpha_of_squares(10, [30, 31], 104 + 109, 104 + 109 + 2 * 98)
    >>> print(f"{alpha.value:.3f}, {alpha.low:.3f} to {alpha.high:.3f}")
    0.542, -0.844 to 0.886
    """
    normal_quantile(coverage)
    each = np.asarray(sums, dtype=np.float64)
    items = len(each)
    if items < 2:
        return Withheld("too_few_items", needed=2, got=items)
    if n <= items:
        return Withheld("too_few", needed=items + 1, got=n)
    total = of_totals - each.sum() ** 2 / n
    if total <= 0:
        return Withheld("all_alike", needed=2, got=1)
    alpha = items / (items - 1) * (1 - (squares - (each**2).sum() / n) / total)
    return _with_interval(float(alpha), n, items, coverage=coverage)


def _with_interval(alpha: float, n: int, items: int, *, coverage: float) -> Figure:
    from scipy.special import fdtri  # noqa: PLC0415 - half a second at the start

    freedom = (n - 1, (n - 1) * (items - 1))
    upper, lower = (float(fdtri(*freedom, 0.5 + side * coverage / 2)) for side in (1, -1))
    return Figure(alpha, 1 - (1 - alpha) * upper, 1 - (1 - alpha) * lower, n)


def alpha_of_covariance(covariance: Floats) -> Floats:
    """Give alpha of covariances, (..., items, items) to (...); of correlations, the standardised.

    References
    ----------
    Cronbach (1951), doi:10.1007/BF02310555.
    """
    items = covariance.shape[-1]
    own = np.trace(covariance, axis1=-2, axis2=-1)
    return np.asarray(items / (items - 1) * (1 - own / covariance.sum((-2, -1))))


def corrected_item_total(
    n: int, sums: ArrayLike, products: ArrayLike
) -> tuple[float, ...] | Withheld:
    """How closely does each question go with the sum of the others? A correlation an item.

    Parameters
    ----------
    n, sums, products
        As `cronbach_alpha`.

    Returns
    -------
    tuple of float, or Withheld
        -1..1, in the order of the items; below .3, a question is worth reading again. Withheld as
        `cronbach_alpha`; 0 where the others together do not vary.

    References
    ----------
    Nunnally and Bernstein (1994), Psychometric Theory, chapter 8.

    Examples
    --------
    >>> [round(r, 3) for r in corrected_item_total(4, [10, 6], [[30, 17], [17, 10]])]
    [0.894, 0.894]
    """
    joint = joint_of_sums(n, sums, products)
    if isinstance(joint, Withheld):
        return joint
    if len(joint.means) < 2:
        return Withheld("too_few_items", needed=2, got=len(joint.means))
    own = np.diagonal(joint.covariance)
    with_all = joint.covariance.sum(0)
    rest = (with_all.sum() - 2 * with_all + own).clip(0)
    scale = np.sqrt(own * rest)
    return tuple(np.divide(with_all - own, scale, out=np.zeros_like(own), where=scale > 0).tolist())


def omega_total(
    n: int,
    sums: ArrayLike,
    products: ArrayLike,
    *,
    coverage: float = 0.95,
    draws: int = 400,
    rng: np.random.Generator,
) -> Figure | Withheld:
    """How reliable is the sum if one factor lies behind it? McDonald's omega, standardised.

    Parameters
    ----------
    n, sums, products
        As `cronbach_alpha`.
    coverage : float
        0..1.
    draws : int
        Of the parametric bootstrap behind the interval.
    rng : numpy.random.Generator

    Returns
    -------
    Figure or Withheld
        0..1; ``Withheld("too_few_items", 3, items)`` below three questions;
        ``Withheld("no_factor", 0, items)`` where a loading leaves -1..1, so that no factor
        fits (``got`` counts such items); otherwise as `joint_of_sums`.

    Notes
    -----
    Loadings L by `one_factor`; omega = (sum L)^2 / ((sum L)^2 + sum (1 - L^2)). Unlike alpha it
    does not ask that all questions measure equally well.

    References
    ----------
    McDonald (1999), Test Theory, chapter 6; Zinbarg et al. (2005),
    doi:10.1007/s11336-003-0974-7.
    """
    normal_quantile(coverage)
    joint = joint_of_sums(n, sums, products)
    if isinstance(joint, Withheld):
        return joint
    items = len(joint.means)
    if items < ITEMS:
        return Withheld("too_few_items", needed=ITEMS, got=items)
    loadings = one_factor(joint.correlations)
    beyond = int((np.abs(loadings) > 1).sum())
    if beyond:
        return Withheld("no_factor", needed=0, got=beyond)
    redrawn = one_factor(correlations_of(redraw_covariances(joint, draws=draws, rng=rng)))
    value = float(omega_of_loadings(loadings))
    ends = np.quantile(omega_of_loadings(redrawn), [0.5 - coverage / 2, 0.5 + coverage / 2])
    return Figure(value, min(float(ends[0]), value), max(float(ends[1]), value), joint.n)


def omega_of_loadings(loadings: Floats) -> Floats:
    """Give omega of standardised loadings, (..., items) to (...).

    References
    ----------
    McDonald (1999), Test Theory, chapter 6.

    Examples
    --------
    >>> float(omega_of_loadings(np.array([0.7, 0.7, 0.7])).round(3))
    0.742
    """
    common = loadings.sum(-1) ** 2
    return np.asarray(common / (common + (1 - loadings.clip(-1, 1) ** 2).sum(-1)))


def one_factor(correlations: Floats) -> Floats:
    """Find the loadings of one factor that leave the smallest residuals (minres).

    Parameters
    ----------
    correlations : float array, (..., items, items)
        Three items or more.

    Returns
    -------
    float array, (..., items)
        Mostly positive; a loading beyond 1 (a Heywood case) is left as it is.

    Notes
    -----
    The diagonal is replaced by squared loadings, and each loading in turn by its least-squares
    value given the others; all matrices go along together.

    References
    ----------
    Harman and Jones (1966), doi:10.1007/BF02289468.

    Examples
    --------
    >>> loadings = np.array([0.8, 0.6, 0.5])
    >>> one_factor(np.outer(loadings, loadings) + np.diag(1 - loadings**2)).round(6).tolist()
    [0.8, 0.6, 0.5]
    """
    items = correlations.shape[-1]
    others = np.where(np.eye(items, dtype=bool), 0.0, correlations)
    loadings = np.sqrt(np.abs(others).max(-1)) * np.where(others.sum(-1) < 0, -1, 1)
    for _ in range(TURNS):
        before = loadings.copy()
        for item in range(items):
            along = (others[..., item, :] * loadings).sum(-1)
            length = (loadings**2).sum(-1) - loadings[..., item] ** 2
            loadings[..., item] = along / np.maximum(length, 1e-12)
        if np.abs(loadings - before).max() < STILL:
            break
    return np.asarray(loadings * np.where(loadings.sum(-1, keepdims=True) < 0, -1, 1))
