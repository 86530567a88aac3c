"""What becomes of units chosen because they were worst, when nothing is done."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.components import (
    UnitTotals,
    unit_means,
    variance_components,
    withheld_components,
)
from upturn.stats.errors import ImpossibleSeries
from upturn.stats.figures import Figure, Withheld
from upturn.stats.quantiles import student_quantile

FEWEST_UNITS = 6


@dataclass(frozen=True, slots=True)
class Regression:
    """The mean of chosen units, and where it would go by itself.

    Parameters
    ----------
    before : float
        Their mean when they were chosen.
    expected : Figure
        Their mean next time with no effect at all, and the range it will lie in; n units.
    weight : float
        Share of their distance from all units that is theirs to keep, 0..1.
    """

    before: float
    expected: Figure
    weight: float


def expected_regression(
    units: UnitTotals, *, chosen: ArrayLike, coverage: float = 0.95
) -> Regression | Withheld:
    """Where will the mean of chosen units go, if the plan does nothing? Regression to the mean.

    Parameters
    ----------
    units : UnitTotals, (units,)
        Of all units one could have chosen, as they were when they were chosen.
    chosen : bool array, (units,)
    coverage : float
        Share of next means that lie within the ends, 0..1.

    Returns
    -------
    Regression or Withheld
        With the reasons of `withheld_components`; ``too_few_units`` below six units with answers,
        ``nobody_chosen`` where none of these is chosen.

    Raises
    ------
    ImpossibleSeries
        If there is not a yes or no for each unit.

    Notes
    -----
    Expected = mu + B (y - mu), B = between / (between + within / n). The range holds the doubt
    about the units' true means, about mu and (as 2 / (units - 3) of the square of the way back)
    about B, and the chance of as many answers next time; Student's t, units - 1 degrees of freedom.
    Answers of a unit are taken as independent.

    References
    ----------
    Galton (1886), doi:10.2307/2841583; Morris (1983), doi:10.1080/01621459.1983.10477920.

    Examples
    --------
    >>> from upturn.stats.components import totals_of_counts
    >>> units = totals_of_counts([[9, 2, 1], [6, 3, 3], [4, 4, 4], [3, 4, 5], [5, 3, 4], [6, 3, 3]])
    >>> found = expected_regression(units, chosen=[True] + [False] * 5)
    >>> print(f"{found.before:.2f} becomes {found.expected.value:.2f} by itself")
    1.33 becomes 1.68 by itself
    """
    those = np.asarray(chosen)
    if those.shape != units.n.shape or those.dtype != np.bool_:
        advice = "Give a row of true and false, one for each unit."
        raise ImpossibleSeries("Each unit is chosen or not", those.tolist(), advice)
    if (reason := withheld_components(units)) is not None:
        return reason
    if (everyone := int((units.n > 0).sum())) < FEWEST_UNITS:
        return Withheld("too_few_units", needed=FEWEST_UNITS, got=everyone)
    if not (those := those & (units.n > 0)).any():
        return Withheld("nobody_chosen", needed=1, got=0)
    found = variance_components(units)
    n, means = units.n[those], unit_means(units)[those]
    weight = n * found.between / (n * found.between + found.within)
    next_means = found.mean + weight * (means - found.mean)
    doubt = ((1 - weight) * found.between + found.within / n).sum() / len(n) ** 2
    doubt += ((1 - weight).mean() * found.mean_error) ** 2
    doubt += 2 / (everyone - 3) * ((means - next_means).mean()) ** 2
    half = student_quantile(everyone - 1, coverage=coverage) * np.sqrt(doubt)
    value = float(next_means.mean())
    figure = Figure(value, value - float(half), value + float(half), len(n))
    return Regression(float(means.mean()), figure, float(weight.mean()))
