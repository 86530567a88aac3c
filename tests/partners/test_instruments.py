"""What is asked: nine signs and six keys in two mirrored wordings, a pulse, in four languages."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.partners import engine
from upturn.partners.engine import Form, Instrument, Side
from upturn.partners.engine.errors import InstrumentRefused, NoSuchInstrument

PLACE = re.compile(r"\{(\w+)\}")
BOTH = (Side.SERVERS, Side.LEADERS)


def measured(key: str) -> list[str]:
    return [item.measures for item in engine.instrument(key).items]


def test_nine_signs_come_in_two_mirrored_wordings() -> None:
    signs = engine.instrument("signs")
    nine = [item for item in signs.items if item.measures.startswith("sign-")]
    assert [item.key for item in nine] == [f"sign-{n}" for n in range(1, 10)]
    for item in nine:
        assert item.form is Form.AGREE
        assert item.sides == BOTH
        for language in engine.LANGUAGES:
            said = {signs.wording(item, side=side, language=language) for side in BOTH}
            assert len(said) == 2, (item.key, language)


def test_six_keys_come_in_two_mirrored_wordings() -> None:
    keys = engine.instrument("keys")
    six = [item for item in keys.items if item.measures.startswith("key-")]
    assert [item.key for item in six] == [f"key-{n}" for n in range(1, 7)]
    assert all(item.sides == BOTH for item in six)
    assert all(len({keys.wording(i, side=s, language="en") for s in BOTH}) == 2 for i in six)


def test_three_items_are_asked_of_those_who_serve_alone() -> None:
    three = [item for item in engine.instrument("signs").items if item.measures == "servers"]
    assert [item.key for item in three] == [
        "servers-denounce",
        "servers-resist",
        "servers-mistrust",
    ]
    assert all(item.sides == (Side.SERVERS,) for item in three)
    assert all(item.reversed_ for item in three)


def test_both_sides_are_asked_for_causes_in_the_same_words() -> None:
    signs = engine.instrument("signs")
    (cause,) = (item for item in signs.items if item.key == "cause")
    assert cause.sides == BOTH
    assert cause.choices == ("servers", "leaders", "rules", "tools", "few", "customers", "unsure")
    for language in engine.LANGUAGES:
        assert len({signs.wording(cause, side=side, language=language) for side in BOTH}) == 1
        assert len(set(engine.choice_names(signs, cause, language=language))) == 7


def test_the_time_is_one_split_and_sight_has_an_answer_for_who_cannot_say() -> None:
    signs = engine.instrument("signs")
    parts = [item for item in signs.items if item.form is Form.SPLIT]
    assert [item.key for item in parts] == ["time-customers", "time-inside", "time-again"]
    assert {item.group for item in parts} == {"time"}
    (steps,) = (item for item in signs.items if item.key == "steps-to-customer")
    assert steps.choices[-1] == "unsure"


def test_agreeing_is_not_always_good_nor_always_bad() -> None:
    """Somebody who agrees with everything comes out in the middle."""
    for key in ("signs", "keys"):
        scales = [i for i in engine.instrument(key).items if i.measures.startswith(key[:-1])]
        assert 0 < sum(item.reversed_ for item in scales) < len(scales)


def test_a_pulse_asks_both_sides_and_what_the_other_will_say() -> None:
    pulse = engine.instrument("pulse")
    assert pulse.per_relation
    assert [item.key for item in pulse.items] == ["well", "matters", "guess", "words"]
    assert all(item.sides == (Side.SERVING, Side.SERVED) for item in pulse.items)
    for language in engine.LANGUAGES:
        for item in pulse.items:
            for side in item.sides:
                assert "{other}" in pulse.wording(item, side=side, language=language)


@pytest.mark.parametrize("language", engine.LANGUAGES)
@pytest.mark.parametrize("key", engine.BUILT_IN)
def test_every_text_stands_in_every_language(key: str, language: str) -> None:
    made = engine.instrument(key)
    assert engine.missing_texts(made, language=language) == ()
    assert set(made.texts[language]) == set(made.texts["en"])
    for name, text in made.texts[language].items():
        assert PLACE.findall(text) == PLACE.findall(made.texts["en"][name])
        if language == "ar" and len(text) > 12:
            assert re.search("[\u0620-\u064a]", text), name


@pytest.mark.parametrize("language", engine.LANGUAGES)
def test_every_sentence_of_the_pages_stands_in_every_language(language: str) -> None:
    words, english = engine.page_words(language), engine.page_words("en")
    assert set(words) == set(english)
    for name, text in words.items():
        assert set(PLACE.findall(text)) == set(PLACE.findall(english[name])), name
        assert text.count("<b>") == text.count("</b>") == english[name].count("<b>"), name
        assert language == "en" or text != english[name] or len(text) < 4, name


@pytest.mark.parametrize("form", [Form.AGREE, Form.HOW_WELL, Form.HOW_MUCH])
def test_a_scale_has_five_different_steps(form: Form) -> None:
    for language in engine.LANGUAGES:
        assert len(set(engine.scale(form, language=language))) == 5
    assert engine.scale(Form.WORDS, language="en") == ()


def test_questions_are_short_and_say_one_thing() -> None:
    """A tired colleague reads them once: no question over 20 words, no "not" twice."""
    for key in engine.BUILT_IN:
        for name, text in engine.instrument(key).texts["en"].items():
            assert len(text.split()) <= 20, name
            assert len(re.findall(r"\bnot?\b|n’t\b", text)) <= 1, name
            assert "!" not in text and "please" not in text.lower()


@pytest.mark.parametrize("key", engine.BUILT_IN)
def test_an_instrument_survives_being_written_as_plain_values(key: str) -> None:
    made = engine.instrument(key)
    assert engine.instrument_of(engine.table_of(made)) == made
    assert "CC BY" in made.licence


@given(st.sampled_from(engine.BUILT_IN), st.sampled_from(engine.LANGUAGES), st.data())
def test_one_changed_letter_changes_the_mark(key: str, language: str, data: st.DataObject) -> None:
    made = engine.instrument(key)
    name = data.draw(st.sampled_from(sorted(made.texts[language])))
    texts = {lang: dict(words) for lang, words in made.texts.items()}
    texts[language][name] += "."
    assert engine.instrument_hash(replace(made, texts=texts)) != engine.instrument_hash(made)


def changed(made: Instrument, **texts: str) -> Instrument:
    english = {**made.texts["en"], **{key.replace("_", "."): text for key, text in texts.items()}}
    return replace(made, version=2, texts={**made.texts, "en": english})


def test_a_difference_of_versions_names_what_changed() -> None:
    made = engine.instrument("keys")
    assert engine.changes(made, made) == ()
    after = replace(changed(made), items=(*made.items[1:], replace(made.items[0], key="key-7")))
    after.texts["en"]["key-7.servers"] = after.texts["en"]["key-7.leaders"] = "New"
    after.texts["en"]["key-2.servers"] = "Other words."
    found = {(each.kind, each.item, each.where): each for each in engine.changes(made, after)}
    assert set(found) == {
        ("left_out", "key-1", ""),
        ("added", "key-7", ""),
        ("reworded", "key-2", "en"),
    }
    assert found["left_out", "key-1", ""].breaks
    assert not found["reworded", "key-2", "en"].breaks
    assert found["reworded", "key-2", "en"].after == "Other words."


def test_other_answers_under_the_same_key_break_the_comparison() -> None:
    made = engine.instrument("keys")
    turned = replace(made, items=(replace(made.items[0], reversed_=True), *made.items[1:]))
    (change,) = engine.changes(made, turned)
    assert (change.kind, change.breaks, change.after) == ("other_answers", True, "agree reversed")


BAD = [
    ({"items": None}, "items"),
    ({"sides": ["serving"]}, "sign-1"),
    ({"form": "stars"}, "sign-1"),
    ({"form": "choice"}, "sign-1"),
    ({"choices": ["a", "b"]}, "sign-1"),
    ({"form": "split"}, "sign-1"),
    ({"key": "a.b"}, "items"),
    ({"key": "sign-2"}, "items"),
    ({"texts": {}}, "texts"),
    ({"wording": ""}, "sign-1.servers"),
]


@pytest.mark.parametrize(("change", "where"), BAD)
def test_questions_that_cannot_be_asked_are_refused_by_place(
    change: dict[str, object], where: str
) -> None:
    table = engine.table_of(engine.instrument("signs"))
    if "items" in change:
        del table["items"]
    elif "texts" in change:
        table["texts"] = {"de": {}}
    elif "wording" in change:
        table["texts"]["en"]["sign-1.servers"] = ""
    else:
        table["items"][0] |= change
    with pytest.raises(InstrumentRefused) as refused:
        engine.instrument_of(table)
    assert refused.value.where == where
    assert refused.value.remedy in str(refused.value)


def test_an_unknown_instrument_names_those_there_are() -> None:
    with pytest.raises(NoSuchInstrument, match=r"“q12”\. There are: signs, keys, pulse"):
        engine.instrument("q12")
