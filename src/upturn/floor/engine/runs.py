"""What runs leave behind: one row a need, and what each synthetic server walked and did."""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from upturn.floor.engine.laid import Floats, Ints
from upturn.floor.engine.policy import Policy
from upturn.floor.engine.shapes import Floor


class Outcome(IntEnum):
    """What became of a need."""

    SERVED = 0
    GAVE_UP = 1
    OPEN = 2


class Records(NamedTuple):
    """One row a need, in the order of `Needs`, replications one after the other; shape (rows,).

    `known_s` when somebody first knew of it (inf: never), `started_s` and `ended_s` of its
    service (inf: never; `ended_s` is the moment of giving up for those who did), `server` or -1,
    `owner` of the table or -1, `trip` the server's number of the trip or -1, `outcome`.
    """

    replication: Ints
    created_s: Floats
    node: Ints
    kind: Ints
    asks_s: Floats
    known_s: Floats
    started_s: Floats
    ended_s: Floats
    server: Ints
    owner: Ints
    trip: Ints
    outcome: Ints


class Work(NamedTuple):
    """What servers did in all; shape (replications, servers); trips begin at a station."""

    walk_s: Floats
    busy_s: Floats
    trips: Ints
    in_vain: Ints


class Done(NamedTuple):
    """What a run leaves: records in the order of the needs, and work."""

    records: Records
    work: Work


@dataclass(frozen=True, slots=True)
class Runs:
    """Replications of one policy on one floor.

    `warm_up_s` is where the start has worn off by the rule (0 where the day itself begins
    empty): summaries leave needs created before it out, and say so. After `hours` nothing new
    comes; what was waiting is served until `closes_s`, and what has not begun then stays open.
    """

    floor: Floor
    policy: Policy
    seed: int
    hours: float
    reps: int
    warm_up_s: float
    closes_s: float
    records: Records
    work: Work
