"""The things that happen on purpose while the organisation is drawn."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from .parties import draw_touchpoints
from .shapes import Planted
from .sources import words


@dataclass(frozen=True, slots=True)
class Story:
    """From ``week`` on, guests at ``touchpoint`` have more (or less) to complain of.

    ``chance`` is added to the chance that a comment is bad; ``weight`` is how often it is then
    about ``theme``, on the scale of ``themes.toml``.
    """

    planted: str
    touchpoint: str
    theme: str
    week: int
    chance: float
    weight: float


@cache
def planted() -> dict[str, Planted]:
    """The planted truth by its key."""
    return {
        row["key"]: Planted(
            key=row["key"],
            week=row["week"],
            cause=row["cause"],
            behind=row.get("behind", ""),
            on_the_way=tuple(row["on_the_way"]),
            touchpoints=tuple(
                point for point, told in stories().items() if told.planted == row["key"]
            ),
            tells=row["tells"],
            what=row["what"],
        )
        for row in words("stories")["planted"]
    }


@cache
def stories() -> dict[str, Story]:
    """Stories by the touchpoint at which guests notice them."""
    found: dict[str, Story] = {}
    for row in words("stories")["story"]:
        told = {name: row[name] for name in ("planted", "theme", "chance", "weight")}
        for key in _touchpoints(row):
            found[key] = Story(touchpoint=key, week=_week(row["planted"]), **told)
    return found


def _touchpoints(row: dict[str, Any]) -> list[str]:
    """Give one touchpoint, or all of a house."""
    if "touchpoint" in row:
        return [row["touchpoint"]]
    return [point.key for point in draw_touchpoints() if point.key.startswith(f"{row['house']}-")]


def _week(key: str) -> int:
    return next(int(row["week"]) for row in words("stories")["planted"] if row["key"] == key)
