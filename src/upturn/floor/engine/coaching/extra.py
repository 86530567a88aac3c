"""What bites in idle moments would add to a plan, watched on simulated days of its forecast."""

from collections import Counter, defaultdict
from datetime import date
from math import ceil

import numpy as np

from upturn.floor.engine.coaching.bites import NOBODY, CentreDay, Coached, Rule, watch
from upturn.floor.engine.coaching.cells import cells_of
from upturn.floor.engine.coaching.plan import Plan, Slack


def bites_on_top(
    plan: Plan, *, rule: Rule, queue: str = "", days: int = 20, seed: int = 1
) -> tuple[Coached, Coached]:
    """Give what callers of one queue meet with the plan alone, and with bites on top of it.

    Parameters
    ----------
    plan : Plan
        Its sessions take their agents out of the queue.
    rule : Rule
    days : int
        How often each day of the forecast is drawn, with its own day factor.

    Returns
    -------
    (Coached, Coached)
        Both meet the same calls.
    """
    parts = _centre_days(plan, queue)
    alone, bitten = (
        _together([watch(day, rule=each, days=days, seed=seed + n) for n, day in enumerate(parts)])
        for each in (NOBODY, rule)
    )
    return alone, bitten


def _centre_days(plan: Plan, queue: str) -> list[CentreDay]:
    """One a day of the forecast, in steps of the plan."""
    cells = cells_of(plan.slack)
    away: Counter[int] = Counter()
    for one in plan.sessions:
        if queue in (one.wanted.queues or cells.queues):
            start = int(one.start.timestamp()) // cells.step_s
            away.update(range(start, start + ceil(one.wanted.length_s / cells.step_s)))
    by_day: dict[date, list[Slack]] = defaultdict(list)
    for slack in plan.slack:
        if slack.interval.queue == queue:
            by_day[slack.interval.start.date()].append(slack)
    return [_centre_day(rows, away, cells.step_s, plan) for rows in by_day.values()]


def _centre_day(rows: list[Slack], away: Counter[int], step_s: int, plan: Plan) -> CentreDay:
    slots = [
        (one, int(one.interval.start.timestamp()) // step_s + at)
        for one in rows
        for at in range(int(one.interval.length_s) // step_s)
    ]
    return CentreDay(
        per_hour=tuple(one.interval.per_hour for one, _ in slots),
        agents=tuple(max(one.staff - away[step], 0) for one, step in slots),
        aht_s=tuple(one.interval.aht_s for one, _ in slots),
        slot_s=step_s,
        standard=plan.standard,
    )


def _together(parts: list[Coached]) -> Coached:
    """Add the days of a forecast up, draw by draw."""
    offered, in_time, abandoned, coached_s = (
        np.sum([getattr(part, name) for part in parts], axis=0) for name in Coached._fields[:-1]
    )
    agent_s = sum(part.agent_s for part in parts)
    return Coached(offered, in_time, abandoned, coached_s, agent_s)
