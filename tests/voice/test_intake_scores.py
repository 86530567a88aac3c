"""Scores keep their scale and are put on 0 to 10 by one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.graph.engine.tabular_problems import Fault
from upturn.voice.engine.intake_scores import (
    COMMON_SCALES,
    Scale,
    Score,
    read_score,
    scale_of,
    score_reader,
    weigh_scores,
)

SCALES = st.sampled_from(COMMON_SCALES)


@given(SCALES)
def test_the_ends_of_a_scale_become_0_and_10_and_its_middle_5(scale):
    middle = (scale.low + scale.high) / 2
    assert [scale.on_ten(score) for score in (scale.low, middle, scale.high)] == [0, 5, 10]
    assert scale_of(scale.label) == scale


@given(SCALES, st.floats(0, 1))
def test_a_score_on_its_scale_stays_between_0_and_10(scale, share):
    score = f"{scale.low + share * (scale.high - scale.low):.4f}"
    read = score_reader(scale)(score)
    assert isinstance(read, Score)
    assert 0 <= read.on_ten <= 10
    assert (read.raw, read.scale) == (score, scale.label)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("4", (4, None)), ("4.0", (4, None)), ("4,5", (4.5, None)), (" 3 stars", (3, None)),
        ("5.0 star rating", (5, None)), ("4 Sterne", (4, None)), ("3 estrellas", (3, None)),
        ("4/5", (4, 5)), ("8 / 10", (8, 10)), ("4 of 5 bubbles", (4, 5)), ("7 von 10", (7, 10)),
        ("Rated 4 out of 5", (4, 5)), ("80%", (80, 100)), ("★★★★☆", (4, 5)), ("★★★", (3, None)),
        ("⭐️⭐️", (2, None)), ("****", (4, None)),
        ("warm", None), ("", None), ("-3", None), ("1e3", None), ("4/5/2026", None),
        ("x" * 50, None),
    ],
)  # fmt: skip
def test_scores_are_read_as_people_write_them(text, score):
    assert read_score(text) == score


def repeated(*pairs):
    return [value for value, times in pairs for _ in range(times)]


@pytest.mark.parametrize(
    ("values", "column", "label", "outside"),
    [
        (repeated(("1", 9), ("3", 30), ("5", 40)), "rating", "1-5", 0),
        (repeated(("0", 9), ("3", 30), ("5", 40)), "rating", "0-5", 0),
        (repeated(("1", 20), ("5", 2_397), ("45", 1)), "rating", "1-5", 1),
        (repeated(("1", 20), ("7", 30), ("4", 30)), "rating", "1-7", 0),
        (repeated(("1", 20), ("9", 30), ("10", 30)), "overall", "1-10", 0),
        (repeated(("0", 20), ("9", 30), ("10", 30)), "overall", "0-10", 0),
        (repeated(("3", 2), ("4", 2)), "NPS", "0-10", 0),
        (repeated(("3", 2), ("4", 2)), "How likely to recommend?", "0-10", 0),
        (repeated(("3", 2), ("4", 2)), "satisfaction (1-7)", "1-7", 0),
        (repeated(("80", 20), ("95", 20)), "score", "0-100", 0),
        (["4/5", "3/5", "n/a", ""], "x", "1-5", 0),
        (["8/10", "0/10"], "x", "0-10", 0),
        (["80 %", "20 %"], "x", "0-100", 0),
        (["★★★★☆", "★★★★★"], "x", "1-5", 0),
    ],
)
def test_the_scale_of_a_column_is_found(values, column, label, outside):
    found = weigh_scores(values, column=column)
    assert (found.scale.label, found.outside) == (label, outside)


@pytest.mark.parametrize(
    "values", [[], ["n/a", ""], ["warm", "4"], ["2019", "2020"], ["-1", "1"], ["1500", "3"]]
)
def test_columns_of_other_things_have_no_scale(values):
    assert weigh_scores(values) is None


@pytest.mark.parametrize("missing", ["", " ", "n/a", "N/A", "-", "None", "null", "NaN", "—"])
def test_a_score_that_was_not_given_is_no_problem(missing):
    assert score_reader(Scale(1, 5))(missing) == Score(None, "", "")


@pytest.mark.parametrize(
    ("value", "code", "suggestions"),
    [
        ("45", "score_above", ("4.5",)),
        ("6", "score_above", ()),
        ("450", "score_above", ("4.5",)),
        ("0", "score_below", ()),
        ("good", "score_unreadable", ()),
        ("0/0", "score_unreadable", ()),
    ],
)
def test_a_score_off_the_scale_is_told_with_what_may_be_meant(value, code, suggestions):
    fault = score_reader(Scale(1, 5))(value)
    assert isinstance(fault, Fault)
    assert (fault.problem.code, fault.suggestions) == (code, suggestions)


def test_a_value_that_names_another_scale_keeps_its_own():
    read = score_reader(Scale(1, 5))
    assert read("8/10") == Score(70 / 9, "8/10", "1-10")
    assert read("50%") == Score(5.0, "50%", "0-100")
    assert read("4/5") == Score(7.5, "4/5", "1-5")


@given(st.text(max_size=20), SCALES)
def test_any_text_is_a_score_or_a_fault(text, scale):
    read = score_reader(scale)(text)
    assert isinstance(read, Fault) or read.on_ten is None or 0 <= read.on_ten <= 10
