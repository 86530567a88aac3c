"""Learning from labelled comments: which evidence to trust is chosen on the labels themselves.

The evidence is a linear model on words and meaning, beside the comparison with the descriptions.
With a pool and few labels there are two, one of them on places that neighbours moved; their mean
is more often right than either. With many labels the nearest of them vote, too. How much the
comparison counts, and how sharply to answer, are chosen by cross-validation, with the smallest mean
log loss.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upturn.stats.draws import generator
from upturn.voice.engine.reading_features import (
    SparseRows,
    Vocabulary,
    learn_vocabulary,
    split,
    weigh,
)
from upturn.voice.engine.reading_meaning import Meaning
from upturn.voice.engine.reading_neighbours import Neighbours, neighbours
from upturn.voice.engine.reading_scope import Scope, learn_scope
from upturn.voice.engine.reading_space import Space, Vectors, space_of

SEED = 2026
FOLDS = 4
# From this many labels on one fifth is held out once, instead of every fold in turn; neighbours in
# the pool lend no hand, a support vector machine stands beside the logistic regression, and the
# nearest labels vote. On parts of Banking77's training moved places added .02 with 8 labels a class
# and took .005 with all; the machine added .009 with all, and alone it was .007 worse with 8 a
# class; votes added .002 with all, there and on CLINC150.
LABELS_FOR_ONE_SPLIT = 2_000
ROWS_TO_TURN = 2_500
INVERSE_PENALTY = 5.0
TOLERANCE = 1e-3
MACHINE_INVERSE_PENALTY = 0.3
MARGIN_LIKE_A_LOGIT = 8.0
MEANING_WEIGHT = 2.0
NAME_WEIGHT = 2.0
COMPARISON_WEIGHTS = (0.0, 3.0, 6.0, 12.0)
# Steps of two fifths made confidence up to .11 too sure.
SHARPNESSES = (0.7, 0.85, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.4, 2.8)

Logits = NDArray[np.float64]
Shares = NDArray[np.float64]
Owners = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Choice:
    """What cross-validation chose, and the mean log loss it had there."""

    loss: float
    comparison: float
    sharpness: float


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """What labels taught about classes. Make it with `learn_heads`."""

    meaning: Meaning
    taught: "tuple[tuple[_View, _Linear], ...]"
    near: Neighbours | None
    choice: Choice
    scope: Scope

    def judge(self, texts: Sequence[str], vectors: Vectors) -> tuple[Shares, Shares]:
        """Give the probability of each class, and the share in which a text is about any of them.

        Returns
        -------
        shares : float array (n, n_classes)
            Rows sum to 1, or are 0 where nothing in a text is known.
        about : float array (n,), 0..1
        """
        rows = [view.rows(texts, vectors) for view, _ in self.taught]
        pairs = zip(self.taught, rows, strict=True)
        logits = np.mean([model.logits(row) for (_, model), row in pairs], axis=0)
        compared = self.meaning.alike(texts, vectors)
        voted = logits if self.near is None else _normal(logits) + self.near.logits(rows[0])
        shares = np.exp(_pooled(voted, compared, self.choice.comparison, self.choice.sharpness))
        known = np.diff(rows[0].indptr) > 0
        return np.where(known[:, None], shares, 0.0), self.scope.share(logits)


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """How texts become rows: words and pieces of words, then meaning."""

    vocabulary: Vocabulary
    space: Space
    smooth: bool

    def rows(self, texts: Sequence[str], vectors: Vectors) -> SparseRows:
        return self.beside(texts, self.space.place(vectors, smooth=self.smooth))

    def beside(self, texts: Sequence[str], placed: Vectors) -> SparseRows:
        from scipy.sparse import csr_array, hstack  # noqa: PLC0415 - 0.2 s at start

        said = weigh(split(texts), self.vocabulary) * np.sqrt(2)
        return hstack([said, csr_array(MEANING_WEIGHT * placed)], format="csr")


@dataclass(frozen=True, slots=True, eq=False)
class _Lesson:
    """Labelled comments as rows, then names, which teach in every fold.

    Where rows are few they are turned into as many columns as there are rows. The penalty on the
    square of weights does not see a rotation: the model is the same, found ten times as fast.
    """

    source: SparseRows
    turned: Any
    owners: Owners
    n_labels: int
    basis: Logits | None

    def turn(self, rows: SparseRows) -> Any:
        return rows if self.basis is None else (rows @ self.source.T).toarray() @ self.basis

    def fit(self, among: Owners) -> "_Linear":
        """Fit to some labels and all names, on turned rows."""
        from threadpoolctl import threadpool_limits  # noqa: PLC0415 - comes with scikit-learn

        kept = np.concatenate([among, np.arange(self.n_labels, len(self.owners))])
        weights = np.where(kept < self.n_labels, 1.0, NAME_WEIGHT)
        # Threads that wait for each other made this ten times slower on two busy cores.
        with threadpool_limits(limits=1):
            found = [
                _linear(model.fit(self.turned[kept], self.owners[kept], weights), times)
                for model, times in _models(self.n_labels)
            ]
        columns, shifts = [each.columns for each in found], [each.shift for each in found]
        return _Linear(np.mean(columns, axis=0), np.mean(shifts, axis=0))

    def neighbours(self, among: Owners, *, dims: int) -> Neighbours | None:
        """Let some of the labels vote, where labels are many."""
        if self.n_labels < LABELS_FOR_ONE_SPLIT:
            return None
        n_classes = int(self.owners.max()) + 1
        return neighbours(self.source[among], self.owners[among], n_classes=n_classes, dims=dims)

    def whole(self) -> "_Linear":
        """Fit to all labels, for rows as they are."""
        turned = self.fit(np.arange(self.n_labels))
        if self.basis is None:
            return turned
        return _Linear(self.source.T @ (self.basis @ turned.columns), turned.shift)


@dataclass(frozen=True, slots=True, eq=False)
class _Linear:
    """A logit for each class: a weighted sum of a row, and a shift."""

    columns: Logits
    shift: Logits

    def logits(self, rows: Any) -> Logits:
        found: Logits = rows @ self.columns + self.shift
        return found


def _models(n_labels: int) -> list[tuple[Any, float]]:
    """Name what is fitted, and what turns its margins into logits."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - 1 s at start
    from sklearn.svm import LinearSVC  # noqa: PLC0415 - as above

    logistic = LogisticRegression(C=INVERSE_PENALTY, tol=TOLERANCE, max_iter=300)
    if n_labels < LABELS_FOR_ONE_SPLIT:
        return [(logistic, 1.0)]
    machine = LinearSVC(C=MACHINE_INVERSE_PENALTY, tol=TOLERANCE, random_state=SEED)
    return [(logistic, 1.0), (machine, MARGIN_LIKE_A_LOGIT)]


def _linear(model: Any, times: float) -> _Linear:
    # With two classes there is one column; half of it for one is half of it against the other.
    columns, shift = times * model.coef_.T, times * model.intercept_
    if len(shift) == 1:
        columns, shift = columns * [[-0.5, 0.5]], shift * [-0.5, 0.5]
    return _Linear(columns, shift)


@dataclass(frozen=True, slots=True, eq=False)
class _HeldOut:
    """Logits of comments by models that did not learn from them."""

    places: Owners
    logits: Logits
    voted: Logits
    nones: Logits


def learn_heads(
    meaning: Meaning, texts: Sequence[str], owners: Owners, none_of_these: Sequence[str]
) -> Heads:
    """Learn from labelled comments; their order changes nothing.

    Parameters
    ----------
    meaning : Meaning
        The classes, at least two.
    texts : sequence of str, length n
        Labelled comments as stored, at least one.
    owners : int array (n,)
        Class of each, from 0.
    none_of_these : sequence of str
        Comments that are about none of the classes; none is fine.
    """
    order = sorted(range(len(texts)), key=lambda at: (texts[at], owners[at]))
    texts, owners = [texts[at] for at in order], owners[order]
    vectors, of_nones = meaning.see(texts), meaning.see(none_of_these)
    compared = meaning.alike(texts, vectors)
    lessons, parts = [], []
    for view in _views(meaning, texts, vectors):
        lesson = _lesson(meaning, view, view.rows(texts, vectors), owners)
        lessons.append((view, lesson))
        parts.append(_held_out(lesson, view.rows(none_of_these, of_nones), dims=vectors.shape[1]))
    held = _HeldOut(
        parts[0].places,
        np.mean([each.logits for each in parts], axis=0),
        np.mean([each.voted for each in parts], axis=0),
        np.mean([each.nones for each in parts], axis=0),
    )
    choice = _best(held, compared, owners)
    # Labels of some classes must not turn away those that are known by their descriptions alone.
    whole = len(np.unique(owners)) == held.logits.shape[1]
    scope = learn_scope(held.logits if whole else held.logits[:0], held.nones)
    taught = tuple((view, lesson.whole()) for view, lesson in lessons)
    near = lessons[0][1].neighbours(np.arange(len(owners)), dims=vectors.shape[1])
    return Heads(meaning, taught, near, choice, scope)


def _views(meaning: Meaning, texts: Sequence[str], vectors: Vectors) -> list[_View]:
    tokens = [*split(texts), *split(meaning.words.descriptions)]
    vocabulary = learn_vocabulary(tokens, by_rarity=True)
    if not len(meaning.space.pool):
        return [_View(vocabulary, space_of(vectors, keep=False), smooth=False)]
    choices = (False, True) if len(texts) < LABELS_FOR_ONE_SPLIT else (False,)
    return [_View(vocabulary, meaning.space, smooth=smooth) for smooth in choices]


def _lesson(meaning: Meaning, view: _View, rows: SparseRows, owners: Owners) -> _Lesson:
    from scipy.sparse import vstack  # noqa: PLC0415 - 0.2 s at start

    words = meaning.words
    names = view.beside(words.descriptions, meaning.seeds()[words.owner])
    source = vstack([rows, names], format="csr")
    of_all = np.concatenate([owners, words.owner])
    if source.shape[0] > ROWS_TO_TURN:
        return _Lesson(source, source, of_all, len(owners), None)
    values, vectors = np.linalg.eigh((source @ source.T).toarray())
    kept = values > values[-1] * 1e-10
    lengths, directions = np.sqrt(values[kept]), vectors[:, kept]
    return _Lesson(source, directions * lengths, of_all, len(owners), directions / lengths)


def _held_out(lesson: _Lesson, nones: SparseRows, *, dims: int) -> _HeldOut:
    places, logits, voted, of_nones = [], [], [], []
    turned = lesson.turn(nones)
    for fold in _folds(lesson.owners[: lesson.n_labels]):
        among = np.setdiff1d(np.arange(lesson.n_labels), fold)
        model, near = lesson.fit(among), lesson.neighbours(among, dims=dims)
        places.append(fold)
        logits.append(model.logits(lesson.turned[fold]))
        voted.append(
            logits[-1] if near is None else _normal(logits[-1]) + near.logits(lesson.source[fold])
        )
        of_nones.append(model.logits(turned))
    return _HeldOut(
        np.concatenate(places),
        np.concatenate(logits),
        np.concatenate(voted),
        np.concatenate(of_nones),
    )


def _folds(owners: Owners) -> list[Owners]:
    """Deal the comments of each class out in turn, so that every fold is like the whole."""
    mixed = generator(SEED, "reader", "folds").permutation(len(owners))
    by_class = mixed[np.argsort(owners[mixed], kind="stable")]
    if len(owners) >= LABELS_FOR_ONE_SPLIT:
        return [by_class[:: FOLDS + 1]]
    return [fold for at in range(FOLDS) if len(fold := by_class[at::FOLDS])]


def _best(held: _HeldOut, compared: Logits, owners: Owners) -> Choice:
    likeness, right = compared[held.places], owners[held.places]
    losses = (
        Choice(_loss(_pooled(held.voted, likeness, weight, sharp), right), weight, sharp)
        for weight, sharp in product(COMPARISON_WEIGHTS, SHARPNESSES)
    )
    return min(losses, key=lambda each: each.loss)


def _loss(logged: Logits, right: Owners) -> float:
    return float(-logged[np.arange(len(right)), right].mean())


def _pooled(logits: Logits, compared: Logits, weight: float, sharpness: float) -> Logits:
    """Log probabilities from both kinds of evidence."""
    return _normal(sharpness * (_normal(logits) + weight * compared))


def _normal(logits: Logits) -> Logits:
    above = logits - logits.max(axis=1, keepdims=True)
    normal: Logits = above - np.log(np.exp(above).sum(axis=1, keepdims=True))
    return normal
