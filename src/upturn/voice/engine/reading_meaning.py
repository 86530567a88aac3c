"""Comparing what comments mean with what descriptions mean, without any label."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upturn.voice.engine.cleaning import clean, fold, words
from upturn.voice.engine.embedding import Embedder, read_languages
from upturn.voice.engine.reading_classes import ReasonClass
from upturn.voice.engine.reading_described import Described, above_others
from upturn.voice.engine.reading_languages import UNKNOWN, language_of
from upturn.voice.engine.reading_space import Space, Vectors, evenness, space_of, unit

# Confidence from likeness: nothing below the first number, then as steeply as the second says. Set
# on outside data so that confidence came out near the hit rate.
APART = (0.2, 10.0)
APART_FOLLOWED = (0.15, 9.0)
# By how much words stand out, beside a cosine of meanings.
LIFT_LIKE_A_COSINE = 20.0
# Centres follow the pool only where its comments fall on the classes about this evenly: that helps
# many narrow classes and hurts the skewed feedback of a real house.
EVEN_ENOUGH = 0.93
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n")


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """Classes as the mean vectors of their sentences, beside their words.

    Attributes
    ----------
    words : Described
        The same descriptions, compared by their words.
    centres : float32 array (n_classes, dims)
        Rows of length 1, as the embedder gives them.
    space : Space
        With the pool, if there is one.
    followed : float32 array (n_classes, dims) or None
        Centres in that space which followed the pool.
    """

    words: Described
    embedder: Embedder
    centres: Vectors
    space: Space
    followed: Vectors | None

    def see(self, texts: Sequence[str]) -> Vectors:
        """Give the vectors of texts as stored; 0 in a language the model was not trained on."""
        return see(texts, self.embedder)

    def alike(self, texts: Sequence[str], vectors: Vectors) -> NDArray[np.float64]:
        """Say how alike each text is to each class: (n_texts, n_classes)."""
        return self._beside(self.words.lift(texts), vectors)

    def evidence(self, texts: Sequence[str], vectors: Vectors) -> NDArray[np.float64]:
        """Give the confidence that each class would have: (n_texts, n_classes), 0..1."""
        least, slope = APART if self.followed is None else APART_FOLLOWED
        by_words = self.words.lift(texts)
        by_both = slope * np.clip(self._beside(by_words, vectors) - least, 0, None)
        return above_others(np.where(vectors.any(axis=1, keepdims=True), by_both, by_words))

    def _beside(self, lift: NDArray[np.float64], vectors: Vectors) -> NDArray[np.float64]:
        if self.followed is not None:
            placed = self.space.place(vectors, smooth=True)
            return (placed @ self.followed.T).astype(np.float64)
        return vectors @ self.centres.T + lift / LIFT_LIKE_A_COSINE

    def seeds(self) -> Vectors:
        """Give the classes as places in the space, to stand beside labelled comments there."""
        if self.followed is not None:
            return self.followed
        common = self.centres.mean(axis=0) if len(self.centres) > 1 else self.space.centre
        return unit(self.centres - common)


def mean_by(
    classes: Sequence[ReasonClass], words: Described, embedder: Embedder, pool: Sequence[str]
) -> Meaning:
    """Prepare classes for comparison by meaning.

    Parameters
    ----------
    classes, words
        The same classes, and what `describe` made of them.
    embedder : Embedder
        What makes vectors.
    pool : sequence of str
        Comments from the same place that nobody labelled; none is fine.
    """
    means = [see(_sentences(each), embedder).mean(axis=0) for each in classes]
    centres = unit(np.stack(means))
    seen = see(pool, embedder)
    meaning = Meaning(words, embedder, centres, space_of(seen, keep=True), None)
    nearest = (seen @ centres.T).argmax(axis=1)
    if len(pool) < len(classes) or evenness(nearest, len(classes)) < EVEN_ENOUGH:
        return meaning
    followed = meaning.space.follow(meaning.seeds())
    return Meaning(words, embedder, centres, meaning.space, followed)


def see(texts: Sequence[str], embedder: Embedder) -> Vectors:
    """Give the vectors of texts as stored; 0 in a language the model was not trained on.

    There the words alone count: a model without the language still gives a vector, of nothing.
    """
    cleaned = [clean(text) for text in texts]
    known = {UNKNOWN, *read_languages(embedder.name)}
    read = [text if language_of(words(fold(text))) in known else "" for text in cleaned]
    return embedder.embed(read)


def _sentences(each: ReasonClass) -> list[str]:
    texts = [each.name, *each.descriptions]
    return [part for text in texts for part in _SENTENCE_END.split(clean(text)) if part.strip()]
