"""When coaching fits: sessions placed where the service level still holds, fairly."""

from collections.abc import Sequence

import numpy as np

from upturn.floor.engine.coaching.plan import Plan, Slack, Wanted
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.staffing.intervals import Interval
from upturn.floor.engine.staffing.standards import DAY_CV, Standard, agents_needed

LEAST_MIN = 30.0
"""Everybody comes to so many minutes before anybody gets more."""


def coaching_slots(  # noqa: PLR0913 - the published signature
    forecast: Sequence[Interval],
    *,
    staff: int | None = None,
    target: tuple[float, float] = (0.8, 20.0),
    confidence: float = 0.9,
    wanted: Sequence[Wanted] = (),
    patience_s: float = 300.0,
    day_cv: float = DAY_CV,
    least_min: float = LEAST_MIN,
) -> Plan:
    """Place sessions so that the target still holds on `confidence` of the days.

    Parameters
    ----------
    forecast : sequence of Interval
    staff : int, optional
        Agents in every interval; without it each interval says its own.
    target, confidence, patience_s, day_cv
        As in `agents_for`.
    wanted : sequence of Wanted
    least_min : float
        Minutes over the whole forecast that everybody comes to before anybody gets more.

    Returns
    -------
    Plan

    Raises
    ------
    BadSetting
        An interval without staff, a queue the forecast does not know.

    Notes
    -----
    Interval by interval, with the day factor's distribution, never the point forecast. Weeks are
    packed one after the other by a mixed-integer program, each knowing what went before.

    Examples
    --------
    >>> from datetime import UTC, datetime, timedelta
    >>> nine = datetime(2026, 11, 23, 9, tzinfo=UTC)
    >>> forecast = [Interval(nine + timedelta(minutes=30 * n), 1800, 1260, 60) for n in (0, 1)]
    >>> ann = Wanted("ann", "cai", 1800)
    >>> plan = coaching_slots(forecast, staff=50, patience_s=120, wanted=[ann])
    >>> plan.slack[0].free, [f"{one.start:%H:%M}" for one in plan.sessions]
    (4, ['09:00'])
    """
    from upturn.floor.engine.coaching.packing import pack  # noqa: PLC0415 - SciPy is slow to load

    standard = Standard(target, confidence, patience_s, day_cv)
    slack = slack_of(forecast, staff=staff, standard=standard)
    _check_wanted(wanted, {one.queue for one in forecast})
    sessions, unplaced, methods = pack(slack, wanted, least_min=least_min)
    return Plan(sessions, unplaced, slack, methods, standard)


def slack_of(
    forecast: Sequence[Interval], *, staff: int | None, standard: Standard
) -> tuple[Slack, ...]:
    """Give who can be spared in each interval.

    The largest k at which c - k agents meet the target on `confidence` of the days.
    """
    for one in forecast:
        if staff is None and one.staff is None:
            raise BadSetting("staff", None, "give a number, or a column of staff in the forecast")
    needed = agents_needed(
        [one.per_hour for one in forecast],
        aht_s=np.array([one.aht_s for one in forecast]),
        standard=standard,
    )
    return tuple(
        Slack(one, one.staff if staff is None and one.staff is not None else staff or 0, int(least))
        for one, least in zip(forecast, needed, strict=True)
    )


def _check_wanted(wanted: Sequence[Wanted], queues: set[str]) -> None:
    for one in wanted:
        if not one.length_s > 0:
            raise BadSetting("length_s", one.length_s, "give seconds above 0")
        for queue in one.queues:
            if queue not in queues:
                known = ", ".join(sorted(queues - {""})) or "none by name"
                raise BadSetting("queue", queue, f"the forecast has {known}")
