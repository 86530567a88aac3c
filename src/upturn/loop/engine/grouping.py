"""Cards that say the like, put together; the facilitator has the last word."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upturn.loop.engine.errors import Incomplete

if TYPE_CHECKING:
    from upturn.voice.engine import Embedder

# Chosen on halves of the training parts of Banking77 and CLINC150, see benchmarks/loop/grouping.py:
# the weight of letters beside meaning, and from which distance (mean over all pairs of two groups)
# cards stay apart, with meaning and with letters alone.
LETTERS_WEIGHT = 0.6
APART_FROM = {"minilm": 0.8, "multilingual": 0.85, "fast": 0.85}
APART_BY_LETTERS_FROM = 0.9
CARDS_OF_CENTRE = 12
"""Of n cards the share n / (n + this) of their common part goes: few cards know it badly."""
WORDS_READ = 40
WORDS_READ_LEAST = 12
WORDS_READ_OF_ALL = 6_000
"""How much is read for its meaning: of a card, of a card where they are many, of all together.

The model reads some 5,000 words a second on one core; letters are compared in full.
"""

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Group:
    """Cards that say the like.

    Attributes
    ----------
    members : tuple of int
        Places of two cards or more, the most typical first: its words may name the group until
        the facilitator does.
    """

    members: tuple[int, ...]


def group_cards(
    cards: Sequence[str], *, embedder: "Embedder", languages: Sequence[str] = ()
) -> tuple[Group, ...]:
    """Put cards together that say the like.

    Parameters
    ----------
    cards : sequence of str, length n
    embedder : Embedder
        `upturn.voice.engine.reader_for`.
    languages : sequence of str, length n
        Of each card. Cards in a language that the embedder cannot read are put together by their
        letters, with cards of their own language alone. Empty: all can be read.

    Returns
    -------
    tuple of Group
        The largest first. A card like no other is in none.

    Raises
    ------
    Incomplete
        If there are languages, but not one for each card.

    Notes
    -----
    Average linkage. The likeness of two cards is the cosine of what they mean, less what
    all have in common, and the cosine of their letters (TF-IDF of runs of three to five),
    which weighs `LETTERS_WEIGHT`. Nothing is drawn at random. Time grows with the words, beside
    which n squared is little up to some thousands.

    Examples
    --------
    >>> from upturn.voice.engine import reader_for
    >>> cards = ["Warm plates", "The lift was broken", "Plates were warm", "Broken lift again"]
    >>> [each.members for each in group_cards(cards, embedder=reader_for("fast"))]
    [(0, 2), (1, 3)]
    """
    if languages and len(languages) != len(cards):
        raise Incomplete(f"{len(cards)} cards came with {len(languages)} languages.")
    texts = [" ".join(card.split()) for card in cards]
    groups = [
        group
        for places, read in _parts(texts, languages, embedder)
        for group in _grouped([texts[at] for at in places], places, embedder if read else None)
    ]
    return tuple(sorted(groups, key=lambda each: (-len(each.members), min(each.members))))


def _parts(
    texts: Sequence[str], languages: Sequence[str], embedder: "Embedder"
) -> list[tuple[list[int], bool]]:
    """Cut the cards with a letter or a number into parts that can be compared."""
    from upturn.voice.engine import read_languages  # noqa: PLC0415 - slow at start

    known = read_languages(embedder.name)
    parts: dict[str, list[int]] = {}
    for at, text in enumerate(texts):
        if any(map(str.isalnum, text)):
            code = languages[at].partition("-")[0] if languages else ""
            parts.setdefault("" if code in known else code, []).append(at)
    return [(places, not code) for code, places in parts.items() if len(places) > 1]


def _grouped(
    texts: Sequence[str], places: Sequence[int], embedder: "Embedder | None"
) -> list[Group]:
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415 - slow at start
    from scipy.spatial.distance import squareform  # noqa: PLC0415 - slow at start

    alike, apart = _letters(texts), APART_BY_LETTERS_FROM
    if embedder is not None:
        meant = _meaning(texts, embedder)
        alike, apart = (
            (meant + LETTERS_WEIGHT * alike) / (1 + LETTERS_WEIGHT),
            APART_FROM[embedder.name],
        )
    distance = np.clip(1 - alike, 0, None)
    np.fill_diagonal(distance, 0)
    labels = fcluster(linkage(squareform(distance, checks=False), "average"), apart, "distance")
    found = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    return [_group(members, alike, places) for members in found if len(members) > 1]


def _group(members: NDArray[np.intp], alike: Matrix, places: Sequence[int]) -> Group:
    nearness = np.round(alike[np.ix_(members, members)].sum(axis=1), 6)
    order = members[np.argsort(-nearness, kind="stable")]
    return Group(tuple(places[at] for at in order.tolist()))


def _letters(texts: Sequence[str]) -> Matrix:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - slow at start

    rows = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, strip_accents="unicode"
    ).fit_transform(texts)
    alike: Matrix = (rows @ rows.T).toarray()
    return alike


def _meaning(texts: Sequence[str], embedder: "Embedder") -> Matrix:
    words = min(WORDS_READ, max(WORDS_READ_LEAST, WORDS_READ_OF_ALL // len(texts)))
    begun = [" ".join(text.split(" ")[:words]) for text in texts]
    vectors = embedder.embed(begun).astype(np.float64)
    vectors -= len(texts) / (len(texts) + CARDS_OF_CENTRE) * vectors.mean(axis=0)
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = vectors / np.where(length > 0, length, 1)
    alike: Matrix = rows @ rows.T
    return alike
