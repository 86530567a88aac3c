"""Counts and weights against the slow plain way and against scikit-learn."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from upturn.voice.engine import reading_features
from upturn.voice.engine.reading_features import count, learn_vocabulary, split, weigh

unhurried = settings(deadline=None, max_examples=40)
TOKENS = st.lists(st.lists(st.text("abcdeß", min_size=1, max_size=7), max_size=6), max_size=5)


def terms_of(tokens: list[str]) -> list[str]:
    return [*tokens, *map(" ".join, pairwise(tokens))]


def pieces_of(tokens: list[str]) -> list[str]:
    pieces = []
    for word in tokens:
        edged = f" {word} "
        for length in (3, 4, 5):
            pieces += [edged[at : at + length] for at in range(len(edged) - length + 1)]
            if len(edged) < length:
                pieces.append(edged)
    return pieces


@unhurried
@given(TOKENS)
def test_counts_are_those_of_going_through_the_letters(tokens: list[list[str]]) -> None:
    for counted, plainly in zip(count(tokens), (terms_of, pieces_of), strict=True):
        array = counted.counts.toarray()
        assert array.shape == (len(tokens), len(counted.names))
        for row, said in zip(array, tokens, strict=True):
            found = {name: n for name, n in zip(counted.names, row, strict=True) if n}
            assert found == Counter(plainly(said))


@unhurried
@given(TOKENS.filter(any))
def test_weights_are_those_of_scikit_learn(tokens: list[list[str]]) -> None:
    vocabulary = learn_vocabulary(tokens, by_rarity=True)
    rows = weigh(tokens, vocabulary).toarray() * np.sqrt(2)
    start = 0
    for columns, plainly in ((vocabulary.terms, terms_of), (vocabulary.pieces, pieces_of)):
        theirs = TfidfVectorizer(
            analyzer=plainly, sublinear_tf=True, vocabulary=dict(columns), dtype=np.float64
        ).fit_transform(tokens)
        np.testing.assert_allclose(rows[:, start : start + len(columns)], theirs.toarray())
        start += len(columns)


@unhurried
@given(TOKENS.filter(any), st.lists(st.text("abcde", min_size=1, max_size=5), max_size=4))
def test_unknown_words_shorten_a_row_and_turn_it_nowhere(
    teaching: list[list[str]], said: list[str]
) -> None:
    vocabulary = learn_vocabulary(teaching, by_rarity=False)
    plain, diluted = weigh([said, [*said, "ωωωωω"]], vocabulary).toarray()
    assert np.linalg.norm(diluted) <= np.linalg.norm(plain) <= 1 + 1e-12
    for half in (slice(len(vocabulary.terms)), slice(len(vocabulary.terms), None)):
        lengths = np.linalg.norm(plain[half]) * np.linalg.norm(diluted[half])
        assert plain[half] @ diluted[half] == pytest.approx(lengths)


@unhurried
@given(st.permutations([["a", "b"], ["b", "c"], ["c", "cold", "soup"], []]))
def test_the_order_of_teaching_changes_no_column(tokens: list[list[str]]) -> None:
    plain = learn_vocabulary([["a", "b"], ["b", "c"], ["c", "cold", "soup"], []], by_rarity=True)
    mixed = learn_vocabulary(tokens, by_rarity=True)
    assert mixed.terms == plain.terms
    assert mixed.pieces == plain.pieces
    np.testing.assert_array_equal(mixed.rarity, plain.rarity)


def test_with_many_texts_what_occurs_once_teaches_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tokens = [["soup"], ["soup"], ["soup", "once"]]
    assert "once" in learn_vocabulary(tokens, by_rarity=True).terms
    monkeypatch.setattr(reading_features, "TEXTS_FOR_RARE", 3)
    vocabulary = learn_vocabulary(tokens, by_rarity=True)
    assert set(vocabulary.terms) == {"soup"}
    assert " so" in vocabulary.pieces
    assert "onc" not in vocabulary.pieces


def test_only_the_most_frequent_pieces_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_features, "PIECES_MAX", 2)
    vocabulary = learn_vocabulary([["aa"], ["aa"], ["bb"]], by_rarity=True)
    assert len(vocabulary.pieces) == 2
    assert all("a" in piece for piece in vocabulary.pieces)


def test_texts_are_split_into_folded_words_without_the_unwanted() -> None:
    assert split(["The SOUP &amp; Küche"], without={"the"}) == [["soup", "kuche"]]
