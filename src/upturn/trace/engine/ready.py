"""What both methods look at: one neighbourhood, one scale."""

from dataclasses import dataclass

import numpy as np

from upturn.trace.engine.region import Region, region_of
from upturn.trace.engine.series import (
    Breaks,
    common_factor,
    find_breaks,
    remove_common_factor,
    standardised,
    tidy,
)
from upturn.trace.engine.shapes import (
    Alarm,
    Bools,
    Floats,
    Ints,
    Measures,
    Noticed,
    Ranking,
    ServiceGraph,
)


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """Figures of a region, centred and in units of their own spread.

    Parameters
    ----------
    region : Region
    scaled : float array (weeks, region)
        Higher is better; zero where a node is not usable.
    usable : bool array (region,)
    onset : int
        Of the alarm, as a row of ``scaled``.
    factor : float array (weeks,) or None
        Movement common to most of the region's nodes.
    alone : float array (weeks, region)
        ``scaled`` without the common factor.
    breaks : Breaks
        Of every node of the region.
    noticed : tuple of Noticed
        In the region.
    skipped : int
        Older weeks that were left out.
    """

    region: Region
    scaled: Floats
    usable: Bools
    onset: int
    factor: Floats | None
    alone: Floats
    breaks: Breaks
    noticed: tuple[Noticed, ...]
    skipped: int


def ready_for(measures: Measures, *, graph: ServiceGraph, alarm: Alarm) -> Ready:
    """Prepare what a trace from this alarm needs; at least twelve weeks."""
    clean = tidy(measures)
    z = find_breaks(clean.value).z
    region = region_of(graph, touchpoint=alarm.touchpoint, z=z)
    value, usable = clean.value[:, region.node], clean.usable[region.node]
    breaks = find_breaks(value)
    scaled = np.where(usable, standardised(value, breaks.spread), 0.0)
    factor = common_factor(scaled, usable)
    alone = scaled if factor is None else remove_common_factor(scaled, factor)
    inside = set(region.node.tolist())
    noticed = tuple(one for one in clean.noticed if one.node in inside)
    return Ready(
        region,
        scaled,
        usable,
        alarm.onset - clean.skipped,
        factor,
        alone,
        breaks,
        noticed,
        clean.skipped,
    )


def ranked(method: str, node: Ints, score: Floats) -> Ranking:
    """Put parties in order, best first; equals stay in the order of their keys."""
    rounded = np.round(score, 12)  # below this, the order of a sum decides and not the figures
    order = [at for at in np.argsort(-rounded, kind="stable") if rounded[at] > 0]
    return Ranking(
        method,
        tuple(int(node[at]) for at in order),
        tuple(float(score[at]) for at in order),
    )
