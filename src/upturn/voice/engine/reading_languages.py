"""Word lists per language, and a guess at the language of a comment."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from upturn.voice.engine.cleaning import BAD_MOOD, GOOD_MOOD, clean, fold, words

UNKNOWN = "und"
VOTES_NEEDED = 0.9
LEAD_NEEDED = 1.3
_STRENGTHS = {"very_good": 2.0, "good": 1.0, "bad": -1.0, "very_bad": -2.0}
_MOODS = {GOOD_MOOD: 1.0, BAD_MOOD: -1.0}
_ARABIC = re.compile("[\u0620-\u064a]")
# Letters that Persian and Urdu have and Arabic has not.
_NOT_ARABIC = re.compile(
    "[\u0679\u067e\u0686\u0688\u0691\u0698\u06a9\u06af\u06ba\u06c1\u06cc\u06d2]"
)
_LATIN = re.compile("[a-z]")
_BEGINNING_LENGTH_MIN = 3

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """What is known of one language, all words folded (`fold`).

    Attributes
    ----------
    stop, negators, contrasts : frozenset of str
        Words without a reason of their own; words that turn round what they stand beside; words
        that open a new clause ("but").
    weights, beginnings : mapping of str to float
        Praise above 0, blame below: whole words, and beginnings of words.
    openings : mapping of str to phrases
        The phrases that open with a word, each with its weight.
    """

    stop: frozenset[str]
    negators: frozenset[str]
    contrasts: frozenset[str]
    weights: Mapping[str, float]
    beginnings: Mapping[str, float]
    openings: Mapping[str, tuple[tuple[Phrase, float], ...]]


@lru_cache(maxsize=65_536)
def weight_of(word: str, language: Language) -> float:
    """Weigh one folded word: 2 strong praise to -2 strong blame, 0 unknown."""
    if word in language.weights:
        return language.weights[word]
    for length in range(len(word), _BEGINNING_LENGTH_MIN - 1, -1):
        if word[:length] in language.beginnings:
            return language.beginnings[word[:length]]
    return 0.0


@cache
def languages() -> Mapping[str, Language]:
    """Read the word lists that ship with this package, by language code."""
    text = files(__package__).joinpath("languages.toml").read_text(encoding="utf-8")
    return {code: _language(table) for code, table in tomllib.loads(text).items()}


def _language(table: Mapping[str, str]) -> Language:
    listed = {name: fold(text).split() for name, text in table.items()}
    weights = {
        word: strength for name, strength in _STRENGTHS.items() for word in listed.get(name, ())
    }
    return Language(
        stop=frozenset(listed["stop"]),
        negators=frozenset(listed.get("negators", ())),
        contrasts=frozenset(listed.get("contrasts", ())),
        weights=_MOODS | {word: weight for word, weight in weights.items() if word.isalpha()},
        beginnings={word[:-1]: weight for word, weight in weights.items() if word.endswith("*")},
        openings=_openings({word: each for word, each in weights.items() if "_" in word}),
    )


def _openings(weights: Mapping[str, float]) -> dict[str, tuple[tuple[Phrase, float], ...]]:
    openings: dict[str, tuple[tuple[Phrase, float], ...]] = {}
    for joined, weight in weights.items():
        phrase = tuple(joined.split("_"))
        openings[phrase[0]] = (*openings.get(phrase[0], ()), (phrase, weight))
    return openings


def guess_language(text: str) -> str:
    """Guess the language of one comment from its script and its most common words.

    Parameters
    ----------
    text : str
        One comment, as stored or cleaned.

    Returns
    -------
    str
        ``"en"``, ``"de"``, ``"es"``, ``"fr"`` or ``"ar"``; ``"und"`` when unsure. A language that
        is not listed here but shares words with one that is (Catalan with Spanish) can be taken
        for it.

    Examples
    --------
    >>> guess_language("Das Essen war kalt und wir haben lange gewartet")
    'de'
    >>> guess_language("OK")
    'und'
    """
    return language_of(words(fold(clean(text))))


def language_of(folded: list[str]) -> str:
    """Guess the language of words that are already cleaned and folded, as `guess_language`."""
    text = " ".join(folded)
    if _ARABIC.search(text) and not _LATIN.search(text):
        return UNKNOWN if _NOT_ARABIC.search(text) else "ar"
    votes = dict.fromkeys(languages(), 0.0)
    for word in folded:
        owners = _owners(word)
        for code in owners:
            votes[code] += 1 / len(owners)
    best, second = sorted(votes, key=lambda code: -votes[code])[:2]
    sure = votes[best] >= VOTES_NEEDED and votes[best] >= LEAD_NEEDED * votes[second]
    return best if sure else UNKNOWN


@lru_cache(maxsize=65_536)
def _owners(word: str) -> tuple[str, ...]:
    return tuple(
        code
        for code, language in languages().items()
        if word in language.stop or word in language.negators or weight_of(word, language) != 0
    )
