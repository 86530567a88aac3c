"""Words in a text that those who read it at the counter may not use themselves (S1.20)."""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

LONG = {"en": 14, "de": 22, "es": 16}
"""From how many letters on a word counts as long; words of German are put together of others."""
OTHERWISE = "en"
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_ACRONYM = re.compile(r"[^\W\d_a-zß-öø-ÿ](?:&?[^\W\d_a-zß-öø-ÿ]|\d){1,6}s?")
_SHOUTED = 4  # words in a row without a small letter are a headline


class JargonKind(StrEnum):
    """Why a word is marked."""

    MANAGEMENT = "management"
    ACRONYM = "acronym"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class JargonMark:
    """A word to look at again.

    Parameters
    ----------
    start, end : int
        Where it stands: ``text[start:end]``.
    kind : JargonKind
    plain : str
        What to say instead; empty where only the writer can know.
    """

    start: int
    end: int
    kind: JargonKind
    plain: str = ""


def jargon_languages() -> tuple[str, ...]:
    """Languages with a list of their own.

    >>> jargon_languages()
    ('de', 'en', 'es')
    """
    return tuple(sorted(_lists()))


def find_jargon(
    text: str, *, language: str = OTHERWISE, known: Collection[str] = frozenset()
) -> tuple[JargonMark, ...]:
    """Find words that servers may not use, in the order of the text.

    Parameters
    ----------
    text : str
    language : str
        Whose list is looked at, and from which length on a word is long; English for languages
        without a list.
    known : collection of str
        Words that the readers use themselves; they are never marked, whatever their case.

    Returns
    -------
    tuple of JargonMark
        None overlaps another.

    Notes
    -----
    A text that has no small letters is taken as a headline: its words are no acronyms. The cost
    grows with the length of the text alone.

    Examples
    --------
    >>> text = "Leverage the KPI board"
    >>> [(text[mark.start:mark.end], mark.plain) for mark in find_jargon(text)]
    [('Leverage', 'use'), ('KPI', '')]
    >>> find_jargon(text, known=["leverage", "kpi"])
    ()
    """
    own = language if language in _lists() else OTHERWISE
    spared = {word.casefold() for word in known}
    found: list[JargonMark] = []
    for mark in _candidates(text, own):
        word = text[mark.start : mark.end].casefold()
        if word not in spared and word.removesuffix("s") not in spared:
            found.append(mark)
    return tuple(_apart(found))


def _candidates(text: str, language: str) -> Iterator[JargonMark]:
    pattern, plain = _listed(language)
    for match in pattern.finditer(text):
        words = _one_space(match.group())
        yield JargonMark(match.start(), match.end(), JargonKind.MANAGEMENT, plain[words])
    shouted = _is_shouted(text)
    for match in _WORD.finditer(text):
        if len(max(match.group().split("-"), key=len)) >= LONG[language]:
            yield JargonMark(match.start(), match.end(), JargonKind.LONG)
    for match in re.finditer(r"[\w&]+", text):
        if not shouted and _ACRONYM.fullmatch(match.group()):
            yield JargonMark(match.start(), match.end(), JargonKind.ACRONYM)


def _is_shouted(text: str) -> bool:
    return len(_WORD.findall(text)) >= _SHOUTED and text.upper() == text


def _apart(marks: Iterable[JargonMark]) -> Iterator[JargonMark]:
    """Leave out what overlaps something that begins before it, or is longer."""
    end = 0
    for mark in sorted(marks, key=lambda each: (each.start, -each.end, each.plain == "")):
        if mark.start >= end:
            yield mark
            end = mark.end


def _one_space(words: str) -> str:
    return re.sub(r"[\s\-]+", " ", words.casefold())


@cache
def _lists() -> Mapping[str, Mapping[str, str]]:
    """Each language's words with the plain ones beside."""
    source = files("upturn.partners.engine").joinpath("data", "jargon.toml")
    read = tomllib.loads(source.read_text(encoding="utf-8"))
    return {
        language: {_one_space(word): plain for plain, words in rows.items() for word in words}
        for language, rows in read.items()
    }


@cache
def _listed(language: str) -> tuple[re.Pattern[str], Mapping[str, str]]:
    plain = _lists()[language]
    longest_first = sorted(plain, key=lambda words: (-len(words), words))
    parts = (r"[\s\-]+".join(map(re.escape, words.split())) for words in longest_first)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE), plain
