"""A state of the board as its page needs it: with short names, and the plan in units of a picture.

Seats and leads get the same board; only the addresses differ that their taps go to.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import hypot, inf
from typing import Any

from django.utils import timezone

WEEK_S = 7 * 86_400.0
WIDTH = 352
"""Units of the plan, about as many as a small phone has."""
EDGE = 26
LARGEST, SMALLEST_WITH_NAME = 20.0, 12.0
NAME_LENGTH = 4
State = Mapping[str, Any]


def shown(state: State) -> dict[str, Any]:
    """Add what the page draws with; the same state, on the server and on the phone."""
    places, plan = _laid_out(state["places"])
    given: dict[str, Any] = {"me": None, "offer": None, "pace": 1.0, "round": None, "phones": 0}
    given |= {"topics": {}, "claims": {}, "clock_s": _clock_s(state)}
    return given | dict(state) | {"places": places, "plan": plan}


def _clock_s(state: State) -> float | None:
    """Seconds from Monday, midnight, to the opening, by the clock of the house."""
    if "opened" not in state.get("shift", {}):
        return None
    now_s = float(state["now_s"])
    opened = datetime.fromisoformat(state["shift"]["opened"])
    here = timezone.localtime(opened + timedelta(seconds=now_s))
    of_day = timedelta(hours=here.hour, minutes=here.minute, seconds=here.second)
    return (timedelta(days=here.weekday()) + of_day).total_seconds() + WEEK_S - now_s


def short_name(name: str) -> str:
    """What fits into the disc of a table.

    >>> [short_name(name) for name in ("14", "window 3", "Terrace", "bar 12")]
    ['14', '3', 'Ter', '12']
    """
    if len(name) <= NAME_LENGTH:
        return name
    number = re.search(r"\d{1,3}$", name)
    return number[0] if number else name[:3]


def _laid_out(places: Sequence[State]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    named = [dict(place) | {"short": short_name(place["id"])} for place in places]
    tables = [place for place in named if place["kind"] == "table" and place["x"] is not None]
    if not tables:
        return named, {"width": WIDTH, "height": 0, "radius": 0}
    drawn = [place for place in named if place["kind"] != "queue" and place["x"] is not None]
    low_x, low_y = (min(place[axis] for place in drawn) for axis in "xy")
    span = max(place["x"] for place in drawn) - low_x
    unit = (WIDTH - 2 * EDGE) / max(span, 6.0)
    for place in drawn:
        place["px"] = round(EDGE + (place["x"] - low_x) * unit, 1)
        place["py"] = round(EDGE + (place["y"] - low_y) * unit, 1)
    height = max(place["py"] for place in drawn) + EDGE
    radius = round(min(LARGEST, 0.43 * _nearest(tables)), 1)
    names = "all" if radius >= SMALLEST_WITH_NAME else "own"
    return named, {"width": WIDTH, "height": height, "radius": radius, "names": names}


def _nearest(tables: Sequence[State]) -> float:
    """How near two tables come to each other, in units of the plan."""
    spots = sorted({(table["px"], table["py"]) for table in tables})
    near = inf
    for number, (x, y) in enumerate(spots):
        for other_x, other_y in spots[number + 1 :]:
            if other_x - x >= near:
                break
            near = min(near, hypot(other_x - x, other_y - y))
    return near
