"""Every write of customers' words, of what the reader made of them, and of measures."""

from upturn.voice.commands.incoming import (
    Stored,
    hand_in,
    hand_in_all,
    hand_in_alone,
    store_comments,
    store_feedback,
    take_back,
)
from upturn.voice.commands.measures import MeasureRecord, UnknownEdge, store_measures
from upturn.voice.commands.quotes import choose_quotes
from upturn.voice.commands.readings import read, read_on, store_readings
from upturn.voice.commands.themes import (
    add_theme,
    check_may_write_themes,
    edit_theme,
    read_again,
    store_themes,
)

__all__ = [
    "MeasureRecord",
    "Stored",
    "UnknownEdge",
    "add_theme",
    "check_may_write_themes",
    "choose_quotes",
    "edit_theme",
    "hand_in",
    "hand_in_all",
    "hand_in_alone",
    "read",
    "read_again",
    "read_on",
    "store_comments",
    "store_feedback",
    "store_measures",
    "store_readings",
    "store_themes",
    "take_back",
]
