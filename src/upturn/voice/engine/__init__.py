"""Reading what customers say: files of comments, themes, touchpoints, polarity, quotes, change."""

from upturn.voice.engine.change import Change, Moved, compare
from upturn.voice.engine.cleaning import clean
from upturn.voice.engine.curve import Curve, Frame, axis, draw
from upturn.voice.engine.errors import (
    BadMap,
    IdentityAsked,
    IntakeError,
    NothingToRead,
    ReadingError,
    UnknownColumn,
)
from upturn.voice.engine.intake import Comment, check_rows, fingerprint
from upturn.voice.engine.intake_fields import Field
from upturn.voice.engine.intake_guess import ColumnGuess, describe_guess, guess_mapping, settle
from upturn.voice.engine.intake_mapping import ColumnMap, map_from, parse_map
from upturn.voice.engine.intake_names import KnownNames
from upturn.voice.engine.intake_scores import Scale
from upturn.voice.engine.quotes import marked_spans, representative_quotes
from upturn.voice.engine.reading import Reader, Readings, assign_touchpoints
from upturn.voice.engine.reading_classes import ReasonClass, default_themes
from upturn.voice.engine.reading_languages import guess_language
from upturn.voice.engine.reading_polarity import LearnedPolarity, learn_polarity, polarity
from upturn.voice.engine.reading_words import theme_words

__all__ = [
    "BadMap",
    "Change",
    "ColumnGuess",
    "ColumnMap",
    "Comment",
    "Curve",
    "Field",
    "Frame",
    "IdentityAsked",
    "IntakeError",
    "KnownNames",
    "LearnedPolarity",
    "Moved",
    "NothingToRead",
    "Reader",
    "ReadingError",
    "Readings",
    "ReasonClass",
    "Scale",
    "UnknownColumn",
    "assign_touchpoints",
    "axis",
    "check_rows",
    "clean",
    "compare",
    "default_themes",
    "describe_guess",
    "draw",
    "fingerprint",
    "guess_language",
    "guess_mapping",
    "learn_polarity",
    "map_from",
    "marked_spans",
    "parse_map",
    "polarity",
    "representative_quotes",
    "settle",
    "theme_words",
]
