"""What a server does next: the settings of each policy."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import inf


class Serves(StrEnum):
    """Which needs a scanning server meets: the best in the section, or table after table.

    Exhaustive: all at a table until none is left. Gated: those that were there on arrival.
    """

    NEAREST = "nearest"
    EXHAUSTIVE = "exhaustive"
    GATED = "gated"


@dataclass(frozen=True, slots=True)
class OneAtATime:
    """See, go, do, return to the station; a trip for every need (S0.4)."""


@dataclass(frozen=True, slots=True)
class ScanSection:
    """Look around on every trip, and walk through the own section every `cadence_s` (S0.5)."""

    cadence_s: float = 300.0
    serves: Serves = Serves.NEAREST


@dataclass(frozen=True, slots=True)
class OwnTheWhole:
    """Own tables first, then help on the way (S0.10, S0.12).

    A neighbour's need is met when the item is in hand and the walk costs at most `detour_s`
    extra, before the own next need, which has to stay in time, or on the way home. Off the path
    only after the owner has had `own_first_s` seconds. With `when_free`, who has no own need
    waiting may go any way. `adjacent` keeps help to neighbouring sections.
    """

    detour_s: float = 6.0
    own_first_s: float = 15.0
    cadence_s: float = 300.0
    when_free: bool = True
    adjacent: bool = False


@dataclass(frozen=True, slots=True)
class Pooled:
    """No sections: the best of all needs for everybody, with the loafing that comes of it."""

    cadence_s: float = 300.0


@dataclass(frozen=True, slots=True)
class SkillRouting:
    """Contact centre: a need goes to who prefers it most and has been idle longest.

    Who becomes free takes the oldest need of the most preferred kind; without `by_preference`
    the oldest of all.
    """

    by_preference: bool = True


@dataclass(frozen=True, slots=True)
class CustomPolicy:
    """Your own: a numba function that names the need a server goes for.

    Parameters
    ----------
    choose : callable
        Compiled by `numba.njit`; takes the state of the floor (`kernel.state.State`) and the
        number of a free server, gives the number of an open need that `may_meet` allows, or -1.
        It is asked when a server becomes free, and, server by server, when a need becomes known
        or a table free to go to.
    cadence_s : float
        Seconds between rounds through the own section; inf for none.

    Notes
    -----
    It is compiled into the event loop once in each process, which takes some seconds.

    Examples
    --------
    The table that has waited longest, wherever it is:

    >>> from numba import njit
    >>> from upturn.floor.engine.kernel.custom import may_meet, next_open
    >>> @njit
    ... def longest_waiting(state, server):
    ...     need = next_open(state, -1)
    ...     while need >= 0 and not may_meet(state, server, need):
    ...         need = next_open(state, need)
    ...     return need
    >>> policy = CustomPolicy(longest_waiting)
    """

    choose: Callable[..., int]
    cadence_s: float = inf


Policy = OneAtATime | ScanSection | OwnTheWhole | Pooled | SkillRouting | CustomPolicy
