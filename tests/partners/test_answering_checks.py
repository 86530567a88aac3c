"""What can be put into the box, and what is said of what cannot."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.partners.sheets import LINKS, complete, sheet
from upturn.partners import engine
from upturn.partners.engine import Asked, Form, Side, Trouble
from upturn.partners.forms import answering as forms

KEYS = st.sampled_from(engine.BUILT_IN)
WITH_WORDS = ("signs", "keys")


def troubles(answers: dict[str, Any], words: dict[str, str] | None = None, **how: Any) -> list[str]:
    found = engine.check_answers(sheet(**how), answers, words)
    return [f"{problem.trouble} {problem.where}".strip() for problem in found]


@pytest.mark.parametrize("key", engine.BUILT_IN)
@pytest.mark.parametrize("side", list(Side))
def test_a_sheet_that_is_answered_has_no_problem(key: str, side: Side) -> None:
    asked = sheet(key, side=side)
    assert engine.check_answers(asked, complete(asked), {}) == () or not engine.questions(asked)


@given(KEYS, st.data())
def test_any_question_can_be_left_out_but_not_all(key: str, data: st.DataObject) -> None:
    asked = sheet(key)
    whole = {k: v for k, v in complete(asked).items() if not k.startswith("time-")}
    some = data.draw(st.sets(st.sampled_from(sorted(whole)), min_size=1))
    assert engine.check_answers(asked, {k: whole[k] for k in some}) == ()
    (nothing,) = engine.check_answers(asked, {}, {"words": "  "} if key in WITH_WORDS else {})
    assert nothing.trouble is Trouble.NOTHING


@given(KEYS, st.integers() | st.booleans() | st.text(max_size=3) | st.none(), st.data())
def test_only_steps_that_are_shown_are_taken(key: str, value: Any, data: st.DataObject) -> None:
    asked = sheet(key)
    counted = [q for q in engine.questions(asked) if q.item.form not in {Form.WORDS, Form.SPLIT}]
    question = data.draw(st.sampled_from(counted))
    found = engine.check_answers(asked, {question.key: value})
    fits = type(value) is int and 1 <= value <= question.item.categories
    assert (not found) is fits
    if found:
        assert (found[0].trouble, found[0].where) == (Trouble.NOT_A_STEP, question.key)
        assert found[0].remedy == (
            f"Give a whole number from 1 to {question.item.categories}, or leave it out."
        )


TIME = ("time-customers", "time-inside", "time-again")


@given(st.tuples(*[st.integers(0, 10)] * 3))
def test_hours_make_ten_or_are_left_out(hours: tuple[int, int, int]) -> None:
    answers = {key: tenths + 1 for key, tenths in zip(TIME, hours, strict=True)}
    found = engine.check_answers(sheet(), answers)
    assert (not found) is (sum(hours) == 10)
    if found:
        assert (found[0].trouble, found[0].value) == (Trouble.SPLIT, str(sum(hours)))


def test_two_parts_of_three_are_no_split() -> None:
    assert troubles({TIME[0]: 6, TIME[1]: 6}) == ["split time-customers"]


TABLE = [
    ({"sign-10": 1}, None, ["unknown sign-10"]),
    ({"words": 1}, None, ["unknown words"]),
    ({"sign-1": 1}, {"sign-1": "x"}, ["unknown sign-1"]),
    ({"sign-1": 0}, None, ["not_a_step sign-1"]),
    ({"cause": 8}, None, ["not_a_step cause"]),
    ({}, {"words": "x" * 1_001}, ["too_long words"]),
    ({}, {"words": "x" * 1_000}, []),
    ({}, {"words": " "}, ["nothing"]),
    ({"0.well": 3}, None, ["unknown 0.well"]),
]


@pytest.mark.parametrize(("answers", "words", "expected"), TABLE)
def test_each_problem_names_its_place(
    answers: dict[str, int], words: dict[str, str] | None, expected: list[str]
) -> None:
    assert troubles(answers, words) == expected


def test_leaders_cannot_answer_what_only_servers_are_asked() -> None:
    assert troubles({"morale": 3}, side=Side.LEADERS) == ["unknown morale"]


def test_a_pulse_is_asked_relationship_by_relationship() -> None:
    asked = sheet("pulse")
    keys = [question.key for question in engine.questions(asked)]
    assert keys == [f"{n}.{key}" for n in (0, 2) for key in ("well", "matters", "guess", "words")]
    assert {q.side for q in engine.questions(asked) if q.relation == 0} == {Side.SERVED}
    assert troubles({"1.well": 3}, key="pulse") == ["unknown 1.well"]


def test_who_is_on_both_sides_answers_from_the_first() -> None:
    both = (*LINKS, Asked(relation=0, side=Side.SERVING, other="Kitchen"))
    asked = sheet("pulse", asked=both)
    assert len(engine.questions(asked)) == 8
    assert engine.questions(asked)[0].side is Side.SERVED


@given(KEYS, st.data())
def test_what_a_page_sends_is_what_was_meant(key: str, data: st.DataObject) -> None:
    asked = sheet(key)
    meant = complete(asked)
    kept = {k for k in meant if k.startswith("time-")}
    chosen = data.draw(st.sets(st.sampled_from(sorted(meant)))) | kept
    posted = {}
    for question in engine.questions(asked):
        name = f"q.{question.key}"
        if question.item.form is Form.WORDS:
            posted[name] = " A thing\r\nor two "
        elif question.key in chosen:
            posted[name] = str(meant[question.key] - (question.item.form is Form.SPLIT))
    come = forms.given(asked, {**posted, "language": "de", "csrf": "x"})
    assert come.answers == {k: meant[k] for k in chosen & set(meant)}
    asks_words = any(q.item.form is Form.WORDS for q in engine.questions(asked))
    assert set(come.words.values()) == ({"A thing\nor two"} if asks_words else set())
    if come.answers or come.words:
        assert engine.check_answers(asked, come.answers, come.words) == ()


@given(st.dictionaries(st.sampled_from(["q.sign-1", "q.time-inside", "q.zz", "x"]), st.text()))
def test_whatever_is_sent_is_read_and_checked(posted: dict[str, str]) -> None:
    come = forms.given(sheet(), posted)
    engine.check_answers(sheet(), come.answers, come.words)


def test_hours_that_all_stand_at_nothing_were_left_out() -> None:
    come = forms.given(sheet(), {f"q.{key}": "0" for key in TIME} | {"q.sign-1": "1"})
    assert come.answers == {"sign-1": 1}


@pytest.mark.parametrize("language", engine.LANGUAGES)
def test_the_parts_of_a_split_share_one_screen(language: str) -> None:
    laid_out = forms.steps(sheet(), language=language, given=forms.Given())
    assert len(laid_out) == 18
    assert [len(step.parts) for step in laid_out if step.kind == "split"] == [3]
    assert [step.at for step in laid_out] == list(range(1, 19))


def test_a_problem_stands_on_its_screen_in_the_language_of_the_page() -> None:
    problems = engine.check_answers(sheet(), {"sign-2": 9})
    laid_out = forms.steps(sheet(), language="de", given=forms.Given(), problems=problems)
    (wrong,) = (step for step in laid_out if step.problems)
    assert wrong.name == "q.sign-2"
    assert wrong.problems[0].startswith("Wählen Sie eine der gezeigten Antworten")


def test_the_name_of_the_other_party_keeps_its_direction() -> None:
    first = forms.steps(sheet("pulse"), language="ar", given=forms.Given())[0]
    assert "\u2068Dish room\u2069" in first.wording
    assert "{other}" not in first.wording + first.about


def test_two_minutes_are_enough() -> None:
    for key in engine.BUILT_IN:
        assert engine.seconds_needed(engine.questions(sheet(key))) <= 180
