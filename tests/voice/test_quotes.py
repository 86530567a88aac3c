"""Quotes stand for a theme, marks lie on the words by which it was found."""

import unicodedata
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.stats.draws import generator
from upturn.voice.engine import (
    Reader,
    ReadingError,
    default_themes,
    marked_spans,
    representative_quotes,
    theme_words,
)
from upturn.voice.engine.cleaning import fold

unhurried = settings(deadline=None, max_examples=40)
WAITING = [
    "We waited an hour for our table by the window",
    "Waited an hour for a table although we had booked",
    "An hour of waiting for a table, with two children",
    "The wait for a table was an hour, we nearly left",
]
STRANGER = "My grandfather collects stamps from Peru and Iceland"
ANY = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


@unhurried
@given(st.permutations([*WAITING, STRANGER, "an hour"]))
def test_the_nearest_are_chosen_whatever_the_order(texts: list[str]) -> None:
    plain = [*WAITING, STRANGER, "an hour"]
    expected = {plain[at] for at in representative_quotes(plain, k=3)}
    assert {texts[at] for at in representative_quotes(texts, k=3)} == expected
    assert expected <= set(WAITING)


@unhurried
@given(st.lists(ANY, max_size=6), st.integers(0, 4))
def test_quotes_are_different_places_with_words(texts: list[str], k: int) -> None:
    chosen = representative_quotes(texts, k=k)
    assert len(chosen) == len(set(chosen)) <= k
    assert all(texts[at].strip() for at in chosen)


def test_the_same_words_are_quoted_once() -> None:
    texts = [WAITING[0], WAITING[0].upper() + "!!!", f"<b>{WAITING[0]}</b>", WAITING[2]]
    assert len(representative_quotes(texts, k=3)) == 2


def test_comments_of_readable_length_go_first() -> None:
    long = " ".join(WAITING * 3)
    short = "waited, table, hour"
    chosen = representative_quotes([long, short, WAITING[0], WAITING[1]], k=4)
    assert set(chosen[:2]) == {2, 3}
    assert set(chosen) == {0, 1, 2, 3}


@pytest.mark.parametrize("seed", range(5))
def test_given_vectors_decide_by_angle(seed: int) -> None:
    vectors = generator(seed, "quotes").normal(size=(12, 3)) + 1
    texts = [f"A comment of readable length, number {n}" for n in range(12)]
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    nearest = int(np.argmax(unit @ unit.sum(axis=0)))
    assert representative_quotes(texts, vectors=vectors, k=1) == (nearest,)


@unhurried
@given(ANY, st.frozensets(st.text("abcdef", min_size=1, max_size=6), max_size=5))
def test_marks_lie_inside_the_text_in_order(text: str, telling: frozenset[str]) -> None:
    spans = marked_spans(text, telling)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@unhurried
@given(ANY, st.sampled_from(["queue", "warten", "cola"]), ANY)
def test_a_telling_word_is_marked_wherever_it_stands(before: str, word: str, after: str) -> None:
    text = f"{before} {word.upper()} {after}"
    at = len(before) + 1
    assert (at, at + len(word)) in marked_spans(text, {word})


def test_marks_stand_on_the_stored_letters() -> None:
    telling = Reader.fit(default_themes(("en", "de"))).telling_words("waiting")
    text = unicodedata.normalize("NFD", "Für Menüs &amp; Käse: WAITED <b>queues</b>, gewartet!")
    marked = [text[start:end] for start, end in marked_spans(text, telling)]
    assert marked == ["WAITED", "queues", "gewartet"]


@pytest.mark.parametrize(
    ("word", "marked"),
    [
        ("waiting", True),
        ("WAITS", True),
        ("cleaned", True),
        ("clear", False),
        ("wai", False),
        ("waistcoat", False),
    ],
)
def test_forms_of_a_telling_word_are_marked_and_others_are_not(word: str, marked: bool) -> None:
    assert bool(marked_spans(word, {"waited", "clean"})) is marked


def plain_theme_words(texts: list[str], themes: list[int]) -> dict[int, dict[str, float]]:
    """c-TF-IDF from its definition, over words and pairs of texts without stop words."""
    found: dict[int, list[str]] = {}
    for text, theme in zip(texts, themes, strict=True):
        said = text.split()
        found.setdefault(theme, []).extend([*said, *map(" ".join, pairwise(said))])
    every = [term for terms in found.values() for term in terms]
    mean = len(every) / len(found)
    return {
        theme: {
            term: terms.count(term) / len(terms) * np.log(1 + mean / every.count(term))
            for term in set(terms)
            if sum(term in [*t.split(), *map(" ".join, pairwise(t.split()))] for t in texts) >= 5
        }
        for theme, terms in found.items()
    }


@pytest.mark.parametrize("seed", range(4))
def test_theme_words_follow_their_definition(seed: int) -> None:
    draws = generator(seed, "theme words")
    lexicon = ["soup", "queue", "desk", "lamp", "wifi", "bed"]
    texts = [" ".join(draws.choice(lexicon, size=4)) for _ in range(60)]
    themes = draws.integers(0, 3, size=60).tolist()
    scores = plain_theme_words(texts, themes)
    for theme, terms in theme_words(texts, themes, count=1).items():
        assert scores[theme][terms[0]] == pytest.approx(max(scores[theme].values()))


def test_theme_words_leave_out_what_tells_nothing() -> None:
    texts = ["The Mill had cold soup"] * 6 + ["The Mill had a long queue"] * 6 + ["the lamp"] * 6
    themes = [4] * 6 + [7] * 6 + [-1] * 6
    found = theme_words(texts, themes, count=3, stop={"mill"})
    assert set(found) == {4, 7}
    said = {word for terms in found.values() for term in terms for word in term.split()}
    assert said == {"cold", "soup", "long", "queue"}


def test_a_word_in_four_comments_is_too_rare_to_show() -> None:
    assert theme_words(["cold"] * 4 + ["soup"] * 5, [0] * 9) == {0: ("soup",)}


def test_accents_stay_on_the_words_that_are_shown() -> None:
    found = theme_words(["Küche"] * 5, [0] * 5)
    assert found == {0: ("küche",)}
    assert fold(found[0][0]) == "kuche"


def test_one_theme_a_text_is_asked_for() -> None:
    with pytest.raises(ReadingError, match="give one a text"):
        theme_words(["cold", "soup"], [0])
