"""Searching files for thousands of words at once, however they are spelled."""

import base64
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

LEAST = 8
"""Bytes of the shortest word that can be looked for."""
Words = Mapping[str, set[bytes]]
Found = dict[str, dict[str, int]]


class Search:
    """Looks for words by their first eight bytes, at every place, in one pass over a file.

    Each word counts once a file and kind, in whichever spelling: as it is, in UTF-16, in
    hexadecimal digits, in base64 at each of its three alignments.
    """

    def __init__(self, words: Words) -> None:
        self._spelled: dict[bytes, list[tuple[bytes, str, bytes]]] = {}
        for kind, said in words.items():
            for word in said:
                for spelled in spellings(word):
                    begun = self._spelled.setdefault(spelled[:LEAST], [])
                    begun.append((spelled, kind, word))
        beginnings = np.frombuffer(b"".join(self._spelled), dtype="<u8")
        self._beginnings = np.sort(beginnings)
        self._may_begin = np.zeros(1 << 16, dtype=bool)
        self._may_begin[beginnings & 0xFFFF] = True

    def count(self, content: bytes) -> dict[str, int]:
        """Count the words of each kind that stand in some bytes."""
        found = {
            (kind, word)
            for place in self._places(content)
            for spelled, kind, word in self._spelled[content[place : place + LEAST]]
            if content.startswith(spelled, place)
        }
        return dict(Counter(kind for kind, _ in found))

    def _places(self, content: bytes) -> Iterator[int]:
        """Give each place where a word may begin."""
        for offset in range(min(LEAST, max(0, len(content) - LEAST + 1))):
            windows = np.frombuffer(
                content, dtype="<u8", offset=offset, count=(len(content) - offset) // LEAST
            )
            likely = np.flatnonzero(self._may_begin[windows & 0xFFFF])
            values = windows[likely]
            at = np.searchsorted(self._beginnings, values) % len(self._beginnings)
            for place in likely[self._beginnings[at] == values]:
                yield offset + LEAST * int(place)


def spellings(word: bytes) -> Iterator[bytes]:
    """Give a word as it is, and as other programs would write it."""
    yield word
    yield word.hex().encode()
    yield word.hex().upper().encode()
    for shift in range(3):
        # Only letters that no neighbour of the word has a part in.
        letters = base64.b64encode(b"\0" * shift + word)
        yield letters[(0, 2, 3)[shift] : (shift + len(word)) * 8 // 6]
    if word.isascii() and word.decode("ascii").isprintable():
        yield word.decode().encode("utf-16-le")


def search(folder: Path, words: Words) -> Found:
    """Say for each file under a folder how many words of each kind stand in it."""
    looking = Search(words)
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with suppress(FileNotFoundError):  # a running server deletes some
            if kinds := looking.count(path.read_bytes()):
                found[str(path.relative_to(folder))] = kinds
    return found
