"""Every write of customers' words, of what the reader made of them, and of measures."""

from upturn.voice.commands.confirming import (
    Understood,
    confirm,
    learn,
    take_back_confirmation,
)
from upturn.voice.commands.found_themes import leave_unsaid, name_found_theme, search_for_themes
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
from upturn.voice.commands.readers import read_again_by_another
from upturn.voice.commands.readings import flag_doubles, read, read_on, store_readings
from upturn.voice.commands.servers import SaidByServers, store_servers_words
from upturn.voice.commands.themes import (
    add_theme,
    check_may_write_themes,
    edit_theme,
    read_again,
    read_once_more,
    store_themes,
)

__all__ = [
    "MeasureRecord",
    "SaidByServers",
    "Stored",
    "Understood",
    "UnknownEdge",
    "add_theme",
    "check_may_write_themes",
    "choose_quotes",
    "confirm",
    "edit_theme",
    "flag_doubles",
    "hand_in",
    "hand_in_all",
    "hand_in_alone",
    "learn",
    "leave_unsaid",
    "name_found_theme",
    "read",
    "read_again",
    "read_again_by_another",
    "read_on",
    "read_once_more",
    "search_for_themes",
    "store_comments",
    "store_feedback",
    "store_measures",
    "store_readings",
    "store_servers_words",
    "store_themes",
    "take_back",
    "take_back_confirmation",
]
