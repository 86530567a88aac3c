"""Words, pairs of words and pieces of words as weighted columns.

The pieces (3 to 5 characters inside a word, its edges marked) depend on the word alone, so they
are cut once for each different word of a batch and spread over the texts by a sparse product: the
counts of a character-wise reading at a fraction of its time.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upturn.voice.engine.cleaning import clean, fold, words

# A scipy.sparse.csr_array; SciPy comes without types.
SparseRows = Any

PIECES_MAX = 60_000
PIECE_LENGTHS = (3, 4, 5)
# With fewer texts every feature counts; with more, a single occurrence teaches nothing.
TEXTS_FOR_RARE = 2_000
TEXTS_WITH_TERM_MIN = 2
TEXTS_WITH_PIECE_MIN = 3


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Which features are columns and what each weighs.

    Attributes
    ----------
    terms : mapping of str to int
        Column of each word or pair of neighbouring words.
    pieces : mapping of str to int
        Column of each piece of a word, counted from 0 again.
    rarity : float array (n_terms + n_pieces,)
        Weight of each column, terms first.
    """

    terms: Mapping[str, int]
    pieces: Mapping[str, int]
    rarity: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """How often each named feature occurs in each text: an array (n_texts, n_names)."""

    names: Sequence[str]
    counts: SparseRows


def split(texts: Sequence[str], *, without: Set[str] = frozenset()) -> list[list[str]]:
    """Clean, fold and split texts, passing over some folded words."""
    return [[word for word in words(fold(clean(text))) if word not in without] for text in texts]


def count(tokens: Sequence[Sequence[str]]) -> tuple[Counted, Counted]:
    """Count terms and pieces of texts that are already split.

    Parameters
    ----------
    tokens : sequence of sequences of str
        Words of each text, in order.

    Returns
    -------
    terms, pieces : Counted
        Words and pairs; pieces of words. Each name occurs at least once.
    """
    vocabulary, text, word = _numbered(tokens)
    n_texts, n_words = len(tokens), len(vocabulary)
    neighbours = text[1:] == text[:-1]
    pairs = (word[:-1] * n_words + word[1:])[neighbours]
    different, pair = np.unique(pairs, return_inverse=True)
    names = vocabulary + [
        f"{vocabulary[code // n_words]} {vocabulary[code % n_words]}" for code in different.tolist()
    ]
    rows = np.concatenate([text, text[1:][neighbours]])
    columns = np.concatenate([word, n_words + pair])
    terms = _sparse(np.ones(len(rows)), row=rows, column=columns, shape=(n_texts, len(names)))
    pieces = _cut(vocabulary)
    return Counted(names, terms), Counted(pieces.names, terms[:, :n_words] @ pieces.counts)


def _numbered(
    tokens: Sequence[Sequence[str]],
) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
    number: dict[str, int] = {}
    word = np.fromiter(
        (number.setdefault(each, len(number)) for each in chain.from_iterable(tokens)),
        dtype=np.int64,
    )
    text = np.repeat(np.arange(len(tokens)), [len(each) for each in tokens])
    return list(number), text, word


def _cut(vocabulary: Sequence[str]) -> Counted:
    cut = [list(_pieces_of(word)) for word in vocabulary]
    names, _, piece = _numbered(cut)
    word = np.repeat(np.arange(len(cut)), [len(each) for each in cut])
    shape = (len(vocabulary), len(names))
    return Counted(names, _sparse(np.ones(len(piece)), row=word, column=piece, shape=shape))


def _sparse(
    values: NDArray[np.float64],
    *,
    row: NDArray[np.int64],
    column: NDArray[np.int64],
    shape: tuple[int, int],
) -> SparseRows:
    from scipy.sparse import csr_array  # noqa: PLC0415 - 0.2 s at start

    return csr_array((values, (row.astype(np.int32), column.astype(np.int32))), shape=shape)


def _pieces_of(word: str) -> Iterator[str]:
    edged = f" {word} "
    for length in PIECE_LENGTHS:
        for start in range(max(1, len(edged) - length + 1)):
            yield edged[start : start + length]


def learn_vocabulary(tokens: Sequence[Sequence[str]], *, by_rarity: bool) -> Vocabulary:
    """Take the features of teaching texts as columns.

    Parameters
    ----------
    tokens : sequence of sequences of str
        Words of each teaching text.
    by_rarity : bool
        Weigh each feature by its inverse document frequency, ln((1 + n) / (1 + n_with)) + 1;
        otherwise all weigh 1.

    Notes
    -----
    From `TEXTS_FOR_RARE` texts on, a term must occur in `TEXTS_WITH_TERM_MIN` of them, a piece in
    `TEXTS_WITH_PIECE_MIN`; of the pieces at most `PIECES_MAX` are kept, the most frequent. The
    order of the texts changes nothing.
    """
    n = len(tokens)
    minima = (TEXTS_WITH_TERM_MIN, TEXTS_WITH_PIECE_MIN) if n >= TEXTS_FOR_RARE else (1, 1)
    terms, pieces = count(tokens)
    term_columns, terms_with = _kept(terms, texts_min=minima[0])
    piece_columns, pieces_with = _kept(pieces, texts_min=minima[1], most=PIECES_MAX)
    n_with = np.concatenate([terms_with, pieces_with])
    rarity = np.log((1 + n) / (1 + n_with)) + 1 if by_rarity else np.ones(len(n_with))
    return Vocabulary(term_columns, piece_columns, rarity)


def _kept(
    counted: Counted, *, texts_min: int, most: int | None = None
) -> tuple[dict[str, int], NDArray[np.int64]]:
    texts_with = np.bincount(counted.counts.indices, minlength=len(counted.names))
    kept = [at for at in range(len(counted.names)) if texts_with[at] >= texts_min]
    kept.sort(key=lambda at: (-texts_with[at], counted.names[at]))
    kept = kept[:most]
    return {counted.names[at]: column for column, at in enumerate(kept)}, texts_with[kept]


def weigh(tokens: Sequence[Sequence[str]], vocabulary: Vocabulary) -> SparseRows:
    """Turn split texts into rows, half of each terms and half pieces.

    Parameters
    ----------
    tokens : sequence of sequences of str
        Words of each text.
    vocabulary : Vocabulary
        The columns.

    Returns
    -------
    scipy.sparse.csr_array (n_texts, n_terms + n_pieces)
        (1 + ln count) times rarity. Terms and pieces would each have length ``sqrt(1/2)`` if all
        features of the text were known; unknown ones count in that length as rarest, so a text
        of mostly unknown words has a short row and one without a known feature an empty one.
    """
    from scipy.sparse import hstack  # noqa: PLC0415 - as above

    terms, pieces = count(tokens)
    n_terms = len(vocabulary.terms)
    of_terms = _scaled(terms, vocabulary.terms, vocabulary.rarity[:n_terms])
    of_pieces = _scaled(pieces, vocabulary.pieces, vocabulary.rarity[n_terms:])
    return hstack([of_terms, of_pieces], format="csr")


def _scaled(
    counted: Counted, columns: Mapping[str, int], rarity: NDArray[np.float64]
) -> SparseRows:
    place = np.array([columns.get(name, -1) for name in counted.names], dtype=np.int64)
    rarities = np.append(rarity, rarity.max(initial=1.0))
    counts = counted.counts.tocoo()
    column = place[counts.col]
    values = (1 + np.log(counts.data)) * rarities[column]
    squares = np.bincount(counts.row, weights=values**2, minlength=counts.shape[0])
    known = column >= 0
    row = counts.row[known]
    values = values[known] / np.sqrt(2 * squares[row])
    return _sparse(values, row=row, column=column[known], shape=(counts.shape[0], len(columns)))
