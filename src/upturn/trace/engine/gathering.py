"""Several weekly measures of one party become the one series a trace reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from upturn.trace.engine.series import tidy
from upturn.trace.engine.shapes import Floats, Measures


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One measure of one node.

    Parameters
    ----------
    value : float array (weeks,)
        In its own unit; nan where nothing was measured.
    less_is_better : bool
    """

    value: Floats
    less_is_better: bool = False


def gather(
    columns: Mapping[int, Sequence[Column]], *, nodes: int, weeks: tuple[date, ...]
) -> Measures:
    """Turn every measure so that higher is better, and give each node one series.

    Parameters
    ----------
    columns : mapping of node to sequence of Column
    nodes : int
        How many there are in the graph.
    weeks : tuple of date
        Mondays, one a row.

    Returns
    -------
    Measures
        A node with one measure keeps its unit, with the sign turned where less is better; with
        several it has the mean of those measured in a week, each in its own standard deviations.
        Of several, those that do not vary or changed their unit are left out.

    Examples
    --------
    >>> monday = date(2026, 1, 5)
    >>> waits = Column(np.array([12.0]), less_is_better=True)
    >>> gather({0: [waits]}, nodes=2, weeks=(monday,)).value.tolist()
    [[-12.0, nan]]
    """
    value = np.full((len(weeks), nodes), np.nan)
    for node, several in columns.items():
        turned = np.column_stack([-c.value if c.less_is_better else c.value for c in several])
        value[:, node] = turned[:, 0] if len(several) == 1 else _mean(turned, weeks)
    return Measures(value, weeks)


def _mean(turned: Floats, weeks: tuple[date, ...]) -> Floats:
    usable = tidy(Measures(turned, weeks)).usable
    kept = turned[:, usable]
    scaled = (kept - np.nanmean(kept, axis=0)) / np.nanstd(kept, axis=0)
    known = ~np.isnan(scaled)
    total = np.where(known, scaled, 0).sum(axis=1)
    return np.where(known.any(axis=1), total / np.maximum(known.sum(axis=1), 1), np.nan)
