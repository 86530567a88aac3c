"""What a comment is about and whether it praises: the reader behind every page with words.

One mechanism for themes and touchpoints. Without labels a comment is compared with written
descriptions; labels add a logistic regression to which the descriptions are examples too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upturn.voice.engine.embedding import Embedder, known_as
from upturn.voice.engine.errors import ReadingError
from upturn.voice.engine.reading_classes import ReasonClass
from upturn.voice.engine.reading_described import OTHER_THINGS, Described, describe, unsaid
from upturn.voice.engine.reading_heads import Heads, learn_heads
from upturn.voice.engine.reading_meaning import Meaning, mean_by
from upturn.voice.engine.reading_polarity import LearnedPolarity, learn_polarity, polarity
from upturn.voice.engine.reading_taught import Taught, teach

BATCH = 5_000
CANNOT_TELL = -1
CANNOT_TELL_BELOW = 0.3
ABOUT_FROM = 0.5
TELLING_FROM = 0.6
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
    *By words alone* (no embedder), without labels: cosine between the words (1 and 2 together) and
    pieces of words (3 to 5 characters) of the comment and of each description, the best description
    of a class counting. Words are not weighed by their rarity in the comments at hand: in a heap of
    comments on late flights "delayed" is common and still the word that matters. So a reading
    depends on the comment alone, never on its neighbours. With labels: logistic regression on
    TF-IDF, each description repeated as an example. It weighs against the comparison as labels per
    class to `LABELS_PER_CLASS_FOR_HALF`.

    *By meaning too* (with an embedder): without labels the likeness of vectors beside that of
    words, see `Meaning`; with labels a linear model on both, beside that comparison, each
    with the weight that cross-validation on the labels gave, see `Heads`.

    *Confidence* rises with the evidence for a class and falls with the evidence for others. It was
    scaled on outside data to lie near the hit rate; on yours it is no hit rate until counted on
    comments whose class somebody confirmed. It knows nothing of a second theme in a comment, of
    irony, or of words that no description and no label holds.

    References
    ----------
    Seed item S1.17. Banking77 (Casanueva and others 2020, arXiv:2003.04807) for the measurements
    in ``benchmarks/read.py``.
    """

    classes: tuple[ReasonClass, ...]
    described: Described
    labelled: "_Labelled | None"
    learned: LearnedPolarity | None
    meaning: Meaning | None = None
    heads: Heads | None = None

    @classmethod
    def fit(
        cls,
        classes: Sequence[ReasonClass],
        *,
        labelled: Labelled | None = None,
        scored: Scored | None = None,
        embedder: Embedder | None = None,
        none_of_these: Sequence[str] = (),
        unlabelled: Sequence[str] = (),
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
        embedder : Embedder, optional
            Compares meanings beside words; without one words alone count.
        none_of_these : sequence of str
            Comments about none of the classes; from ten on they teach, with labels, what to leave.
        unlabelled : sequence of str
            Comments of the same place that nobody labelled, for an embedder to lean on: some
            thousands help where classes are many and narrow. Readings then depend on them too.

        Raises
        ------
        ReadingError
            If there is no class, a key stands twice, a label has no class, or a score lies outside
            0..10.
        """
        _check_classes(classes)
        described = describe(classes)
        learned = None if scored is None else learn_polarity(*scored)
        texts, keys = labelled or ((), ())
        owners = _owners_of((texts, keys), [each.key for each in classes])
        if embedder is None:
            taught = _learn(described, texts, owners, none_of_these) if len(texts) else None
            return cls(tuple(classes), described, taught, learned)
        meaning = mean_by(classes, described, embedder, unlabelled)
        heads = None
        if len(texts) and len(classes) > 1:
            heads = learn_heads(meaning, texts, owners, none_of_these)
        return cls(tuple(classes), described, None, learned, meaning, heads)

    @property
    def version(self) -> str:
        """What reads: the embedder with the beginning of its digest, and what was learned from."""
        by = "words"
        if self.meaning is not None:
            by = known_as(self.meaning.embedder)
        taught = self.labelled is not None or self.heads is not None
        return f"{by}, {'labels' if taught else 'descriptions'}"

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
        found = [self._judge(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        evidence = np.concatenate([np.zeros((0, len(self.classes))), *(each for each, _ in found)])
        about = np.concatenate([np.zeros(0), *(each for _, each in found)])
        confidence = evidence.max(axis=1, initial=0) * about
        told = (confidence >= CANNOT_TELL_BELOW) & (about >= ABOUT_FROM)
        return np.where(told, evidence.argmax(axis=1), CANNOT_TELL), confidence

    def evidence(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Give the confidence that each class would have: an array (n_texts, n_classes), 0..1."""
        return self._judge(texts)[0]

    def _judge(self, texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give the evidence for each class, and whether a text is about any of them, 0..1."""
        if self.meaning is None:
            return self._by_words(texts), np.ones(len(texts))
        vectors = self.meaning.see(texts)
        if self.heads is not None:
            return self.heads.judge(texts, vectors)
        return self.meaning.evidence(texts, vectors), np.ones(len(texts))

    def _by_words(self, texts: Sequence[str]) -> NDArray[np.float64]:
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
        single = sorted({term for term in known if " " not in term and len(term) > 1} - unsaid())
        evidence = self._by_words(single)
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
class _Labelled:
    """What labels taught over n_classes and all other things, the last; and its weight, 0..1."""

    taught: Taught
    trust: float

    def evidence(self, texts: Sequence[str]) -> NDArray[np.float64]:
        shares, known = self.taught.shares(texts)
        by_chance = 1 / (shares.shape[1] - 1 + OTHER_THINGS)
        above = np.clip((shares[:, :-1] - by_chance) / (1 - by_chance), 0, None)
        return np.where(known[:, None], np.sqrt(above), 0.0)


def _learn(
    described: Described,
    texts: Sequence[str],
    owners: NDArray[np.int64],
    none_of_these: Sequence[str],
) -> _Labelled:
    # Descriptions are repeated rather than weighted; empty texts stand for all other things.
    examples = [*texts, *list(described.descriptions) * DESCRIPTION_WEIGHT]
    of_examples = [*owners, *described.owner.tolist() * DESCRIPTION_WEIGHT]
    n_none = -(-OTHER_THINGS * len(examples) // described.n_classes)
    taught = teach(
        [*examples, *none_of_these, *[""] * n_none],
        np.array(
            [*of_examples, *[described.n_classes] * (len(none_of_these) + n_none)], dtype=np.int64
        ),
    )
    per_class = len(owners) / described.n_classes
    return _Labelled(taught, per_class / (per_class + LABELS_PER_CLASS_FOR_HALF))


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
