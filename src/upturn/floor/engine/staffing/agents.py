"""How many agents it takes, what they give, and what one fewer or one more would give.

For contact centres. In a restaurant more staff is not simply better (Tan & Netessine 2014), and
this house recommends no headcount there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from upturn.floor.engine.erlang import Waits, erlang_a
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.staffing.intervals import Interval
from upturn.floor.engine.staffing.standards import DAY_CV, Standard, agents_needed, held_share


@dataclass(frozen=True, slots=True)
class Gives:
    """What so many agents give.

    Parameters
    ----------
    agents : int
    waits : Waits
        At the forecast volume.
    held_share : float
        Share of days on which the target holds.
    """

    agents: int
    waits: Waits
    held_share: float


@dataclass(frozen=True, slots=True)
class Staffing:
    """The smallest staff that keeps a standard, beside its neighbours.

    Parameters
    ----------
    least : Gives
    fewer : Gives or None
        One agent fewer; None where there is none to take away.
    more : Gives
    standard : Standard
        What was asked, the day's spread included.
    """

    least: Gives
    fewer: Gives | None
    more: Gives
    standard: Standard

    @property
    def agents(self) -> int:
        """The smallest staff."""
        return self.least.agents


def agents_for(  # noqa: PLR0913 - the published signature
    calls: float,
    *,
    per_min: float = 30.0,
    aht_s: float = 180.0,
    patience_s: float = 300.0,
    target: tuple[float, float] = (0.8, 20.0),
    confidence: float = 0.9,
    day_cv: float = DAY_CV,
) -> Staffing:
    """Give the smallest staff that meets the target on enough of the days.

    Parameters
    ----------
    calls : float
        Forecast for `per_min` minutes.
    aht_s, patience_s : float
        Mean handling time and mean patience, seconds.
    target : (float, float)
        Share of all callers answered within so many seconds.
    confidence : float
        Share of days on which the target must hold.
    day_cv : float
        Spread of days around their forecast; 0.10 where nobody says.

    Returns
    -------
    Staffing
        Agents at the telephone; breaks and absence come on top.

    Notes
    -----
    Erlang A in a steady state, so each interval is taken as long beside the handling time.

    Examples
    --------
    >>> agents_for(100, per_min=30, aht_s=180, patience_s=300, day_cv=0).agents
    13
    >>> agents_for(100, per_min=30, aht_s=180, patience_s=300).agents
    14
    """
    for name, value in (("calls", calls), ("per_min", per_min), ("aht_s", aht_s)):
        if not isfinite(value) or value < 0 or (value == 0 and name != "calls"):
            raise BadSetting(name, value, "give a number above 0")
    standard = Standard(target, confidence, patience_s, day_cv)
    per_hour = calls * 60 / per_min
    least = int(agents_needed([per_hour], aht_s=aht_s, standard=standard)[0])
    numbers = [number for number in (least - 1, least, least + 1) if number >= 0]
    gives = [_gives(number, per_hour, aht_s, standard) for number in numbers]
    return Staffing(gives[-2], gives[-3] if len(gives) > 2 else None, gives[-1], standard)


def _gives(agents: int, per_hour: float, aht_s: float, standard: Standard) -> Gives:
    waits = erlang_a(
        agents,
        per_hour=per_hour,
        aht_s=aht_s,
        patience_s=standard.patience_s,
        within_s=standard.target[1],
    )
    held = held_share([agents], per_hour=per_hour, aht_s=aht_s, standard=standard)
    return Gives(agents, waits, float(held[0]))


def staff_intervals(intervals: Sequence[Interval], *, standard: Standard) -> list[Gives]:
    """Give the smallest staff of every interval, each taken by itself.

    Parameters
    ----------
    intervals : sequence of Interval

    Returns
    -------
    list of Gives
        In the same order.
    """
    per_hour = np.array([one.per_hour for one in intervals])
    aht_s = np.array([one.aht_s for one in intervals])
    least = agents_needed(per_hour, aht_s=aht_s, standard=standard)
    held = held_share(least, per_hour=per_hour, aht_s=aht_s, standard=standard)
    return [
        Gives(
            int(agents),
            erlang_a(
                int(agents),
                per_hour=one.per_hour,
                aht_s=one.aht_s,
                patience_s=standard.patience_s,
                within_s=standard.target[1],
            ),
            float(share),
        )
        for one, agents, share in zip(intervals, least, held, strict=True)
    ]
