"""Were units chosen for a bad figure? Then they get better by themselves."""

import numpy as np

from upturn.plan.engine.evidence import Bools, Evidence
from upturn.plan.engine.reading import Chosen
from upturn.stats.figures import Withheld
from upturn.stats.tables import Floats

UNITS_NEEDED = 4
SELDOM = 0.17  # the last one of six is seen as such


def chosen_for_worst(evidence: Evidence) -> Chosen | None:
    """Give what the units that began first would have come to if nothing had been done.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    Chosen or None
        None where nobody said that they were chosen for a bad figure, and the figures before the
        first start do not look like it either; or where too few units tell how much of a figure
        is chance.

    Notes
    -----
    Seen as chosen are units so low that a draw by lot would put them there in less than one case
    of six, by the exact distribution of the sum of ranks. Lots can fall that way too, and then the
    same follows: what was bad by chance comes back.

    References
    ----------
    Galton (1886), doi:10.2307/2841583.
    """
    from upturn.stats.components import UnitTotals  # noqa: PLC0415 - for those who read
    from upturn.stats.regression_to_mean import expected_regression  # noqa: PLC0415

    first = int(evidence.starts.min(initial=evidence.values.shape[1]))
    before = evidence.values[:, :first]
    n = (~np.isnan(before)).sum(1)
    began = evidence.starts == first
    said = bool(evidence.picked.any())
    chosen = (evidence.picked if said else began) & (n > 0)
    known = n > 0
    if known.sum() < UNITS_NEEDED or not chosen.any() or chosen[known].all():
        return None
    with np.errstate(invalid="ignore"):
        mean = np.nansum(before, 1) / n
    bad = mean if evidence.better == "more" else -mean
    if not said and chance_of_lots(bad[known], chosen[known]) > SELDOM:
        return None
    totals = UnitTotals(
        n[known].astype(float), np.nansum(before, 1)[known], np.nansum(before**2, 1)[known]
    )
    found = expected_regression(totals, chosen=chosen[known])
    if isinstance(found, Withheld):
        return None
    return Chosen(said, found.before, found.expected)


def chance_of_lots(values: Floats, chosen: Bools) -> float:
    """How often would lots choose units as low as these? By the sum of their ranks, exactly.

    Parameters
    ----------
    values : float array, (units,)
    chosen : bool array, (units,)

    Returns
    -------
    float
        0..1.

    References
    ----------
    Wilcoxon (1945), doi:10.2307/3001968.

    Examples
    --------
    >>> round(chance_of_lots(np.array([1.0, 2, 3, 4, 5, 6]), np.array([1, 1, 1, 0, 0, 0], bool)), 3)
    0.05
    """
    ranks = np.argsort(np.argsort(values)) + 1
    size, most = int(chosen.sum()), int(ranks.sum())
    ways = np.zeros((size + 1, most + 1))
    ways[0, 0] = 1
    for rank in range(1, len(values) + 1):
        ways[1:, rank:] += ways[:-1, : most + 1 - rank].copy()
    reached = ways[size, : int(ranks[chosen].sum()) + 1].sum()
    return float(reached / ways[size].sum())
