"""Scores as people give them: which scale a column uses, and what a value means on 0 to 10."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from upturn.graph.engine.tabular_errors import gettext_noop
from upturn.graph.engine.tabular_problems import Fault, Problem, Remedy
from upturn.graph.engine.tabular_words import fold

CHARACTERS_MAX = 40
READABLE_SHARE = 0.8  # of the values that are there, or the column holds no scores
INSIDE_SHARE = 0.98  # of the scores lie on the scale; the others are slips of the pen
ZEROS_SHARE = 0.005
SEVENS_SHARE = 0.03
MANY = 50

NO_ANSWER = frozenset(
    ["", "n/a", "na", "#n/a", "-", "--", "–", "—", "?", ".", "none", "null", "nan", "nil", "\\n"]
)
FILLED, EMPTY = "★⭐✭✮*", "☆✩"
PLAIN = re.compile(r"[+]?(\d{1,6}(?:[.,]\d{1,8})?)")
OUT_OF = re.compile(
    r"(?:rated )?(\d{1,3}(?:[.,]\d+)?) ?(?:/|of|out of|von|sur|de|su|van) ?(\d{1,3})(?!\d)[^\d]*",
    re.IGNORECASE,
)
PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d+)?) ?%")
WITH_WORD = re.compile(
    r"(\d{1,2}(?:[.,]\d+)?) ?(?:[*★⭐]\ufe0f?|stars?|star rating|points?|sterne?|punkte?|étoiles?"
    r"|estrellas?|puntos?|stelle|sterren)",
    re.IGNORECASE,
)
IN_HEADER = re.compile(r"(?<!\d)(\d{1,2}) ?(?:-|–|to|bis|a|à) ?(\d{1,3})(?!\d)", re.IGNORECASE)
RECOMMEND = re.compile(r"\b(nps|recommend|promoter)\b")

SCORE_UNREADABLE = Problem(
    "score_unreadable",
    gettext_noop("This cannot be read as a score."),
    gettext_noop("Write a number, or nothing if no score was given."),
    Remedy.MEND,
)
SCORE_ABOVE = Problem(
    "score_above",
    gettext_noop("Above the scale of %(low)s to %(high)s."),
    gettext_noop("Write a number on the scale, or nothing."),
    Remedy.MEND,
)
SCORE_BELOW = Problem(
    "score_below",
    gettext_noop("Below the scale of %(low)s to %(high)s."),
    gettext_noop("Write a number on the scale, or nothing if no score was given."),
    Remedy.MEND,
)


@dataclass(frozen=True, slots=True)
class Scale:
    """The ends of a scale.

    Parameters
    ----------
    low, high : float
        Worst and best.

    Notes
    -----
    Scores are kept as they came and put on 0 to 10 by the straight line from `low` to `high`: on
    1 to 5 that is (x - 1) · 2.5, on 0 to 5 it is 2x, on 1 to 10 it is (x - 1) · 10/9. Two scales
    with the same line can be put side by side; that a 3 of 5 means the same as a 5.5 of 10 to the
    person who gave it is not claimed.
    """

    low: float
    high: float

    @property
    def label(self) -> str:
        """Short name, such as 1-5."""
        return f"{self.low:g}-{self.high:g}"

    def on_ten(self, score: float) -> float:
        """Put a score on 0 to 10.

        >>> Scale(1, 5).on_ten(4), Scale(0, 10).on_ten(7)
        (7.5, 7.0)
        """
        return (score - self.low) * 10 / (self.high - self.low)


COMMON_SCALES = (
    Scale(1.0, 5.0),
    Scale(0.0, 5.0),
    Scale(1.0, 7.0),
    Scale(1.0, 10.0),
    Scale(0.0, 10.0),
    Scale(0.0, 100.0),
)


def scale_of(label: str) -> Scale | None:
    """Read the name of a scale.

    >>> scale_of("1-5"), scale_of("percent"), scale_of("review")
    (Scale(low=1.0, high=5.0), Scale(low=0.0, high=100.0), None)
    """
    if label in ("percent", "%"):
        return Scale(0.0, 100.0)
    found = re.fullmatch(r"(\d{1,3})-(\d{1,3})", label)
    if not found or int(found[1]) >= int(found[2]):
        return None
    return Scale(float(found[1]), float(found[2]))


def read_score(value: str) -> tuple[float, float | None] | None:
    """Read a score and, where it says so itself, what it is out of; None if it is no score.

    >>> read_score("4,5"), read_score("8/10"), read_score("★★★★☆"), read_score("warm")
    ((4.5, None), (8.0, 10.0), (4.0, 5.0), None)
    """
    value = value.strip().replace("\ufe0f", "")
    if len(value) > CHARACTERS_MAX:
        return None
    if found := PLAIN.fullmatch(value) or WITH_WORD.fullmatch(value):
        return _number(found[1]), None
    if found := OUT_OF.fullmatch(value):
        return _number(found[1]), float(found[2])
    if found := PERCENT.fullmatch(value):
        return _number(found[1]), 100.0
    filled = sum(value.count(star) for star in FILLED)
    empty = sum(value.count(star) for star in EMPTY)
    if filled + empty and filled + empty == len(value.replace(" ", "")):
        return float(filled), float(filled + empty) if empty else None
    return None


def _number(text: str) -> float:
    return float(text.replace(",", "."))


@dataclass(frozen=True, slots=True)
class ScaleEvidence:
    """The scale a column of scores uses, and what says so.

    Parameters
    ----------
    scale : Scale
    scores : int
        Values that are scores.
    outside : int
        Scores that do not lie on the scale.
    lowest, highest : float
        Of the scores on the scale.
    told : bool
        Whether the values or the name of the column name the scale.
    """

    scale: Scale
    scores: int
    outside: int
    lowest: float
    highest: float
    told: bool


def weigh_scores(values: Sequence[str], *, column: str = "") -> ScaleEvidence | None:
    """Find the scale of a column, or None when it holds no scores.

    Parameters
    ----------
    values : sequence of str
        As many of the column as there are at hand.
    column : str
        Its name: "(0-10)" or "NPS" in it decides.

    >>> weigh_scores(["5", "4", "n/a", "1"]).scale.label
    '1-5'
    """
    given = [value for value in values if value.strip().casefold() not in NO_ANSWER]
    scores = [score for value in given if (score := read_score(value))]
    if not scores or len(scores) < READABLE_SHARE * len(given):
        return None
    told = _told(scores, column)
    scale = told or _likely([number for number, _ in scores])
    if scale is None:
        return None
    on = [number for number, _ in scores if scale.low <= number <= scale.high]
    if not on:
        return None
    return ScaleEvidence(
        scale, len(scores), len(scores) - len(on), min(on), max(on), told is not None
    )


def _told(scores: Sequence[tuple[float, float | None]], column: str) -> Scale | None:
    """Give the scale that most values name, or else the name of the column."""
    named = Counter(high for _, high in scores if high)
    if named:
        high, times = named.most_common(1)[0]
        if 2 * times > len(scores):
            return Scale(_lowest([number for number, _ in scores], high), high)
    found = IN_HEADER.search(column)
    if found and 0 <= int(found[1]) <= 1 and int(found[2]) in (5, 7, 10, 100):
        return Scale(float(found[1]), float(found[2]))
    return Scale(0.0, 10.0) if RECOMMEND.search(fold(column)) else None


def _likely(numbers: Sequence[float]) -> Scale | None:
    """Give the smallest usual scale that holds nearly all numbers."""
    for high in sorted({scale.high for scale in COMMON_SCALES}):
        inside = sum(number <= high for number in numbers)
        slips = 1 if len(numbers) >= 20 else 0
        if inside < min(INSIDE_SHARE * len(numbers), len(numbers) - slips):
            continue
        if high == 7.0 and numbers.count(7.0) < max(SEVENS_SHARE * len(numbers), 2):
            continue
        if high == 7.0 and len(numbers) < MANY:
            continue
        return Scale(_lowest(numbers, high), high)
    return None


def _lowest(numbers: Sequence[float], high: float) -> float:
    """Decide between 0 and 1: a few zeros may be scores that nobody gave."""
    if high > 10:
        return 0.0
    zeros = sum(number < 1 for number in numbers)
    return 0.0 if zeros > ZEROS_SHARE * len(numbers) else 1.0


class Score(NamedTuple):
    """A score that was read.

    Parameters
    ----------
    on_ten : float or None
        On 0 to 10; None where no score was given.
    raw : str
        As it was given.
    scale : str
        What it was given on, such as 1-5.
    """

    on_ten: float | None
    raw: str
    scale: str


NO_SCORE = Score(None, "", "")


def score_reader(scale: Scale | None) -> Callable[[str], Score | Fault]:
    """Give a reader of one column's scores.

    Parameters
    ----------
    scale : Scale or None
        Of the column; a value that says what it is out of keeps its own. None for a column without
        one, in which only such values are read.
    """

    def read(value: str) -> Score | Fault:
        value = value.strip()
        if value.casefold() in NO_ANSWER:
            return NO_SCORE
        found = read_score(value)
        if found is None:
            return Fault(SCORE_UNREADABLE)
        number, high = found
        own = scale if high is None or (scale and scale.high == high) else _own(high, scale)
        if own is None:
            return Fault(SCORE_UNREADABLE)
        if own.low <= number <= own.high:
            return Score(own.on_ten(number), value[:20], own.label)
        return _off(number, own)

    return read


def _own(high: float, scale: Scale | None) -> Scale | None:
    low = scale.low if scale and high <= 10 else 0.0
    return Scale(low, high) if high > low else None


def _off(number: float, scale: Scale) -> Fault:
    ends: dict[str, int | str] = {"low": f"{scale.low:g}", "high": f"{scale.high:g}"}
    if number < scale.low:
        return Fault(SCORE_BELOW, (), ends)
    meant = (number / 10, number / 100)
    near = tuple(f"{score:g}" for score in meant if scale.low <= score <= scale.high)
    return Fault(SCORE_ABOVE, near[:1], ends)
