"""Reading what customers say: files of comments, themes, touchpoints, polarity, quotes, change."""

from upturn.voice.engine.change import Change, Moved, compare
from upturn.voice.engine.clauses import Aspect, read_aspects
from upturn.voice.engine.cleaning import clean
from upturn.voice.engine.curve import Curve, Frame, axis, draw
from upturn.voice.engine.direction import (
    Better,
    Direction,
    Known,
    guess_better,
    how_known,
    measure_name,
    settle_directions,
)
from upturn.voice.engine.doubles import Doubles, find_doubles
from upturn.voice.engine.embedding import (
    Embedder,
    MiniLM,
    known_as,
    load_minilm,
    measured_languages,
    read_languages,
    reader_for,
)
from upturn.voice.engine.errors import (
    BadMap,
    IdentityAsked,
    IntakeError,
    ModelAbsent,
    NothingToRead,
    ReadingError,
    UnknownColumn,
)
from upturn.voice.engine.found_themes import FoundTheme, describe_themes, find_themes
from upturn.voice.engine.intake import Comment, check_rows, fingerprint
from upturn.voice.engine.intake_fields import Field
from upturn.voice.engine.intake_guess import ColumnGuess, describe_guess, guess_mapping, settle
from upturn.voice.engine.intake_mapping import ColumnMap, map_from, parse_map
from upturn.voice.engine.intake_names import KnownNames
from upturn.voice.engine.intake_scores import Scale
from upturn.voice.engine.labels import with_sentences
from upturn.voice.engine.masking import mask
from upturn.voice.engine.multilingual import Multilingual, load_multilingual
from upturn.voice.engine.quotes import marked_spans, representative_quotes
from upturn.voice.engine.read_rows import ReadRow, themes_from
from upturn.voice.engine.reading import Reader, Readings, assign_touchpoints
from upturn.voice.engine.reading_classes import ReasonClass, default_themes
from upturn.voice.engine.reading_languages import guess_language
from upturn.voice.engine.reading_polarity import LearnedPolarity, learn_polarity, polarity
from upturn.voice.engine.reading_words import theme_words
from upturn.voice.engine.static_table import StaticTable, load_static_table

__all__ = [
    "Aspect",
    "BadMap",
    "Better",
    "Change",
    "ColumnGuess",
    "ColumnMap",
    "Comment",
    "Curve",
    "Direction",
    "Doubles",
    "Embedder",
    "Field",
    "FoundTheme",
    "Frame",
    "IdentityAsked",
    "IntakeError",
    "Known",
    "KnownNames",
    "LearnedPolarity",
    "MiniLM",
    "ModelAbsent",
    "Moved",
    "Multilingual",
    "NothingToRead",
    "ReadRow",
    "Reader",
    "ReadingError",
    "Readings",
    "ReasonClass",
    "Scale",
    "StaticTable",
    "UnknownColumn",
    "assign_touchpoints",
    "axis",
    "check_rows",
    "clean",
    "compare",
    "default_themes",
    "describe_guess",
    "describe_themes",
    "draw",
    "find_doubles",
    "find_themes",
    "fingerprint",
    "guess_better",
    "guess_language",
    "guess_mapping",
    "how_known",
    "known_as",
    "learn_polarity",
    "load_minilm",
    "load_multilingual",
    "load_static_table",
    "map_from",
    "marked_spans",
    "mask",
    "measure_name",
    "measured_languages",
    "parse_map",
    "polarity",
    "read_aspects",
    "read_languages",
    "reader_for",
    "representative_quotes",
    "settle",
    "settle_directions",
    "theme_words",
    "themes_from",
    "with_sentences",
]
