"""The reader sees plain words; what was stored stays as it came."""

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.voice.engine import clean, guess_language
from upturn.voice.engine.cleaning import fold, word_spans, words

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)
PLAIN_WORDS = st.lists(st.text("abcdefghij", min_size=2, max_size=8), min_size=1, max_size=8)


@given(ANY_TEXT)
def test_the_result_is_one_composed_line_without_controls(text: str) -> None:
    seen = clean(text)
    assert unicodedata.is_normalized("NFC", seen)
    assert " ".join(seen.split()) == seen
    assert not any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in seen)


@given(PLAIN_WORDS)
def test_a_plain_sentence_stays_as_it_is(said: list[str]) -> None:
    text = re.sub(r"(.)\1\1+", r"\1\1", " ".join(said))
    assert clean(f"{text}.") == f"{text}."


@pytest.mark.parametrize(
    ("stored", "seen"),
    [
        ("Gr&uuml;&szlig;e &amp; more", "Grüße & more"),
        ("a &amp;lt;b&amp;gt; c", "a c"),
        ("<p>The soup<br/>was <b>cold</b></p><!-- x -->", "The soup was cold"),
        ("5 < 6 and 7 > 2", "5 < 6 and 7 > 2"),
        ("see https://example.org/a?b=c&d now", "see now"),
        ("nul\x00byte\x07 and\ttab", "nul byte and tab"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("Ku\u0308che", "Küche"),
        ("cold!!! really?? ... yes", "cold! really? . yes"),
        ("sooooo slooooow 1000", "soo sloow 1000"),
        ("lone \ud800 surrogate", "lone surrogate"),
    ],
)
def test_what_other_systems_leave_in_texts_goes(stored: str, seen: str) -> None:
    assert clean(stored) == seen


@pytest.mark.parametrize(
    ("stored", "mood"),
    [
        *((text, "☺") for text in ("lovely 😀", "👍🏽👍🏽", "❤️", ":-)", "<3")),
        *((text, "☹") for text in ("awful 😡", "👎", ":(", "cold :'-(")),
    ],
)
def test_emoji_and_emoticons_become_a_mood(stored: str, mood: str) -> None:
    assert clean(stored).endswith(mood)
    assert words(clean(stored))[-1] == mood


def test_an_emoji_without_a_mood_stays() -> None:
    assert clean("the 🍕 came") == "the 🍕 came"


@given(ANY_TEXT)
def test_words_lie_where_their_spans_say(text: str) -> None:
    spans = word_spans(text)
    assert [text[start:end] for start, end in spans] == words(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@given(st.text(st.characters(categories=("L",)), max_size=20))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("spelling", ["Küche", "KÜCHE", "ku\u0308che", "kuche"])
def test_spellings_of_one_word_fold_together(spelling: str) -> None:
    assert fold(spelling) == "kuche"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The waiter was rude and we left", "en"),
        ("Great food", "en"),
        ("Das Essen war kalt und wir haben gewartet", "de"),
        ("Personal freundlich, Zimmer laut", "de"),
        ("La comida estaba fría y el servicio muy lento", "es"),
        ("Le serveur était très sympa avec nous", "fr"),
        ("الخدمة كانت بطيئة جدا", "ar"),
        ("سرویس خیلی کند بود", "und"),
        ("料理は冷たかった", "und"),
        ("no, no", "und"),
        ("OK", "und"),
        ("14", "und"),
        ("👍", "und"),
        ("", "und"),
    ],
)
def test_the_language_is_guessed_or_left_open(text: str, language: str) -> None:
    assert guess_language(text) == language


@given(ANY_TEXT)
def test_some_language_is_always_named(text: str) -> None:
    assert guess_language(text) in {"en", "de", "es", "fr", "ar", "und"}
