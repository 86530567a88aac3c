"""The service plan of Four Hearths, and the weekly figures that only its teams count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from upturn.stats.draws import generator

from .parties import draw_parties
from .shapes import Measure
from .sources import in_house, mondays, words

STEPS_KEY = ("restaurant group", "plan")


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """What the plan holds, word for word, and the teams that take part, by key."""

    told: Mapping[str, Any]
    teams: tuple[str, ...]


def draw_plan() -> ServicePlan:
    """The plan as its file tells it."""
    told = words("plan")
    present = {party.key for party in draw_parties()}
    teams = [in_house(team, house=house) for house in told["houses"] for team in told["teams"]]
    return ServicePlan(told, tuple(team for team in teams if team in present))


def plan_measures(starts: Mapping[str, date], *, today: date, seed: int) -> Sequence[Measure]:
    """Weekly figures of each team, moved by what the file plants from the day it began."""
    found = []
    for _pair, _side, source, name, _unit, better, level, spread, by in words("plan")["outcomes"]:
        if source != "measure" or not spread:
            continue
        for team, began in starts.items():
            draws = generator(seed, *STEPS_KEY, name, team)
            own = level + spread * draws.normal(0, 0.6)
            for week in mondays(today):
                value = own + by * (week >= began) + spread * draws.normal(0, 0.7)
                found.append(
                    Measure(team, None, name, week, round(max(value, 0), 2), None, 0, None, better)
                )
    return found
