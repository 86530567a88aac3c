"""Which words of a text few people would write: the same rules that run on the writer's device.

Marking happens in the browser before anything is sent (``static/partners/rare.js``); this is its
plain version, and a test holds both to the same marks.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from upturn.partners.engine.instruments import BUILT_IN, instrument, page_words

_TOKEN = re.compile(r"\d+(?:[.:/-]\d+)*\.?|[^\W\d_][\w\u0300-\u036f\u064b-\u065f]*(?:['’-]\w+)*")
_ACCENTS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u0640]")
_ENDS_SENTENCE = re.compile("[.!?…:\n؟]")
_BEFORE = re.compile("^(?:و|ف)?(?:ب|ك|ل)?(?:ال|لل)?")
_AFTER = re.compile("(?:هم|ها|نا|كم|ات|ين|ون|ان|ه|ك|ي|ا|وا)$")
_VERB = re.compile("^(?:و|ف)?(?:س|ل)?[يتنا]ت?")
_SHORT = 2
_STEM_LEAST = 5
_CUT_LEAST = 4


class Rarity(StrEnum):
    """Why a word may show who wrote it."""

    RARE = "rare"
    NAME = "name"
    NUMBER = "number"
    DATE = "date"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Mark:
    """A word, or a turn of phrase, and why it is marked."""

    words: str
    rarity: Rarity


@dataclass(frozen=True, slots=True)
class Known:
    """Words of a language that tell nothing of anybody, folded."""

    words: frozenset[str]
    stems: frozenset[str]
    dates: frozenset[str]
    alone: tuple[str, ...]


def fold_word(word: str) -> str:
    """Fold a word: lower case, no accents, Arabic letters of one sound as one.

    >>> fold_word("Größe"), fold_word("القهوة")
    ('grosse', 'القهوه')
    """
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", word.lower()))
    text = unicodedata.normalize("NFC", bare).replace("’", "'")
    return text.replace("ß", "ss").replace("ى", "ي").replace("ة", "ه")


@cache
def vocabulary(language: str) -> Mapping[str, str | list[str]]:
    """What the device needs to know of a language.

    Parameters
    ----------
    language : str
        One of ``en``, ``de``, ``es``, ``ar``; English for others.

    Returns
    -------
    mapping
        ``words`` and ``dates`` with spaces between them, ``alone`` as a list of phrases; folded.
    """
    from upturn.voice.engine.reading_languages import languages  # noqa: PLC0415 - loads a reader

    text = files(__package__).joinpath("data", "common_words.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    code = language if language in tables else "en"
    own, read = tables[code], languages()[code]
    asked = [
        sentence for key in BUILT_IN for sentence in instrument(key).texts.get(code, {}).values()
    ]
    listed = [own["words"], *asked, *page_words(code).values(), *read.stop, *read.weights]
    words = {fold_word(word) for text in listed for word in _TOKEN.findall(text)}
    return {
        "words": " ".join(sorted(word for word in words if not word[0].isdigit())),
        "dates": " ".join(fold_word(word) for word in own["dates"].split()),
        "alone": [" ".join(map(fold_word, phrase.split())) for phrase in own["alone"]],
    }


def known_words(language: str, *, house: Iterable[str] = ()) -> Known:
    """Gather what is known of a language and of the house's own words."""
    given = vocabulary(language)
    words = frozenset(str(given["words"]).split()) | {
        fold_word(word) for text in house for word in _TOKEN.findall(text)
    }
    stems = {word[: max(_STEM_LEAST, len(word) - 2)] for word in words if len(word) > _STEM_LEAST}
    dates = frozenset(str(given["dates"]).split())
    return Known(words, frozenset(stems), dates, tuple(given["alone"]))


def rare_marks(text: str, *, language: str, known: Known) -> tuple[Mark, ...]:
    """Mark words that are seldom written, names, numbers, days, and what only one can say.

    Parameters
    ----------
    text : str
    language : str
    known : Known

    Returns
    -------
    tuple of Mark
        Each word once, in order.

    Examples
    --------
    >>> known = known_words("en", house=["Dish room"])
    >>> for mark in rare_marks("Since 12.5. only I ask Tadeusz for plates.", language="en",
    ...                        known=known):
    ...     print(mark.rarity, mark.words)
    date 12.5.
    name Tadeusz
    alone only i
    """
    found: dict[tuple[str, Rarity], Mark] = {}
    folded = []
    for token in _TOKEN.finditer(text):
        word = token.group()
        folded.append(fold_word(word))
        opens = _opens(text[: token.start()])
        rarity = _rarity(word, folded[-1], opens=opens, language=language, known=known)
        if rarity:
            found.setdefault((folded[-1], rarity), Mark(word, rarity))
    joined = f" {' '.join(folded)} "
    for phrase in known.alone:
        if f" {phrase} " in joined:
            found.setdefault((phrase, Rarity.ALONE), Mark(phrase, Rarity.ALONE))
    return tuple(found.values())


def _opens(before: str) -> bool:
    """Whether a word opens a sentence, where a capital letter means nothing."""
    bare = before.rstrip(" \t\"'“”„«»()¿¡")
    return not bare or bool(_ENDS_SENTENCE.match(bare[-1]))


def _rarity(word: str, folded: str, *, opens: bool, language: str, known: Known) -> Rarity | None:
    if word[0].isdigit():
        return Rarity.DATE if re.search(r"\d[.:/-]\d", word) else Rarity.NUMBER
    if folded in known.dates or folded.removesuffix("s") in known.dates:
        return Rarity.DATE
    if folded in known.words or len(folded) <= _SHORT:
        return None
    if word[0].isupper() and not opens and language != "de":
        return Rarity.NAME
    return None if _is_covered(folded, language, known) else Rarity.RARE


def _is_covered(word: str, language: str, known: Known) -> bool:
    """Whether a known word covers this one: by its ending, its article, or as two in one."""
    if language == "ar":
        bare = _BEFORE.sub("", word)
        verb = _VERB.sub("", word)
        forms = {bare, _AFTER.sub("", bare), _AFTER.sub("", word), verb, _AFTER.sub("", verb)}
        return bool(forms & known.words)
    if "-" in word:
        parts = [part for part in word.split("-") if len(part) > _SHORT]
        return all(part in known.words or _is_covered(part, language, known) for part in parts)
    if word.removesuffix("s") in known.words:
        return True
    for length in range(max(_CUT_LEAST, len(word) - 3), len(word)):
        if word[:length] in known.words or word[:length] + "e" in known.words:
            return True
    lengths = range(max(_STEM_LEAST, len(word) - 4), len(word) + 1)
    if any(word[:length] in known.stems for length in lengths):
        return True
    return language == "de" and _is_two_in_one(word, known)


def _is_two_in_one(word: str, known: Known) -> bool:
    return any(
        word[at:] in known.words
        and ({word[:at], word[:at].removesuffix("s"), word[:at].removesuffix("n")} & known.words)
        for at in range(3, len(word) - 2)
    )
