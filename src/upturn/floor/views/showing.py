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
TALLEST = 240
LARGEST, ROOMY, SMALLEST_WITH_NAME = 20.0, 18.0, 12.0
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


def _short_names(names: Sequence[str]) -> dict[str, str]:
    """Give short names, with as many letters before a number as keep two tables apart.

    >>> _short_names(["bar 1", "hall 1", "7"])
    {'bar 1': 'b1', 'hall 1': 'h1', '7': '7'}
    """
    plain = {name: short_name(name) for name in names}
    numbered = {name: short for name, short in plain.items() if short.isdigit() and short != name}
    for letters in range(NAME_LENGTH):
        short = plain | {name: name[:letters] + plain[name] for name in numbered}
        fits = max(map(len, short.values()), default=0) <= NAME_LENGTH
        if fits and len(set(short.values())) == len(short):
            return short
    return plain


def _laid_out(places: Sequence[State]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    short = _short_names([place["id"] for place in places if place["kind"] == "table"])
    named = [dict(place) | {"short": short.get(place["id"], "")} for place in places]
    tables = [place for place in named if place["kind"] == "table" and place["x"] is not None]
    if not tables:
        return named, {"width": WIDTH, "height": 0, "radius": 0}
    drawn = [place for place in named if place["kind"] != "queue" and place["x"] is not None]
    unit = _put_across(drawn)
    radius = _radius(tables, drawn, unit)
    for squeezed in (_squeezed(drawn, unit), 1.0):
        if _radius(tables, drawn, unit * squeezed) >= radius:
            break
    height = max(place["py"] for place in drawn) + EDGE
    names = "all" if radius >= SMALLEST_WITH_NAME else "own"
    longest = max(len(table["short"]) for table in tables)
    if names == "all" and longest == NAME_LENGTH and radius < ROOMY:
        names = "small"
    return named, {"width": WIDTH, "height": height, "radius": radius, "names": names}


def _put_across(drawn: Sequence[dict[str, Any]]) -> float:
    """Put every place where it belongs from side to side; gives units of the picture in a metre."""
    low = min(place["x"] for place in drawn)
    unit = (WIDTH - 2 * EDGE) / max(max(place["x"] for place in drawn) - low, 6.0)
    for place in drawn:
        place["px"] = round(EDGE + (place["x"] - low) * unit, 1)
    return float(unit)


def _squeezed(drawn: Sequence[State], unit: float) -> float:
    """How much lower than wide a metre is drawn, so that the needs below stay on the screen."""
    down = [float(place["y"]) for place in drawn]
    tall = (max(down) - min(down)) * unit
    return min(1.0, (TALLEST - 2 * EDGE) / tall) if tall else 1.0


def _radius(tables: Sequence[State], drawn: Sequence[dict[str, Any]], unit: float) -> float:
    """Put every place where it belongs from top to bottom; gives how large a table can be."""
    low = min(place["y"] for place in drawn)
    for place in drawn:
        place["py"] = round(EDGE + (place["y"] - low) * unit, 1)
    return round(min(LARGEST, 0.43 * _nearest(tables)), 1)


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
