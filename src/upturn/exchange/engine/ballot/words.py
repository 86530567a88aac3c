"""256 plain words for bytes that people read to each other or write on paper.

They stand in ``safety_words.txt``, one a line in the order of the bytes; no two begin with the same
three letters, or differ by one letter alone.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files


@cache
def word_list() -> tuple[str, ...]:
    """All 256, in order."""
    text = files(__package__).joinpath("safety_words.txt").read_text(encoding="utf-8")
    return tuple(text.split())


def words_of_bytes(written: bytes) -> tuple[str, ...]:
    """A word a byte.

    Examples
    --------
    >>> len(words_of_bytes(bytes([0, 255])))
    2
    """
    return tuple(word_list()[byte] for byte in written)


def bytes_of_words(words: Iterable[str]) -> bytes:
    """Read what `words_of_bytes` wrote; all words are on the list."""
    place = {word: at for at, word in enumerate(word_list())}
    return bytes(place[word.lower()] for word in words)
