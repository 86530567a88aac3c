"""Praise or blame: from the score where there is one, else from the words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upturn.voice.engine.errors import ReadingError
from upturn.voice.engine.reading_mood import mood
from upturn.voice.engine.reading_taught import Taught, teach

BATCH = 5_000
BLAME_SCORE_MAX = 4.0
PRAISE_SCORE_MIN = 7.0
SCORED_EACH_WAY_MIN = 30
LEAST_LEAN = 0.15
CONTRADICTED = 0.6

Polarity = tuple[NDArray[np.int8], NDArray[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class LearnedPolarity:
    """What the scored comments of a house taught about its customers' praise and blame."""

    taught: Taught


def learn_polarity(texts: Sequence[str], scores: ArrayLike) -> LearnedPolarity | None:
    """Learn from comments with a score how praise and blame are worded here.

    Parameters
    ----------
    texts : sequence of str, length n
        Comments as stored.
    scores : array_like of float (n,)
        Scores on 0..10, ``nan`` where there is none; those between 4 and 7 teach nothing.

    Returns
    -------
    LearnedPolarity or None
        None with fewer than `SCORED_EACH_WAY_MIN` clear scores on either side.

    Raises
    ------
    ReadingError
        If a score lies outside 0..10 or the lengths differ.

    Notes
    -----
    Logistic regression on TF-IDF; praise and blame weigh alike, however rare one of them is.
    """
    given = _checked(texts, scores)
    clear = np.flatnonzero(_is_clear(given)).tolist()
    praises = given[clear] >= PRAISE_SCORE_MIN
    if min(praises.sum(), (~praises).sum()) < SCORED_EACH_WAY_MIN:
        return None
    taught = teach([texts[at] for at in clear], praises.astype(np.int64), balanced=True)
    return LearnedPolarity(taught)


def polarity(
    texts: Sequence[str],
    scores: ArrayLike | None = None,
    *,
    learned: LearnedPolarity | None = None,
) -> Polarity:
    """Say of each comment whether it praises or blames, and how sure that is.

    The score goes first: 4 or less blames, 7 or more praises. On stars that is one or two of five
    against four or five, whether three stars became 5 or 6. Between the two, and without a score,
    the words decide: by what scored comments taught, else by a list in English, German and Spanish
    with negation ("not good") and with emoji.

    Parameters
    ----------
    texts : sequence of str, length n
        Comments as stored.
    scores : array_like of float (n,), optional
        Score of each comment on 0..10, ``nan`` where there is none.
    learned : LearnedPolarity, optional
        From `learn_polarity`.

    Returns
    -------
    polarity : int8 array (n,)
        1 praise, -1 blame, 0 neither, both alike, or not known.
    confidence : float array (n,), 0..1
        0 where neither the score nor a word says anything. Lower where words and score disagree.

    Raises
    ------
    ReadingError
        If a score lies outside 0..10 or the lengths differ.

    Notes
    -----
    A score judges the whole visit, not the theme of the comment: a 9 may stand beside "only the
    soup was cold". The word list can do worse than always answering the commonest side, most of
    all where people write wittily; some hundred scored comments do better. Confidence rises with
    the evidence and is no measured hit rate.

    Examples
    --------
    >>> sign, confidence = polarity(["Not good at all", "Das war toll", "Table 4"])
    >>> sign.tolist()
    [-1, 1, 0]
    >>> float(confidence[2])
    0.0
    """
    given = _checked(texts, scores)
    sign, confidence = _by_list(texts) if learned is None else _by_learning(texts, learned)
    from_score = np.where(given >= PRAISE_SCORE_MIN, 1, -1).astype(np.int8)
    strength = _score_confidence(given) * np.where(sign == -from_score, CONTRADICTED, 1.0)
    clear = _is_clear(given)
    return np.where(clear, from_score, sign), np.where(clear, strength, confidence)


def _by_list(texts: Sequence[str]) -> Polarity:
    moods = [mood(text) for text in texts]
    sign = np.array([each.sign for each in moods], dtype=np.int8)
    return sign, np.array([each.confidence for each in moods], dtype=np.float64)


def _by_learning(texts: Sequence[str], learned: LearnedPolarity) -> Polarity:
    leans = [np.zeros(0)]
    for at in range(0, len(texts), BATCH):
        share, known = learned.taught.shares(texts[at : at + BATCH])
        leans.append(np.where(known, share[:, 1] - share[:, 0], 0.0))
    lean = np.concatenate(leans)
    sign = np.where(np.abs(lean) >= LEAST_LEAN, np.sign(lean), 0).astype(np.int8)
    return sign, np.abs(lean)


def _is_clear(given: NDArray[np.float64]) -> NDArray[np.bool_]:
    return (given <= BLAME_SCORE_MAX) | (given >= PRAISE_SCORE_MIN)


def _checked(texts: Sequence[str], scores: ArrayLike | None) -> NDArray[np.float64]:
    if scores is None:
        return np.full(len(texts), np.nan)
    given = np.asarray(scores, dtype=np.float64)
    if given.shape != (len(texts),):
        raise ReadingError(
            f"{len(texts)} texts came with scores of shape {given.shape}; "
            "give one score a text, nan where there is none."
        )
    outside = given[(given < 0) | (given > 10)]
    if outside.size:
        raise ReadingError(f"Score {outside[0]} lies outside 0..10; rescale it before reading.")
    return given


def _score_confidence(given: NDArray[np.float64]) -> NDArray[np.float64]:
    middle = (BLAME_SCORE_MAX + PRAISE_SCORE_MIN) / 2
    return np.clip(0.5 + 0.1 * np.abs(given - middle), 0.0, 0.95)
