"""Cutting text into the pieces of words that a model knows (WordPiece, lower case, no accents)."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

UNKNOWN, OPENING, CLOSING = 100, 101, 102
WORD_CHARACTERS_MAX = 100
# Words between spaces that are remembered; the same few thousand make up most of any feedback.
REMEMBERED_MAX = 200_000
REMEMBERED_CHARACTERS_MAX = 40
_IDEOGRAPHS = (
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF)),
    *((0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B920, 0x2CEAF), (0x2F800, 0x2FA1F)),
)
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs"})
_ASCII_MARKS = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")

Pieces = tuple[int, ...]


class WordPieces:
    """The pieces of a vocabulary, each with its number.

    Parameters
    ----------
    pieces : sequence of str
        In the order of their numbers; those that continue a word begin with ``##``.

    References
    ----------
    Devlin and others (2019), arXiv:1810.04805; the reference tokeniser of BERT, uncased.
    """

    def __init__(self, pieces: Sequence[str]) -> None:
        self.number = {piece: number for number, piece in enumerate(pieces)}
        self.remembered: dict[str, Pieces] = {}

    def cut(self, text: str) -> list[int]:
        """Cut a text into numbers of pieces, without the marks for its beginning and end.

        Examples
        --------
        >>> pieces = shipped_pieces()
        >>> known = list(pieces.number)
        >>> [known[number] for number in pieces.cut("Unfriendly Café!")]
        ['un', '##fr', '##ien', '##dly', 'cafe', '!']
        """
        remembered = self.remembered
        found: list[int] = []
        for chunk in text.split():
            numbers = remembered.get(chunk)
            found += self._met_first(chunk) if numbers is None else numbers
        return found

    def _met_first(self, chunk: str) -> Pieces:
        numbers = tuple(number for word in _words(chunk) for number in self._greedy(word))
        if len(chunk) <= REMEMBERED_CHARACTERS_MAX:
            if len(self.remembered) >= REMEMBERED_MAX:
                self.remembered.clear()
            self.remembered[chunk] = numbers
        return numbers

    def _greedy(self, word: str) -> Pieces:
        """Take the longest known beginning, then the longest known continuation, and so on."""
        if len(word) > WORD_CHARACTERS_MAX:
            return (UNKNOWN,)
        numbers = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if mark + word[start:end] in self.number), None)
            if end is None:
                return (UNKNOWN,)
            numbers.append(self.number[mark + word[start:end]])
            start = end
        return tuple(numbers)


@cache
def shipped_pieces() -> WordPieces:
    """Read the vocabulary that ships with this package."""
    text = files(__package__).joinpath("models", "vocab.txt").read_text(encoding="utf-8")
    return WordPieces(text.split("\n")[:-1])


def _words(chunk: str) -> Iterator[str]:
    """Split one chunk without spaces as the model was taught: marks and ideographs stand alone."""
    word = ""
    for character in _plain(chunk):
        if _stands_alone(character):
            if word:
                yield word
            yield character
            word = ""
        else:
            word += character
    if word:
        yield word


def _plain(chunk: str) -> str:
    """Drop what is not seen and accents, then write small letters, one by one."""
    seen = "".join(each for each in chunk if each != "\ufffd" and not _is_unseen(each))
    bare = [
        each for each in unicodedata.normalize("NFD", seen) if unicodedata.category(each) != "Mn"
    ]
    return "".join(each.lower() for each in bare)


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN


def _stands_alone(character: str) -> bool:
    if character in _ASCII_MARKS or unicodedata.category(character).startswith("P"):
        return True
    code = ord(character)
    return any(first <= code <= last for first, last in _IDEOGRAPHS)
