"""Where and when guests write, and how often something was bad, as arrays of one row a comment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .shapes import Touchpoint
from .sources import WEEKS, mondays, words
from .stories import Story, stories

DAYS = WEEKS * 7
EVENINGS = (0.7, 0.8, 0.9, 1.1, 1.9, 2.0, 1.2)
LUNCHES = (1.2, 1.3, 1.3, 1.3, 1.3, 0.7, 0.6)
# Guests of these houses sit outside: busier in the warm half of the year.
OUTDOORS = ("harbour", "orchard")
MINUTES_UNTIL_WRITTEN = 35
OPEN = {"midday": (695, 900), "pickup": (690, 1290), "find": (540, 1320), "": (1065, 1410)}
AFTERWARDS = (480, 1290)


@dataclass(frozen=True, slots=True)
class Moments:
    """Touchpoint (index), day (0 is the oldest), minute of the day, chance that it was bad."""

    touchpoint: NDArray[np.int64]
    day: NDArray[np.int64]
    minute: NDArray[np.int64]
    bad: NDArray[np.float64]


def first_day(today: date) -> date:
    """First of the 182 days that end with the day before ``today``."""
    return today - timedelta(days=DAYS)


def split(key: str) -> tuple[str, str]:
    """House and moment of a touchpoint's key."""
    house, _, moment = key.partition("-")
    return house, moment


def story_day(story: Story, *, today: date) -> int:
    """Day, counted from the first, on which a story begins."""
    return (mondays(today)[story.week] - first_day(today)).days


def draw_moments(
    touchpoints: Sequence[Touchpoint],
    *,
    today: date,
    count: int,
    generator: np.random.Generator,
) -> Moments:
    """Draw ``count`` moments, in the order of time."""
    where = generator.choice(len(touchpoints), size=count, p=_shares(touchpoints))
    day, minute = np.empty(count, np.int64), np.empty(count, np.int64)
    bad = np.empty(count)
    for index, touchpoint in enumerate(touchpoints):
        here = np.flatnonzero(where == index)
        house, moment = split(touchpoint.key)
        busy = _busy(house, moment=moment, today=today)
        day[here] = generator.choice(DAYS, size=here.size, p=busy)
        minute[here] = _minutes(touchpoint, size=here.size, generator=generator)
        bad[here] = _chances(touchpoint, day=day[here], today=today)
    order = np.lexsort((minute, day))
    return Moments(where[order], day[order], minute[order], bad[order])


def _rows() -> tuple[dict[str, Any], dict[str, Any]]:
    plan = words("organisation")
    return (
        {row["key"]: row for row in plan["house"]},
        {row["key"]: row for row in plan["touchpoint"]},
    )


def _shares(touchpoints: Sequence[Touchpoint]) -> NDArray[np.float64]:
    houses, moments = _rows()
    keys = [split(touchpoint.key) for touchpoint in touchpoints]
    shares = np.array([moments[moment]["share"] for _house, moment in keys])
    for house in houses:
        here = np.array([house == other for other, _moment in keys])
        shares[here] *= houses[house]["share"] / shares[here].sum()
    return np.asarray(shares / shares.sum(), dtype=np.float64)


def _busy(house: str, *, moment: str, today: date) -> NDArray[np.float64]:
    dates = [first_day(today) + timedelta(days=day) for day in range(DAYS)]
    by_weekday = LUNCHES if moment == "midday" else EVENINGS
    week = np.array([by_weekday[on.weekday()] for on in dates])
    warmth = np.cos([2 * np.pi * (on.timetuple().tm_yday - 200) / 365 for on in dates])
    busy = week * (1 + (0.25 if house in OUTDOORS else -0.06) * warmth)
    return np.asarray(busy / busy.sum(), dtype=np.float64)


def _minutes(
    touchpoint: Touchpoint, *, size: int, generator: np.random.Generator
) -> NDArray[np.int64]:
    if not touchpoint.moment:
        return generator.integers(*AFTERWARDS, size=size)
    hour, minute = touchpoint.moment.split(":")
    usual = int(hour) * 60 + int(minute) + MINUTES_UNTIL_WRITTEN
    moment = split(touchpoint.key)[1]
    low, high = OPEN.get(moment, OPEN[""])
    return np.clip(generator.normal(usual, 38, size), low, high).astype(np.int64)


def _chances(touchpoint: Touchpoint, *, day: NDArray[np.int64], today: date) -> NDArray[np.float64]:
    houses, moments = _rows()
    house, moment = split(touchpoint.key)
    usual = houses[house]["bad"] + moments[moment]["bad"]
    story = stories().get(touchpoint.key)
    if story is None:
        return np.full(day.size, usual)
    return np.asarray(
        usual + story.chance * (day >= story_day(story, today=today)), dtype=np.float64
    )
