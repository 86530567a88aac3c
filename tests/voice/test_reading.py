"""What a comment is about: laws of the reader, and sentences it has to understand."""

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.voice.engine import (
    Reader,
    ReadingError,
    ReasonClass,
    assign_touchpoints,
    default_themes,
    reading,
)
from upturn.voice.engine.reading_features import split

unhurried = settings(deadline=None, max_examples=25)
LANGUAGES = ("en", "de", "es")
READER = Reader.fit(default_themes(LANGUAGES))
KEYS = [each.key for each in READER.classes]
BAR = ReasonClass("bar", "The bar", ("Cocktails, beer and wine at the counter.",))
TILL = ReasonClass("till", "Paying", ("The bill, the card machine and the receipt.",))
COMMENTS = [
    "The soup was cold and so were the plates",
    "We waited an hour for a table",
    "Zimmer laut, Bett unbequem",
    "Perdieron mi maleta",
    "Nobody told us about the delay",
    "",
    "Lovely",
]
WORDS = "waited queue cold soup dirty room noise bill refund rude friendly luggage lost the a hm"
SAID = st.lists(st.sampled_from(WORDS.split()), max_size=8).map(" ".join)


def labelled() -> list[dict[str, str]]:
    """Own sentences by sector with theme and polarity.

    They were written by the same hand as the themes: they show that nothing broke, not how well
    strangers are understood. For that see benchmarks/read.py.
    """
    path = Path(__file__).with_name("labelled_comments.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("sector", ["restaurant", "hotel", "airline", "contact"])
def test_own_sentences_of_every_sector_find_their_theme(sector: str) -> None:
    rows = [row for row in labelled() if row["sector"] == sector]
    themes = [row["theme"] for row in rows]
    found = READER.read([row["text"] for row in rows]).theme
    right = np.mean([KEYS[at] == theme for at, theme in zip(found, themes, strict=True)])
    majority = max(Counter(themes).values()) / len(rows)
    assert majority < 0.3
    assert right >= 0.8


def test_own_sentences_find_their_polarity_from_words_alone() -> None:
    rows = labelled()
    found = READER.read([row["text"] for row in rows]).polarity
    right = np.mean([sign == int(row["polarity"]) for sign, row in zip(found, rows, strict=True)])
    majority = max(Counter(row["polarity"] for row in rows).values()) / len(rows)
    assert right >= majority + 0.1


@unhurried
@given(st.permutations(range(len(COMMENTS))))
def test_the_order_of_comments_changes_no_reading(order: list[int]) -> None:
    plain = READER.read(COMMENTS)
    mixed = READER.read([COMMENTS[at] for at in order])
    np.testing.assert_array_equal(mixed.theme, plain.theme[order])
    np.testing.assert_allclose(mixed.confidence, plain.confidence[order], atol=1e-12)
    np.testing.assert_array_equal(mixed.polarity, plain.polarity[order])


@unhurried
@given(SAID, st.lists(SAID, max_size=3))
def test_a_comment_reads_the_same_alone_and_in_company(text: str, others: list[str]) -> None:
    alone, company = READER.classify([text]), READER.classify([*others, text])
    assert company[0][-1] == alone[0][0]
    assert company[1][-1] == pytest.approx(alone[1][0], abs=1e-12)


@unhurried
@given(SAID)
def test_common_words_around_it_change_no_reading(text: str) -> None:
    plain, wordy = READER.evidence([text, f"there was {text} and it had been with the"])
    np.testing.assert_allclose(wordy, plain, atol=1e-12)


def test_labels_of_one_class_are_no_reason_to_read_it_everywhere() -> None:
    reader = Reader.fit([BAR, TILL], labelled=([f"blorp {n}" for n in range(60)], ["bar"] * 60))
    assert reader.classify(["ξξξ"])[1][0] == 0


def test_batches_leave_no_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = READER.classify(COMMENTS)
    monkeypatch.setattr(reading, "BATCH", 2)
    theme, confidence = READER.classify(COMMENTS)
    np.testing.assert_array_equal(theme, whole[0])
    np.testing.assert_allclose(confidence, whole[1], atol=1e-12)


def test_two_readers_of_the_same_classes_agree_to_the_last_bit() -> None:
    again = Reader.fit(default_themes(LANGUAGES)).classify(COMMENTS)
    np.testing.assert_array_equal(again, READER.classify(COMMENTS))


def test_the_order_of_labels_changes_no_theme() -> None:
    texts = ["blorp one", "blorp two", "fleem one", "fleem two"]
    keys = ["bar", "bar", "till", "till"]
    one = Reader.fit([BAR, TILL], labelled=(texts, keys))
    other = Reader.fit([BAR, TILL], labelled=(texts[::-1], keys[::-1]))
    probe = ["blorp", "fleem", "the bill"]
    np.testing.assert_allclose(one.evidence(probe), other.evidence(probe), atol=1e-3)
    assert one.classify(probe)[0].tolist() == [0, 1, 1]


@pytest.mark.parametrize("text", ["", "   ", "...", "the and of", "14", "料理", "\x00", "xq zv"])
def test_nothing_to_go_by_is_said_to_be_nothing(text: str) -> None:
    found = READER.read([text])
    assert found.theme[0] == -1
    assert found.confidence[0] < reading.CANNOT_TELL_BELOW
    assert found.polarity[0] == 0
    assert found.polarity_confidence[0] == 0


def test_no_comments_give_no_readings() -> None:
    taught = Reader.fit([BAR, TILL], labelled=(["blorp", "fleem"], ["bar", "till"]))
    for reader in (READER, taught):
        assert [len(array) for array in reader.classify([])] == [0, 0]


@unhurried
@given(st.text(max_size=60))
def test_confidence_stays_between_nothing_and_certain(text: str) -> None:
    evidence = READER.evidence([text])
    assert evidence.shape == (1, len(KEYS))
    assert np.all((evidence >= 0) & (evidence <= 1))


@unhurried
@given(SAID)
def test_an_irrelevant_class_never_raises_a_confidence(text: str) -> None:
    classes = [BAR, TILL, ReasonClass("rude", "Rude people", ("They were rude and unfriendly.",))]
    # The same words in another alphabet: as many features, none of them in what is said.
    cyrillic = str.maketrans("abcdefghijklmnopqrstuvwxyz", "абвгдежзиклмнопрстуфхцчшщъ")
    strangers = [
        ReasonClass(f"{each.key} elsewhere", " ".join(content).translate(cyrillic))
        for each, content in zip(classes, contents(classes), strict=True)
    ]
    fewer = Reader.fit(classes).evidence([text])
    more = Reader.fit([*classes, *strangers]).evidence([text])
    assert np.all(more[:, :3] <= fewer + 1e-12)
    assert np.all(more[:, 3:] == 0)


def contents(classes: list[ReasonClass]) -> list[list[str]]:
    unsaid = frozenset({"they", "were", "and", "the", "at"})
    return split([f"{each.name} {each.descriptions[0]}" for each in classes], without=unsaid)


@unhurried
@given(st.sampled_from(KEYS))
def test_a_theme_is_found_by_its_own_descriptions(key: str) -> None:
    theme = READER.classes[KEYS.index(key)]
    assert [KEYS[at] for at in READER.classify(theme.descriptions)[0]] == [key] * len(LANGUAGES)


def test_labels_teach_what_no_description_says() -> None:
    texts = [f"blorp {n}" for n in range(6)]
    reader = Reader.fit([BAR, TILL], labelled=(texts, ["bar"] * 6))
    assert Reader.fit([BAR, TILL]).classify(["so blorp"])[0][0] == -1
    assert reader.classify(["so blorp"])[0][0] == 0


def test_a_class_without_labels_is_still_found_by_its_description() -> None:
    texts = [f"blorp {n}" for n in range(6)]
    reader = Reader.fit([BAR, TILL], labelled=(texts, ["bar"] * 6))
    assert reader.classify(["The card machine failed"])[0][0] == 1


def test_one_class_alone_is_taken_or_left() -> None:
    for labels in (None, (["blorp"] * 3, ["till"] * 3)):
        reader = Reader.fit([TILL], labelled=labels)
        assert reader.classify(["The card machine failed", "Lovely evening"])[0].tolist() == [0, -1]


def test_a_name_of_common_words_alone_is_never_found() -> None:
    way_out = ReasonClass("leave", "The way out")
    for classes in ([way_out], [way_out, TILL]):
        assert (
            Reader.fit(classes).classify(["We were on our way out", "the"])[0].tolist() == [-1] * 2
        )


def test_touchpoints_are_found_by_name_alone() -> None:
    points = [ReasonClass("bar", "Bar"), ReasonClass("pool", "Pool"), ReasonClass("gym", "Gym")]
    found, confidence = assign_touchpoints(["The pool was dirty", "Nice", "bar staff"], points)
    assert found.tolist() == [1, -1, 0]
    assert confidence[1] == 0


def test_scored_comments_teach_the_reader_of_polarity() -> None:
    texts = [f"blorp {n}" for n in range(40)] + [f"fleem {n}" for n in range(40)]
    reader = Reader.fit([BAR, TILL], scored=(texts, [9] * 40 + [1] * 40))
    assert reader.read(["so blorp", "so fleem"]).polarity.tolist() == [1, -1]


def test_telling_words_belong_to_one_theme_and_say_nothing_general() -> None:
    waiting, food = READER.telling_words("waiting"), READER.telling_words("food")
    assert {"queue", "waited", "gewartet", "cola"} <= waiting
    assert {"wine", "essen", "comida"} <= food
    assert waiting.isdisjoint(food)
    assert not waiting & {"table", "the", "wir", "was"}


@pytest.mark.parametrize(
    ("classes", "labels", "says"),
    [
        ([], None, "There is no class"),
        ([BAR, BAR], None, "'bar' stands twice"),
        ([BAR, TILL], (["a"], ["tell"]), "No class has the key 'tell'; one that exists: till"),
        ([BAR, TILL], (["a", "b"], ["bar"]), "2 labelled texts came with 1 keys"),
    ],
)
def test_what_cannot_be_fitted_is_refused_by_name(
    classes: list[ReasonClass], labels: tuple[list[str], list[str]] | None, says: str
) -> None:
    with pytest.raises(ReadingError, match=says):
        Reader.fit(classes, labelled=labels)


@pytest.mark.parametrize(("key", "name"), [("", "Bar"), ("bar", ""), ("bar", "...")])
def test_a_class_needs_a_key_and_a_word(key: str, name: str) -> None:
    with pytest.raises(ReadingError):
        ReasonClass(key, name)


def test_themes_speak_every_language_that_is_offered() -> None:
    assert {each.key for each in default_themes(("de",))} == set(KEYS)
    assert default_themes(("es", "en"))[0].name == "Espera"
    for languages in ((), ("en", "xx")):
        with pytest.raises(ReadingError, match="choose among"):
            default_themes(languages)


def test_descriptions_of_one_language_are_read_together() -> None:
    both = ReasonClass(
        "x", "Warten", ("Wir haben lange gewartet.", "We waited for it.", "Es war zu langsam.")
    )
    joined = both.by_language()
    assert len(joined) == 2
    assert "gewartet" in joined[0]
    assert "langsam" in joined[0]
    assert joined[1] == "We waited for it."


@unhurried
@given(st.lists(SAID, min_size=1, max_size=4))
def test_labels_never_break_on_any_words(texts: list[str]) -> None:
    reader = Reader.fit([BAR, TILL], labelled=(texts, ["bar"] * len(texts)))
    theme, confidence = reader.classify([*texts, ""])
    assert theme[-1] == -1
    assert np.all((confidence >= 0) & (confidence <= 1))
