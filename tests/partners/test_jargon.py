"""Words that nobody says at the counter: found, spared, and never mangled."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.partners.engine import JargonKind, find_jargon, jargon_languages
from upturn.partners.engine.jargon import LONG, _lists

WORDS = sorted({word for rows in _lists().values() for word in rows})
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(["KPI", "B2B", "guest", "the", "Straße", "\u200f", "\n\n", "R&D"]),
        st.text(max_size=12),
    ),
    max_size=12,
).map(" ".join)
LANGUAGES = st.sampled_from([*jargon_languages(), "ar"])


@given(TEXTS, LANGUAGES)
def test_marks_lie_within_the_text_in_order_and_apart(text: str, language: str) -> None:
    end = 0
    for mark in find_jargon(text, language=language):
        assert end <= mark.start < mark.end <= len(text)
        end = mark.end


@given(TEXTS, LANGUAGES)
def test_what_is_marked_and_then_spared_is_never_marked_again(text: str, language: str) -> None:
    marked = [text[mark.start : mark.end] for mark in find_jargon(text, language=language)]
    after = find_jargon(text, language=language, known=marked)
    assert not {text[m.start : m.end].casefold() for m in after} & {w.casefold() for w in marked}


@given(TEXTS, LANGUAGES)
def test_a_list_word_is_found_whatever_its_case(text: str, language: str) -> None:
    kinds = [m.kind for m in find_jargon(text, language=language)]
    shouted = [m.kind for m in find_jargon(text.swapcase(), language=language)]
    if text.isascii():
        assert kinds.count(JargonKind.MANAGEMENT) == shouted.count(JargonKind.MANAGEMENT)


@pytest.mark.parametrize("language", ["de", "en", "es"])
def test_every_listed_word_is_found_and_its_plain_word_holds_no_other(language: str) -> None:
    rows = _lists()[language]
    assert len(rows) > 100
    for words, plain in rows.items():
        text = f"x {words} x"
        first = find_jargon(text, language=language)[0]
        assert text[first.start : first.end] == words
        assert (first.kind, first.plain) == (JargonKind.MANAGEMENT, plain)
        assert find_jargon(plain, language=language) == ()


def test_acronyms_are_marked_but_not_headlines_nor_names() -> None:
    def found(text: str, **how: object) -> list[str]:
        marks = find_jargon(text, **how)  # type: ignore[arg-type]
        return [text[m.start : m.end] for m in marks if m.kind == JargonKind.ACRONYM]

    assert found("Tell the GM about the P&L and B2B") == ["GM", "P&L", "B2B"]
    assert found("WASH YOUR HANDS FIRST") == []
    assert found("Ask the POS", known=["pos"]) == []
    assert found("The POSs are down", known=["POS"]) == []
    assert found("I have a car, MacDonald") == []


def test_long_words_depend_on_the_language() -> None:
    word = "a" * LONG["en"]
    assert [m.kind for m in find_jargon(word)] == [JargonKind.LONG]
    assert find_jargon(word, language="de") == ()
    assert find_jargon("well-thought-through-list") == ()


def test_words_of_several_parts_are_found_over_line_ends_and_hyphens() -> None:
    for text in ("low hanging fruit", "low-hanging\nfruit", "Low  Hanging Fruit"):
        (mark,) = find_jargon(text)
        assert text[mark.start : mark.end] == text
        assert mark.plain == "easy"
    assert find_jargon("unleveraged") == ()


def test_a_long_text_takes_no_longer_than_its_length() -> None:
    assert len(find_jargon("leverage " * 2_000)) == 2_000
    assert find_jargon("a-" * 10_000) == ()
    assert re.fullmatch(r"[a-z]{2}", jargon_languages()[0])
