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

__all__ = [
    "Ask",
    "Feedback",
    "Measure",
    "Move",
    "Organisation",
    "Party",
    "Person",
    "Planted",
    "ServersWords",
    "Serves",
    "Theme",
    "Touchpoint",
    "Truth",
    "draw",
    "write_csvs",
]
