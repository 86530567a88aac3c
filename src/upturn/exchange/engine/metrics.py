"""Which figures may be compared, in which unit and bins; everything else may not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from upturn.exchange.engine.lists import Texts, shipped

FEWEST = 5
"""Unaffiliated companies, below which no number is made (rule 1)."""


class Light(StrEnum):
    """Green is free to use; amber stands close to work, wages or costs and needs counsel."""

    GREEN = "green"
    AMBER = "amber"


class Better(StrEnum):
    """Which way is better for customers."""

    LOWER = "lower"
    HIGHER = "higher"


@dataclass(frozen=True, slots=True)
class AllowedMetric:
    """A metric of the list.

    Parameters
    ----------
    code : str
    light : Light
    unit : str
        ``share`` is in per cent.
    better : Better
    low, high : float
        Outer edges of the default bins, in the unit.
    name : Texts
    """

    code: str
    light: Light
    unit: str
    better: Better
    low: float
    high: float
    name: Texts


def _allowed() -> Mapping[str, AllowedMetric]:
    rows = (
        row | {"light": Light(row["light"]), "better": Better(row["better"])}
        for row in shipped("metrics")["metrics"]
    )
    return {row["code"]: AllowedMetric(**row) for row in rows}


METRICS: Mapping[str, AllowedMetric] = _allowed()
"""The allow-list by code."""
UNITS: Mapping[str, Texts] = shipped("metrics")["units"]
"""How the units of the allow-list are said."""
FORBIDDEN: Mapping[str, re.Pattern[str]] = {
    topic: re.compile(pattern, re.IGNORECASE)
    for topic, pattern in shipped("metrics")["forbidden"].items()
}
"""What a metric's name or unit may not speak of, by topic."""


def bins_of(n: int) -> int:
    """Say how many bins a metric has in a round of n companies, "not applicable" among them.

    Examples
    --------
    >>> [bins_of(n) for n in (5, 11, 12, 29, 30)]
    [8, 8, 12, 12, 16]
    """
    return 8 if n < 12 else 12 if n < 30 else 16


def default_edges(code: str, *, n: int) -> tuple[float, ...]:
    """Give the inner edges of a metric's bins: two fewer than bins, evenly spaced.

    Values below the first and from the last on have bins of their own, and "not applicable" is one.

    Examples
    --------
    >>> default_edges("repeat_contact", n=6)
    (5.0, 10.0, 15.0, 20.0, 25.0, 30.0)
    """
    metric, count = METRICS[code], bins_of(n) - 2
    step = (metric.high - metric.low) / (count - 1)
    return tuple(round(metric.low + step * at, 2) for at in range(count))


def speaks_of(words: str) -> str:
    """Name the forbidden topic that a metric's name or unit speaks of, or nothing.

    Examples
    --------
    >>> speaks_of("Cost per contact"), speaks_of("Coaching each server gets")
    ('cost', '')
    """
    return next((topic for topic, pattern in FORBIDDEN.items() if pattern.search(words)), "")


def too_narrow(edges: Sequence[float]) -> float | None:
    """Find an inner bin narrower than a tenth of the middle of the range; None if there is none.

    Returns
    -------
    float or None
        The width of the narrowest bin that is too narrow, in the metric's unit.

    Examples
    --------
    >>> too_narrow([5, 10, 15, 20]), too_narrow([70, 75, 80])
    (None, 5)
    """
    least = (edges[0] + edges[-1]) / 2 / 10
    narrowest = min(b - a for a, b in pairwise(edges))
    return narrowest if narrowest < least - 1e-9 else None


def suppress_dominant(weights: Sequence[float]) -> tuple[str, ...]:
    """Say why a weighted sum may not be shown; nothing where it may.

    For any later sum in which companies weigh differently; a histogram that counts each once never
    needs it.

    Parameters
    ----------
    weights : sequence of float
        What each company adds, none below 0.

    Returns
    -------
    tuple of str
        ``too_few`` below five; ``largest`` above 25 %; ``two_largest`` above 50 %; ``p_percent``
        where the second could work out the largest to within 10 %: the rest is less than that.

    Raises
    ------
    ValueError
        If a weight is below 0 or no number.

    References
    ----------
    Statement 6 of 1996 (25 %); ABS, rules of dominance (stricter here); Stats NZ, p per cent rule.

    Examples
    --------
    >>> suppress_dominant([1] * 5), suppress_dominant([30, 20, 20, 15, 15])
    ((), ('largest',))
    """
    if any(not weight >= 0 for weight in weights):
        raise ValueError(f"Weights are 0 or more; among {list(weights)} one is not.")
    whole, ordered = sum(weights), sorted(weights, reverse=True)
    first, second = [*ordered, 0.0, 0.0][:2]
    found = {
        "too_few": sum(weight > 0 for weight in weights) < FEWEST,
        "largest": first > 0.25 * whole,
        "two_largest": first + second > 0.5 * whole,
        "p_percent": whole - first - second < 0.1 * first,
    }
    return tuple(code for code, holds in found.items() if holds)
