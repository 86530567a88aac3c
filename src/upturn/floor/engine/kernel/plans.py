"""What is to be drawn, as records compiled code reads. Plain numpy."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from upturn.floor.engine.laid import Floats, Ints
from upturn.floor.engine.needs import Needs

EXPONENTIAL, CONSTANT, LOGNORMAL, GAMMA, NEVER = np.arange(5)
ARRIVES, SERVICE, WAITS, PATIENCE, ASKS, DAY, NOISE = np.arange(7)
"""What a draw is for."""
FIRST, NO_ROOM = np.int64(0), np.int64(-1)
LAW = np.dtype([("law", "i8"), ("mean_s", "f8"), ("cv", "f8")])
STREAM = np.dtype([
    ("node", "i8"), ("kind", "i8"), ("per_s", "f8"), ("service", LAW), ("patience", LAW),
    ("asks", LAW),
])  # fmt: skip
DAY_LAW = np.dtype([
    ("seed", "i8"), ("replication", "i8"), ("horizon_s", "f8"), ("slot_s", "f8"),
    ("day_cv", "f8"), ("noise_cv", "f8"), ("noise_correlation", "f8"),
])  # fmt: skip


class Plan(NamedTuple):
    """What is drawn: one row of DAY_LAW, the profile, one row of STREAM a place and kind."""

    days: NDArray[Any]
    profile: Floats
    streams: NDArray[Any]


class Room(NamedTuple):
    """Where one replication of several streams is drawn, before it is put in order.

    `spent` (slots + 1,); the needs, unsorted; `clock` (needs,) the time of a clock that runs as
    fast as needs come, over the whole floor; `order` (needs,), `counts` (needs + 1,).
    """

    spent: Floats
    drawn: Needs
    clock: Floats
    order: Ints
    counts: Ints
