"""What a comment is about and whether it praises: the reader behind every page with words.

One mechanism for themes and touchpoints. Without labels a comment is compared with written
descriptions; labels add a logistic regression to which the descriptions are examples too.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import chain
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upturn.voice.engine.errors import ReadingError
from upturn.voice.engine.reading_classes import ReasonClass
from upturn.voice.engine.reading_features import (
    SparseRows,
    Vocabulary,
    learn_vocabulary,
    split,
    weigh,
)
from upturn.voice.engine.reading_languages import languages
from upturn.voice.engine.reading_polarity import LearnedPolarity, learn_polarity, polarity
from upturn.voice.engine.reading_taught import Taught, teach

BATCH = 5_000
CANNOT_TELL = -1
CANNOT_TELL_BELOW = 0.3
TELLING_FROM = 0.6
# Softmax of SHARPNESS * sqrt(pieces of the middle description) * cosine: long descriptions have
# lower cosines. Set on outside data so that confidence came out near the hit rate.
SHARPNESS = 1.4
# A comment may be about as many other things, however few classes there are.
OTHER_THINGS = 10
DESCRIPTION_WEIGHT = 4
LABELS_PER_CLASS_FOR_HALF = 0.5

Labelled = tuple[Sequence[str], Sequence[str]]
Scored = tuple[Sequence[str], ArrayLike]


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """What was read in n comments.

    Attributes
    ----------
    theme : int array (n,)
        Which class of the reader, from 0; -1 where it cannot tell.
    confidence : float array (n,), 0..1
        How clearly that class stands out, see `Reader`; also given where it cannot tell.
    polarity : int8 array (n,)
        1 praise, -1 blame, 0 neither or not known, see `polarity`.
    polarity_confidence : float array (n,), 0..1
    """

    theme: NDArray[np.int64]
    confidence: NDArray[np.float64]
    polarity: NDArray[np.int8]
    polarity_confidence: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """A reader for one set of classes. Make one with `Reader.fit`.

    Attributes
    ----------
    classes : tuple of ReasonClass
        What a comment can be about; readings point into it.

    Notes
    -----
    *Without labels*: cosine between the words (1 and 2 together) and pieces of words (3 to 5
    characters) of the comment and of each description, the best description of a class counting.
    Words are not weighed by their rarity in the comments at hand: in a heap of comments on late
    flights "delayed" is common and still the word that matters. So a reading depends on the
    comment alone, never on its neighbours.

    *With labels*: logistic regression on TF-IDF, each description repeated as an example. It
    weighs against the comparison as labels per class to `LABELS_PER_CLASS_FOR_HALF`.

    *Confidence* rises with the evidence for a class and falls with the evidence for others. It was
    scaled on outside data to lie near the hit rate; on yours it is no hit rate until counted on
    comments whose class somebody confirmed. It knows nothing of a second theme in a comment, of
    irony, or of words that no description and no label holds.

    References
    ----------
    Seed item S1.17. Banking77 (Casanueva and others 2020, arXiv:2003.04807) for the measurements
    in ``benchmarks/reading.py``.
    """

    classes: tuple[ReasonClass, ...]
    described: "_Described"
    labelled: "_Labelled | None"
    learned: LearnedPolarity | None

    @classmethod
    def fit(
        cls,
        classes: Sequence[ReasonClass],
        *,
        labelled: Labelled | None = None,
        scored: Scored | None = None,
    ) -> Self:
        """Prepare a reader for these classes.

        Parameters
        ----------
        classes : sequence of ReasonClass
            At least one, keys unique.
        labelled : (texts, keys), optional
            Comments whose class somebody confirmed, and the key of that class for each.
        scored : (texts, scores), optional
            Comments with scores on 0..10; they teach how praise and blame are worded here, see
            `learn_polarity`. Some thousands are enough.

        Raises
        ------
        ReadingError
            If there is no class, a key stands twice, a label has no class, or a score lies outside
            0..10.
        """
        _check_classes(classes)
        described = _describe(classes)
        taught = None
        if labelled is not None and len(labelled[0]):
            owners = _owners_of(labelled, [each.key for each in classes])
            taught = _learn(described, labelled[0], owners)
        learned = None if scored is None else learn_polarity(*scored)
        return cls(tuple(classes), described, taught, learned)

    def read(self, texts: Sequence[str], *, scores: ArrayLike | None = None) -> Readings:
        """Read theme and polarity of comments.

        Parameters
        ----------
        texts : sequence of str, length n
            Comments as stored.
        scores : array_like of float (n,), optional
            Scores on 0..10, ``nan`` where there is none; polarity looks at them first.

        Returns
        -------
        Readings

        Raises
        ------
        ReadingError
            If a score lies outside 0..10 or the lengths differ.

        Notes
        -----
        Memory is that of `BATCH` comments and the answer.

        Examples
        --------
        >>> from upturn.voice.engine import default_themes
        >>> reader = Reader.fit(default_themes())
        >>> readings = reader.read(["The soup was cold and so were the plates", "Tuesday"])
        >>> reader.classes[readings.theme[0]].key
        'cold'
        >>> readings.theme.tolist()[1]
        -1
        """
        sign, sure = polarity(texts, scores, learned=self.learned)
        theme, confidence = self.classify(texts)
        return Readings(theme, confidence, sign, sure)

    def classify(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Find the class of each text: its index or -1, and the confidence; see `read`."""
        batches = [self.evidence(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        best = [each.argmax(axis=1) for each in batches]
        confidence = np.concatenate([np.zeros(0), *(each.max(axis=1) for each in batches)])
        theme = np.concatenate([np.zeros(0, dtype=np.int64), *best])
        return np.where(confidence >= CANNOT_TELL_BELOW, theme, CANNOT_TELL), confidence

    def evidence(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Give the confidence that each class would have: an array (n_texts, n_classes), 0..1."""
        compared = self.described.evidence(texts)
        if self.labelled is None:
            return compared
        trust = self.labelled.trust
        return trust * self.labelled.evidence(texts) + (1 - trust) * compared

    def telling_words(self, key: str) -> frozenset[str]:
        """List the words, folded, that alone would give the class with this key.

        Raises
        ------
        ReadingError
            If no class has this key.

        Examples
        --------
        >>> from upturn.voice.engine import default_themes
        >>> "queue" in Reader.fit(default_themes()).telling_words("waiting")
        True
        """
        wanted = _index_of(key, [each.key for each in self.classes])
        known = [*self.described.vocabulary.terms]
        if self.labelled is not None:
            known += self.labelled.taught.vocabulary.terms
        single = sorted({term for term in known if " " not in term and len(term) > 1} - _unsaid())
        evidence = self.evidence(single)
        found = (evidence.argmax(axis=1) == wanted) & (evidence[:, wanted] >= TELLING_FROM)
        return frozenset(word for word, telling in zip(single, found, strict=True) if telling)


def assign_touchpoints(
    texts: Sequence[str], touchpoints: Sequence[ReasonClass]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Say at which touchpoint each comment happened, from its words alone.

    Parameters
    ----------
    texts : sequence of str, length n
        Comments that came without a touchpoint.
    touchpoints : sequence of ReasonClass
        The touchpoints by name and description.

    Returns
    -------
    touchpoint : int array (n,)
        Which of the touchpoints, from 0; -1 where the words do not say.
    confidence : float array (n,), 0..1
        See `Reader`.

    Examples
    --------
    >>> bar = ReasonClass("bar", "Bar", ("cocktails, beer and wine at the counter",))
    >>> till = ReasonClass("till", "Paying", ("the bill, the card machine, the receipt",))
    >>> assign_touchpoints(["The card machine failed", "Lovely evening"], [bar, till])[0].tolist()
    [1, -1]
    """
    return Reader.fit(touchpoints).classify(texts)


@dataclass(frozen=True, slots=True, eq=False)
class _Described:
    """Descriptions as rows of unit length, each belonging to one of n_classes."""

    descriptions: tuple[str, ...]
    owner: NDArray[np.int64]
    n_classes: int
    vocabulary: Vocabulary
    rows: SparseRows

    def evidence(self, texts: Sequence[str]) -> NDArray[np.float64]:
        compared = weigh(split(texts, without=_unsaid()), self.vocabulary) @ self.rows.T
        alike = np.zeros((len(texts), self.n_classes))
        np.maximum.at(alike.T, self.owner, compared.toarray().T)
        n_pieces = np.diff(self.rows[:, len(self.vocabulary.terms) :].indptr)
        lift = np.exp(SHARPNESS * np.sqrt(np.median(n_pieces)) * alike)
        above: NDArray[np.float64] = (lift - 1) / (lift.sum(axis=1, keepdims=True) + OTHER_THINGS)
        return np.sqrt(above)


@dataclass(frozen=True, slots=True, eq=False)
class _Labelled:
    """What labels taught over n_classes and all other things, the last; and its weight, 0..1."""

    taught: Taught
    trust: float

    def evidence(self, texts: Sequence[str]) -> NDArray[np.float64]:
        shares, known = self.taught.shares(texts)
        by_chance = 1 / (shares.shape[1] - 1 + OTHER_THINGS)
        above = np.clip((shares[:, :-1] - by_chance) / (1 - by_chance), 0, None)
        return np.where(known[:, None], np.sqrt(above), 0.0)


def _describe(classes: Sequence[ReasonClass]) -> _Described:
    by_language = [each.by_language() for each in classes]
    descriptions = tuple(chain.from_iterable(by_language))
    owner = np.repeat(np.arange(len(classes)), [len(each) for each in by_language])
    tokens = split(descriptions, without=_unsaid())
    vocabulary = learn_vocabulary(tokens, by_rarity=False)
    return _Described(descriptions, owner, len(classes), vocabulary, weigh(tokens, vocabulary))


def _learn(described: _Described, texts: Sequence[str], owners: NDArray[np.int64]) -> _Labelled:
    # Descriptions are repeated rather than weighted; empty texts stand for all other things.
    examples = [*texts, *list(described.descriptions) * DESCRIPTION_WEIGHT]
    of_examples = [*owners, *described.owner.tolist() * DESCRIPTION_WEIGHT]
    n_none = -(-OTHER_THINGS * len(examples) // described.n_classes)
    taught = teach(
        [*examples, *[""] * n_none],
        np.array([*of_examples, *[described.n_classes] * n_none], dtype=np.int64),
    )
    per_class = len(owners) / described.n_classes
    return _Labelled(taught, per_class / (per_class + LABELS_PER_CLASS_FOR_HALF))


@cache
def _unsaid() -> Set[str]:
    """Words that say nothing about the reason, in any language known here."""
    return frozenset[str]().union(
        *(each.stop | each.negators | each.contrasts for each in languages().values())
    )


def _check_classes(classes: Sequence[ReasonClass]) -> None:
    keys = [each.key for each in classes]
    if not keys:
        raise ReadingError("There is no class to read for; give at least one.")
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ReadingError(f"The class {twice[0]!r} stands twice; keys must be unique.")


def _owners_of(labelled: Labelled, keys: Sequence[str]) -> NDArray[np.int64]:
    texts, labels = labelled
    if len(texts) != len(labels):
        raise ReadingError(
            f"{len(texts)} labelled texts came with {len(labels)} keys; give one key a text."
        )
    return np.array([_index_of(label, keys) for label in labels], dtype=np.int64)


def _index_of(key: str, keys: Sequence[str]) -> int:
    if key not in keys:
        near = get_close_matches(key, keys, n=1) or [*keys[:3]]
        raise ReadingError(f"No class has the key {key!r}; one that exists: {', '.join(near)}.")
    return keys.index(key)
