"""How specific a card is (who, when, what words), and whether it looks back: a gentle nudge.

The rules are one file of word lists, which the phone reads too (`static/loop/specific.js`): while
somebody types, nothing leaves the device. Both sides are held to the same answers by tests.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import islice
from unicodedata import category, normalize

WORDS_LEAST = 4
"""With fewer words nothing is said: somebody has just begun."""
TOKENS_MOST = 400
"""What comes after is not read: twice as much as any card holds."""
_TOKEN = re.compile(r"[0-9]+(?:[.:][0-9]+)+|[^\W_]+(?:'[^\W_]+)*")
_QUOTE = re.compile(r"[\"“„«‹][^\"“”„«»‹›]*[^\W\d_][^\"“”„«»‹›]*[\"“”»›]|‘[^‘’]*[^\W\d_][^‘’]*’")
_OPENS = re.compile(r"[.!?:;\"“”„«»‹›‘()\[\]\n/–—-]")
_LETTERS = str.maketrans({"\u0640": None, "ى": "ي", "ة": "ه", "ß": "ss"})


class Tense(StrEnum):
    """In what a statement about day 100 does not look back."""

    AHEAD = "ahead"
    WISH = "wish"


@dataclass(frozen=True, slots=True)
class Specific:
    """What a card says.

    Attributes
    ----------
    who : bool
        Somebody of whom one can say: this is who did it. “We” and “everybody” are not.
    when : bool
        A day, a time, or a moment of work.
    said : bool
        Words that were said, or that somebody asked, told, thanked.
    """

    who: bool
    when: bool
    said: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """What one could add, in the order in which to ask: ``who``, ``when``, ``said``."""
        return tuple(key for key in ("who", "when", "said") if not getattr(self, key))


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    capital: bool
    digits: bool


def how_specific(words: str, *, language: str) -> Specific | None:
    """Say what of who, when and what words a card has.

    Parameters
    ----------
    words : str
    language : str
        A code such as ``"de"`` or ``"de-AT"``.

    Returns
    -------
    Specific or None
        None in a language without rules, or with fewer than `WORDS_LEAST` words.

    Examples
    --------
    >>> how_specific("On Friday nights every dish came on a warm plate.", language="en").missing
    ('who', 'said')
    """
    rules = _rules().get(language.partition("-")[0].lower())
    tokens = _tokens(words)
    if rules is None or len(tokens) < WORDS_LEAST:
        return None
    names = bool(rules["names"])
    return Specific(
        who=_found(tokens, rules, "who") or (names and _named(tokens, rules)),
        when=_found(tokens, rules, "when"),
        said=_found(tokens, rules, "said") or _QUOTE.search(normalize("NFKC", words)) is not None,
    )


def tense(words: str, *, language: str) -> Tense | None:
    """Say whether a statement looks ahead or wishes; None where it may be read as looking back.

    Examples
    --------
    >>> tense("We will greet every guest", language="en").value
    'ahead'
    >>> tense("Every guest was greeted within a minute", language="en")
    """
    rules = _rules().get(language.partition("-")[0].lower())
    if rules is None:
        return None
    tokens = _tokens(words)
    return next((each for each in Tense if _found(tokens, rules, each)), None)


@cache
def _rules() -> Mapping[str, Mapping[str, Sequence[str]]]:
    text = files("upturn.loop").joinpath("static", "loop", "specific.json").read_text("utf-8")
    rules: Mapping[str, Mapping[str, Sequence[str]]] = json.loads(text)
    return rules


def _tokens(words: str) -> list[_Token]:
    bare = "".join(sign for sign in normalize("NFKD", words) if category(sign)[0] != "M")
    text = bare.replace("’", "'")
    tokens, end = [], 0
    for found in islice(_TOKEN.finditer(text), TOKENS_MOST):
        first = found[0][0]
        between = text[end : found.start()]
        inside = end > 0 and not _OPENS.search(between)
        capital = inside and first.isupper() and len(found[0]) > 1
        word = found[0].lower().translate(_LETTERS)
        tokens.append(_Token(word, capital, category(first) == "Nd"))
        end = found.end()
    return tokens


def _named(tokens: Sequence[_Token], rules: Mapping[str, Sequence[str]]) -> bool:
    """Whether a capital letter inside a sentence begins a name, and not a day or a month."""
    return any(token.capital and not _found([token], rules, "when") for token in tokens)


def _found(tokens: Sequence[_Token], rules: Mapping[str, Sequence[str]], key: str) -> bool:
    phrases = [phrase.split(" ") for phrase in rules[key]]
    return any(
        _stands(tokens[at : at + len(parts)], parts, rules["prefixes"])
        for parts in phrases
        for at in range(len(tokens) - len(parts) + 1)
    )


def _stands(tokens: Sequence[_Token], parts: Sequence[str], prefixes: Sequence[str]) -> bool:
    return all(_fits(token, part, prefixes) for token, part in zip(tokens, parts, strict=True))


def _fits(token: _Token, part: str, prefixes: Sequence[str]) -> bool:
    if part == "#":
        return token.digits
    forms = [token.word, *(token.word[len(p) :] for p in prefixes if token.word.startswith(p))]
    if part.endswith("*"):
        return any(form.startswith(part[:-1]) for form in forms)
    return part in forms
