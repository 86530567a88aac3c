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
    forms: tuple[str, ...]
    capital: bool
    digits: bool


@dataclass(frozen=True, slots=True)
class _List:
    """Phrases: words alone, and those with an open end, a number or several words."""

    words: frozenset[str]
    phrases: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Rules:
    names: bool
    prefixes: tuple[str, ...]
    lists: Mapping[str, _List]


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
    tokens = _tokens(words, rules.prefixes) if rules else []
    if rules is None or len(tokens) < WORDS_LEAST:
        return None
    lists = rules.lists
    return Specific(
        who=_found(tokens, lists["who"]) or (rules.names and _named(tokens, lists["when"])),
        when=_found(tokens, lists["when"]),
        said=_found(tokens, lists["said"]) or _QUOTE.search(normalize("NFKC", words)) is not None,
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
    tokens = _tokens(words, rules.prefixes)
    return next((each for each in Tense if _found(tokens, rules.lists[each])), None)


@cache
def _rules() -> Mapping[str, _Rules]:
    text = files("upturn.loop").joinpath("static", "loop", "specific.json").read_text("utf-8")
    return {
        language: _Rules(
            names=table["names"],
            prefixes=tuple(table["prefixes"]),
            lists={key: _list(table[key]) for key in ("who", "when", "said", *Tense)},
        )
        for language, table in json.loads(text).items()
    }


def _list(phrases: Sequence[str]) -> _List:
    words = frozenset(each for each in phrases if not {*each} & {" ", "*", "#"})
    return _List(words, tuple(tuple(each.split(" ")) for each in phrases if each not in words))


def _tokens(words: str, prefixes: Sequence[str]) -> list[_Token]:
    bare = "".join(sign for sign in normalize("NFKD", words) if category(sign)[0] != "M")
    text = bare.replace("’", "'")
    tokens, end = [], 0
    for found in islice(_TOKEN.finditer(text), TOKENS_MOST):
        first = found[0][0]
        inside = end > 0 and not _OPENS.search(text[end : found.start()])
        word = found[0].lower().translate(_LETTERS)
        forms = (word, *(word[len(each) :] for each in prefixes if word.startswith(each)))
        capital = inside and category(first) == "Lu" and len(found[0]) > 1
        tokens.append(_Token(forms, capital, category(first) == "Nd"))
        end = found.end()
    return tokens


def _named(tokens: Sequence[_Token], times: _List) -> bool:
    """Whether a capital letter inside a sentence begins a name, and not a day or a month."""
    return any(token.capital and not _found([token], times) for token in tokens)


def _found(tokens: Sequence[_Token], listed: _List) -> bool:
    return any(not listed.words.isdisjoint(token.forms) for token in tokens) or any(
        all(
            _fits(token, part)
            for token, part in zip(tokens[at : at + len(parts)], parts, strict=True)
        )
        for parts in listed.phrases
        for at in range(len(tokens) - len(parts) + 1)
    )


def _fits(token: _Token, part: str) -> bool:
    if part == "#":
        return token.digits
    if part.endswith("*"):
        return any(form.startswith(part[:-1]) for form in token.forms)
    return part in token.forms
