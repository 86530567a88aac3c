"""Learning from examples: logistic regression on TF-IDF, for themes, touchpoints and polarity."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upturn.voice.engine.reading_features import Vocabulary, learn_vocabulary, split, weigh

# C = 5 where words and pieces of words each have unit length; here both together have it.
INVERSE_PENALTY = 10.0
TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """A fitted model and the columns it knows."""

    vocabulary: Vocabulary
    model: Any

    def shares(self, texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Give the probability of each class, and whether anything in a text was known.

        Returns
        -------
        shares : float array (n, n_classes)
            Rows sum to 1; of a text without a known feature they say only how common classes are.
        known : bool array (n,)
        """
        if not len(texts):
            return np.zeros((0, len(self.model.classes_))), np.zeros(0, dtype=np.bool_)
        rows = weigh(split(texts), self.vocabulary)
        return self.model.predict_proba(rows), np.diff(rows.indptr) > 0


def teach(texts: Sequence[str], owners: NDArray[np.int64], *, balanced: bool = False) -> Taught:
    """Fit a logistic regression to examples.

    Parameters
    ----------
    texts : sequence of str, length n
        Examples as stored.
    owners : int array (n,)
        Class of each, from 0 without a gap; at least two classes.
    balanced : bool
        Weigh rare classes up until all count alike.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - 1 s at start
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - comes with scikit-learn

    tokens = split(texts)
    vocabulary = learn_vocabulary(tokens, by_rarity=True)
    model = LogisticRegression(
        C=INVERSE_PENALTY,
        tol=TOLERANCE,
        max_iter=500,
        class_weight="balanced" if balanced else None,
    )
    # Threads that wait for each other made this ten times slower on two busy cores.
    with threadpool_limits(limits=1):
        model.fit(weigh(tokens, vocabulary), owners)
    return Taught(vocabulary, model)
