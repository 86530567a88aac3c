"""What there is to read of customers' words. Who may read them is decided here."""

from upturn.voice.queries.coverage import Layer, coverage
from upturn.voice.queries.figures import (
    UNPLACED,
    PlaceWeeks,
    Spoken,
    Story,
    Week,
    place_weeks,
    touchpoint_figures,
    touchpoint_story,
)
from upturn.voice.queries.kept import latest_week
from upturn.voice.queries.measures import (
    SERVED_WELL,
    Series,
    WeekValue,
    edge_figure,
    edge_figures,
    edge_measures,
    party_measures,
)
from upturn.voice.queries.quotes import QuoteRow
from upturn.voice.queries.themes import (
    OTHER,
    ThemeAt,
    all_themes,
    may_write_themes,
    theme,
    themes_at,
)
from upturn.voice.queries.this_week import ThemeOfWeek, WeekInWords, week_in_words
from upturn.voice.queries.weeks import Span, monday, span
from upturn.voice.queries.words import (
    Heard,
    Mark,
    Page,
    Said,
    all_words,
    feed,
    texts_of,
    words_kept,
    words_page,
)

__all__ = [
    "OTHER",
    "SERVED_WELL",
    "UNPLACED",
    "Heard",
    "Layer",
    "Mark",
    "Page",
    "PlaceWeeks",
    "QuoteRow",
    "Said",
    "Series",
    "Span",
    "Spoken",
    "Story",
    "ThemeAt",
    "ThemeOfWeek",
    "Week",
    "WeekInWords",
    "WeekValue",
    "all_themes",
    "all_words",
    "coverage",
    "edge_figure",
    "edge_figures",
    "edge_measures",
    "feed",
    "latest_week",
    "may_write_themes",
    "monday",
    "party_measures",
    "place_weeks",
    "span",
    "texts_of",
    "theme",
    "themes_at",
    "touchpoint_figures",
    "touchpoint_story",
    "week_in_words",
    "words_kept",
    "words_page",
]
