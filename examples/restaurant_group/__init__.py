"""Four Hearths: an invented restaurant group whose every word and figure comes from a seed."""

from .csv_files import write_csvs
from .organisation import draw
from .plan import ServicePlan, draw_plan, plan_measures
from .rules import draw_improvements
from .shapes import (
    Ask,
    Cycle,
    Feedback,
    Improvements,
    Measure,
    Move,
    NamedBarrier,
    Organisation,
    Party,
    Person,
    Planted,
    Rule,
    ServersWords,
    Serves,
    Theme,
    Touchpoint,
    Truth,
)
from .waves import Planned as PlannedWave
from .waves import Question, answer, planned_waves

__all__ = [
    "Ask",
    "Cycle",
    "Feedback",
    "Improvements",
    "Measure",
    "Move",
    "NamedBarrier",
    "Organisation",
    "Party",
    "Person",
    "PlannedWave",
    "Planted",
    "Question",
    "Rule",
    "ServersWords",
    "Serves",
    "ServicePlan",
    "Theme",
    "Touchpoint",
    "Truth",
    "answer",
    "draw",
    "draw_improvements",
    "draw_plan",
    "plan_measures",
    "planned_waves",
    "write_csvs",
]
