"""What totals say: the band of each metric, its mean, and, on the owner's device, the own place.

Everything is rounded to half a bin: an edge, or what stands for a bin. Nothing is ranked, and no
minimum or maximum is shown. The same steps run in the browser; ``docs/reference/ballot.md`` has
them in words, so that both give the same figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise
from math import ceil

from upturn.exchange.engine.ballot.messages import Totals
from upturn.exchange.engine.ballot.sheet import Metric, Sheet
from upturn.exchange.engine.metrics import FEWEST
from upturn.stats import Withheld

QUARTERS = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Band:
    """Where the companies lie, to half a bin.

    Parameters
    ----------
    lower, middle, upper : float
        Quartiles, in the metric's unit.
    mean : float
    counts : tuple of int
        Ballots a bin, without "not applicable".
    """

    lower: float
    middle: float
    upper: float
    mean: float
    counts: tuple[int, ...]


class Against(StrEnum):
    """Where one's own value lies against the band."""

    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Place:
    """One's own place; it never leaves the device.

    Parameters
    ----------
    bin : int
    against : Against
    """

    bin: int
    against: Against


def counts_of(sheet: Sheet, totals: Totals, metric: int) -> tuple[int, ...]:
    """Ballots a bin of one metric, "not applicable" last."""
    first, after = sheet.spans[metric]
    return totals.counts[first:after]


def stands_for(metric: Metric) -> tuple[float, ...]:
    """A value for each bin: the middle of an inner one, what the sheet says for the open two.

    Examples
    --------
    >>> stands_for(Metric("Answered in time", "%", ("70", "80", "90"), "60", "95"))
    (60.0, 75.0, 85.0, 95.0)
    """
    edges = [float(edge) for edge in metric.edges]
    inner = [(one + other) / 2 for one, other in pairwise(edges)]
    return (float(metric.low), *inner, float(metric.high))


def half_bins(metric: Metric) -> tuple[float, ...]:
    """All values that are ever shown, ascending: bins and edges by turns.

    Examples
    --------
    >>> half_bins(Metric("Answered in time", "%", ("70", "80", "90"), "60", "95"))
    (60.0, 70.0, 75.0, 80.0, 85.0, 90.0, 95.0)
    """
    edges = [float(edge) for edge in metric.edges]
    shown = [value for pair in zip(stands_for(metric), edges, strict=False) for value in pair]
    return (*shown, float(metric.high))


def band(sheet: Sheet, totals: Totals, metric: int) -> Band | Withheld:
    """The band of one metric.

    Parameters
    ----------
    sheet : Sheet
    totals : Totals
    metric : int
        From 0.

    Returns
    -------
    Band, or Withheld
        If fewer than five companies answered other than "not applicable".
    """
    asked = sheet.metrics[metric]
    *counts, _ = counts_of(sheet, totals, metric)
    answered = sum(counts)
    if answered < FEWEST:
        return Withheld("too_few", needed=FEWEST, got=answered)
    shown = half_bins(asked)
    lower, middle, upper = (shown[_quantile(counts, share)] for share in QUARTERS)
    rows = zip(counts, stands_for(asked), strict=True)
    mean = sum(count * value for count, value in rows) / answered
    return Band(lower, middle, upper, min(shown, key=lambda one: abs(one - mean)), tuple(counts))


def _quantile(counts: Sequence[int], share: float) -> int:
    """Place among the half bins of a quantile, by straight lines through the cumulative counts."""
    reached = list(accumulate(counts))
    due = share * reached[-1]
    at = next(place for place, so_far in enumerate(reached) if so_far >= due)
    within = 1 - (reached[at] - due) / counts[at]
    halves = ceil(2 * (at + within) - 0.5)
    return min(max(halves - 1, 0), 2 * len(counts) - 2)


def own_position(
    sheet: Sheet, totals: Totals, metric: int, *, value: float | None
) -> Place | Withheld:
    """One's own place against the band, on the owner's device alone.

    Parameters
    ----------
    sheet : Sheet
    totals : Totals
    metric : int
    value : float or None
        The own figure; None is "not applicable".

    Returns
    -------
    Place, or Withheld
        If the band is, or the own value is "not applicable".
    """
    found = band(sheet, totals, metric)
    if isinstance(found, Withheld):
        return found
    if value is None:
        return Withheld("not_applicable", needed=1, got=0)
    own = sheet.metrics[metric].bin_of(value)
    standing = stands_for(sheet.metrics[metric])[own]
    if standing < found.lower:
        return Place(own, Against.BELOW)
    return Place(own, Against.ABOVE if standing > found.upper else Against.WITHIN)
