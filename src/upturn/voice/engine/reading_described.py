"""Comparing words of comments with words of descriptions, without any label."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from upturn.voice.engine.reading_classes import ReasonClass
from upturn.voice.engine.reading_features import (
    SparseRows,
    Vocabulary,
    learn_vocabulary,
    split,
    weigh,
)
from upturn.voice.engine.reading_languages import languages

# Softmax of SHARPNESS * sqrt(pieces of the middle description) * cosine: long descriptions have
# lower cosines. Set on outside data so that confidence came out near the hit rate.
SHARPNESS = 1.4
# A comment may be about as many other things, however few classes there are.
OTHER_THINGS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """Descriptions as rows of unit length, each belonging to one of n_classes."""

    descriptions: tuple[str, ...]
    owner: NDArray[np.int64]
    n_classes: int
    vocabulary: Vocabulary
    rows: SparseRows

    def alike(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Give the cosine with the best description of each class: (n_texts, n_classes)."""
        compared = weigh(split(texts, without=unsaid()), self.vocabulary) @ self.rows.T
        alike = np.zeros((len(texts), self.n_classes))
        np.maximum.at(alike.T, self.owner, compared.toarray().T)
        return alike

    def evidence(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Give the confidence that each class would have: (n_texts, n_classes), 0..1."""
        return above_others(self.lift(texts))

    def lift(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Say how far each class stands out, 0 for not at all: (n_texts, n_classes)."""
        n_pieces = np.diff(self.rows[:, len(self.vocabulary.terms) :].indptr)
        lift: NDArray[np.float64] = SHARPNESS * np.sqrt(np.median(n_pieces)) * self.alike(texts)
        return lift


def above_others(lift: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn how far each class stands out, 0 for not at all, into confidence (n, n_classes)."""
    raised = np.exp(lift)
    above: NDArray[np.float64] = (raised - 1) / (raised.sum(axis=1, keepdims=True) + OTHER_THINGS)
    return np.sqrt(above)


def describe(classes: Sequence[ReasonClass]) -> Described:
    """Prepare the descriptions of classes for comparison."""
    by_language = [each.by_language() for each in classes]
    descriptions = tuple(chain.from_iterable(by_language))
    owner = np.repeat(np.arange(len(classes)), [len(each) for each in by_language])
    tokens = split(descriptions, without=unsaid())
    vocabulary = learn_vocabulary(tokens, by_rarity=False)
    return Described(descriptions, owner, len(classes), vocabulary, weigh(tokens, vocabulary))


@cache
def unsaid() -> Set[str]:
    """Words that say nothing about the reason, in any language known here."""
    return frozenset[str]().union(
        *(each.stop | each.negators | each.contrasts for each in languages().values())
    )
