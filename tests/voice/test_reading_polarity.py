"""Praise or blame: the score first, then what scored comments taught, then a word list."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.voice.engine import ReadingError, learn_polarity, polarity, reading_polarity
from upturn.voice.engine.reading_languages import languages
from upturn.voice.engine.reading_mood import mood

FRAMES = {
    "en": ("We thought it was {0}{1} this time", "not "),
    "de": ("Wir fanden das alles {0}{1} an dem Tag", "nicht "),
    "es": ("Nos dijeron que todo era {0}{1} en esta casa", "nunca "),
}
LISTED = [
    (code, word)
    for code in FRAMES
    for word in sorted({*languages()[code].weights, *languages()[code].beginnings})
    if word.isalpha() and word not in languages()[code].contrasts
]


def test_a_negation_turns_every_listed_word_round() -> None:
    kept = [listed for listed in LISTED if turned(*listed) not in {(1, -1), (-1, 1)}]
    assert kept == []


def turned(code: str, word: str) -> tuple[int, int]:
    frame, negation = FRAMES[code]
    return mood(frame.format("", word)).sign, mood(frame.format(negation, word)).sign


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("The food was lovely", 1),
        ("The food was not good at all", -1),
        ("I can't complain, never a bad meal", 1),
        ("It could have been better", -1),
        ("Nobody came to our table", -1),
        ("No problems at all", 1),
        ("Das Essen war lecker", 1),
        ("Das gefiel mir nicht", -1),
        ("Nicht schlecht, wir kommen wieder", 1),
        ("Nie wieder", -1),
        ("La comida estaba riquísima", 1),
        ("La comida no estaba buena", -1),
        ("Le repas 👍", 1),
        ("😡", -1),
        ("We sat at table four", 0),
        ("料理は冷たかった", 0),
        ("", 0),
    ],
)
def test_the_word_list_reads_three_languages_with_negation(text: str, sign: int) -> None:
    found, confidence = polarity([text])
    assert found[0] == sign
    assert (confidence[0] == 0) <= (sign == 0)


def test_praise_and_blame_together_are_said_with_little_confidence() -> None:
    _, mixed = polarity(
        ["The food was good but the wait was terrible and the room dirty, nice bar"]
    )
    _, clear = polarity(["The food was good, the room clean and the bar nice"])
    assert mixed[0] < 0.5 * clear[0]


@given(st.integers(1, 6))
def test_more_words_of_one_mind_give_more_confidence(n: int) -> None:
    _, confidence = polarity([" and ".join(["lovely"] * n), " and ".join(["lovely"] * (n + 1))])
    assert 0 < confidence[0] < confidence[1] < 1


@pytest.mark.parametrize(
    ("score", "sign"),
    [(0, -1), (2.5, -1), (4, -1), (4.1, 0), (5, 0), (6, 0), (6.9, 0), (7, 1), (7.5, 1), (10, 1)],
)
def test_scores_divide_at_four_and_seven(score: float, sign: int) -> None:
    assert polarity(["We sat at table four"], [score])[0][0] == sign


def test_a_clear_score_beats_the_words_with_less_confidence() -> None:
    sign, confidence = polarity(["The soup was horrible", "The soup was lovely"], [9, 9])
    assert sign.tolist() == [1, 1]
    assert confidence[0] < confidence[1]


def test_the_words_decide_between_the_scores_and_without_one() -> None:
    sign, _ = polarity(["horrible", "horrible", "lovely"], [5.5, math.nan, math.nan])
    assert sign.tolist() == [-1, -1, 1]


@given(st.lists(st.floats(0, 10), min_size=2, max_size=2, unique=True))
def test_the_further_from_the_middle_the_surer(scores: list[float]) -> None:
    nearer, further = sorted(scores, key=lambda score: abs(score - 5.5))
    clear = [score for score in (nearer, further) if score <= 4 or score >= 7]
    if len(clear) == 2:
        _, confidence = polarity(["x", "x"], [nearer, further])
        assert confidence[0] <= confidence[1]


@pytest.mark.parametrize(
    ("texts", "scores", "says"),
    [
        (["a"], [11], "11.0 lies outside 0..10"),
        (["a"], [-1], "-1.0 lies outside 0..10"),
        (["a", "b"], [5], "2 texts came with scores of shape"),
    ],
)
def test_scores_that_cannot_be_are_refused(
    texts: list[str], scores: list[float], says: str
) -> None:
    with pytest.raises(ReadingError, match=says):
        polarity(texts, scores)


def scored(*, praising: int, blaming: int) -> tuple[list[str], list[float]]:
    """Comments in a slang that no word list holds."""
    texts = ["blorp zibba"] * praising + ["fleem zibba"] * blaming
    return texts, [9.0] * praising + [2.0] * blaming


def test_scored_comments_teach_words_that_no_list_holds() -> None:
    learned = learn_polarity(*scored(praising=300, blaming=30))
    unknown = ["so blorp", "so fleem", "xyz"]
    assert polarity(unknown)[0].tolist() == [0, 0, 0]
    sign, confidence = polarity(unknown, learned=learned)
    assert sign.tolist() == [1, -1, 0]
    assert confidence[0] > 0.3
    assert confidence[1] > 0.3
    assert confidence[2] == 0


def test_rare_blame_is_heard_more_clearly_than_common_praise() -> None:
    learned = learn_polarity(*scored(praising=300, blaming=30))
    _, confidence = polarity(["so blorp", "so fleem"], learned=learned)
    assert confidence[1] > confidence[0] + 0.1


def test_batches_leave_no_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    learned = learn_polarity(*scored(praising=40, blaming=40))
    texts = ["blorp", "fleem", "", "zibba", "blorp blorp"]
    sign, confidence = polarity(texts, learned=learned)
    monkeypatch.setattr(reading_polarity, "BATCH", 2)
    again = polarity(texts, learned=learned)
    np.testing.assert_array_equal(again[0], sign)
    np.testing.assert_allclose(again[1], confidence)
    assert [len(part) for part in polarity([], learned=learned)] == [0, 0]


def test_too_few_scored_comments_teach_nothing() -> None:
    assert learn_polarity(*scored(praising=300, blaming=29)) is None


def test_scores_between_and_missing_ones_teach_nothing() -> None:
    texts, scores = scored(praising=40, blaming=40)
    padded = learn_polarity([*texts, "fleem", "fleem"], [*scores, 5.5, math.nan])
    plain = learn_polarity(texts, scores)
    probe = ["blorp", "fleem", "zibba"]
    same = polarity(probe, learned=plain)[1]
    np.testing.assert_array_equal(polarity(probe, learned=padded)[1], same)
