"""Four Hearths: an invented restaurant group whose every word and figure comes from a seed."""

from .csv_files import write_csvs
from .organisation import draw
from .shapes import (
    Ask,
    Feedback,
    Measure,
    Move,
    Organisation,
    Party,
    Person,
    Planted,
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
    "Feedback",
    "Measure",
    "Move",
    "Organisation",
    "Party",
    "Person",
    "PlannedWave",
    "Planted",
    "Question",
    "ServersWords",
    "Serves",
    "Theme",
    "Touchpoint",
    "Truth",
    "answer",
    "draw",
    "planned_waves",
    "write_csvs",
]
