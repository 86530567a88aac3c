"""The benchmark of reading learns from the training part alone."""

import sys
from pathlib import Path

import pytest

from upturn.voice.engine import ReasonClass, default_themes

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from read_data import Rows, Split, few, halved
from read_lessons import drawn_from
from read_translations import sentences, wordings

TRAIN = Rows([f"said {n}" for n in range(60)], [f"class {n % 3}" for n in range(60)])
TEST = Rows([f"kept {n}" for n in range(30)], [f"class {n % 3}" for n in range(30)])
SPLIT = Split("Invented", TRAIN, TEST, ["other 1", "other 2"], ["kept other"])


@pytest.mark.parametrize("count", [1, 8])
def test_labels_are_drawn_from_the_training_part_equally_many_a_class(count: int) -> None:
    drawn = few(TRAIN, count=count, draw=0)
    assert set(zip(drawn.texts, drawn.keys, strict=True)) <= set(
        zip(TRAIN.texts, TRAIN.keys, strict=True)
    )
    assert len(set(drawn.texts)) == 3 * count
    assert all(drawn.keys.count(key) == count for key in set(TRAIN.keys))


def test_draws_differ_and_repeat() -> None:
    assert few(TRAIN, count=4, draw=1) == few(TRAIN, count=4, draw=1)
    assert few(TRAIN, count=4, draw=1) != few(TRAIN, count=4, draw=2)


def test_settings_are_chosen_without_one_comment_of_the_test() -> None:
    inner = halved(SPLIT)
    assert sorted(inner.train.texts + inner.test.texts) == sorted(TRAIN.texts)
    assert not set(inner.train.texts) & set(inner.test.texts)
    assert sorted(inner.none_train + inner.none_test) == SPLIT.none_train


def test_comments_that_teach_a_lesson_are_not_those_it_is_judged_by() -> None:
    rows = Rows([f"said {n}" for n in range(600)], [f"class {n % 20}" for n in range(600)])
    classes = [ReasonClass(f"class {n}", f"class {n}") for n in range(20)]
    drawn = drawn_from(3, rows=rows, classes=classes)
    assert drawn == drawn_from(3, rows=rows, classes=classes)
    assert drawn.classes != drawn_from(4, rows=rows, classes=classes).classes
    assert len(set(drawn.seen.texts)) == len(set(drawn.following.texts)) == 100
    assert not set(drawn.seen.texts) & set(drawn.following.texts)
    assert {*drawn.seen.keys, *drawn.following.keys} <= {each.key for each in drawn.classes}


def test_a_translation_is_found_by_its_words_and_not_by_what_all_languages_share() -> None:
    said = wordings()
    assert len({each["en"].casefold() for each in said}) == len(said) > 100
    for each in said:
        assert set(each) == {"en", "de", "es", "ar"}
        assert all(text and not set(text) & set("{}<>") for text in each.values())


def test_sentences_that_are_read_stand_beside_their_theme() -> None:
    keys = {each.key for each in default_themes(("en",))}
    for code in ("de", "es"):
        said, themes = sentences(code)
        assert len(said) == len(themes) > 50
        assert set(themes) == keys
    german, _ = sentences("de")
    assert "Wir haben vierzig Minuten gewartet, bis jemand die Bestellung aufnahm." in german
