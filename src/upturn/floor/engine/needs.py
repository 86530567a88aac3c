"""The needs of one replication, drawn before anybody serves: every policy sees the same."""

from math import ceil
from typing import NamedTuple

from upturn.floor.engine.laid import Floats, Ints, places_of
from upturn.floor.engine.shapes import Floor


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


def needs_expected(floor: Floor, *, hours: float) -> float:
    """How many needs come in so many hours, on average over days.

    Parameters
    ----------
    floor : Floor
    hours : float
        A slot of the profile that has begun counts like the whole ones.

    Returns
    -------
    float

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> round(needs_expected(grid(), hours=4), 6)
    806.4
    """
    profile, slots = floor.day.profile, max(1, ceil(hours * 3600 / floor.day.slot_s))
    told = profile[:slots]
    busy = (sum(told) + profile[-1] * (slots - len(told))) / slots
    return (
        busy * hours * sum(kind.per_hour * len(places_of(kind, floor)) for kind in floor.need_types)
    )
