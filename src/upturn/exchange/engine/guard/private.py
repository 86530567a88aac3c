"""A company's own list of words: compared on its own side, with the usual endings."""

from collections.abc import Iterable, Sequence

from upturn.exchange.engine.guard.wording import ENDINGS, plain, words

STEM_LEAST = 4
"""Shorter words are compared as they are."""


def has_private(sentence: str, listed: Iterable[str]) -> bool:
    """Say whether a sentence has a word or phrase of the list.

    Examples
    --------
    >>> has_private("Two Bluebirds fly", ["bluebird"]), has_private("Eva is ever late", ["eva"])
    (True, True)
    >>> has_private("Evan is late", ["eva"])
    False
    """
    told = words(plain(sentence))
    return any(_inside(told, words(plain(each))) for each in listed)


def _inside(told: Sequence[str], phrase: Sequence[str]) -> bool:
    return bool(phrase) and any(
        all(map(_same, told[at : at + len(phrase)], phrase))
        for at in range(len(told) - len(phrase) + 1)
    )


def _same(word: str, listed: str) -> bool:
    if len(listed) < STEM_LEAST:
        return word == listed
    return word.startswith(listed) and word[len(listed) :] in ENDINGS
