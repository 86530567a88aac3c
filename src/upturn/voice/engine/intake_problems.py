"""What can be wrong with a comment in a file, and what helps."""

from upturn.graph.engine.tabular_errors import gettext_noop
from upturn.graph.engine.tabular_problems import Problem, Remedy

NO_WORDS = Problem(
    "no_words",
    gettext_noop("There are no words to read, so the row is left out."),
    "",
    Remedy.NOTHING,
)
TEXT_TOO_LONG = Problem(
    "text_too_long",
    gettext_noop("%(length)d characters; somebody’s words end at %(most)d."),
    gettext_noop("Is a quote mark left open in this row?"),
    Remedy.SHORTEN,
)
FORMULA_LIKE = Problem(
    "formula",
    gettext_noop("Begins like a formula. It is stored as plain words and never run."),
    "",
    Remedy.KEEP,
    stops=False,
)
NUMBER_REMOVED = Problem(
    "number_removed",
    gettext_noop("Numbers of cards or accounts in the words: %(count)d. They are never stored."),
    "",
    Remedy.KEEP,
    stops=False,
)
DATE_AHEAD = Problem(
    "date_ahead",
    gettext_noop("This day has not come yet."),
    gettext_noop("Write the day on which it was said."),
    Remedy.MEND,
)
DATE_TOO_OLD = Problem(
    "date_too_old",
    gettext_noop("This is before 1990."),
    gettext_noop("Write the day on which it was said."),
    Remedy.MEND,
)
SAME_ID = Problem(
    "same_id",
    gettext_noop("Row %(first)d has the same id and other words."),
    gettext_noop("Give one of the two its own id, or leave one out."),
    Remedy.MEND,
)
