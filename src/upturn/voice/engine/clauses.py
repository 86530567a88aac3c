"""Comments in clauses: "the food was great but we waited an hour" says two things.

Each clause gets a theme and a polarity of its own. Irony cannot be told from words, here as little
as in whole comments.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from upturn.voice.engine.cleaning import fold, word_spans, words
from upturn.voice.engine.reading import CANNOT_TELL, Reader
from upturn.voice.engine.reading_languages import languages
from upturn.voice.engine.reading_mood import mood

WORDS_MIN = 2
CLAUSES_MAX = 40
_ENDS = re.compile(r"[.!?…;。！？؟]+(?=\s|$)|\n+|(?<=\s)[-–—]+(?=\s)")
_SOFT = re.compile(r",(?=\s)|(?<=\s)(?:and|und|y|e|&)(?=\s)", re.IGNORECASE)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Aspect:
    """What one clause speaks of.

    Attributes
    ----------
    start, end : int
        Where it stands in the comment as stored.
    theme : int
        Which class of the reader, from 0; -1 where it cannot tell.
    polarity : int
        1 praise, -1 blame, 0 neither.
    """

    start: int
    end: int
    theme: int
    polarity: int


def clauses(text: str) -> tuple[Span, ...]:
    """Cut a comment into clauses.

    Parameters
    ----------
    text : str
        One comment, as stored; only its first `CLAUSES_MAX` clauses are told apart.

    Returns
    -------
    tuple of (start, end)
        In order and without overlap; each holds at least `WORDS_MIN` words, unless the whole
        comment has fewer.

    Notes
    -----
    It is cut where a sentence ends and before a word of contrast ("but", "aber", "pero"). At a
    comma and at "and" only where one side praises and the other blames: "fish and chips" stays.

    Examples
    --------
    >>> text = "The food was great but we waited an hour. Fish and chips, again!"
    >>> [text[start:end] for start, end in clauses(text)]
    ['The food was great', 'but we waited an hour.', 'Fish and chips, again!']
    """
    cuts = sorted({*(found.end() for found in _ENDS.finditer(text)), *_contrasts(text)})
    hard = _joined(text, [0, *cuts[: CLAUSES_MAX - 1], len(text)])
    return tuple(span for each in hard for span in _softly(text, each))


def _contrasts(text: str) -> Iterator[int]:
    known = _contrast_words()
    for start, end in word_spans(text):
        if fold(text[start:end]) in known:
            yield start


@cache
def _contrast_words() -> frozenset[str]:
    return frozenset[str]().union(*(each.contrasts for each in languages().values()))


def _joined(text: str, cuts: Sequence[int]) -> list[Span]:
    """Stretches between cuts, without the blanks around them; too short ones join another."""
    found: list[Span] = []
    start = cuts[0]
    for end in cuts[1:]:
        if len(words(text[start:end])) >= WORDS_MIN or end == cuts[-1]:
            found.append((start, end))
            start = end
    if len(found) > 1 and len(words(text[slice(*found[-1])])) < WORDS_MIN:
        found[-2:] = [(found[-2][0], found[-1][1])]
    return [_stripped(text, each) for each in found]


def _stripped(text: str, span: Span) -> Span:
    inner = text[slice(*span)]
    start = span[0] + len(inner) - len(inner.lstrip())
    return start, max(start, span[0] + len(inner.rstrip()))


def _softly(text: str, span: Span) -> list[Span]:
    """Cut once more where praise meets blame."""
    start, end = span
    for found in _SOFT.finditer(text, start, end):
        before, after = text[start : found.start()], text[found.end() : end]
        enough = min(len(words(before)), len(words(after))) >= WORDS_MIN
        if enough and mood(before).sign * mood(after).sign < 0:
            sides = (start, found.start()), (found.end(), end)
            return [_stripped(text, each) for each in sides]
    return [span]


def read_aspects(reader: Reader, texts: Sequence[str]) -> list[tuple[Aspect, ...]]:
    """Read theme and polarity of each clause, for comments that say several things.

    Parameters
    ----------
    reader : Reader
        Of the themes.
    texts : sequence of str, length n
        Comments as stored.

    Returns
    -------
    list of tuple of Aspect
        For each comment its clauses that praise or blame, if there are two or more of them and they
        differ in theme or polarity; else nothing, for then the reading of the whole says it all.

    Notes
    -----
    The polarity of a clause comes from its own words alone; a score judges the whole visit.
    """
    found = [(at, *span) for at, text in enumerate(texts) for span in _telling(text)]
    said = [texts[at][start:end] for at, start, end in found]
    themes = reader.classify(said)[0] if said else np.zeros(0, dtype=np.int64)
    aspects: list[list[Aspect]] = [[] for _ in texts]
    for (at, start, end), clause, theme in zip(found, said, _plain(themes), strict=True):
        aspects[at].append(Aspect(start, end, theme, mood(clause).sign))
    return [tuple(each) if _differ(each) else () for each in aspects]


def _plain(themes: NDArray[np.int64]) -> list[int]:
    plain: list[int] = themes.tolist()
    return plain


def _telling(text: str) -> list[Span]:
    """Clauses that praise or blame, where there are several."""
    spans = clauses(text)
    if len(spans) < 2:
        return []
    found = [span for span in spans if mood(text[slice(*span)]).sign]
    return found if len(found) > 1 else []


def _differ(aspects: Sequence[Aspect]) -> bool:
    known = {(each.theme, each.polarity) for each in aspects if each.theme != CANNOT_TELL}
    return len(known) > 1 or len({each.polarity for each in aspects}) > 1
