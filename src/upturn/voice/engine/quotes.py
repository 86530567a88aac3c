"""Customers' own words for a theme: which comments stand for it, and which words to underline."""

import re
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upturn.voice.engine.cleaning import clean, fold, word_spans
from upturn.voice.engine.reading_features import learn_vocabulary, split, weigh

READABLE_CHARACTERS_MIN = 20
READABLE_CHARACTERS_MAX = 280
NEAR_DUPLICATE_FROM = 0.8
STEM_CHARACTERS_MIN = 4
# Of English, German and Spanish words that change with number, time and person.
ENDINGS = re.compile(r"(a|as|d|e|ed|em|en|er|ers|es|est|ing|ly|n|o|os|s|st|t|te|ten|y)?")


def representative_quotes(
    texts: Sequence[str], *, vectors: Any = None, k: int = 3
) -> tuple[int, ...]:
    """Choose the comments that stand for a theme: those nearest its centre.

    Parameters
    ----------
    texts : sequence of str, length n
        All comments of one theme.
    vectors : float array or scipy sparse array (n, d), optional
        Their places in a space where likeness is an angle, such as embeddings; by default TF-IDF
        over these texts.
    k : int
        How many.

    Returns
    -------
    tuple of int
        At most `k` places in `texts`, the nearest first. Comments of 20 to 280 characters go
        before shorter and longer ones; of near duplicates (cosine from 0.8, or the same words)
        only one comes. Which texts are chosen does not depend on their order.

    Examples
    --------
    >>> representative_quotes(
    ...     ["We waited an hour for a table", "we waited an hour for a table!!", "Waited an hour"],
    ...     k=2,
    ... )
    (0, 2)
    """
    if not texts:
        return ()
    cleaned = [clean(text) for text in texts]
    rows = _unit_rows(_of_texts(texts) if vectors is None else vectors)
    centre = np.asarray(rows.sum(axis=0), dtype=np.float64).ravel()
    nearness = np.round(np.asarray(rows @ centre).ravel(), 9).tolist()
    order = sorted(
        range(len(texts)),
        key=lambda at: (not is_readable(cleaned[at]), -nearness[at], cleaned[at]),
    )
    chosen: list[int] = []
    for at in order:
        if len(chosen) == k:
            break
        if cleaned[at] and not _is_repeat(at, chosen, rows=rows, cleaned=cleaned):
            chosen.append(at)
    return tuple(chosen)


def marked_spans(text: str, telling: Collection[str]) -> tuple[tuple[int, int], ...]:
    """Find the words of a stored comment by which its theme was found.

    Parameters
    ----------
    text : str
        The comment as stored; positions are in this text.
    telling : collection of str
        Folded words from `Reader.telling_words`.

    Returns
    -------
    tuple of (start, end)
        Character positions in order, without overlap. A word counts when it is a telling one or
        another form of one ("waited", "waiting": 4 letters alike, then a usual ending each).

    Examples
    --------
    >>> marked_spans("We WAITED for the soup", {"waiting", "queue"})
    ((3, 9),)
    """
    beginnings: dict[str, list[str]] = {}
    for word in telling:
        beginnings.setdefault(word[:STEM_CHARACTERS_MIN], []).append(word)
    return tuple(
        (start, end) for start, end in word_spans(text) if _tells(fold(text[start:end]), beginnings)
    )


def _tells(word: str, beginnings: dict[str, list[str]]) -> bool:
    return any(
        word == other or _is_inflected(word, other)
        for other in beginnings.get(word[:STEM_CHARACTERS_MIN], ())
    )


def _is_inflected(word: str, other: str) -> bool:
    pairs = enumerate(zip(word, other, strict=False))
    same = next((at for at, (one, two) in pairs if one != two), min(len(word), len(other)))
    if same < STEM_CHARACTERS_MIN:
        return False
    return all(ENDINGS.fullmatch(each[same:]) for each in (word, other))


def _of_texts(texts: Sequence[str]) -> Any:
    tokens = split(texts)
    return weigh(tokens, learn_vocabulary(tokens, by_rarity=True))


def _unit_rows(vectors: Any) -> Any:
    squares = vectors.multiply(vectors) if hasattr(vectors, "tocsr") else vectors**2
    length = np.sqrt(np.asarray(squares.sum(axis=1), dtype=np.float64)).reshape(-1, 1)
    scale = 1 / np.where(length > 0, length, 1)
    return vectors.multiply(scale).tocsr() if hasattr(vectors, "tocsr") else vectors * scale


def is_readable(cleaned: str) -> bool:
    """Whether cleaned words are long enough to say something and short enough to be read whole."""
    return READABLE_CHARACTERS_MIN <= len(cleaned) <= READABLE_CHARACTERS_MAX


def _is_repeat(at: int, chosen: Sequence[int], *, rows: Any, cleaned: Sequence[str]) -> bool:
    return any(
        cleaned[at] == cleaned[other] or _dot(rows, at, other) >= NEAR_DUPLICATE_FROM
        for other in chosen
    )


def _dot(rows: Any, one: int, other: int) -> float:
    both: NDArray[np.float64] = np.asarray((rows[[one]] @ rows[[other]].T).sum())
    return float(both)
