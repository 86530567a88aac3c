"""A text as the guard reads it: sentence by sentence, in plain small letters."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from unicodedata import category, normalize

ENDINGS = ("", "s", "es", "ed", "d", "ing", "er", "ers", "e", "n", "en", "ern", "em", "ns")
"""How words end that mean the same, the shortest first; the browser has the same."""
_SENTENCE = re.compile(
    r"[^.!?\n]*(?:[.!?]+(?=[^ \t\r\n\u00a0])[^.!?\n]*)*(?:[.!?]+(?=[ \t\r\n\u00a0]|\Z)|\n|\Z)"
)
_SHORTENED = re.compile(
    r"(?:^|[ \t\r\n(])(?:rs|mr|mrs|ms|dr|st|no|nr|ca|bzw|inc|ltd|approx|z\.b|e\.g|i\.e)\.\Z",
    re.IGNORECASE,
)
_SPELLED = (
    re.compile(r"(?<![a-z0-9])(?:[a-z0-9][-._]){2,}[a-z0-9](?![a-z0-9])"),
    re.compile(r"(?<![a-z0-9])(?:[a-z] ){2,}[a-z](?![a-z0-9])"),
)
_WORD = re.compile("[a-z0-9]+")
_RUNS = range(2, 6)
_QUOTES = str.maketrans({"’": "'", "‘": "'", "´": "'", "\u00a0": " ", "–": "-", "—": "-"})


def sentences(text: str) -> list[tuple[int, int]]:
    """Say where each sentence begins and ends.

    Examples
    --------
    >>> [("Hello. Two euro 1.50")[a:b] for a, b in sentences("Hello. Two euro 1.50")]
    ['Hello.', 'Two euro 1.50']
    """
    found: list[tuple[int, int]] = []
    for each in _SENTENCE.finditer(text):
        if not each[0].strip():
            continue
        start = each.start() + len(each[0]) - len(each[0].lstrip())
        if found and _SHORTENED.search(text[slice(*found[-1])]):
            start = found.pop()[0]
        found.append((start, each.start() + len(each[0].rstrip())))
    return found


def cased(text: str) -> str:
    """Strip accents from letters and keep capitals.

    Examples
    --------
    >>> cased("Grüße")
    'Grusse'
    """
    return text.translate(_QUOTES) if text.isascii() else "".join(map(_bare, text))


@cache
def _bare(letter: str) -> str:
    parts = normalize("NFKD", letter.translate(_QUOTES)).replace("ß", "ss")
    return "".join(part for part in parts if category(part)[0] != "M")


def plain(text: str) -> str:
    """Write a text in small letters without accents, what was spelled out put together.

    Examples
    --------
    >>> plain("Bei uns s-i-x-t-y Plätze")
    'bei uns sixty platze'
    """
    small = cased(text).lower()
    for spelled in _SPELLED:
        small = spelled.sub(lambda found: re.sub("[-._ ]", "", found[0]), small)
    return small


def words(small: str) -> list[str]:
    """Cut plain text into words and numbers."""
    return _WORD.findall(small)


def pieces(small: str) -> Iterator[str]:
    """Give words, pairs of words, and runs of two to five letters of each word.

    Examples
    --------
    >>> list(pieces("no"))
    ['=no', '< n', '<no', '<o ', '< no', '<no ', '< no ']
    """
    told = words(small)
    yield from (f"={word}" for word in told)
    yield from (f"={first} {second}" for first, second in pairwise(told))
    for word in told:
        padded = f" {word} "
        for size in _RUNS:
            yield from (f"<{padded[at : at + size]}" for at in range(len(padded) - size + 1))
