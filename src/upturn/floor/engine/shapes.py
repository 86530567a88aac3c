"""A floor as people describe it: tables, walks, sections, kinds of need, servers.

Everybody here is synthetic or a seat: no name of a person has a place in these shapes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf

NORMAL_PACE_M_S = 1.2
"""How fast somebody walks through a busy room; a server's own speed is given beside it."""


class Kind(StrEnum):
    """What a place is."""

    TABLE = "table"
    STATION = "station"
    PASS = "pass"  # noqa: S105 - where the kitchen hands plates over
    DOOR = "door"
    QUEUE = "queue"


class Law(StrEnum):
    """How durations spread around their mean."""

    EXPONENTIAL = "exponential"
    CONSTANT = "constant"
    LOGNORMAL = "lognormal"
    GAMMA = "gamma"


@dataclass(frozen=True, slots=True)
class Node:
    """A place one can stand at; `x_m`, `y_m` in metres; `section` only for tables."""

    id: str
    kind: Kind
    x_m: float = 0.0
    y_m: float = 0.0
    section: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A walk of `seconds`, at the normal pace, the same both ways."""

    a: str
    b: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Section:
    """Tables with one owner; `neighbours` are the sections whose servers may help here."""

    id: str
    owner: str
    neighbours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Durations:
    """Seconds drawn around `mean_s`; `cv` (spread over mean) for lognormal and gamma."""

    mean_s: float
    law: Law = Law.EXPONENTIAL
    cv: float = 1.0


@dataclass(frozen=True, slots=True)
class NeedType:
    """One kind of need.

    Parameters
    ----------
    name : str
    per_hour : float
        How often it comes at each of its places, before profile and day factor.
    service : Durations
    due_s : float
        Seconds from when it arises until it is late; inf when it is never late.
    weight : float
        What a second of being late counts, beside the other kinds.
    item : str
        What must be carried, fetched at a station; empty for bare hands.
    together : int
        How many such needs at one place are met in one go.
    patience : Durations or None
        After which nobody waits any longer; None: they wait.
    owner_only : bool
        Order, bill, complaint: never offered to a neighbour.
    asks_after : Durations or None
        After which the guest asks. Until then it is noticed by looking alone. None: asks at once.
    at : tuple of str
        Ids of the places where it comes; empty: at every table, or at every queue if there is
        no table.
    """

    name: str
    per_hour: float
    service: Durations
    due_s: float = inf
    weight: float = 1.0
    item: str = ""
    together: int = 1
    patience: Durations | None = None
    owner_only: bool = False
    asks_after: Durations | None = None
    at: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Server:
    """A synthetic server or agent: a seat, never a person.

    `skills` are names of need types in order of preference (empty: all of them alike), `hands`
    says how many needs an item in hand is enough for, `work_rate` 2 halves service times.
    """

    id: str
    section: str = ""
    speed_m_s: float = NORMAL_PACE_M_S
    hands: Mapping[str, int] = field(default_factory=dict)
    skills: tuple[str, ...] = ()
    work_rate: float = 1.0
    home: str = ""
    starts_s: float = 0.0
    ends_s: float = inf


@dataclass(frozen=True, slots=True)
class Day:
    """How needs come over a day: gamma day factor x profile x slow noise.

    `profile` multiplies the rate slot by slot (the last slot holds on), `day_cv` spreads whole
    days, `noise_cv` spreads slots around the day with `noise_correlation` from one to the next.
    """

    profile: tuple[float, ...] = (1.0,)
    slot_s: float = 3600.0
    day_cv: float = 0.0
    noise_cv: float = 0.0
    noise_correlation: float = 0.0


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What people do to the clock.

    Parameters
    ----------
    loafing_share : float
        By how much services lengthen when a queue belongs to everybody (Wang & Zhou 2018: 0.069
        net in a supermarket).
    help_cost_share : float
        By how much a service lengthens when a neighbour does it.
    at_load : tuple of (float, float)
        Points of "waiting needs per server" and the factor on service time there, joined by
        straight lines; a curve down and up again is the inverted U of Tan & Netessine (2014).
    look_s : float
        A table is in sight of a walk when passing it would cost at most this many seconds.
    """

    loafing_share: float = 0.069
    help_cost_share: float = 0.0
    at_load: tuple[tuple[float, float], ...] = ((0.0, 1.0),)
    look_s: float = 3.0


@dataclass(frozen=True, slots=True)
class Floor:
    """A whole floor, or a contact centre: there a queue is a place at distance zero."""

    nodes: tuple[Node, ...]
    need_types: tuple[NeedType, ...]
    servers: tuple[Server, ...]
    sections: tuple[Section, ...] = ()
    edges: tuple[Edge, ...] = ()
    day: Day = Day()
    behaviour: Behaviour = Behaviour()
    table_lock: bool = True
    name: str = ""
