"""The needs of one replication, drawn before anybody serves: every policy sees the same."""

from math import ceil
from typing import NamedTuple

from upturn.floor.engine.laid import Floats, Ints, places_of
from upturn.floor.engine.shapes import Floor

ROUNDING = 1e-6
"""What floating sums may have too much before it counts as a need."""


class Needs(NamedTuple):
    """One row a need, in the order (created, node, kind); all of shape (needs,).

    `created_s`; `node` and `kind` as indices; `service_s` the drawn duration before anything
    slows it; `patience_s` inf when it waits for ever; `asks_s` when the guest asks, equal to
    `created_s` when at once.
    """

    created_s: Floats
    node: Ints
    kind: Ints
    service_s: Floats
    patience_s: Floats
    asks_s: Floats


def needs_expected(floor: Floor, *, hours: float, reps: int = 1) -> int:
    """How many needs come in so many replications, on average, rounded up.

    Parameters
    ----------
    floor : Floor
    hours : float
        Of a replication; a slot of the profile that has begun counts like the whole ones.
    reps : int

    Returns
    -------
    int

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> needs_expected(grid(), hours=4, reps=100)
    80640
    """
    profile, slots = floor.day.profile, max(1, ceil(hours * 3600 / floor.day.slot_s))
    told = profile[:slots]
    busy = (sum(told) + profile[-1] * (slots - len(told))) / slots
    an_hour = sum(kind.per_hour * len(places_of(kind, floor)) for kind in floor.need_types)
    return ceil(an_hour * busy * hours * reps - ROUNDING)
