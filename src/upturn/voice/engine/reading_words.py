"""The words that set each theme apart, for the page that lists themes."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upturn.voice.engine.cleaning import clean, fold, words
from upturn.voice.engine.errors import ReadingError
from upturn.voice.engine.reading_languages import languages

TEXTS_WITH_TERM_MIN = 5


def theme_words(
    texts: Sequence[str],
    themes: ArrayLike,
    *,
    count: int = 5,
    stop: Collection[str] = (),
) -> dict[int, tuple[str, ...]]:
    """List the words and pairs of words that set each theme apart (c-TF-IDF).

    Parameters
    ----------
    texts : sequence of str, length n
        Comments as stored.
    themes : array_like of int (n,)
        Theme of each; negative where it is not known, those are passed over.
    count : int
        How many words a theme.
    stop : collection of str
        Words that tell this organisation nothing, such as its own name.

    Returns
    -------
    dict of int to tuple of str
        For each theme that occurs its words, the strongest first, none of them twice; fewer where
        only few occur in at least 5 comments.

    Raises
    ------
    ReadingError
        If texts and themes differ in number.

    Notes
    -----
    With f the count of a term in a theme and A the mean number of terms a theme, a term scores
    (f / all terms of the theme) ln(1 + A / count of the term in all themes).

    References
    ----------
    BERTopic, c-TF-IDF (Grootendorst 2022, arXiv:2203.05794).

    Examples
    --------
    >>> theme_words(["Cold soup"] * 5 + ["Long queue"] * 5, [0] * 5 + [1] * 5)
    {0: ('cold', 'soup'), 1: ('long', 'queue')}
    """
    of_texts = np.asarray(themes, dtype=np.int64)
    if of_texts.shape != (len(texts),):
        raise ReadingError(
            f"{len(texts)} texts came with themes of shape {of_texts.shape}; give one a text."
        )
    found, n_texts = _counted(texts, of_texts, stop)
    in_all = sum(found.values(), Counter[str]())
    mean = in_all.total() / max(1, len(found))
    answer = {}
    for theme, terms in sorted(found.items()):
        total = terms.total()
        score = {
            term: n / total * np.log(1 + mean / in_all[term])
            for term, n in terms.items()
            if n_texts[term] >= TEXTS_WITH_TERM_MIN
        }
        ranked = sorted(score, key=lambda term: (-score[term], term))
        answer[theme] = _without_repeats(ranked)[:count]
    return answer


def _without_repeats(ranked: Sequence[str]) -> tuple[str, ...]:
    said: set[str] = set()
    kept = []
    for term in ranked:
        if said.isdisjoint(term.split()):
            kept.append(term)
            said.update(term.split())
    return tuple(kept)


def _counted(
    texts: Sequence[str], themes: NDArray[np.int64], stop: Collection[str]
) -> tuple[Mapping[int, Counter[str]], Counter[str]]:
    unsaid = {fold(word) for word in stop}.union(*(each.stop for each in languages().values()))
    found: dict[int, Counter[str]] = {}
    n_texts: Counter[str] = Counter()
    for text, theme in zip(texts, themes.tolist(), strict=True):
        if theme < 0:
            continue
        said = [word for word in words(clean(text).lower()) if fold(word) not in unsaid]
        terms = [*said, *map(" ".join, pairwise(said))]
        found.setdefault(theme, Counter()).update(terms)
        n_texts.update(set(terms))
    return found, n_texts
