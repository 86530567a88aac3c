"""Repeated and bot-like comments are told from those that only agree."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.stats.draws import generator
from upturn.voice.engine.cleaning import clean, fold, words
from upturn.voice.engine.doubles import (
    ALIKE_FROM,
    BURST,
    BURST_WITHIN_S,
    WINDOW_S,
    WORDS_MIN,
    find_doubles,
)
from upturn.voice.engine.errors import ReadingError

LONG = "We waited more than an hour for a table and nobody told us why"


def test_the_second_of_two_near_duplicates_is_flagged() -> None:
    said = [LONG, LONG.upper() + "!!!", LONG.replace("table", "seat"), "The soup was cold again"]
    assert find_doubles(said, [0, 10, 20, 30]).near_duplicate.tolist() == [False, True, True, False]


def test_the_order_of_the_moments_decides_not_that_of_the_rows() -> None:
    assert find_doubles([LONG, LONG], [10, 0]).near_duplicate.tolist() == [True, False]


def test_after_a_week_the_same_words_are_new_again() -> None:
    found = find_doubles([LONG, LONG], [0, WINDOW_S + 1])
    assert not found.near_duplicate.any()


def test_short_words_may_be_said_by_many() -> None:
    found = find_doubles(["Great food"] * 50, np.arange(50.0))
    assert not found.near_duplicate.any()
    assert not found.bot_like.any()


def test_the_same_words_many_times_in_minutes_look_like_a_machine() -> None:
    said, at = ["Best place in town", "Kind people"] * BURST, np.arange(2.0 * BURST)
    assert find_doubles(said, at).bot_like.tolist() == [True, False] * BURST
    slowly = at * BURST_WITHIN_S
    assert not find_doubles(said, slowly).bot_like.any()


def test_a_file_that_knows_days_alone_cannot_tell_a_burst() -> None:
    assert not find_doubles(["Best place in town"] * 30, np.zeros(30)).bot_like.any()


@pytest.mark.parametrize(
    ("said", "looks"),
    [
        ("https://example.org/win", True),
        ("Look: www.a.example www.b.example http://c.example", True),
        ("Our photographs are on https://example.org/album", False),
        ("👍", False),
        ("", False),
    ],
)
def test_links_and_little_else(said: str, looks: bool) -> None:
    assert find_doubles([said], [0]).bot_like.tolist() == [looks]


def pairs(text: str) -> set[tuple[str, str]]:
    known = words(fold(clean(text)))
    return set(pairwise(known))


@settings(max_examples=30)
@given(st.lists(st.text("ab ", min_size=12, max_size=20), min_size=2, max_size=12))
def test_what_is_flagged_is_alike_word_for_word(said: list[str]) -> None:
    """Against the slow plain comparison of all pairs: never one too many; the same words always."""
    found = find_doubles(said, np.arange(len(said))).near_duplicate
    for at, text in enumerate(said):
        own = pairs(text)
        likeness = [
            len(own & pairs(one)) / len(own | pairs(one))
            for one in said[:at]
            if min(len(words(one)), len(words(text))) >= WORDS_MIN
        ]
        assert not found[at] or max(likeness, default=0) >= ALIKE_FROM
        assert found[at] or max(likeness, default=0) < 1


def test_most_pairs_at_the_border_are_found() -> None:
    rng = generator(7)
    vocabulary = [f"word{n}" for n in range(2_000)]
    said, alike = [], 0
    for _ in range(300):
        one = [vocabulary[n] for n in rng.choice(2_000, 16, replace=False)]
        other = [*one[:8], "other", *one[9:]]
        said += [" ".join(one), " ".join(other)]
        alike += 1
    found = find_doubles(said, np.arange(len(said))).near_duplicate
    assert found[1::2].sum() >= 0.9 * alike
    assert not found[::2].any()


def test_moments_must_fit_the_texts() -> None:
    with pytest.raises(ReadingError, match="2 texts came with moments of shape"):
        find_doubles(["a", "b"], [0])
